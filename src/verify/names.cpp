#include "verify/names.h"

#include <algorithm>

#include "base/text.h"
#include "x509/dns_match.h"
#include "x509/print.h"

namespace truename::verify {

namespace {

/// What is told of a certificate's names in one finding at most; the certificate itself has them all.
constexpr std::size_t kMaxNamesInText = 20;

bool matches(const PresentedName& presented, const ReferenceName& reference) {
    if (reference.address) return presented.kind == PresentedKind::ip_address && presented.address == reference.address;
    return presented.kind == PresentedKind::dns_name && x509::matches_dns_id(presented.text, reference.text, x509::kStrictDnsMatch);
}

/// The common name or a dNSName says it, where an address was asked for or only the common name counts.
bool text_matches(const PresentedName& presented, const ReferenceName& reference) {
    if (presented.kind == PresentedKind::service_name) return false;
    if (reference.address) return x509::parse_ip_address(presented.text) == reference.address;
    return x509::matches_dns_id(presented.text, reference.text, x509::kStrictDnsMatch);
}

/// A service of the host asked for.
bool service_matches(const PresentedName& presented, const ReferenceName& reference) {
    if (presented.kind != PresentedKind::service_name || reference.address) return false;
    const auto is_for = [&](std::string_view service) {
        return x509::matches_srv_id(presented.text, service, reference.text, x509::kStrictDnsMatch);
    };
    // Where nobody said what is asked for, any service of the host tells why the names differ.
    if (reference.services.empty()) return is_for(x509::service_of(presented.text));
    return std::any_of(reference.services.begin(), reference.services.end(), is_for);
}

std::string list_names(const PresentedNames& presented, PresentedKind kind) {
    std::vector<std::string> texts;
    for (const PresentedName& name : presented.names) {
        if (name.kind != kind) continue;
        if (texts.size() == kMaxNamesInText) {
            texts.emplace_back("...");
            break;
        }
        texts.push_back(printable(name.text));
    }
    return join(texts, ", ");
}

/// All that a person would call the names of the certificate.
std::string describe(const PresentedNames& presented) {
    std::string text = list_names(presented, PresentedKind::dns_name);
    for (const PresentedKind kind : {PresentedKind::ip_address, PresentedKind::service_name, PresentedKind::common_name}) {
        if (kind == PresentedKind::common_name && !text.empty()) break;
        const std::string more = list_names(presented, kind);
        if (!text.empty() && !more.empty()) text += ", ";
        text += more;
    }
    return text;
}

class Reporter {
  public:
    Reporter(const PresentedNames& presented, const ReferenceName& reference, std::vector<Finding>& findings)
        : presented_(presented), reference_(reference), findings_(findings) {}

    void run() {
        const PresentedName* first = nullptr;
        const PresentedName* exact = nullptr;
        for (const PresentedName& name : presented_.names) {
            if (!matches(name, reference_)) continue;
            if (first == nullptr) first = &name;
            if (exact == nullptr && !name.traits.has_star) exact = &name;
        }
        if (first == nullptr) {
            report_no_match();
        } else {
            if (reference_.address) add(FindingId::name_address, *first, reference_.text, printable(first->text));
            if (first->order != 0) add(FindingId::name_match_not_first, *first, reference_.text, first_of(first->kind));
            if (exact == nullptr) add(FindingId::name_wildcard, *first, reference_.text, printable(first->text));
        }
        report_forms();
    }

  private:
    [[nodiscard]] std::string first_of(PresentedKind kind) const {
        const auto it = std::find_if(presented_.names.begin(), presented_.names.end(),
                                     [&](const PresentedName& name) { return name.kind == kind && name.order == 0; });
        return it == presented_.names.end() ? std::string() : printable(it->text);
    }

    void report_no_match() {
        findings_.push_back({FindingId::name_mismatch, presented_.has_subject_alt_name ? Field::subject_alt_name : Field::subject, 0,
                             reference_.text, describe(presented_)});
        for (const PresentedName& name : presented_.names) {
            if (service_matches(name, reference_)) return add(FindingId::name_service_only, name, reference_.text, printable(name.text));
            if (!text_matches(name, reference_)) continue;
            if (reference_.address && name.kind != PresentedKind::ip_address) {
                add(FindingId::name_address_as_dns, name, reference_.text, printable(name.text));
                return;
            }
            if (name.kind == PresentedKind::common_name) {
                add(FindingId::name_cn_only, name, reference_.text, printable(name.text));
                return;
            }
        }
        const bool could_be = std::any_of(presented_.names.begin(), presented_.names.end(), [](const PresentedName& name) {
            return name.kind != PresentedKind::common_name || name.traits.valid || name.traits.is_ip_address;
        });
        if (!could_be) findings_.push_back({FindingId::name_none, Field::subject, 0, reference_.text, describe(presented_)});
    }

    /// Forms that clients treat apart, each told once, at the first name that has it.
    void report_forms() {
        const auto first = [&](FindingId id, auto&& has_form) {
            for (const PresentedName& name : presented_.names) {
                if (name.kind != PresentedKind::dns_name || !has_form(name.traits)) continue;
                add(id, name, {}, printable(name.text));
                return;
            }
        };
        using Traits = x509::DnsNameTraits;
        first(FindingId::name_wildcard_partial, [](const Traits& t) { return t.has_star && !t.is_wildcard; });
        first(FindingId::name_wildcard_top, [](const Traits& t) { return t.is_wildcard && t.labels <= 2; });
    }

    void add(FindingId id, const PresentedName& name, std::string expected, std::string found) {
        const Field field = name.kind == PresentedKind::common_name ? Field::subject : Field::subject_alt_name;
        findings_.push_back({id, field, name.offset, std::move(expected), std::move(found)});
    }

    const PresentedNames& presented_;
    const ReferenceName& reference_;
    std::vector<Finding>& findings_;
};

}  // namespace

ReferenceName make_reference_name(std::string_view text) {
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
    ReferenceName name;
    name.typed = text;
    name.address = x509::parse_ip_address(text);
    if (name.address) {
        name.text = x509::to_string(*name.address);
        return name;
    }
    name.text = x509::to_a_labels(text).value_or(ascii_lower(text));
    return name;
}

PresentedNames presented_names(const x509::Certificate& leaf) {
    PresentedNames presented;
    const auto& san = leaf.known.subject_alt_name;
    presented.has_subject_alt_name = san.is_present();
    std::uint32_t dns_names = 0, addresses = 0, service_names = 0, common_names = 0;
    for (const x509::GeneralName& name : *san) {
        if (presented.names.size() == kMaxPresentedNames) {
            presented.complete = false;
            break;
        }
        if (name.kind == x509::GeneralNameKind::dns_name) {
            presented.names.push_back(
                {PresentedKind::dns_name, std::string(name.text()), {}, name.offset, dns_names++, x509::classify_dns_name(name.text())});
        } else if (name.kind == x509::GeneralNameKind::ip_address) {
            const auto address = x509::to_ip_address(name.value);
            presented.names.push_back({PresentedKind::ip_address,
                                       address ? x509::to_string(*address) : to_hex(name.value),
                                       address,
                                       name.offset,
                                       addresses++,
                                       {}});
        } else if (name.kind == x509::GeneralNameKind::uniform_resource_identifier || name.other_name_type() == der::oid::on_dns_srv) {
            presented.has_service_names = true;
            if (const auto text = name.srv_name())
                presented.names.push_back({PresentedKind::service_name, std::string(*text), {}, name.offset, service_names++, {}});
        }
    }
    for (const x509::Attribute& attribute : leaf.subject) {
        if (attribute.type != der::oid::common_name || presented.names.size() >= kMaxPresentedNames + 16) continue;
        auto text = x509::to_utf8(attribute);
        if (!text) continue;
        const auto traits = x509::classify_dns_name(*text);
        presented.names.push_back({PresentedKind::common_name, std::move(*text), {}, attribute.offset, common_names++, traits});
    }
    return presented;
}

void report_names(const PresentedNames& presented, const ReferenceName& reference, std::vector<Finding>& findings) {
    Reporter(presented, reference, findings).run();
}

}  // namespace truename::verify
