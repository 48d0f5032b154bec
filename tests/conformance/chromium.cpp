#include "tests/conformance/chromium.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace truename::conformance {

namespace {

constexpr ChromiumError kErrors[] = {
    {"No valid policy", "policy.required"},
    {"PolicyMappings must not map anyPolicy", "policy.mapping-any"},
    {"Not permitted by name constraints",
     "constraint.violated constraint.violated-directory-name constraint.violated-uri constraint.violated-by-authority "
     "constraint.unsupported",
     true},
    {"Too many name constraints checks", "work.budget"},
    {"max_path_length reached", "path.length-exceeded", true},
    {"Unacceptable signature algorithm", "signature.dsa signature.sha1 signature.md5 signature.unsupported"},
    {"Certificate.signatureAlgorithm != TBSCertificate.signature", "signature.mismatch"},
    {"Certificate.signatureAlgorithm is encoded differently than TBSCertificate.signature", "signature.mismatch"},
    // It tries the key of whoever stands next, also of one who by its name is not the issuer.
    {"VerifySignedData failed", "signature.invalid path.unknown-issuer"},
    {"Couldn't parse SubjectPublicKeyInfo", "key.dsa key.invalid key.unsupported"},
    {"Unacceptable public key", "key.*"},
    {"RSA modulus too small", "key.rsa-under-1024"},
    {"Only P-256, P-384, P-521 are supported for ECDSA", "key.curve-unusual key.ec-under-256"},
    {"Time is after notAfter", "validity.*expired"},
    {"Time is before notBefore", "validity.*not-yet"},
    {"subject does not match issuer", "path.unknown-issuer"},
    {"Certificate is not a trust anchor", "path.self-signed path.untrusted-root path.unknown-issuer"},
    {"Distrusted by trust store", "path.distrusted"},
    {"Basic Constraints indicates not a CA", "path.not-a-ca"},
    {"Does not have Basic Constraints", "path.not-a-ca path.version-1-issuer"},
    {"Certificate has Basic Constraints indicating it is a CA when it should not be a CA", "path.ca-as-leaf"},
    {"keyCertSign bit is not set", "usage.issuer-key-usage"},
    {"Certificate does not have extended key usage", "usage.none"},
    {"The extended key usage does not include server auth but instead includes anyExtendedKeyUsage", "usage.any"},
    {"The extended key usage does not include server auth", "usage.not-server usage.issuer-not-server usage.any usage.none"},
    {"The extended key usage includes code signing which is not permitted for this use", "usage.forbidden-besides"},
    {"The extended key usage includes time stamping which is not permitted for this use", "usage.forbidden-besides"},
    {"The extended key usage includes OCSP signing which is not permitted for this use", "usage.ocsp-signing"},
    {"Unconsumed critical extension", "extension.unknown-critical policy.qualifier-unknown"},
};

bool fits(std::string_view finding, std::string_view id) {
    const std::size_t star = id.find('*');
    if (star == std::string_view::npos) return finding == id;
    return finding.starts_with(id.substr(0, star)) && finding.ends_with(id.substr(star + 1));
}

}  // namespace

std::optional<ChromiumError> find_chromium_error(std::string_view text) {
    const auto row = std::find_if(std::begin(kErrors), std::end(kErrors), [&](const ChromiumError& one) { return one.text == text; });
    if (row == std::end(kErrors)) return std::nullopt;
    return *row;
}

bool is_finding_of(std::string_view finding, std::string_view ids) {
    const auto list = split(ids, ' ');
    return std::any_of(list.begin(), list.end(), [&](std::string_view id) { return fits(finding, id); });
}

}  // namespace truename::conformance
