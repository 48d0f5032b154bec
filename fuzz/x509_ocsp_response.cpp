// Must reach parse_ocsp_response with every status, both kinds of responder, every verdict, extensions and certificates, is_about and
// is_named.
#include <cstddef>
#include <cstdint>

#include "crypto/digest.h"
#include "der/encoding.h"
#include "der/oid.h"
#include "der/writer.h"
#include "fuzz/must.h"
#include "x509/ocsp_response.h"

using namespace truename;

namespace {

/// The response around what is signed, written of its parts.
ByteString rebuilt(const x509::OcspResponse& response, bool certificates) {
    der::Writer basic;
    basic.sequence([&] {
        basic.raw(response.response_data).raw(response.signature_algorithm.tlv);
        basic.nested(der::Tag::bit_string, [&] { basic.raw(Bytes(&response.signature_unused_bits, 1)).raw(response.signature_value); });
        if (!certificates) return;
        basic.nested(der::context_constructed(0), [&] {
            basic.sequence([&] {
                for (const Bytes der : response.certificates) basic.raw(der);
            });
        });
    });
    der::Writer w;
    w.sequence([&] {
        w.integer(static_cast<std::int64_t>(response.status), der::Tag::enumerated);
        w.nested(der::context_constructed(0), [&] { w.sequence([&] { w.oid(der::oid::ocsp_basic).octet_string(basic.bytes()); }); });
    });
    return w.take();
}

void check_rebuilt(const x509::OcspResponse& response, Bytes input) {
    der::Reader outer(*der::Reader(input).read());
    (void)outer.read();
    der::Reader type_and_basic(*der::Reader(*outer.read()).read());
    (void)type_and_basic.read();
    const Bytes basic = type_and_basic.read()->value;
    if (der::find_long_length(input, 0) || der::find_long_length(basic, 0)) return;
    const bool same = equal(rebuilt(response, true), input) || (response.certificates.empty() && equal(rebuilt(response, false), input));
    must(same, "what was read is written as it was");
}

/// What is there between an answer's CertID and its time: the tag of the verdict, and of a revocation the time and, perhaps, the reason.
void check_status(const x509::OcspAnswer& answer, Bytes input) {
    der::Reader fields(*der::Reader(input.subspan(answer.offset)).read());
    der::Reader names(*fields.read());
    std::size_t parts = 0;
    for (; !names.at_end(); ++parts) (void)names.read();
    must(parts == 4, "a CertID has four parts");
    const auto status = fields.read();
    must((static_cast<unsigned>(status->tag) & 0x1FU) == static_cast<unsigned>(answer.verdict), "the verdict is that of the tag");
    if (answer.verdict != x509::OcspVerdict::revoked) return;
    parts = 0;
    for (der::Reader inside(*status); !inside.at_end(); ++parts) (void)inside.read();
    must(parts == (answer.reason ? 2U : 1U), "a revocation has a time and, perhaps, a reason");
}

/// An answer about the certificate that it names is about it, and about no other.
void check_about() {
    static const ByteString kSerial = {1, 2, 3}, kOther = {1, 2};
    x509::Certificate certificate;
    certificate.serial_number = kSerial;
    const crypto::Sha1 none = crypto::sha1(Bytes());
    x509::OcspAnswer answer;
    answer.hash_algorithm.algorithm = der::oid::sha1;
    answer.issuer_name_hash = answer.issuer_key_hash = none;
    answer.serial_number = kSerial;
    must(x509::is_about(answer, certificate, &certificate.subject_public_key_info), "an answer is about whom it names");
    answer.serial_number = kOther;
    must(!x509::is_about(answer, certificate, nullptr), "and about nobody with another number");
}

void look_at(const x509::OcspAnswer& answer, Bytes input) {
    for (const Bytes view : {answer.issuer_name_hash, answer.issuer_key_hash, answer.serial_number, answer.hash_algorithm.tlv})
        must(view.empty() || lies_within(view, input), "every part lies inside the response");
    must(answer.verdict == x509::OcspVerdict::revoked || !answer.reason, "only a revocation has a reason");
    must((answer.verdict == x509::OcspVerdict::revoked) == answer.revoked_at.has_value(), "only a revocation has a time");
    check_status(answer, input);
    x509::Certificate certificate;
    certificate.serial_number = answer.serial_number;
    (void)x509::is_about(answer, certificate, &certificate.subject_public_key_info);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 16'384) return 0;
    const Bytes input(data, size);
    const auto response = x509::parse_ocsp_response(input);
    if (!response) {
        must(response.error().offset <= size, "an error lies inside the input");
        return 0;
    }
    must(x509::name_of(response->status) != "unknown", "a status has a name");
    if (response->status != x509::OcspStatus::successful) {
        must(response->response_data.empty() && response->answers.empty(), "an error message holds nothing else");
        return 0;
    }
    check_rebuilt(*response, input);
    check_about();
    must(lies_within(response->response_data, input), "what is signed lies inside the response");
    must(response->signature_value.empty() || lies_within(response->signature_value, input), "the signature lies inside the response");
    must(response->responder.by_name.has_value() || response->responder.by_key.empty() || lies_within(response->responder.by_key, input),
         "the responder lies inside the response");
    must(response->answers.size() <= x509::kMostOcspAnswers, "the number of answers has a limit");
    for (const x509::OcspAnswer& answer : response->answers) look_at(answer, input);
    must(response->certificates.size() <= x509::kMostOcspCertificates, "the number of certificates has a limit");
    for (const Bytes der : response->certificates) {
        must(lies_within(der, input), "a certificate lies inside the response");
        if (const auto certificate = x509::parse_certificate(der)) (void)x509::is_named(response->responder, *certificate);
    }
    (void)x509::describe(response->responder);
    return 0;
}
