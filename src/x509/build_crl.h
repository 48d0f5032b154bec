#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/private_key.h"
#include "der/writer.h"
#include "x509/build.h"

namespace truename::x509 {

/// The entries of a CRL as they are added: some forty bytes each, nothing else is kept, so a million of them is no trouble.
class NewRevokedCertificates {
  public:
    /// `serial_number` is the contents of the INTEGER; no reason is how `unspecified` is written (RFC 5280 5.3.1).
    void add(Bytes serial_number, Time revocation_date, std::optional<std::uint32_t> reason);
    [[nodiscard]] std::size_t size() const { return size_; }
    /// Their encodings one after another, given away.
    ByteString take();

  private:
    der::Writer entries_;
    std::size_t size_ = 0;
};

/// What a CRL is made of besides its entries.
struct CrlTemplate {
    ByteString issuer;  ///< Name element
    Time this_update{}, next_update{};
    std::vector<NewExtension> extensions;
};

/// cRLNumber (RFC 5280 5.2.3).
NewExtension make_crl_number(std::uint64_t number);
/// issuingDistributionPoint with an address (5.2.5): this CRL is about the certificates that name it.
NewExtension make_issuing_distribution_point(const std::string& uri);

/// The CRL, signed. Takes about twice the size of the entries of memory. Fails as PrivateKey::sign does.
Result<ByteString> sign_crl(const CrlTemplate& crl, NewRevokedCertificates entries, const crypto::PrivateKey& issuer_key);

}  // namespace truename::x509
