// Must reach: Offer::add(), complete(), with_credential(), pem_spans(), read_pkcs12(), PrivateKey::from_der().
//
// What an authority sent comes from outside. Whatever it is: reading it gives a value or an error that says what is wrong; a credential
// that comes of it has a key that belongs to its first certificate; and what is written into a server's file for it is read back the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "servers/offer.h"
#include "servers/pem_text.h"
#include "x509/certificate.h"
#include "x509/pem.h"

namespace {

using namespace truename;

constexpr std::size_t kMost = std::size_t{64} << 10;

void insist(bool fact) {
    if (!fact) std::abort();
}

/// The certificates of a text, as a server would read them.
std::vector<ByteString> certificates_of(std::string_view text) {
    std::vector<ByteString> list;
    for (const servers::PemSpan& span : servers::pem_spans(text)) {
        if (span.kind != servers::PemSpan::Kind::certificate) continue;
        const auto block = x509::read_pem_bundle(as_bytes(text.substr(span.begin, span.end - span.begin)), "block");
        if (!block) continue;
        for (const Bytes der : block->all(x509::PemKind::certificate)) list.push_back(to_owned(der));
    }
    return list;
}

void check_spans(std::string_view text) {
    std::size_t last = 0;
    const auto spans = servers::pem_spans(text);
    for (const servers::PemSpan& span : spans) {
        insist(span.begin >= last && span.begin < span.end && span.end <= text.size());
        last = span.end;
    }
    if (spans.empty()) return;
    const std::string without = servers::replace_blocks(text, spans, 0, spans.size(), "");
    insist(without.size() == text.size() - (spans.back().end - spans.front().begin));
}

void check_credential(const servers::Credential& credential) {
    const auto certificate = x509::parse_certificate(credential.chain.front());
    insist(static_cast<bool>(certificate));
    insist(to_owned(certificate->subject_public_key_info.tlv) == credential.key.public_key_info());
    servers::Place place;
    place.certificate_file = place.key_file = "both";
    const crypto::Secret text = servers::with_credential(place, "both", "", credential);
    insist(certificates_of(text.view()) == credential.chain);
    insist(servers::with_credential(place, "both", text.view(), credential).view() == text.view());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > kMost) return 0;
    const Bytes input(data, size);
    check_spans(as_text(input));
    servers::Offer offer;
    const auto added = offer.add("input", input, "secret");
    insist(added || !added.error().reason.empty());
    const auto completed = servers::complete(offer, {}, [](const ByteString&) { return std::vector<ByteString>(); });
    insist(completed || !completed.error().reason.empty());
    if (completed) check_credential(completed->credential);
    return 0;
}
