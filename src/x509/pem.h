#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "finding/failure.h"

namespace truename::x509 {

/// What the label of a block says (RFC 7468 and what programs wrote before it).
enum class PemKind : std::uint8_t {
    certificate,          ///< CERTIFICATE, X509 CERTIFICATE, X.509 CERTIFICATE
    trusted_certificate,  ///< TRUSTED CERTIFICATE: OpenSSL's own, with settings after the certificate
    request,              ///< CERTIFICATE REQUEST, NEW CERTIFICATE REQUEST
    private_key,          ///< any ... PRIVATE KEY: recognised, never decoded, kept or printed
    public_key,
    crl,
    pkcs7,  ///< PKCS7, CMS: a bundle without certificates and lists, or one that cannot be opened
    parameters,
    other,
};

/// One block of a bundle.
struct PemBlock {
    PemKind kind = PemKind::other;
    std::string label;         ///< `CERTIFICATE`; empty when the file was DER
    std::size_t line = 0;      ///< of its BEGIN, or that of the PKCS #7 bundle that held it, counted from 1; 0 when the file was DER
    ByteString der;            ///< decoded; empty for private keys
    ByteString settings = {};  ///< what stands behind a trusted_certificate: explicit_trust() reads it
};

/// What a bundle may be at most.
struct PemLimits {
    std::size_t file_bytes = 16U << 20;
    std::size_t blocks = 16'384;
};

/// The blocks of a file in their order.
struct PemBundle {
    std::vector<PemBlock> blocks;
    bool was_der = false;

    /// The contents of the blocks of that kind (certificate: trusted ones too), in order; borrowed from the bundle.
    [[nodiscard]] std::vector<Bytes> all(PemKind kind) const;
    [[nodiscard]] bool has(PemKind kind) const;
};

/// Reads a file of PEM blocks in any order with any text around them (BOM, CRLF or lone CR, blanks at line ends and before BEGIN, headers
/// of old encrypted keys, lines of any length), or one DER certificate, request or PKCS #7 bundle. UTF-16, as some Windows editors write,
/// is read too. What a PKCS #7 bundle holds stands in its place (read_pkcs7()).
///
/// `name` is what error texts call the input. Failure (kind input) with line and reason for: no block at all (says what else it looks like:
/// PKCS #12, a PKCS #7 message, HTML, OpenSSH key, empty), a block without END, an END with another label, a wrong character, padding; also
/// beyond `limits`. Not checked: that a block holds what its label says.
Result<PemBundle, Failure> read_pem_bundle(Bytes file, std::string_view name, const PemLimits& limits = {});

/// The block in RFC 7468's strict form, lines of 64 characters.
std::string to_pem(std::string_view label, Bytes der);

}  // namespace truename::x509
