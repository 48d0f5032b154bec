// Must reach read_pem_bundle with PEM, UTF-16 and DER input, read_pkcs7 with certificates and lists, and every Failure that they give.
#include <cstddef>
#include <cstdint>

#include "fuzz/must.h"
#include "x509/pem.h"

using namespace truename;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 16'384) return 0;
    const x509::PemLimits limits{.file_bytes = 16'384, .blocks = 20};
    const auto bundle = x509::read_pem_bundle(Bytes(data, size), "FILE", limits);
    if (!bundle) {
        must(bundle.error().kind == FailureKind::input && !bundle.error().reason.empty(), "a failure says why");
        for (const char c : to_sentence(bundle.error())) must(static_cast<unsigned char>(c) >= 0x20, "a failure is safe for a terminal");
        return 0;
    }
    must(!bundle->blocks.empty() && bundle->blocks.size() <= limits.blocks, "there is a block, and not too many");
    for (const x509::PemBlock& block : bundle->blocks) {
        must((block.kind == x509::PemKind::private_key) == block.der.empty(), "of keys, and of nothing else, the contents are left out");
        must(!block.label.ends_with("PRIVATE KEY") || block.der.empty(), "whatever the label says of the key");
        if (block.der.empty() || bundle->was_der) continue;
        const std::string text = x509::to_pem("CERTIFICATE", block.der);
        const auto again = x509::read_pem_bundle(as_bytes(text), "FILE");
        must(again && again->blocks.size() == 1 && again->blocks[0].der == block.der, "what is written is read back");
    }
    return 0;
}
