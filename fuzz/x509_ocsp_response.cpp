// Must reach parse_ocsp_response, parse_ocsp_answers with every status, and is_about.
#include <cstddef>
#include <cstdint>

#include "fuzz/must.h"
#include "x509/ocsp_response.h"

using namespace truename;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 16'384) return 0;
    const Bytes input(data, size);
    const auto response = x509::parse_ocsp_response(input);
    if (!response) {
        must(response.error().offset <= size, "an error lies inside the input");
        return 0;
    }
    if (response->status != x509::OcspStatus::successful) return 0;
    must(lies_within(response->response_data, input), "the answers lie inside the response");
    const auto answers = x509::parse_ocsp_answers(response->response_data);
    if (!answers) {
        must(answers.error().offset <= response->response_data.size(), "an error lies inside the answers");
        return 0;
    }
    must(answers->size() <= x509::kMostOcspAnswers, "the number of answers has a limit");
    for (const x509::OcspAnswer& answer : *answers) {
        for (const Bytes view : {answer.issuer_name_hash, answer.issuer_key_hash, answer.serial_number, answer.hash_algorithm.tlv})
            must(view.empty() || lies_within(view, input), "every part lies inside the response");
        x509::Certificate certificate;
        certificate.serial_number = answer.serial_number;
        (void)x509::is_about(answer, certificate);
        must(answer.verdict == x509::OcspVerdict::revoked || !answer.reason, "only a revocation has a reason");
    }
    return 0;
}
