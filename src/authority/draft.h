#pragma once

#include <optional>
#include <string>
#include <vector>

#include "authority/certificate_profile.h"
#include "authority/rows.h"
#include "base/time.h"
#include "finding/failure.h"
#include "x509/build.h"
#include "x509/certificate.h"

namespace truename::authority {

/// What somebody wants certified.
struct Order {
    const CertificateProfile* profile = nullptr;
    std::vector<std::string> names;  ///< host names and addresses, or mailboxes, in the order that they will stand in
    ByteString public_key_info;      ///< SubjectPublicKeyInfo element
    std::optional<unsigned> days;    ///< nothing: as the profile says
    bool internal_names = false;     ///< names that the public DNS will never have are wanted
};

/// The most names in one certificate: some servers of webmail and some libraries read no more than a hundred.
inline constexpr std::size_t kMostNames = 100;

/// What the one who signs is, as far as drafts depend on it.
struct Signer {
    std::int64_t id = 0;            ///< of the issuer in the store
    x509::Certificate certificate;  ///< borrowed
    crypto::SignatureScheme scheme;
    std::vector<std::string> domains;  ///< those that its name constraints permit; none: any
    std::string list_url;              ///< the address of revocation lists, with `{shard}` in it; empty: none
};

/// A certificate that only lacks its signature.
struct Draft {
    CertificateRow row;  ///< without a signature
    ByteString algorithm;
    std::vector<std::string> names;
};

/// Makes the certificate that `order` asks for, with a serial number of 128 random bits. Fails with `input` for a key that is weak or
/// broken, names that are none, too many of them, internal ones that are not wanted, and names outside of the signer's domains; with
/// `usage` when it could not be valid for a day. `shard` is the number of the revocation list that it names.
Result<Draft, Failure> make_draft(const Order& order, const Signer& signer, std::int64_t shard, Time now);

/// The most certificates on one revocation list, where their addresses tell lists apart.
inline constexpr std::int64_t kCertificatesOfList = 100'000;
/// Whether that address has `{shard}` in it.
bool has_shards(std::string_view list_url);
/// The address of the revocation list `place`, a number, from one with `{shard}` in it. Without it there is one list for each intermediate:
/// `ca.crl`, `ca-1.crl`, ...
std::string list_address(std::string_view pattern, std::string_view place);

/// A serial number: a positive INTEGER with 128 bits that nobody can guess (CA/Browser Forum BR 7.1: 64 at least).
ByteString new_serial();

/// The certificate of a draft with this signature.
ByteString signed_certificate(const CertificateRow& row, Bytes algorithm);

}  // namespace truename::authority
