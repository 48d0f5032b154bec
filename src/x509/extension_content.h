#pragma once

#include "x509/extension.h"

// What is inside extensions, shared by certificates, requests and CRLs; for this module alone.
namespace truename::x509 {

/// The one element that `extension` holds; anything after it is an error.
Result<der::Tlv> read_only(const Extension& extension, der::Tag tag);

/// The next element when it has that tag.
Result<std::optional<der::Tlv>> read_optional(der::Reader& fields, der::Tag tag);

/// Reads `element` as GeneralNames under an IMPLICIT tag and checks it.
Result<GeneralNames> read_implicit_names(const der::Tlv& element);

/// `distributionPoint [0]` when it is next.
Result<void> read_point_name(der::Reader& fields, DistributionPointName& name);

// Each fills `content` with what can be read and gives the first error.
Result<void> decode(const Extension& extension, GeneralNames& content);
Result<void> decode(const Extension& extension, ExtendedKeyUsage& content);
Result<void> decode(const Extension& extension, CrlDistributionPoints& content);
Result<void> decode(const Extension& extension, AuthorityInfoAccess& content);
Result<void> decode(const Extension& extension, CertificatePolicies& content);
Result<void> decode(const Extension& extension, PolicyMappings& content);
Result<void> decode(const Extension& extension, TlsFeature& content);
Result<void> decode(const Extension& extension, BasicConstraints& content);
Result<void> decode(const Extension& extension, KeyUsage& content);
Result<void> decode(const Extension& extension, AuthorityKeyIdentifier& content);
Result<void> decode(const Extension& extension, Bytes& content);
Result<void> decode(const Extension& extension, PolicyConstraints& content);
Result<void> decode(const Extension& extension, std::uint32_t& content);
Result<void> decode(const Extension& extension, NameConstraints& content);
Result<void> decode(const Extension& extension, SignedCertificateTimestamps& content);
struct IssuingDistributionPoint;
Result<void> decode(const Extension& extension, IssuingDistributionPoint& content);

/// Keeps the first extension of its kind, readable or not.
template <class T>
void put(const Extension& extension, Known<T>& known) {
    if (known.is_present()) return;
    known.critical = extension.critical;
    known.offset = extension.offset;
    Extension whole = extension;
    der::Reader reader(extension.value, extension.value_offset);
    if (const auto element = reader.read(); element && !reader.at_end()) {
        known.trailing_offset = reader.offset();
        whole.value = element->tlv;
    }
    const auto decoded = decode(whole, known.content);
    known.state = decoded ? ExtensionState::good : ExtensionState::malformed;
    if (!decoded) known.error = decoded.error();
}

}  // namespace truename::x509
