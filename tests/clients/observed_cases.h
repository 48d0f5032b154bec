#pragma once

#include <string_view>

namespace truename {

/// One certificate that real clients were shown, and what each of the two that were run made of it. Certificates are those of
/// observed.toml; `anchor` is what the client was given as a root ("" for nothing).
struct ObservedCase {
    std::string_view chain, anchor, host;
    std::string_view thunderbird;  ///< the code; "" for silent; begins with ! when no exception is possible
    std::string_view evolution;  ///< lines of the dialog with a blank between; "" for silent, "generic-error" for a question without a line
    std::string_view source;     ///< rows of docs/sources.md
};

inline constexpr std::string_view kMail = "mail.truename.test";
inline constexpr std::string_view kDomain = "SSL_ERROR_BAD_CERT_DOMAIN";
inline constexpr std::string_view kUnknown = "SEC_ERROR_UNKNOWN_ISSUER";
inline constexpr std::string_view kSelfSigned = "MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT";
inline constexpr std::string_view kBoth = "TB153 matrix, LAB-TLS matrix";

inline constexpr ObservedCase kObserved[] = {
    // names
    {"good", "root", kMail, "", "", kBoth},
    {"second", "root", kMail, "", "", kBoth},
    {"capitals", "root", kMail, "", "", kBoth},
    {"star", "root", kMail, "", "", kBoth},
    {"star-end", "root", kMail, kDomain, "bad-identity", kBoth},
    {"star-start", "root", kMail, kDomain, "", kBoth},
    {"star-middle", "root", kMail, kDomain, "bad-identity", kBoth},
    {"star-top", "root", kMail, kDomain, "bad-identity", kBoth},
    {"dot", "root", kMail, kDomain, "bad-identity", kBoth},
    {"good", "root", "mail.truename.test.", "", "bad-identity", kBoth},
    {"other-name", "root", kMail, kDomain, "bad-identity", kBoth},
    {"common-name", "root", kMail, kDomain, "", kBoth},
    {"common-name-beside", "root", kMail, kDomain, "bad-identity", kBoth},
    {"email-only", "root", kMail, kDomain, "", kBoth},
    {"address-only", "root", kMail, kDomain, "bad-identity", kBoth},
    {"address", "root", "127.0.0.1", "", "", kBoth},
    {"address-as-name", "root", "127.0.0.1", kDomain, "bad-identity", kBoth},
    {"malformed-name", "root", kMail, "", "", kBoth},
    // time
    {"expired", "root", kMail, "SEC_ERROR_EXPIRED_CERTIFICATE", "expired", kBoth},
    {"not-yet", "root", kMail, "MOZILLA_PKIX_ERROR_NOT_YET_VALID_CERTIFICATE", "not-activated", kBoth},
    {"expired-other-name", "root", kMail, kDomain, "bad-identity expired", kBoth},
    {"ten-years", "root", kMail, "", "", kBoth},
    // the path
    {"self-signed", "", kMail, kSelfSigned, "unknown-ca", kBoth},
    {"self-signed-other-name", "", kMail, kSelfSigned, "unknown-ca bad-identity", kBoth},
    {"self-signed", "self-signed", kMail, "", "", "LAB-GUI"},
    {"self-signed-authority", "self-signed-authority", kMail, "MOZILLA_PKIX_ERROR_CA_CERT_USED_AS_END_ENTITY", "", "LAB-GUI"},
    {"unknown-authority", "root", kMail, kUnknown, "unknown-ca", kBoth},
    {"unknown-authority-other-name", "root", kMail, kUnknown, "unknown-ca bad-identity", kBoth},
    // an unknown issuer hides what is wrong with the server's certificate, but not an unknown critical extension
    {"unknown-authority-for-clients", "root", kMail, kUnknown, "unknown-ca", "LAB-GUI"},
    {"unknown-authority-must-staple", "root", kMail, kUnknown, "unknown-ca", "LAB-GUI"},
    {"unknown-authority-expired stranger", "root", kMail, kUnknown, "unknown-ca", "LAB-GUI"},
    {"unknown-authority-critical", "root", kMail, "!SEC_ERROR_UNKNOWN_CRITICAL_EXTENSION", "unknown-ca", "LAB-GUI"},
    {"from-intermediate", "root", kMail, kUnknown, "unknown-ca", kBoth},
    {"from-intermediate intermediate", "root", kMail, "", "", kBoth},
    {"from-expired expired-intermediate", "root", kMail, "SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE", "expired", kBoth},
    {"from-no-ca no-ca", "root", kMail, "SEC_ERROR_CA_CERT_INVALID", "unknown-ca", kBoth},
    {"from-version-1 version-1", "root", kMail, "MOZILLA_PKIX_ERROR_V1_CERT_USED_AS_CA", "unknown-ca", kBoth},
    {"authority", "root", kMail, "MOZILLA_PKIX_ERROR_CA_CERT_USED_AS_END_ENTITY", "", kBoth},
    // keys and signatures
    {"sha1", "root", kMail, "SEC_ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED", "insecure", kBoth},
    {"rsa-768", "root", kMail, "MOZILLA_PKIX_ERROR_INADEQUATE_KEY_SIZE", "insecure", kBoth},
    {"rsa-1024", "root", kMail, "", "", kBoth},
    {"ed25519", "root", kMail, "!SSL_ERROR_NO_CYPHER_OVERLAP", "", kBoth},
    // usage, constraints, extensions
    {"no-usage", "root", kMail, "", "", kBoth},
    {"for-clients", "root", kMail, "!SEC_ERROR_INADEQUATE_CERT_TYPE", "", kBoth},
    {"for-anything", "root", kMail, "!SEC_ERROR_INADEQUATE_CERT_TYPE", "", kBoth},
    {"from-mail-only mail-only", "root", kMail, "!SEC_ERROR_INADEQUATE_CERT_TYPE", "", kBoth},
    {"signs-certificates", "root", kMail, "!SEC_ERROR_INADEQUATE_KEY_USAGE", "", kBoth},
    {"from-limited limited", "root", kMail, "!SEC_ERROR_CERT_NOT_IN_NAME_SPACE", "generic-error", kBoth},
    {"from-limited limited", "", kMail, "!SEC_ERROR_CERT_NOT_IN_NAME_SPACE", "unknown-ca",
     "LAB-GUI, the order when the root is not trusted"},
    {"critical", "root", kMail, "!SEC_ERROR_UNKNOWN_CRITICAL_EXTENSION", "generic-error", kBoth},
    {"must-staple", "root", kMail, "!MOZILLA_PKIX_ERROR_REQUIRED_TLS_FEATURE_MISSING", "generic-error", kBoth},
    {"version-1-leaf", "root", kMail, kDomain, "", kBoth},
    // Small Business Server 2008: the public name is the second
    {"sbs", "sbs-root", "remote.example.com", "", "", "LAB-GUI"},
    {"sbs", "", "remote.example.com", kUnknown, "unknown-ca", "LAB-GUI"},
};

}  // namespace truename
