#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/private_key.h"
#include "finding/failure.h"
#include "servers/place.h"

namespace truename::servers {

/// A private key and where it is from.
struct NamedKey {
    crypto::PrivateKey key;
    std::string file;  ///< as people know it
};

/// What an authority sent, as an administrator hands it over: certificates in any order, perhaps with a key, perhaps with others that do
/// not belong to them.
class Offer {
  public:
    /// Adds what a file holds: PEM with any text around it, DER, base64 without its first and last line, PKCS #7, PKCS #12 (which
    /// `passphrase` opens), keys in PEM or DER. Fails with `input`, and names the file.
    Result<void, Failure> add(std::string_view name, Bytes file, std::string_view passphrase);

    /// Adds certificates that a file in PEM, DER or PKCS #7 holds, and nothing else of it. Fails with `input`, and names the file.
    Result<void, Failure> add_certificates(std::string_view name, Bytes file);

    [[nodiscard]] const std::vector<ByteString>& certificates() const { return certificates_; }
    [[nodiscard]] const std::vector<NamedKey>& keys() const { return keys_; }

  private:
    Result<void, Failure> add_pkcs12(std::string_view name, Bytes file, std::string_view passphrase);
    Result<void, Failure> add_keys(std::string_view name, std::string_view text, std::string_view passphrase);

    std::vector<ByteString> certificates_;
    std::vector<NamedKey> keys_;
};

/// Gets the certificates that may have issued one (DER); it may ask the network.
using FetchIssuers = std::function<std::vector<ByteString>(const ByteString& certificate)>;

/// A credential made of an offer, and what was done to get it.
struct Completed {
    Credential credential;
    std::vector<std::string> notes;  ///< sentences: what was left out, what was fetched, that an issuer is missing
};

/// Those of `pool` that issued `certificate`, by name and signature.
std::vector<ByteString> issuers_among(const std::vector<ByteString>& pool, const ByteString& certificate);

/// Finds the certificate that belongs to a key of the offer, or else to one of `keys_at_hand`, and puts its issuers behind it, each found
/// by its name and its signature, those that are missing by `fetch`; the root is left out. Fails with `input` when no certificate
/// belongs to any key, and says which names the certificates are for and where the keys are from.
Result<Completed, Failure> complete(const Offer& offer, const std::vector<NamedKey>& keys_at_hand, const FetchIssuers& fetch);

/// Refuses what no mail program could take: a certificate that has ended or not begun, and one that is not for one of
/// `names` (RFC 9525). Fails with `input`.
Result<void, Failure> check_credential(const Credential& credential, const std::vector<std::string>& names, Time now);

/// A sentence where less than a quarter of its time is left, or less than 14 days of one that is made for longer; empty otherwise.
std::string ends_soon(const Credential& credential, Time now);

/// The DNS names of a certificate (DER) in their order; its common names when it has none.
std::vector<std::string> host_names(const ByteString& certificate);

/// The first five of them, and how many more there are, safe for a terminal: `a.example, b.example and 3 more`.
std::string first_few(const std::vector<std::string>& names);

/// Whether one of these names is for `host`, stars looked at (RFC 9525 6.3).
bool covers(const std::vector<std::string>& names, std::string_view host);

}  // namespace truename::servers
