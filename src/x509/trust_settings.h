#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "der/oid.h"

namespace truename::x509 {

/// What somebody said in so many words of a certificate that he put into his store.
enum class ExplicitTrust : std::uint8_t {
    none,
    trusted,   ///< for that purpose, whatever the certificate itself says of purposes
    rejected,  ///< for that purpose: no path may lead through it
};

/// What the settings behind the certificate of a TRUSTED CERTIFICATE (OpenSSL's X509_CERT_AUX: purposes for which it is trusted and for
/// which it is rejected) say of a purpose. Who lists purposes of which it is none rejects it, too; anyExtendedKeyUsage stands for all.
/// `none` for empty settings and for those that cannot be read as far as that.
ExplicitTrust explicit_trust(Bytes settings, der::Oid purpose);

}  // namespace truename::x509
