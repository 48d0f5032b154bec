#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"
#include "mail/cms_reader.h"
#include "x509/certificate.h"

namespace truename::mail {

/// Who made a signature or receives a key, by what names his certificate (RFC 5652 5.3 and 6.2.1).
struct CertificateId {
    ByteString issuer;          ///< the Name, a whole element; empty when it is by key identifier
    ByteString serial;          ///< contents of the INTEGER
    ByteString key_identifier;  ///< subjectKeyIdentifier

    /// Whether it means this certificate. The names are compared by their octets (RFC 8551 2.3 wants them to be the same).
    [[nodiscard]] bool matches(const x509::Certificate& certificate) const;
    /// `number 0a:1b of CN=Example CA`, `the key identifier 0a:1b`: safe to print.
    [[nodiscard]] std::string describe() const;
};

/// IssuerAndSerialNumber (RFC 5652 10.2.4): the contents of its SEQUENCE.
Result<CertificateId> read_issuer_and_serial(der::Reader fields);

/// Which certificate a signer says is his (RFC 5035 3 and 4): others may have the same key.
struct EssCertId {
    std::optional<crypto::DigestKind> digest;  ///< nothing when this program does not know it; then it rules no certificate out
    ByteString hash;                           ///< of the certificate's DER
};

/// SignerInfo of RFC 5652 5.3.
struct SignerInfo {
    CertificateId sid;
    std::vector<EssCertId> signing_certificates;    ///< the first of signingCertificate and signingCertificateV2; often there is neither
    std::optional<crypto::DigestKind> digest;       ///< nothing when this program does not know it
    ByteString signed_attributes;                   ///< as the signature covers them, a SET; empty when there are none
    ByteString content_type;                        ///< the attribute's OID, its content octets
    ByteString message_digest;                      ///< the attribute
    std::optional<Time> signing_time;               ///< what the signer says
    std::optional<crypto::SignatureScheme> scheme;  ///< nothing when this program cannot check it
    std::string scheme_name;
    ByteString signature;

    /// Whether it may be of the owner of this certificate: `sid` means it, and what is signed names no other (RFC 5035 3).
    [[nodiscard]] bool means(const x509::Certificate& certificate) const;
};

/// What SignedData says besides its content (RFC 5652 5.1).
struct SignedData {
    std::vector<crypto::DigestKind> digests;  ///< those of digestAlgorithms that this program knows
    ByteString content_type;                  ///< eContentType, its content octets
    bool has_content = false;
    std::vector<ByteString> certificates;  ///< those of X.509, DER
    std::vector<SignerInfo> signers;
};

/// The most signers and certificates that are looked at.
inline constexpr std::size_t kMaxSigners = 100, kMaxCertificates = 1'000;

/// Gathers what a CmsReader tells of a SignedData. The content goes to a sink, which is asked for once the digests are known.
class SignedDataHandler : public CmsHandler {
  public:
    /// `content` gives where the content goes; borrowed as long as there is content.
    explicit SignedDataHandler(std::function<Sink&(const SignedData&)> content) : content_(std::move(content)) {}
    Outcome on_content_type(der::Oid type) override;
    Outcome on_member(Bytes tlv) override;
    Outcome on_content_info(Bytes tlv) override;
    Outcome on_content_begin() override;
    Outcome on_content(Bytes piece) override;
    Outcome on_end() override;

    /// Whether the structure is no SignedData; it was refused.
    [[nodiscard]] bool is_other_kind() const { return is_other_kind_; }
    /// Once all of it was there.
    [[nodiscard]] const SignedData& data() const { return data_; }

  private:
    std::function<Sink&(const SignedData&)> content_;
    Sink* sink_ = nullptr;
    SignedData data_;
    std::size_t sets_ = 0;
    bool is_other_kind_ = false;
};

/// The digest that an AlgorithmIdentifier names; nothing when this program does not know it.
std::optional<crypto::DigestKind> digest_of(der::Oid algorithm);

/// A refusal of a CMS structure of another kind, with its name.
Unexpected<Failure> unexpected_content(der::Oid type, std::string_view wanted);

}  // namespace truename::mail
