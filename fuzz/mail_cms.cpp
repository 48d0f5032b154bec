// Must reach: CmsReader, SignedDataHandler, EnvelopedDataHandler, read_recipients(), check_signers(), judge_signer(), MessageVerifier,
// MessageDecryptor, StructureReader.
//
// Signed and encrypted messages come from outside. A change of one may make it anything but one that is believed: what counts as unchanged
// is a text that the tests have signed or encrypted with their keys, to the octet. How a message is cut into pieces decides nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "fuzz/mail_sinks.h"
#include "fuzz/must.h"
#include "mail/decrypt.h"
#include "mail/structure.h"
#include "mail/verify.h"
#include "tests/mail_people.h"

namespace {

using namespace truename;
using namespace truename::mail;

constexpr std::size_t kMost = std::size_t{32} << 10;

const verify::TrustStores& trust() {
    static const verify::TrustStores stores = root_only();
    return stores;
}

VerifyOptions options() {
    VerifyOptions by;
    by.trust = &trust();
    by.at = day();
    by.spool_folder = std::filesystem::temp_directory_path();
    return by;
}

/// Whether it ends in the text of the messages in the corpus, whatever their fields and line ends are (tests/mail_unit/message_test.cpp).
bool is_ours(std::string message) {
    std::erase(message, '\r');
    const auto body = find_body(message);
    if (!body) return false;
    const std::string_view text = std::string_view(message).substr(*body);
    return text.starts_with("Hello  \n-- \n--not a delimiter\n\n") && text.size() < 40;
}

void check_verifier(Bytes message, std::size_t piece) {
    MessageVerifier verifier(options());
    if (!push(verifier, message, piece)) return;
    const SignatureVerdict& verdict = verifier.verdict();
    must(verdict.belief == Belief::all_well || !verdict.doubts.empty() ||
             std::ranges::any_of(verdict.signers, [](const SignerOpinion& signer) { return !signer.doubts.empty(); }),
         "whoever doubts says why");
    if (verdict.belief < Belief::intact) return;
    Collector content;
    must(static_cast<bool>(verifier.write_content(content)), "what was checked can be written");
    must(is_ours(content.text), "nobody signs but who has the key");
}

void check_decryptor(Bytes message, std::string_view reader, std::size_t piece) {
    const Identity who = identity(reader);
    MessageDecryptor decryptor(who, options());
    if (!push(decryptor, message, piece)) return;
    const DecryptVerdict& verdict = decryptor.verdict();
    const bool is_believed = verdict.signature ? verdict.signature->belief >= Belief::intact : verdict.is_protected;
    if (!is_believed) return;
    Collector content;
    must(static_cast<bool>(decryptor.write_content(content)), "what was opened can be written");
    must(is_ours(content.text), "what is protected is unchanged");
}

/// What a structure shows, as a text.
std::string shown(Bytes message, std::size_t piece) {
    StructureReader reader;
    std::string text = push(reader, message, piece) ? "read" : "refused";
    for (const ShownPart& part : reader.parts()) text += "\n" + part.type + std::to_string(part.octets) + part.about + part.cms_failure;
    return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0 || size > kMost) return 0;
    const Bytes message(data, size);
    const std::size_t piece = 1 + size % 97;
    must(shown(message, size).substr(0, 4) == shown(message, piece).substr(0, 4), "pieces do not decide whether a message can be read");
    if (shown(message, size).starts_with("read")) must(shown(message, size) == shown(message, piece), "pieces do not change what is shown");
    check_verifier(message, piece);
    for (const std::string_view reader : {"ann", "bob"}) check_decryptor(message, reader, piece);
    return 0;
}
