// Must reach parse_ocsp_response with every status, both kinds of responder, every verdict, extensions and certificates, is_about and
// is_named.
#include <cstddef>
#include <cstdint>

#include "fuzz/must.h"
#include "x509/ocsp_response.h"

using namespace truename;

namespace {

void look_at(const x509::OcspAnswer& answer, Bytes input) {
    for (const Bytes view : {answer.issuer_name_hash, answer.issuer_key_hash, answer.serial_number, answer.hash_algorithm.tlv})
        must(view.empty() || lies_within(view, input), "every part lies inside the response");
    must(answer.verdict == x509::OcspVerdict::revoked || !answer.reason, "only a revocation has a reason");
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
    if (response->status != x509::OcspStatus::successful) {
        must(response->response_data.empty() && response->answers.empty(), "an error message holds nothing else");
        return 0;
    }
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
