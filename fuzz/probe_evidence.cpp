#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/must.h"
#include "probe/evidence.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace truename::probe;
    const auto evidence = read_evidence({reinterpret_cast<const char*>(data), size});
    if (!evidence) {
        must(evidence.error().kind == truename::FailureKind::input && !evidence.error().reason.empty(),
             "a bad file is told with its reason");
        return 0;
    }
    const std::string text = write_evidence(*evidence);
    const auto again = read_evidence(text);
    must(again && *again == *evidence, "what was read is written so that it reads the same");
    must(write_evidence(*again) == text, "and the same text comes of it");
    return 0;
}
