#include "verify/name_constraints.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "der/oid.h"
#include "x509/dns_name.h"
#include "x509/ip_address.h"
#include "x509/mailbox.h"
#include "x509/print.h"

namespace truename::verify {

namespace {

using x509::GeneralName;
using x509::GeneralNameKind;

/// True when `host` is `parent` with at least one label before it; `parent` begins with a dot.
bool is_below(std::string_view host, std::string_view dot_parent) {
    return host.size() > dot_parent.size() && equal_ignoring_ascii_case(host.substr(host.size() - dot_parent.size()), dot_parent);
}

SubtreeMatch inside_if(bool inside) {
    return inside ? SubtreeMatch::inside : SubtreeMatch::outside;
}

/// A host constraint of URIs and mailboxes: exact, or with a dot in front everything below.
SubtreeMatch match_host(std::string_view host, std::string_view base) {
    if (base.starts_with('.')) return inside_if(is_below(host, base));
    return inside_if(equal_ignoring_ascii_case(host, base));
}

SubtreeMatch match_dns_name(std::string_view name, std::string_view base) {
    if (std::ranges::any_of(base, [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) return SubtreeMatch::unsupported;
    if (base.size() > 1 && base.ends_with('.') && !base.ends_with("..")) base.remove_suffix(1);  // the same name, written to the root
    if (base.empty()) return SubtreeMatch::inside;
    const bool only_below = base.starts_with('.');
    if (!only_below && equal_ignoring_ascii_case(name, base)) return SubtreeMatch::inside;
    if (is_below(name, only_below ? std::string(base) : "." + std::string(base))) return SubtreeMatch::inside;
    if (!name.starts_with("*.")) return SubtreeMatch::outside;
    // `*.example.com` has mail.example.com among its names, so the constraint mail.example.com cuts through it.
    const std::string_view bare = only_below ? base.substr(1) : base;
    const std::size_t dot = bare.find('.');
    const bool one_label_more = dot != std::string_view::npos && equal_ignoring_ascii_case(bare.substr(dot), name.substr(1));
    return one_label_more && !only_below ? SubtreeMatch::overlaps : SubtreeMatch::outside;
}

/// Where the @ of a mailbox stands whose host can be told without doubt: behind a local part, plain or quoted, before the name of a host
/// (RFC 5321 4.1.2). Nothing for others.
std::optional<std::size_t> find_at(std::string_view mailbox) {
    const bool quoted = mailbox.starts_with('"');
    const std::size_t at = quoted ? mailbox.rfind("\"@") : mailbox.find('@');
    if (at == 0 || at == std::string_view::npos) return std::nullopt;
    const std::size_t found = quoted ? at + 1 : at;
    const std::string_view host = mailbox.substr(found + 1);
    const bool is_host = !host.empty() && host.find_first_of("@\"[") == std::string_view::npos && !x509::parse_ip_address(host);
    return is_host ? std::optional(found) : std::nullopt;
}

/// Whether labels can be told apart in the name of a host, or a host in a mailbox. A name of another kind can always be read so far.
bool is_readable(const GeneralName& name) {
    std::string_view text = name.text();
    if (name.kind == GeneralNameKind::rfc822_name) return find_at(text).has_value();
    if (name.kind != GeneralNameKind::dns_name || text.empty()) return true;
    if (text.front() == '.') text.remove_prefix(1);  // as constraints have it
    const bool is_printable = std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
    return is_printable && !text.starts_with('.') && !text.ends_with('.') && text.find("..") == std::string_view::npos;
}

SubtreeMatch match_mailbox(std::string_view name, std::string_view base) {
    const auto at = find_at(name);
    if (!at) return SubtreeMatch::cannot_tell;
    const std::string_view host = name.substr(*at + 1);
    if (base.find('@') == std::string_view::npos) return base.empty() ? SubtreeMatch::inside : match_host(host, base);
    const auto base_at = find_at(base);
    if (!base_at || base.starts_with('"')) return SubtreeMatch::unsupported;  // what is quoted may be what is plain
    // The part before the @ is compared with letter case, the host without (RFC 5280 7.5).
    return inside_if(name.substr(0, *at) == base.substr(0, *base_at) && equal_ignoring_ascii_case(host, base.substr(*base_at + 1)));
}

/// The host of a URI with an authority (RFC 3986 3.2.2); nothing when it has none or the host is an address.
std::optional<std::string_view> host_of(std::string_view uri) {
    const std::size_t start = uri.find("://");
    if (start == std::string_view::npos) return std::nullopt;
    std::string_view authority = uri.substr(start + 3);
    authority = authority.substr(0, authority.find_first_of("/?#"));
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) authority = authority.substr(at + 1);
    if (authority.starts_with('[')) return std::nullopt;
    authority = authority.substr(0, authority.find(':'));
    if (authority.empty() || x509::parse_ip_address(authority)) return std::nullopt;
    return authority;
}

SubtreeMatch match_uri(std::string_view name, std::string_view base) {
    const auto host = host_of(name);
    if (!host) return SubtreeMatch::cannot_tell;
    return base.empty() ? SubtreeMatch::inside : match_host(*host, base);
}

/// Ones and then zeros: RFC 5280 4.2.1.10 has the form of RFC 4632.
bool is_network_mask(Bytes mask) {
    bool ended = false;
    for (const std::uint8_t octet : mask) {
        const auto rest = static_cast<std::uint8_t>(~octet);
        if (ended ? octet != 0 : (rest & (rest + 1U)) != 0) return false;
        ended = ended || octet != 0xFF;
    }
    return true;
}

SubtreeMatch match_address(Bytes address, Bytes base) {
    if (base.size() != 8 && base.size() != 32) return SubtreeMatch::unsupported;
    const std::size_t size = base.size() / 2;
    if (!is_network_mask(base.subspan(size))) return SubtreeMatch::unsupported;
    if (address.size() != size) return SubtreeMatch::outside;
    for (std::size_t i = 0; i < size; ++i) {
        if (((address[i] ^ base[i]) & base[size + i]) != 0) return SubtreeMatch::outside;
    }
    return SubtreeMatch::inside;
}

SubtreeMatch match_directory_name(const std::optional<x509::Name>& name, const GeneralName& base) {
    const auto base_name = base.directory_name();
    if (!base_name) return SubtreeMatch::unsupported;
    if (!name) return SubtreeMatch::cannot_tell;
    return inside_if(x509::is_within_subtree(*name, *base_name));
}

/// Subtrees by the kind of names that they are about, so that names of a kind that nobody constrains cost nothing.
class SubtreesByKind {
  public:
    explicit SubtreesByKind(const x509::GeneralSubtrees& subtrees) {
        for (const x509::GeneralSubtree& subtree : subtrees) by_kind_[static_cast<std::size_t>(subtree.base.kind)].push_back(subtree);
    }
    [[nodiscard]] const std::vector<x509::GeneralSubtree>& of(GeneralNameKind kind) const {
        return by_kind_[static_cast<std::size_t>(kind)];
    }

  private:
    std::array<std::vector<x509::GeneralSubtree>, static_cast<std::size_t>(GeneralNameKind::registered_id) + 1> by_kind_;
};

/// Checks names against the constraints of one issuer and notes each kind of violation once.
class Checker {
  public:
    Checker(const x509::Certificate& issuer, const x509::Certificate& subject, Role role, Meter& meter, std::vector<Finding>& findings)
        : constraints_(issuer.known.name_constraints),
          permitted_(constraints_->permitted),
          excluded_(constraints_->excluded),
          subject_(subject),
          is_leaf_(role == Role::leaf),
          meter_(meter),
          findings_(findings) {}

    void run() {
        check_subject();
        for (const GeneralName& name : *subject_.known.subject_alt_name) {
            listed_ |= 1U << static_cast<unsigned>(name.kind);
            if (!is_readable(name)) report_unreadable(name);
            if (const auto mailbox = name.smtp_utf8_mailbox()) check_utf8_mailbox(*mailbox, name.offset);
            check(id_for(name), name);
        }
        for (const x509::Attribute& attribute : subject_.subject) {
            if (attribute.type == der::oid::email_address)
                check_subject_mailbox({GeneralNameKind::rfc822_name, attribute.value, attribute.offset});
            if (is_leaf_ && attribute.type == der::oid::common_name) check_common_name(attribute);
        }
        if (const auto last = subject_.subject.last(der::oid::common_name)) check_last_common_name(*last);
        const auto& excluded_uris = excluded_.of(GeneralNameKind::uniform_resource_identifier);
        if (is_leaf_ && !excluded_uris.empty() && lists(GeneralNameKind::uniform_resource_identifier))
            report(
                FindingId::constraint_excludes_uri, [] { return std::string(); }, [&] { return x509::to_string(excluded_uris.front()); });
    }

  private:
    void check_subject() {
        if (subject_.subject.empty()) return;
        const auto match = [&](const GeneralName& base) { return match_directory_name(subject_.subject, base); };
        check(FindingId::constraint_violated_directory_name, GeneralNameKind::directory_name, subject_.subject.tlv().size(), match,
              [&] { return x509::to_string(subject_.subject); });
    }

    [[nodiscard]] bool lists(GeneralNameKind kind) const { return (listed_ & (1U << static_cast<unsigned>(kind))) != 0; }

    /// The finding for a name that is outside.
    [[nodiscard]] FindingId id_for(const GeneralName& name) const {
        if (name.kind == GeneralNameKind::directory_name) return FindingId::constraint_violated_directory_name;
        if (!is_leaf_) return FindingId::constraint_violated_by_authority;
        if (name.kind == GeneralNameKind::uniform_resource_identifier) return FindingId::constraint_violated_uri;
        const bool has_dot = name.kind == GeneralNameKind::dns_name && name.text().starts_with('.');
        return has_dot ? FindingId::constraint_violated_dot : FindingId::constraint_violated;
    }

    /// RFC 5280 4.2.1.10: a mailbox in the subject counts when there is none in subjectAltName.
    void check_subject_mailbox(const GeneralName& name) {
        check(lists(GeneralNameKind::rfc822_name) ? FindingId::constraint_violated_subject_mailbox : id_for(name), name);
    }

    void report_unreadable(const GeneralName& name) {
        report(
            FindingId::constraint_unreadable_name, [] { return std::string(); }, [&] { return x509::to_string(name); });
    }

    /// RFC 9598 6: what constrains mailboxes holds for those outside ASCII, too, compared by the A-labels of their hosts.
    void check_utf8_mailbox(std::string_view text, std::uint32_t offset) {
        const auto mailbox = x509::parse_mailbox(text);
        const std::string compared = mailbox ? mailbox->local_part + "@" + mailbox->host : std::string(text);
        check(FindingId::constraint_violated_utf8_mailbox, {GeneralNameKind::rfc822_name, as_bytes(compared), offset});
    }

    void check(FindingId id, const GeneralName& name) {
        const auto match = [&](const GeneralName& base) { return match_subtree(name, base); };
        check(id, name.kind, name.value.size(), match, [&] { return x509::to_string(name); });
    }

    /// A name of some octets that `match` compares and `print` says: excluded by a subtree that holds it, or by the permitted ones that do
    /// not.
    template <class Match, class Print>
    void check(FindingId id, GeneralNameKind kind, std::size_t octets, const Match& match, const Print& print) {
        const auto& permitted = permitted_.of(kind);
        bool inside = permitted.empty();
        for (const x509::GeneralSubtree& subtree : permitted) {
            const auto relation = compare(subtree, octets, match);
            if (!relation) return;
            // What cannot be understood is told as such; that it is violated as well would be a guess.
            inside = inside || relation == SubtreeMatch::inside || relation == SubtreeMatch::unsupported;
        }
        const bool no_such_family =
            kind == GeneralNameKind::ip_address &&
            std::ranges::none_of(permitted, [&](const x509::GeneralSubtree& subtree) { return subtree.base.value.size() == 2 * octets; });
        if (!inside)
            return report(
                id == FindingId::constraint_violated && no_such_family ? FindingId::constraint_violated_family : id,
                [&] { return "permitted: " + list(permitted); }, print);
        for (const x509::GeneralSubtree& subtree : excluded_.of(kind)) {
            const auto relation = compare(subtree, octets, match);
            if (!relation) return;
            const bool is_wildcard = relation == SubtreeMatch::overlaps && id == FindingId::constraint_violated;
            if (relation != SubtreeMatch::outside && relation != SubtreeMatch::unsupported)
                return report(
                    is_wildcard ? FindingId::constraint_violated_wildcard : id, [&] { return "excluded: " + x509::to_string(subtree); },
                    print);
        }
    }

    /// Nothing when the budget is used up.
    template <class Match>
    std::optional<SubtreeMatch> compare(const x509::GeneralSubtree& subtree, std::size_t octets, const Match& match) {
        if (!meter_.take_name_comparison(octets + subtree.base.value.size())) return std::nullopt;
        const SubtreeMatch relation = is_supported(subtree) ? match(subtree.base) : SubtreeMatch::unsupported;
        if (relation == SubtreeMatch::unsupported)
            report(
                FindingId::constraint_unsupported, [] { return std::string(); }, [&] { return x509::to_string(subtree); });
        return relation;
    }

    static std::string list(const std::vector<x509::GeneralSubtree>& subtrees) {
        std::vector<std::string> texts;
        texts.reserve(subtrees.size());
        for (const x509::GeneralSubtree& subtree : subtrees) texts.push_back(x509::to_string(subtree));
        return join(texts, ", ");
    }

    void check_common_name(const x509::Attribute& attribute) {
        if (lists(GeneralNameKind::dns_name)) return;
        const auto text = x509::to_utf8(attribute);
        if (!text) return;
        const x509::DnsNameTraits traits = x509::classify_dns_name(*text);
        if (!traits.valid || traits.labels < 2 || traits.has_trailing_dot) return;  // `Example CA 3` is no host's name, nor is `CA-3`
        const bool has_address = lists(GeneralNameKind::ip_address);
        check(has_address ? FindingId::constraint_violated_common_name_beside_address : FindingId::constraint_violated_common_name,
              {GeneralNameKind::dns_name, as_bytes(*text), attribute.offset});
    }

    /// As an address where it is the text of one, else as a host's name; when the list holds none of that kind.
    void check_last_common_name(const x509::Attribute& attribute) {
        const auto text = x509::to_utf8(attribute);
        if (!text) return;
        const auto address = x509::parse_ip_address(*text);
        const GeneralNameKind kind = address ? GeneralNameKind::ip_address : GeneralNameKind::dns_name;
        if (lists(kind) || (!address && !x509::classify_dns_name(*text).valid)) return;
        const Bytes value = address ? address->bytes() : as_bytes(*text);
        check(FindingId::constraint_violated_last_common_name, {kind, value, attribute.offset});
    }

    /// RFC 5280 4.2.1.10: minimum is always 0, maximum never there.
    static bool is_supported(const x509::GeneralSubtree& subtree) { return subtree.minimum == 0 && !subtree.has_maximum; }

    /// The texts are made for what is told only, which is each kind of violation once.
    template <class Expected, class Found>
    void report(FindingId id, const Expected& expected, const Found& found) {
        const bool told = std::any_of(findings_.begin(), findings_.end(), [&](const Finding& finding) { return finding.id == id; });
        if (!told) findings_.push_back({id, Field::name_constraints, constraints_.offset, expected(), found()});
    }

    const x509::Known<x509::NameConstraints>& constraints_;
    const SubtreesByKind permitted_, excluded_;
    const x509::Certificate& subject_;
    bool is_leaf_;
    unsigned listed_ = 0;  ///< the kinds of names in subjectAltName, as bits
    Meter& meter_;
    std::vector<Finding>& findings_;
};

}  // namespace

SubtreeMatch match_subtree(const GeneralName& name, const GeneralName& base) {
    if (name.kind != base.kind) return SubtreeMatch::outside;
    switch (name.kind) {
        case GeneralNameKind::dns_name:
            return match_dns_name(name.text(), base.text());
        case GeneralNameKind::rfc822_name:
            return match_mailbox(name.text(), base.text());
        case GeneralNameKind::uniform_resource_identifier:
            return match_uri(name.text(), base.text());
        case GeneralNameKind::ip_address:
            return match_address(name.value, base.value);
        case GeneralNameKind::directory_name:
            return match_directory_name(name.directory_name(), base);
        case GeneralNameKind::other_name:
        case GeneralNameKind::x400_address:
        case GeneralNameKind::edi_party_name:
        case GeneralNameKind::registered_id:
            return SubtreeMatch::unsupported;
    }
    return SubtreeMatch::unsupported;
}

void report_constraints(const x509::Certificate& issuer, const x509::Certificate& subject, Role role, Meter& meter,
                        std::vector<Finding>& findings) {
    if (issuer.known.name_constraints) Checker(issuer, subject, role, meter, findings).run();
}

}  // namespace truename::verify
