#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/cache.h"
#include "crypto/digest.h"
#include "finding/finding.h"
#include "x509/certificate.h"
#include "x509/parse_error.h"
#include "x509/signature.h"

namespace truename::verify {

/// A certificate that was read, and what is true of it wherever it stands. For one thread.
class KnownCertificate {
  public:
    /// `certificate` views `der`, which is kept with it or, when nothing is to be kept, borrowed.
    KnownCertificate(const crypto::Sha256& fingerprint, const x509::Certificate& certificate, ByteString kept);

    const crypto::Sha256 fingerprint;
    const x509::Certificate certificate;
    const std::uint64_t subject_key, issuer_key;  ///< name_key() of the two
    const bool self_issued;                       ///< subject and issuer are the same but for folding (RFC 5280 3.2)

    /// What x509 tells of it: report_findings() and report_issuing_rules(), made when somebody first asks.
    [[nodiscard]] const std::vector<Finding>& findings() const;
    /// x509::fingerprint() of its key, without what that inherits; made when somebody first asks.
    [[nodiscard]] const crypto::Sha256& key_fingerprint() const;

  private:
    ByteString kept_;
    mutable std::optional<std::vector<Finding>> findings_;
    mutable std::optional<crypto::Sha256> key_fingerprint_;
};

/// What verifications learned and the next one can use: certificates by their SHA-256, keys, answers about signatures. Everything is
/// bounded, and nothing of it depends on a time, a name or a trust store. One per thread, kept.
class Memory {
  public:
    explicit Memory(crypto::CacheLimits limits = {});

    x509::SignatureChecker signatures;

    /// The certificate of these bytes, read now or before. It borrows `der` when that is too large to be kept.
    Result<std::shared_ptr<const KnownCertificate>, x509::ParseError> read(Bytes der);

  private:
    crypto::BoundedCache<std::shared_ptr<const KnownCertificate>> certificates_;
};

}  // namespace truename::verify
