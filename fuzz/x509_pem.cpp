// Must reach read_pem_bundle with PEM, UTF-16 and DER input, read_pkcs7 with certificates and lists, and every Failure that they give.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/text.h"
#include "der/reader.h"
#include "fuzz/must.h"
#include "x509/pem.h"

using namespace truename;

namespace {

/// The text of a file as one that has line feeds only; empty for UTF-16.
std::string with_line_feeds(Bytes file) {
    std::string_view text = as_text(file);
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return {};
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool pair = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
        if (!pair) result += text[i] == '\r' ? '\n' : text[i];
    }
    return result;
}

/// Blocks are told by the lines where they begin, in their order, and hold what their kind says.
void check_blocks(const x509::PemBundle& bundle, Bytes file) {
    const std::string text = with_line_feeds(file);
    const auto lines = split(text, '\n');
    std::size_t before = 0;
    for (const x509::PemBlock& block : bundle.blocks) {
        must(block.line >= before, "blocks come in the order of the file");
        before = block.line;
        must(bundle.was_der == (block.line == 0), "only text has lines");
        if (!bundle.was_der && !text.empty())
            must(block.line <= lines.size() && trim(lines[block.line - 1]).starts_with("-----BEGIN "), "a block begins at its line");
        if (block.kind != x509::PemKind::trusted_certificate) continue;
        const auto first = der::Reader(block.der).read();
        must(!first || first->tlv.size() == block.der.size(), "trust settings are cut off");
    }
    for (const auto kind : {x509::PemKind::certificate, x509::PemKind::crl})
        must(bundle.has(kind) != bundle.all(kind).empty(), "what is there can be had");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 16'384) return 0;
    const x509::PemLimits limits{.file_bytes = 16'384, .blocks = 8};
    const auto bundle = x509::read_pem_bundle(Bytes(data, size), "FILE", limits);
    if (!bundle) {
        must(bundle.error().kind == FailureKind::input && !bundle.error().reason.empty(), "a failure says why");
        for (const char c : to_sentence(bundle.error())) must(static_cast<unsigned char>(c) >= 0x20, "a failure is safe for a terminal");
        return 0;
    }
    must(!bundle->blocks.empty() && bundle->blocks.size() <= limits.blocks, "there is a block, and not too many");
    check_blocks(*bundle, Bytes(data, size));
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
