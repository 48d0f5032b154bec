// Must reach parse_certificate with every decode() of extension.cpp, report_findings, report_issuing_rules, encode_tbs_certificate,
// to_string of names and general names, and print.h.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "der/encoding.h"
#include "fuzz/must.h"
#include "x509/build.h"
#include "x509/certificate.h"
#include "x509/findings.h"
#include "x509/issuing_rules.h"
#include "x509/print.h"

using namespace truename;

namespace {

void check_views(const x509::Certificate& c) {
    for (const Bytes view : {c.tbs_certificate, c.serial_number, c.issuer.tlv(), c.subject.tlv(), c.subject_public_key_info.tlv,
                             c.subject_public_key_info.key, c.signature_inner.tlv, c.signature_algorithm.tlv, c.signature_value})
        must(lies_within(view, c.der), "every part lies inside the certificate");
    for (const x509::Extension& extension : c.extensions) {
        must(lies_within(extension.value, c.der), "an extension lies inside the certificate");
        must(extension.value.data() == c.der.data() + extension.value_offset, "offsets count from the start of the certificate");
    }
    for (const x509::GeneralName& name : c.known.subject_alt_name.content) {
        must(lies_within(name.value, c.der), "a name lies inside the certificate");
        must(name.value.data() == c.der.data() + name.value_offset, "a name's offset counts from the start of the certificate");
    }
}

void check_text(const std::string& text) {
    for (const char c : text) must(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F, "texts are safe for a terminal");
}

void check_texts(const x509::Certificate& c) {
    check_text(x509::to_string(c.subject));
    check_text(x509::to_string(c.issuer));
    check_text(x509::serial_hex(c.serial_number));
    check_text(x509::describe_key(c.subject_public_key_info));
    check_text(x509::describe_signature(c.signature_algorithm));
    for (const std::string& name : x509::subject_alt_names(c.known)) check_text(name);
    for (const std::string& name : x509::common_names(c.subject)) check_text(name);
    check_text(x509::describe_extended_key_usage(c.known.extended_key_usage.content));
    check_text(x509::describe_key_usage(c.known.key_usage.content));
    (void)x509::ca_issuer_addresses(c);
    (void)x509::ocsp_addresses(c);
    (void)x509::crl_addresses(c);
    (void)x509::relation(c.subject, c.issuer);
}

void check_name_round_trip(const x509::Name& name) {
    const auto again = x509::encode_name(x509::to_string(name));
    if (!again) return;  // types without a name that hold no string keep their digits only in part
    const auto parsed = x509::parse_name(*again);
    must(parsed.has_value(), "a name that was printed and built again is a name");
}

/// Whether the bytes are the only ones that DER and RFC 5280 allow for what was read, as far as a template can say it.
bool has_one_form(const x509::Certificate& c) {
    const der::EncodedTime &from = c.validity.not_before, &to = c.validity.not_after;
    if (der::find_long_length(c.der, 0) || !from.der || !to.der || !from.has_right_form() || !to.has_right_form()) return false;
    if (c.issuer_unique_id.data() != nullptr || c.subject_unique_id.data() != nullptr || c.signature_unused_bits != 0) return false;
    if (c.version == 1 || c.version == x509::kUnknownVersion || c.extra_offset != 0) return false;
    if (c.extensions.empty() && c.extensions_offset != 0) return false;
    for (const x509::Extension& extension : c.extensions) {
        if (!extension.der_critical || extension.extra_offset != 0) return false;
    }
    return true;
}

/// What was read and is built again from its parts reads the same.
void check_building(const x509::Certificate& c) {
    x509::CertificateTemplate same;
    same.version = c.version;
    same.serial_number = to_owned(c.serial_number);
    same.issuer = to_owned(c.issuer.tlv());
    same.subject = to_owned(c.subject.tlv());
    same.not_before = c.validity.not_before.time;
    same.not_after = c.validity.not_after.time;
    same.subject_public_key_info = to_owned(c.subject_public_key_info.tlv);
    for (const x509::Extension& extension : c.extensions)
        same.extensions.push_back({to_owned(extension.id.content()), extension.critical, to_owned(extension.value)});
    const ByteString tbs = x509::encode_tbs_certificate(same, c.signature_inner.tlv);
    const ByteString der = x509::encode_signed(tbs, c.signature_algorithm.tlv, c.signature_value);
    must(!has_one_form(c) || equal(der, c.der), "what was read is written as it was");
    const auto again = x509::parse_certificate(der);
    must(again.has_value(), "what is built of the parts of a certificate is one");
    must(equal(again->serial_number, c.serial_number) && equal(again->subject.tlv(), c.subject.tlv()), "with the same names");
    must(again->validity.not_after.time == c.validity.not_after.time, "and the same times");
    must(again->extensions.count() == c.extensions.count(), "and the same extensions");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 65'536) return 0;
    const Bytes input(data, size);
    const auto certificate = x509::parse_certificate(input);
    if (!certificate) {
        must(certificate.error().offset <= size, "an error lies inside the input");
        must(certificate.error() == x509::parse_certificate(input).error(), "the same input gives the same error");
        must(!x509::describe(certificate.error()).empty(), "an error can be told");
        return 0;
    }
    check_views(*certificate);
    std::vector<Finding> once, twice;
    x509::report_findings(*certificate, once);
    x509::report_findings(*certificate, twice);
    must(once == twice, "the same certificate gives the same findings");
    must(once.size() <= x509::kMaxFindings, "findings are limited");
    for (const Finding& finding : once) {
        must(finding.offset <= size, "a finding lies inside the certificate");
        check_text(finding.found);
        check_text(finding.expected);
    }
    once.clear();
    x509::report_issuing_rules(*certificate, once);
    for (std::size_t i = 1; i < once.size(); ++i) must(once[i].id != once[i - 1].id, "a rule that is not kept is told once");
    check_texts(*certificate);
    check_building(*certificate);
    check_name_round_trip(certificate->subject);
    return 0;
}
