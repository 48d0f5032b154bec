// Must reach parse_certificate_message of both versions and parse_certificate_status, with bytes as they come, and with messages that are
// written of what the input gives.
#include <cstddef>
#include <cstdint>

#include "fuzz/blocks.h"
#include "fuzz/must.h"
#include "net/tls_message.h"

namespace {

using namespace truename;

/// RFC 8446 3.4: a vector with its length in `width` octets before it.
ByteString vector(unsigned width, Bytes content) {
    ByteString result;
    for (unsigned left = width; left > 0; --left) result.push_back(static_cast<std::uint8_t>(content.size() >> (8 * (left - 1))));
    result.insert(result.end(), content.begin(), content.end());
    return result;
}

ByteString operator+(ByteString a, const ByteString& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

/// RFC 6066 8: an OCSP response as the status of a certificate.
ByteString status(Bytes response) {
    return ByteString{1} + vector(3, response);
}

void check_reading(Bytes body) {
    for (const bool tls_1_3 : {false, true}) {
        const auto message = net::parse_certificate_message(body, tls_1_3);
        if (!message) {
            must(message.error().offset <= body.size(), "an error lies in the message");
            continue;
        }
        ByteString list;
        for (const ByteString& certificate : message->chain) list = list + vector(3, certificate);
        must(message->staple.size() + list.size() <= body.size() && message->chain.size() <= net::kMaxChainCertificates, "nothing grows");
        must(tls_1_3 || message->staple.empty(), "TLS 1.2 has a message of its own for a staple");
        if (!tls_1_3 && message->chain.size() < net::kMaxChainCertificates)
            must(equal(vector(3, list), body), "what was read is written as it was");
    }
    const auto staple = net::parse_certificate_status(body);
    if (staple) must(equal(status(*staple), body), "a staple that was read is written as it was");
}

/// A message of the blocks: the first is the staple of the first certificate, the last that of the last one.
void check_writing(Bytes input) {
    const auto blocks = split_blocks(input, 140);
    if (blocks.size() < 2) return;
    const std::span certificates(blocks.begin() + 1, blocks.end());
    ByteString old_list, new_list;
    for (const Bytes certificate : certificates) {
        const bool first = certificate.data() == certificates.front().data(), last = certificate.data() == certificates.back().data();
        const ByteString other = ByteString{0, 18} + vector(2, certificate.first(certificate.size() / 2));
        const ByteString extension = ByteString{0, 5} + vector(2, status(first ? blocks.front() : blocks.back()));
        const ByteString extensions = first || last ? other + extension : other;
        if (extensions.size() > 0xFFFF) return;
        old_list = old_list + vector(3, certificate);
        new_list = new_list + vector(3, certificate) + vector(2, extensions);
    }
    const auto old_message = net::parse_certificate_message(vector(3, old_list), false);
    const auto new_message =
        net::parse_certificate_message(vector(1, blocks.front().first(blocks.front().size() % 4)) + vector(3, new_list), true);
    must(old_message && new_message, "a message that is well-formed is read");
    must(old_message->chain == new_message->chain, "both versions hold the same chain");
    must(old_message->chain.size() == std::min(certificates.size(), net::kMaxChainCertificates), "all of it, up to the limit");
    for (std::size_t i = 0; i < old_message->chain.size(); ++i) must(equal(old_message->chain[i], certificates[i]), "as it was sent");
    must(equal(new_message->staple, blocks.front()), "the staple is that of the first certificate");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes body(data, size);
    check_reading(body);
    check_writing(body);
    return 0;
}
