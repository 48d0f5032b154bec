#include <cstddef>
#include <cstdint>

#include "fuzz/must.h"
#include "net/tls_message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace truename::net;
    const truename::Bytes body(data, size);
    for (const bool tls_1_3 : {false, true}) {
        const auto message = parse_certificate_message(body, tls_1_3);
        if (!message) {
            must(message.error().offset <= size, "an error lies in the message");
            continue;
        }
        std::size_t total = message->staple.size();
        for (const truename::ByteString& certificate : message->chain) total += certificate.size();
        must(total <= size && message->chain.size() <= kMaxChainCertificates, "nothing grows");
    }
    if (const auto staple = parse_certificate_status(body)) must(staple->size() < size, "a staple is a part of its message");
    return 0;
}
