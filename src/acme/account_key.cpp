#include "acme/account_key.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "der/reader.h"
#include "der/value.h"

namespace truename::acme {

namespace {

constexpr crypto::SignatureScheme kEs256{.kind = crypto::SignatureKind::ecdsa, .digest = crypto::DigestKind::sha256};
constexpr std::size_t kFieldSize = 32;  // of P-256
/// SubjectPublicKeyInfo of a key on P-256 up to the point's coordinates (RFC 5480 2): both object identifiers, the BIT STRING, `04`.
constexpr std::uint8_t kP256Begin[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06,
                                       0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};

/// Appends the number in exactly so many octets.
bool append_fixed(ByteString& bytes, const Result<der::Tlv>& element) {
    const auto magnitude = element ? der::read_unsigned(*element) : Result<Bytes>(Unexpected{element.error()});
    if (!magnitude || magnitude->size() > kFieldSize) return false;
    bytes.resize(bytes.size() + kFieldSize - magnitude->size());
    bytes.insert(bytes.end(), magnitude->begin(), magnitude->end());
    return true;
}

/// The two numbers of an ECDSA-Sig-Value, one behind the other (RFC 7518 3.4).
Result<ByteString> to_raw(Bytes signature) {
    der::Reader reader(signature);
    const auto sequence = reader.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    ByteString raw;
    const auto r = fields.read(der::Tag::integer);
    if (!append_fixed(raw, r) || !append_fixed(raw, fields.read(der::Tag::integer))) return fail(ErrorKind::bad_value, 0);
    return raw;
}

/// The three parts of a flattened JWS, of which the first two are encoded here.
struct Unsigned {
    std::string header, payload;
    [[nodiscard]] std::string input() const { return header + "." + payload; }
    [[nodiscard]] std::string with(Bytes signature) const {
        JsonWriter json;
        json.begin_object()
            .member("protected", header)
            .member("payload", payload)
            .member("signature", to_base64url(signature))
            .end_object();
        return json.take();
    }
};

}  // namespace

Result<AccountKey> AccountKey::make(crypto::PrivateKey key) {
    const ByteString info = key.public_key_info();
    if (info.size() != sizeof kP256Begin + 2 * kFieldSize || !std::equal(std::begin(kP256Begin), std::end(kP256Begin), info.begin()))
        return fail(ErrorKind::unsupported, 0);
    const Bytes point = Bytes(info).subspan(sizeof kP256Begin);
    JsonWriter json;
    json.begin_object().member("crv", "P-256").member("kty", "EC");
    json.member("x", to_base64url(point.first(kFieldSize))).member("y", to_base64url(point.subspan(kFieldSize))).end_object();
    return AccountKey(std::move(key), json.take());
}

Result<AccountKey> AccountKey::generate() {
    auto key = crypto::PrivateKey::generate_ec(crypto::Curve::p256);
    if (!key) return forward_error(key);
    return make(std::move(*key));
}

Result<AccountKey> AccountKey::from_pem(std::string_view pem) {
    auto key = crypto::PrivateKey::from_pem(pem);
    if (!key) return forward_error(key);
    return make(std::move(*key));
}

std::string AccountKey::thumbprint() const {
    return to_base64url(crypto::sha256(as_bytes(jwk_)));
}

std::string AccountKey::key_authorization(std::string_view token) const {
    return std::string(token) + "." + thumbprint();
}

Result<std::string> AccountKey::sign(const Sender& sender, std::string_view url, std::string_view nonce, std::string_view payload) const {
    std::string header = R"({"alg":"ES256",)";
    header += sender.account.empty() ? "\"jwk\":" + jwk_ : "\"kid\":" + json_quoted(sender.account);
    header += ",\"nonce\":" + json_quoted(nonce) + ",\"url\":" + json_quoted(url) + "}";
    const Unsigned jws{to_base64url(as_bytes(header)), to_base64url(as_bytes(payload))};
    const auto signature = key_.sign(kEs256, as_bytes(jws.input()));
    if (!signature) return forward_error(signature);
    const auto raw = to_raw(*signature);
    if (!raw) return forward_error(raw);
    return jws.with(*raw);
}

std::string AccountKey::bind(std::string_view key_id, Bytes mac_key, std::string_view url) const {
    JsonWriter header;
    header.begin_object().member("alg", "HS256").member("kid", key_id).member("url", url).end_object();
    const Unsigned jws{to_base64url(as_bytes(header.text())), to_base64url(as_bytes(jwk_))};
    return jws.with(crypto::hmac_sha256(mac_key, as_bytes(jws.input())));
}

}  // namespace truename::acme
