#include "tests/differential/reasons.h"

#include <algorithm>

#include "base/text.h"

namespace truename::differential {

namespace {

// Classes of findings: ids, or areas of them with a star.
constexpr const char* kReading =
    "cert.* extension.* name.malformed name.not-ascii name.address-length name.empty name.not-critical key.* signature.mismatch "
    "signature.unsupported constraint.unsupported policy.*";
constexpr const char* kTrust = "path.* validity.* signature.* cert.* extension.* key.* usage.issuer-key-usage";
constexpr const char* kTime = "validity.* cert.time-form cert.malformed";
constexpr const char* kStrength = "key.* signature.*";
constexpr const char* kSignature = "signature.* key.* cert.encoding cert.malformed";
constexpr const char* kAuthority =
    "path.denies-ca usage.issuer-for-mail-or-code path.not-a-ca path.version-1-issuer usage.issuer-key-usage extension.malformed "
    "extension.duplicate";
constexpr const char* kPurpose = "usage.* path.ca-as-leaf path.not-a-ca path.version-1-issuer extension.malformed";
constexpr const char* kCritical = "extension.unknown-critical extension.critical-policies constraint.* policy.qualifier-unknown";
constexpr const char* kNames = "name.*";
constexpr const char* kConstraint = "constraint.* name.malformed name.empty path.length-exceeded";

/// Words of a library, and what they are about. The first row whose words are found counts.
struct Row {
    const char* library;
    const char* says;
    const char* about;
};

constexpr Row kRows[] = {
    {"OpenSSL", "cannot be read", kReading},
    {"OpenSSL", "self-signed certificate", "path.*"},
    {"OpenSSL", "unable to get", kTrust},
    {"OpenSSL", "unable to verify the first", kTrust},
    {"OpenSSL", "expired", kTime},
    {"OpenSSL", "not yet valid", kTime},
    {"OpenSSL", "format error in", kTime},
    {"OpenSSL", "too weak", kStrength},
    {"OpenSSL", "does not include certificate signing", kAuthority},
    {"OpenSSL", "signature", kSignature},
    {"OpenSSL", "unable to decode issuer public key", kStrength},
    {"OpenSSL", "Unsupported or unknown", kSignature},
    {"OpenSSL", "invalid CA certificate", kAuthority},
    {"OpenSSL", "path length", "path.length-exceeded"},
    {"OpenSSL", "unsuitable certificate purpose", kPurpose},
    {"OpenSSL", "mismatch", kNames},
    {"OpenSSL", "subtree violation", kConstraint},
    {"OpenSSL", "name constraint", kConstraint},
    {"OpenSSL", "name syntax", kConstraint},
    {"OpenSSL", "unspecified", "constraint.* extension.*"},
    {"OpenSSL", "critical extension", "extension.unknown-critical extension.malformed"},
    {"OpenSSL", "invalid or inconsistent certificate extension", "extension.*"},
    {"OpenSSL", "excessively long", "path.* work.budget"},

    {"GnuTLS", "parse:", kReading},
    {"GnuTLS", "unknown critical extension", kCritical},
    {"GnuTLS", "issuer is unknown", kTrust},
    {"GnuTLS", "issuer is not a CA", kAuthority},
    {"GnuTLS", "expired", kTime},
    {"GnuTLS", "not yet valid", kTime},
    {"GnuTLS", "insecure algorithm", kStrength},
    {"GnuTLS", "signature in the certificate is invalid", kSignature},
    {"GnuTLS", "name in the certificate does not match", kNames},
    {"GnuTLS", "violates the signer's constraints", "constraint.* path.length-exceeded usage.issuer-key-usage path.not-a-ca"},

    {"NSS", "SEC_ERROR_BAD_DER", kReading},
    {"NSS", "SEC_ERROR_REUSED_ISSUER_AND_SERIAL", "path.serial-reused"},
    {"NSS", "SEC_ERROR_UNKNOWN_ISSUER", kTrust},
    {"NSS", "SEC_ERROR_UNTRUSTED", kTrust},
    {"NSS", "EXPIRED", kTime},
    {"NSS", "INVALID_TIME", kTime},
    {"NSS", "SEC_ERROR_INADEQUATE_CERT_TYPE", kPurpose},
    {"NSS", "SEC_ERROR_INADEQUATE_KEY_USAGE", kPurpose},
    {"NSS", "SEC_ERROR_CA_CERT_INVALID", kAuthority},
    {"NSS", "SEC_ERROR_PATH_LEN", "path.length-exceeded"},
    {"NSS", "SEC_ERROR_CERT_NOT_IN_NAME_SPACE", kConstraint},
    {"NSS", "CRITICAL_EXTENSION", kCritical},
    {"NSS", "SIGNATURE", kSignature},
    {"NSS", "KEY", kStrength},
    {"NSS", "ALGORITHM", kStrength},
    {"NSS", "-12276", kNames},  // SSL_ERROR_BAD_CERT_DOMAIN, which only libssl names
    {"NSS", "EXTENSION", "extension.*"},

    {"Go", "panic:", kReading},
    {"Go", "parse:", kReading},
    {"Go", "failed to parse", kReading},
    {"Go", "unhandled critical extension", kCritical},
    {"Go", "has expired or is not yet valid", kTime},
    {"Go", "signed by unknown authority", kTrust},
    {"Go", "not authorized to sign other", kAuthority},
    {"Go", "not authorized to sign for this name", kConstraint},
    {"Go", "cannot parse", "constraint.* name.*"},
    {"Go", "path length constraint", "path.length-exceeded"},
    {"Go", "incompatible key usage", kPurpose},
    {"Go", "not valid for any names", kNames},
    {"Go", "certificate is valid for", kNames},
    {"Go", "certificate is not valid", kNames},
    {"Go", "cannot validate certificate for", kNames},
    {"Go", "legacy Common Name", kNames},
    {"Go", "invalid signature", kSignature},
    {"Go", "signature check attempts", "work.budget"},

    {"Java", "KeyUsage", kPurpose},
    {"Java", "Parsing", kReading},
    {"Java", "trustAnchors parameter must be non-empty", kTrust},
    {"Java", "is not a CA certificate", kAuthority},
    {"Java", "NotYetValid", kTime},
    {"Java", "Expired", kTime},
    {"Java", "validity check failed", kTime},
    {"Java", "timestamp check failed", kTime},
    {"Java", "name constraints", kConstraint},
    {"Java", "path length", "path.length-exceeded"},
    {"Java", "pathLenConstraint", "path.length-exceeded"},
    {"Java", "keyCertSign", kAuthority},
    {"Java", "basic constraints", kAuthority},
    {"Java", "not a CA", kAuthority},
    {"Java", "critical extension", "extension.* policy.* constraint.*"},
    {"Java", "policy", "policy.*"},
    {"Java", "policies", "policy.*"},
    {"Java", "lgorithm constraints", kStrength},
    {"Java", "signature", kSignature},
    {"Java", "Extended key usage", kPurpose},
    {"Java", "key usage", kPurpose},
    {"Java", "o name matching", kNames},
    {"Java", "subject alternative", kNames},
    {"Java", "Illegal given domain name", kNames},
    {"Java", "trust anchor", kTrust},
    {"Java", "unable to find valid certification path", kTrust},
    {"Java", "subject/issuer name chaining", kTrust},

    {"Node", "cannot be read", kReading},
    {"Node", "ERR_TLS_CERT_ALTNAME", kNames},
    {"Node", "self-signed certificate", "path.*"},
    {"Node", "unable to get", kTrust},
    {"Node", "unable to verify the first", kTrust},
    {"Node", "expired", kTime},
    {"Node", "not yet valid", kTime},
    {"Node", "format error in", kTime},
    {"Node", "too weak", kStrength},
    {"Node", "does not include certificate signing", kAuthority},
    {"Node", "too small", kStrength},
    {"Node", "CERT_SIGNATURE_FAILURE", kSignature},
    {"Node", "unable to decode issuer public key", kStrength},
    {"Node", "invalid CA certificate", kAuthority},
    {"Node", "path length", "path.length-exceeded"},
    {"Node", "unsuitable certificate purpose", kPurpose},
    {"Node", "subtree violation", kConstraint},
    {"Node", "name constraint", kConstraint},
    {"Node", "name syntax", kConstraint},
    {"Node", "unspecified", "constraint.* extension.*"},
    {"Node", "critical extension", "extension.unknown-critical extension.malformed"},
    {"Node", "invalid or inconsistent certificate extension", "extension.*"},
    {"Node", "SSL routines", "usage.* key.* signature.*"},
};

bool is_of(const std::string& finding, std::string_view about) {
    for (const std::string_view word : split(about, ' ')) {
        if (finding == word || (word.ends_with('*') && finding.starts_with(word.substr(0, word.size() - 1)))) return true;
    }
    return false;
}

}  // namespace

bool agrees(std::string_view library, std::string_view reason, const std::vector<std::string>& findings) {
    for (const Row& row : kRows) {
        if (row.library != library || reason.find(row.says) == std::string_view::npos) continue;
        return std::any_of(findings.begin(), findings.end(), [&](const std::string& finding) { return is_of(finding, row.about); });
    }
    return false;
}

}  // namespace truename::differential
