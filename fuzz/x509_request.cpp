// Must reach parse_request with both attributes that hold extensions, report_findings of requests and verify_proof_of_possession.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "der/encoding.h"
#include "der/value.h"
#include "der/writer.h"
#include "fuzz/must.h"
#include "x509/findings.h"
#include "x509/print.h"
#include "x509/request.h"

using namespace truename;

namespace {

/// What the attributes ask for, read again one by one: the first list of extensions in the standard's attribute counts, else the first in
/// Microsoft's (RFC 2985 5.4.2).
void check_attributes(const x509::Request& request) {
    Bytes standard, other;
    bool has_password = false;
    for (der::Reader attributes(request.attributes); !attributes.at_end();) {
        der::Reader fields(*attributes.read());
        const der::Oid type = *der::read_oid(*fields.read());
        const auto values = fields.read(der::Tag::set);
        must(values && fields.at_end(), "an attribute is a type and a set");
        has_password = has_password || type == der::oid::challenge_password;
        const bool is_standard = type == der::oid::extension_request;
        if (!is_standard && !(type == der::oid::ms_extension_request)) continue;
        der::Reader inside(*values);
        const auto list = inside.read(der::Tag::sequence);
        must(list && inside.at_end(), "an attribute has one list of extensions");
        Bytes& first = is_standard ? standard : other;
        if (first.data() == nullptr) first = list->value;
    }
    must(request.has_challenge_password == has_password, "a password is seen wherever it stands");
    const Bytes wanted = standard.data() != nullptr ? standard : other;
    must(equal(request.extensions.contents(), wanted), "the first list of extensions counts");
}

/// The request, written of its parts; `attributes`: whether there are any.
ByteString rebuilt(const x509::Request& request, bool attributes) {
    der::Writer w;
    w.sequence([&] {
        w.sequence([&] {
            w.integer(request.version - 1);
            w.raw(request.subject.tlv()).raw(request.subject_public_key_info.tlv);
            if (attributes) w.nested(der::context_constructed(0), [&] { w.raw(request.attributes); });
        });
        w.raw(request.signature_algorithm.tlv);
        w.nested(der::Tag::bit_string, [&] { w.raw(Bytes(&request.signature_unused_bits, 1)).raw(request.signature_value); });
    });
    return w.take();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 16'384) return 0;
    const Bytes input(data, size);
    const auto request = x509::parse_request(input);
    if (!request) {
        must(request.error().offset <= size, "an error lies inside the input");
        return 0;
    }
    for (const Bytes view : {request->request_info, request->subject.tlv(), request->subject_public_key_info.tlv, request->signature_value,
                             request->extensions.contents()})
        must(view.empty() || lies_within(view, input), "every part lies inside the request");
    if (!der::find_long_length(input, 0)) {
        const bool same = equal(rebuilt(*request, true), input) || (request->attributes.empty() && equal(rebuilt(*request, false), input));
        must(same, "what was read is written as it was");
    }
    check_attributes(*request);
    std::vector<Finding> once, twice;
    x509::report_findings(*request, once);
    x509::report_findings(*request, twice);
    must(once == twice, "the same request gives the same findings");
    (void)x509::subject_alt_names(request->known);
    must(x509::verify_proof_of_possession(*request) == x509::verify_proof_of_possession(*request),
         "a signature is checked the same way twice");
    return 0;
}
