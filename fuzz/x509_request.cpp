// Must reach parse_request with both attributes that hold extensions, report_findings of requests and verify_proof_of_possession.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "fuzz/must.h"
#include "x509/findings.h"
#include "x509/print.h"
#include "x509/request.h"

using namespace truename;

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
    std::vector<Finding> once, twice;
    x509::report_findings(*request, once);
    x509::report_findings(*request, twice);
    must(once == twice, "the same request gives the same findings");
    (void)x509::subject_alt_names(request->known);
    must(x509::verify_proof_of_possession(*request) == x509::verify_proof_of_possession(*request),
         "a signature is checked the same way twice");
    return 0;
}
