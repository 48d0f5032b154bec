#include "x509/print.h"

#include <utility>

#include "base/text.h"
#include "x509/ip_address.h"

namespace truename::x509 {

namespace {

std::vector<std::string_view> access_addresses(const Certificate& certificate, der::Oid method) {
    std::vector<std::string_view> addresses;
    for (const AccessDescription& access : certificate.known.authority_info_access.content) {
        if (access.method == method && access.location.kind == GeneralNameKind::uniform_resource_identifier)
            addresses.push_back(access.location.text());
    }
    return addresses;
}

/// `/24` for a mask that is ones first and zeros then, else the mask as an address.
std::string mask_text(const IpAddress& mask) {
    unsigned ones = 0;
    bool ended = false, whole = true;
    for (const std::uint8_t octet : mask.bytes()) {
        for (int bit = 7; bit >= 0; --bit) {
            const bool one = (octet >> bit & 1) != 0;
            whole = whole && !(ended && one);
            ended = ended || !one;
            ones += one ? 1 : 0;
        }
    }
    return "/" + (whole ? std::to_string(ones) : to_string(mask));
}

}  // namespace

std::vector<std::string> subject_alt_names(const KnownExtensions& extensions) {
    constexpr std::size_t kMostNames = 10'000;
    std::vector<std::string> names;
    std::size_t count = 0;
    for (const GeneralName& name : extensions.subject_alt_name.content) {
        if (++count <= kMostNames) names.push_back(to_string(name));
    }
    if (count > kMostNames) names.push_back("… and " + std::to_string(count - kMostNames) + " more");
    return names;
}

std::vector<std::string> common_names(const Name& subject) {
    std::vector<std::string> names;
    for (const Attribute& attribute : subject) {
        if (!(attribute.type == der::oid::common_name)) continue;
        if (const auto text = to_utf8(attribute)) names.push_back(printable(*text));
    }
    return names;
}

std::string to_string(const GeneralSubtree& subtree) {
    const Bytes value = subtree.base.value;
    if (subtree.base.kind == GeneralNameKind::ip_address && value.size() % 2 == 0) {
        const auto address = to_ip_address(value.first(value.size() / 2)), mask = to_ip_address(value.last(value.size() / 2));
        if (address && mask) return "IP:" + to_string(*address) + mask_text(*mask);
    }
    return to_string(subtree.base);
}

std::string serial_hex(Bytes serial_number) {
    if (serial_number.empty() || serial_number[0] < 0x80) {
        // The zero before a high first bit belongs to the encoding, not to the number.
        const bool padded = serial_number.size() > 1 && serial_number[0] == 0;
        return to_hex(padded ? serial_number.subspan(1) : serial_number, ':');
    }
    ByteString magnitude = to_owned(serial_number);
    unsigned carry = 1;
    for (std::size_t i = magnitude.size(); i-- > 0;) {
        const unsigned sum = static_cast<unsigned>(static_cast<std::uint8_t>(~magnitude[i])) + carry;
        magnitude[i] = static_cast<std::uint8_t>(sum);
        carry = sum >> 8;
    }
    return "-" + to_hex(magnitude, ':');
}

std::string describe_key_usage(const KeyUsage& usage) {
    std::vector<std::string> names;
    for (unsigned bit = 0; bit <= static_cast<unsigned>(KeyUsageBit::decipher_only); ++bit) {
        if (usage.bits.has(bit)) names.emplace_back(name_of(static_cast<KeyUsageBit>(bit)));
    }
    return join(names, ", ");
}

std::string describe_extended_key_usage(const ExtendedKeyUsage& usage) {
    std::vector<std::string> names;
    for (const der::Oid purpose : usage) names.push_back(der::describe(purpose));
    return join(names, ", ");
}

std::vector<std::string_view> ca_issuer_addresses(const Certificate& certificate) {
    return access_addresses(certificate, der::oid::ad_ca_issuers);
}

std::vector<std::string_view> ocsp_addresses(const Certificate& certificate) {
    return access_addresses(certificate, der::oid::ad_ocsp);
}

std::vector<std::string_view> crl_addresses(const Certificate& certificate) {
    std::vector<std::string_view> addresses;
    for (const DistributionPoint& point : certificate.known.crl_distribution_points.content) {
        for (const GeneralName& name : point.full_name) {
            if (name.kind == GeneralNameKind::uniform_resource_identifier) addresses.push_back(name.text());
        }
    }
    return addresses;
}

}  // namespace truename::x509
