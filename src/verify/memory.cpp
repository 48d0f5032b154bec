#include "verify/memory.h"

#include "verify/trust_store.h"
#include "x509/findings.h"
#include "x509/issuing_rules.h"

namespace truename::verify {

namespace {

/// Certificates with a few names and a signature have some two kilobytes; what is much larger comes from somebody who plays.
constexpr std::size_t kMaxKept = 16'384;

}  // namespace

KnownCertificate::KnownCertificate(const crypto::Sha256& sha256, const x509::Certificate& read, ByteString kept)
    : fingerprint(sha256),
      certificate(read),
      subject_key(name_key(read.subject)),
      issuer_key(name_key(read.issuer)),
      self_issued(subject_key == issuer_key && x509::relation(read.subject, read.issuer) != x509::NameRelation::different),
      kept_(std::move(kept)) {}

const std::vector<Finding>& KnownCertificate::findings() const {
    if (!findings_) {
        findings_.emplace();
        x509::report_findings(certificate, *findings_);
        x509::report_issuing_rules(certificate, *findings_);
    }
    return *findings_;
}

const crypto::Sha256& KnownCertificate::key_fingerprint() const {
    if (!key_fingerprint_) key_fingerprint_ = x509::fingerprint(certificate.subject_public_key_info);
    return *key_fingerprint_;
}

Memory::Memory(crypto::CacheLimits limits) : signatures(limits), certificates_(limits.certificates) {}

Result<std::shared_ptr<const KnownCertificate>, x509::ParseError> Memory::read(Bytes der) {
    const crypto::Sha256 fingerprint = crypto::sha256(der);
    if (const auto* known = certificates_.find(fingerprint)) return *known;
    const bool is_kept = der.size() <= kMaxKept;
    ByteString kept = is_kept ? to_owned(der) : ByteString();
    const auto certificate = x509::parse_certificate(is_kept ? Bytes(kept) : der);
    if (!certificate) return forward_error(certificate);
    auto made = std::make_shared<const KnownCertificate>(fingerprint, *certificate, std::move(kept));
    if (is_kept) certificates_.insert(fingerprint, made);
    return made;
}

}  // namespace truename::verify
