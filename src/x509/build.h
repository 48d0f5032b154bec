#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "crypto/private_key.h"
#include "der/oid.h"
#include "der/reader.h"
#include "der/writer.h"
#include "x509/extension.h"

namespace truename::x509 {

/// A distinguished name to write.
struct NameAttribute {
    ByteString type;  ///< contents of the OID
    std::string value;
    der::Tag string_type = der::Tag::utf8_string;
    bool starts_rdn = true;  ///< false: in the same RDN as the one before
};
/// Writes attributes in the given order (most general first, as certificates have it).
ByteString encode_name(const std::vector<NameAttribute>& attributes);
/// Writes a name given as RFC 4514 text, whose order is the other way round: `CN=mail.example.com,O=Example,C=AT`. `+` joins attributes of
/// one RDN. country and serialNumber become PrintableString, domainComponent and emailAddress IA5String, the rest UTF8String. bad_value
/// with the offset of the first wrong character.
Result<ByteString> encode_name(std::string_view rfc4514);

/// The contents of one GeneralName, for SAN and others.
struct NewGeneralName {
    GeneralNameKind kind{};
    ByteString value;  ///< contents as the tag holds them
};
/// Reads `DNS:mail.example.com`, `IP:192.0.2.1`, `email:a@example.com`, `URI:...`, `RID:1.2.3`, `dirName:CN=...`, `SRV:_imaps.example.com`,
/// `UPN:a@example.com`, `SmtpUTF8Mailbox:...`; without a prefix an address is IP and anything else DNS. U-labels of DNS names become
/// A-labels. bad_value for others.
Result<NewGeneralName> parse_general_name(std::string_view text);
/// The base of a GeneralSubtree: as parse_general_name(), but an address is `IP:192.0.2.0/24` and becomes address and mask (RFC
/// 5280 4.2.1.10). bad_value for bits beyond the prefix too.
Result<NewGeneralName> parse_subtree(std::string_view text);
/// The element with its tag.
ByteString encode_general_name(const NewGeneralName& name);
/// GeneralNames: a SEQUENCE of them.
ByteString encode_general_names(const std::vector<NewGeneralName>& names);

/// An extension to write; `value` is the contents of its OCTET STRING.
struct NewExtension {
    ByteString id;  ///< contents of the OID
    bool critical = false;
    ByteString value;
};

/// Extensions: a SEQUENCE of them in their order.
void write_extensions(der::Writer& writer, const std::vector<NewExtension>& extensions);

// Extensions with the criticality that RFC 5280 4.2 gives them; change `critical` afterwards where another is wanted.
NewExtension make_subject_alt_name(const std::vector<NewGeneralName>& names, bool critical = false);
NewExtension make_basic_constraints(bool ca, std::optional<std::uint32_t> path_length = {});
NewExtension make_key_usage(const std::vector<KeyUsageBit>& bits);
NewExtension make_extended_key_usage(const std::vector<ByteString>& purposes);
/// From the SHA-1 of the key's BIT STRING (RFC 5280 4.2.1.2 (1)).
NewExtension make_subject_key_identifier(Bytes subject_public_key_info);
NewExtension make_authority_key_identifier(Bytes issuer_public_key_info);
NewExtension make_crl_distribution_points(const std::vector<std::string>& uris);
NewExtension make_authority_info_access(const std::vector<std::string>& ocsp, const std::vector<std::string>& ca_issuers);
NewExtension make_certificate_policies(const std::vector<ByteString>& policies);
/// Subtrees are GeneralNames; IP subtrees are address and mask (8 or 32 bytes).
NewExtension make_name_constraints(const std::vector<NewGeneralName>& permitted, const std::vector<NewGeneralName>& excluded);
/// TLS feature status_request (RFC 7633): must-staple.
NewExtension make_must_staple();
/// An extension by the dotted OID with ready contents; bad_value for a wrong OID.
Result<NewExtension> make_raw_extension(std::string_view dotted, bool critical, Bytes value);

/// Everything that a TBSCertificate is made of. Members that are elements are written as they are, so wrong ones can be built too.
struct CertificateTemplate {
    std::uint32_t version = 3;                  ///< 1 writes none, and no extensions unless there are some
    ByteString serial_number = {1};             ///< contents of the INTEGER as they are
    std::optional<ByteString> signature_inner;  ///< AlgorithmIdentifier element; as the signature's own when not set
    ByteString issuer;                          ///< Name element (encode_name)
    Time not_before{}, not_after{};
    std::optional<ByteString> validity;  ///< Validity element in the place of the two times
    ByteString subject;                  ///< Name element
    ByteString subject_public_key_info;  ///< element (PrivateKey::public_key_info)
    std::vector<NewExtension> extensions;
};

/// The TBSCertificate; `signature_algorithm` is the AlgorithmIdentifier element that goes inside unless the template has one of its own.
ByteString encode_tbs_certificate(const CertificateTemplate& certificate, Bytes signature_algorithm);

/// The AlgorithmIdentifier element for `scheme` (RFC 4055, RFC 5758, RFC 8410).
ByteString encode_signature_algorithm(const crypto::SignatureScheme& scheme);

/// SEQUENCE { signed_element, algorithm, signature BIT STRING }: the shape of certificates, requests and CRLs.
ByteString encode_signed(Bytes signed_element, Bytes signature_algorithm, Bytes signature);

/// The certificate, signed. `scheme` is the key's usual one when not given. Fails as PrivateKey::sign does.
Result<ByteString> sign_certificate(const CertificateTemplate& certificate, const crypto::PrivateKey& issuer_key,
                                    std::optional<crypto::SignatureScheme> scheme = {});

/// What a certification request is made of.
struct RequestTemplate {
    ByteString subject;                    ///< Name element
    std::vector<NewExtension> extensions;  ///< asked for in extensionRequest; none: no attribute
};
/// The request, signed with the key that it is for.
Result<ByteString> sign_request(const RequestTemplate& request, const crypto::PrivateKey& key,
                                std::optional<crypto::SignatureScheme> scheme = {});

}  // namespace truename::x509
