#include "net/tls_message.h"

#include <optional>

namespace truename::net {

namespace {

/// A cursor over TLS's presentation language (RFC 8446 3): vectors with a length of 1 to 3 bytes before them.
class VectorReader {
  public:
    explicit VectorReader(Bytes bytes) : all_(bytes) {}

    [[nodiscard]] bool empty() const { return position_ == all_.size(); }
    [[nodiscard]] std::size_t position() const { return position_; }

    std::optional<std::size_t> number(unsigned width) {
        if (all_.size() - position_ < width) return std::nullopt;
        std::size_t value = 0;
        for (unsigned i = 0; i < width; ++i) value = value << 8 | all_[position_++];
        return value;
    }

    std::optional<Bytes> vector(unsigned width) {
        const auto size = number(width);
        if (!size || all_.size() - position_ < *size) return std::nullopt;
        position_ += *size;
        return all_.subspan(position_ - *size, *size);
    }

  private:
    Bytes all_;
    std::size_t position_ = 0;
};

constexpr std::size_t kStatusRequest = 5;  // RFC 6066 8

bool take_staple(Bytes extensions, ByteString& staple) {
    VectorReader reader(extensions);
    while (!reader.empty()) {
        const auto type = reader.number(2);
        const auto data = reader.vector(2);
        if (!type || !data) return false;
        if (*type != kStatusRequest) continue;
        if (auto response = parse_certificate_status(*data)) staple = std::move(*response);
    }
    return true;
}

}  // namespace

Result<CertificateMessage> parse_certificate_message(Bytes body, bool tls_1_3) {
    VectorReader outer(body);
    if (tls_1_3 && !outer.vector(1)) return fail(ErrorKind::truncated, outer.position());
    const auto list = outer.vector(3);
    if (!list) return fail(ErrorKind::truncated, outer.position());
    if (!outer.empty()) return fail(ErrorKind::trailing_data, outer.position());
    CertificateMessage message;
    VectorReader reader(*list);
    while (!reader.empty()) {
        const auto certificate = reader.vector(3);
        if (!certificate) return fail(ErrorKind::truncated, reader.position());
        if (message.chain.size() < kMaxChainCertificates) message.chain.push_back(to_owned(*certificate));
        if (!tls_1_3) continue;
        const auto extensions = reader.vector(2);
        ByteString staple;
        if (!extensions || !take_staple(*extensions, staple)) return fail(ErrorKind::truncated, reader.position());
        if (message.chain.size() == 1) message.staple = std::move(staple);
    }
    return message;
}

Result<ByteString> parse_certificate_status(Bytes body) {
    VectorReader reader(body);
    const auto type = reader.number(1);
    if (!type) return fail(ErrorKind::truncated, 0);
    if (*type != 1) return fail(ErrorKind::unsupported, 0);
    const auto response = reader.vector(3);
    if (!response) return fail(ErrorKind::truncated, reader.position());
    if (!reader.empty()) return fail(ErrorKind::trailing_data, reader.position());
    return to_owned(*response);
}

}  // namespace truename::net
