#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/private_key.h"
#include "finding/failure.h"

namespace truename::recipe {

// A recipe describes certificates, right and wrong ones, in TOML:
//
//     [[certificate]]
//     name     = "server"                       # how others in the recipe and the caller call it
//     subject  = "CN=sbs.example.local"         # RFC 4514: the most special first
//     issuer   = "root"                         # another certificate of the recipe; itself when not there
//     names    = ["DNS:sbs.example.local", "DNS:remote.example.com"]
//     validity = ["2026-01-01", "2028-01-01"]
//     key      = "rsa2048-1"                    # a file of the folder of keys, without .pem
//
// docs/recipes.md has every key. The same recipe gives the same bytes on every machine, but for signatures by ECDSA and RSA-PSS keys.

/// Bytes put in the place of others, to write what no honest builder would.
struct Patch {
    bool in_tbs = true;       ///< in the TBSCertificate before it is signed; false: in the finished certificate
    ByteString find;          ///< what is looked for; must be there at least `occurrence` times
    ByteString replace;       ///< what takes its place, of any length: lengths around it are the author's business
    unsigned occurrence = 1;  ///< which one, counted from 1
};

/// An extension with its ready contents.
struct RawExtension {
    std::string id;  ///< dotted
    bool critical = false;
    ByteString value;  ///< contents of the OCTET STRING
};

/// What one [[certificate]] or [[request]] says; an empty optional is a key that is not there, so nothing is written for it.
struct Description {
    std::string name;
    std::size_t line = 0;  ///< of its table in the recipe
    std::string subject;
    std::string issuer;                      ///< name of a certificate of the recipe; its own for self-signed ones
    std::optional<std::string> issuer_name;  ///< the issuer field, where it is not the issuer's subject
    std::vector<std::string> names;
    Time not_before{}, not_after{};
    std::string key;
    std::optional<std::string> signed_by;  ///< a key that is not the issuer's: the signature will not fit
    std::optional<std::string> signature;  ///< `sha1`, `rsa-pss-sha256` ...: the key's usual scheme when not there
    std::optional<std::string> inner_signature;
    std::optional<ByteString> serial;
    std::uint32_t version = 3;
    std::optional<bool> ca;
    std::optional<std::uint32_t> path_length;
    std::vector<std::string> key_usage;
    std::vector<std::string> extended_key_usage;
    std::vector<std::string> permitted, excluded;  ///< name constraints
    std::vector<std::string> ocsp, ca_issuers, crl, policies;
    bool must_staple = false;
    bool key_identifiers = true;                      ///< subject key identifier, and authority key identifier but in self-signed ones
    std::optional<std::string> issuer_key;            ///< the key that the authority key identifier speaks of, where it is not the issuer's
    std::vector<std::string> critical, not_critical;  ///< extensions, by their dotted OIDs, with another criticality than RFC 5280's
    std::vector<RawExtension> extensions;             ///< after all others
    std::vector<Patch> patches;
};

/// A recipe that has been read. Issuers and names in it are those of the text; whether they fit is seen when it is built.
struct Recipe {
    std::string source;  ///< the file's name, for error texts
    std::vector<Description> certificates;
    std::vector<Description> requests;
};

/// What a recipe may be at most; a recipe is a developer's file, so these only stop mistakes.
inline constexpr std::size_t kMaxRecipeBytes = 4U << 20;
inline constexpr std::size_t kMaxCertificates = 2'000;

/// Reads a recipe; `source` is what error texts call it. Failure (kind input) names the line, and what is wrong there: TOML that does not
/// parse, an unknown key, a wrong type, a name given twice, a time that is none. Tables that are none of a recipe's ([input], [expect])
/// are left to others.
Result<Recipe, Failure> load(std::string_view text, std::string_view source);

/// The same for a file; Failure also when it cannot be read or is over kMaxRecipeBytes.
Result<Recipe, Failure> load_file(const std::filesystem::path& file);

/// A certificate or request that was made.
struct Item {
    ByteString der;
    crypto::PrivateKey key;  ///< belongs to the public key inside
};

/// What a recipe gave, by the names in it.
struct Built {
    std::map<std::string, Item, std::less<>> certificates;
    std::map<std::string, Item, std::less<>> requests;

    /// The certificate of that name; its absence is a bug of the caller.
    [[nodiscard]] Bytes certificate(std::string_view name) const;
};

/// Makes everything that the recipe describes, with keys from the folder `keys` (NAME.pem). Failure (kind input) names the certificate and
/// its line: an issuer that the recipe has not, a subject or name that cannot be written, a key file that is not there, a signature that
/// the key cannot make, a patch whose bytes are not found.
Result<Built, Failure> build(const Recipe& recipe, const std::filesystem::path& keys);

}  // namespace truename::recipe
