#include "x509/issuing_rules.h"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>
#include <string>

#include "base/text.h"
#include "der/oid.h"
#include "x509/dns_name.h"
#include "x509/ip_address.h"
#include "x509/print.h"

namespace truename::x509 {

namespace {

/// Whether RFC 5280 says that the extension MUST be critical, or MUST NOT; nothing where it leaves that open.
std::optional<bool> criticality(Field extension, const Certificate& certificate) {
    switch (extension) {
        case Field::basic_constraints:  // 4.2.1.9
            return is_authority(certificate) ? std::optional(true) : std::nullopt;
        case Field::name_constraints:    // 4.2.1.10
        case Field::policy_constraints:  // 4.2.1.11
        case Field::inhibit_any_policy:  // 4.2.1.14
            return true;
        case Field::subject_alt_name:  // 4.2.1.6
            return certificate.subject.empty() ? std::optional(true) : std::nullopt;
        case Field::authority_key_identifier:  // 4.2.1.1
        case Field::subject_key_identifier:    // 4.2.1.2
        case Field::authority_info_access:     // 4.2.2.1
            return false;
        default:
            return std::nullopt;
    }
}

void report_criticality(const Certificate& certificate, std::vector<Finding>& findings) {
    for (const Extension& extension : certificate.extensions) {
        const auto wanted = criticality(extension.field(), certificate);
        if (!wanted || *wanted == extension.critical) continue;
        findings.push_back({FindingId::extension_criticality, extension.field(), extension.offset,
                            *wanted ? "a critical extension" : "an extension that is not critical",
                            der::describe(extension.id) + (extension.critical ? ", critical" : ", not critical")});
        return;
    }
}

/// RFC 5280 4.2.1.1 and 4.2.1.2
void report_identifiers(const Certificate& certificate, std::vector<Finding>& findings) {
    const auto& authority = certificate.known.authority_key_identifier;
    const auto& own = certificate.known.subject_key_identifier;
    const bool own_issuer = equal(certificate.issuer.tlv(), certificate.subject.tlv());
    const auto add = [&](FindingId id, Field field, std::uint32_t offset, std::string found) {
        findings.push_back({id, field, offset, "", std::move(found)});
    };
    if (certificate.version < 3) return;  // there are no extensions
    if (!own_issuer && (!authority.is_present() || (authority && !authority->key_identifier)))
        add(FindingId::extension_no_authority_key, Field::authority_key_identifier, authority.offset, "");
    if (is_authority(certificate) && !own.is_present()) add(FindingId::extension_no_subject_key, Field::subject_key_identifier, 0, "");
    if (!authority) return;
    if (!authority->cert_issuer.empty() || authority->cert_serial_number)
        add(FindingId::extension_names_issuer, Field::authority_key_identifier, authority.offset, "");
    if (own_issuer && own && authority->key_identifier && !equal(*own, *authority->key_identifier))
        add(FindingId::extension_other_own_key, Field::authority_key_identifier, authority.offset, to_hex(*authority->key_identifier));
}

/// What a common name is to one of the names.
enum class Likeness : std::uint8_t {
    none,
    below,       ///< the name lies below it
    other_form,  ///< it means the same and is written otherwise
    same,        ///< letter by letter, an address in the form of RFC 5952
};

/// An address in any writing that inet_aton(3) reads: hexadecimal, with leading zeros; and every one of RFC 4291 2.2.
std::optional<IpAddress> loose_address(const std::string& text) {
    in_addr address{};
    if (text.find(':') != std::string::npos || ::inet_aton(text.c_str(), &address) == 0) return parse_ip_address(text);
    return to_ip_address(Bytes(reinterpret_cast<const std::uint8_t*>(&address), sizeof address));
}

/// `meant` is the address that the common name may be.
Likeness likeness(const std::string& common_name, const std::optional<IpAddress>& meant, const GeneralName& name) {
    const std::string_view text = name.text();
    switch (name.kind) {
        case GeneralNameKind::dns_name:
            if (text == common_name) return Likeness::same;
            if (equal_ignoring_ascii_case(text, common_name)) return Likeness::other_form;
            return text.size() > common_name.size() && text[text.size() - common_name.size() - 1] == '.' && text.ends_with(common_name)
                       ? Likeness::below
                       : Likeness::none;
        case GeneralNameKind::ip_address: {
            const auto address = to_ip_address(name.value);
            if (!address || !meant || !(*address == *meant)) return Likeness::none;
            return to_string(*address) == common_name ? Likeness::same : Likeness::other_form;
        }
        default:
            return text == common_name ? Likeness::same : Likeness::none;
    }
}

/// CA/Browser Forum 7.1.4.3: a common name is one of the names, written as it stands there. Told is one in another form, and the name of a
/// host among other hosts that has no name at or below it.
void report_common_name(const Certificate& certificate, std::vector<Finding>& findings) {
    const auto& names = certificate.known.subject_alt_name;
    if (is_authority(certificate) || !names) return;
    const auto common_name = certificate.subject.last(der::oid::common_name);
    const auto text = common_name ? to_utf8(*common_name) : std::nullopt;
    if (!text || text->find('\0') != std::string::npos) return;
    const std::optional<IpAddress> meant = loose_address(*text);
    bool has_host = false;
    Likeness best = Likeness::none;
    for (const GeneralName& name : *names) {
        has_host = has_host || name.kind == GeneralNameKind::dns_name;
        best = std::max(best, likeness(*text, meant, name));
    }
    if (best == Likeness::other_form || (best == Likeness::none && has_host && classify_dns_name(*text).valid))
        findings.push_back({FindingId::name_cn_not_listed, Field::subject, common_name->offset, "one of the names", printable(*text)});
}

/// RFC 5280 4.2.1.6: the preferred syntax of RFC 1034 3.5 knows letters, digits and hyphens.
void report_underscore(const Certificate& certificate, std::vector<Finding>& findings) {
    for (const GeneralName& name : certificate.known.subject_alt_name.content) {
        if (name.kind != GeneralNameKind::dns_name || name.text().find('_') == std::string_view::npos) continue;
        findings.push_back({FindingId::name_underscore, Field::subject_alt_name, name.offset, "", to_string(name)});
        return;
    }
}

/// CA/Browser Forum 7.1.2.7.10 and 7.1.2.10.6
void report_usages(const Certificate& certificate, std::vector<Finding>& findings) {
    const auto& usage = certificate.known.extended_key_usage;
    const auto add = [&](FindingId id, std::string found) {
        findings.push_back({id, Field::extended_key_usage, usage.offset, "", std::move(found)});
    };
    if (usage.is_present() && usage.critical) add(FindingId::usage_extended_critical, "critical");
    if (!usage || !usage->has(der::oid::kp_server_auth)) return;
    if (!is_authority(certificate) && usage->has(der::oid::any_extended_key_usage))
        add(FindingId::usage_any_besides, "anyExtendedKeyUsage");
    for (const der::Oid purpose : {der::oid::kp_code_signing, der::oid::kp_email_protection, der::oid::kp_time_stamping}) {
        if (usage->has(purpose)) return add(FindingId::usage_forbidden_besides, describe_extended_key_usage(*usage));
    }
}

}  // namespace

bool is_authority(const Certificate& certificate) {
    return certificate.known.basic_constraints && certificate.known.basic_constraints->ca;
}

void report_issuing_rules(const Certificate& certificate, std::vector<Finding>& findings) {
    report_criticality(certificate, findings);
    report_identifiers(certificate, findings);
    report_common_name(certificate, findings);
    report_underscore(certificate, findings);
    report_usages(certificate, findings);
}

}  // namespace truename::x509
