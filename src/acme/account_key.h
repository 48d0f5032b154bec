#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/private_key.h"

namespace truename::acme {

/// What a server knows an account's key by in a request: the key itself while there is no account, its address afterwards (RFC 8555 6.2).
struct Sender {
    std::string account;  ///< its address; empty: the key stands in the request
};

/// The key of an account with an authority: P-256, which signs as ES256 (RFC 7518 3.4).
class AccountKey {
  public:
    static Result<AccountKey> generate();
    /// From PEM without a passphrase. Fails with `unsupported` for a key of another kind.
    static Result<AccountKey> from_pem(std::string_view pem);
    /// For its file, which only its owner may read.
    [[nodiscard]] std::string to_pem() const { return key_.to_pem(); }

    /// The public half as a JSON object whose members stand as RFC 7638 3.2 wants them.
    [[nodiscard]] const std::string& jwk() const { return jwk_; }
    /// RFC 7638 3, base64url.
    [[nodiscard]] std::string thumbprint() const;
    /// `token.thumbprint`: what proves to the authority that whoever answers is the account (RFC 8555 8.1).
    [[nodiscard]] std::string key_authorization(std::string_view token) const;

    /// A request as flattened JWS (RFC 7515 7.2.2, RFC 8555 6.2). `payload` is JSON, or empty to read (POST-as-GET, 6.3).
    [[nodiscard]] Result<std::string> sign(const Sender& sender, std::string_view url, std::string_view nonce,
                                           std::string_view payload) const;
    /// What says that the holder of `mac_key` wants this account bound to what he has with the authority (RFC 8555 7.3.4). `url` is that
    /// of new accounts.
    [[nodiscard]] std::string bind(std::string_view key_id, Bytes mac_key, std::string_view url) const;

  private:
    AccountKey(crypto::PrivateKey key, std::string jwk) : key_(std::move(key)), jwk_(std::move(jwk)) {}
    static Result<AccountKey> make(crypto::PrivateKey key);

    crypto::PrivateKey key_;
    std::string jwk_;
};

}  // namespace truename::acme
