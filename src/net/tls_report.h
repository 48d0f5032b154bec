#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace truename::net {

/// Versions of TLS by their numbers on the wire (RFC 8446 4.2.1). SSL 2 and 3 are not spoken here.
enum class TlsVersion : std::uint16_t { tls_1_0 = 0x0301, tls_1_1 = 0x0302, tls_1_2 = 0x0303, tls_1_3 = 0x0304 };

/// `TLS 1.3`, as people and JSON write it.
std::string_view name_of(TlsVersion version);

/// The kinds of server keys that a hello offers to take; `none`: only ciphers without a certificate (RFC 5246 A.5, up to TLS 1.2).
enum class KeyOffer : std::uint8_t { any, rsa, ecdsa, none };

/// `any`, `rsa`, `ecdsa`, `none`.
std::string_view name_of(KeyOffer keys);

/// What the client's hello says.
struct TlsHello {
    std::string server_name;  ///< SNI; empty: none is sent
    TlsVersion min = TlsVersion::tls_1_0, max = TlsVersion::tls_1_3;
    KeyOffer keys = KeyOffer::any;

    friend bool operator==(const TlsHello&, const TlsHello&) = default;
};

/// How far the TLS handshake came. A certificate that was sent is not yet a handshake that worked.
enum class Handshake : std::uint8_t {
    none,      ///< no TLS was spoken
    failed,    ///< it began and broke off; certificates may have been seen
    completed  ///< both sides said Finished
};

/// `none`, `failed`, `completed`.
std::string_view name_of(Handshake handshake);

/// Why a handshake broke off, as far as the wire tells.
enum class TlsTrouble : std::uint8_t {
    none,
    plaintext,             ///< the server sent something that is no TLS record: see `plaintext`
    closed,                ///< the connection was ended or reset without an alert
    alert,                 ///< the server sent a fatal alert: see `alert`
    bad_server_signature,  ///< the certificate came, and what the server signed does not fit its key
    bad_certificate,       ///< a certificate that OpenSSL cannot read: the bytes are in `chain`
    too_large,             ///< a message is larger than what is read here: it was us who broke off
    version,               ///< the server chose a version that was not offered
    timeout,               ///< nothing more came
    other                  ///< see `error`
};

/// `plaintext`, `bad-server-signature`, ...
std::string_view name_of(TlsTrouble trouble);

/// What was seen of one handshake: nothing in it has been verified.
struct TlsReport {
    Handshake handshake = Handshake::none;
    TlsTrouble trouble = TlsTrouble::none;
    std::optional<TlsVersion> version;  ///< what the server chose; also when the handshake broke off after that
    std::string cipher;                 ///< OpenSSL's name: `TLS_AES_256_GCM_SHA384`; empty when not known
    std::string group;                  ///< `x25519`, `secp256r1`; empty when not known or without key agreement
    std::string signature;          ///< how the server signed: `rsa-pss-sha256`, `ecdsa-sha256`, `rsa-sha256`; empty when it did not sign
    std::vector<ByteString> chain;  ///< DER as sent, in the order sent; may be garbage
    ByteString staple;              ///< OCSP response for the first certificate, empty when none came
    bool asks_client_certificate = false;
    std::optional<std::uint8_t> alert;  ///< number of the alert that the server sent (RFC 8446 6)
    std::string plaintext;              ///< the first bytes when they are no TLS, at most 512; not safe for a terminal
    std::string error;                  ///< OpenSSL's words for what went wrong; empty when nothing did

    friend bool operator==(const TlsReport&, const TlsReport&) = default;
};

/// The name of an alert as RFC 8446 6 and RFC 5246 7.2 write it: `handshake_failure`; `unknown` for numbers that have none.
std::string_view alert_name(std::uint8_t alert);

}  // namespace truename::net
