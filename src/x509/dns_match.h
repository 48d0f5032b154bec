#pragma once

#include <cstdint>
#include <string_view>

namespace truename::x509 {

/// Where a star may stand in a presented name, in terms of what it does. A star where the rule has no place for it makes the name match
/// nothing but itself.
enum class WildcardPosition : std::uint8_t {
    none,                     ///< no wildcards at all
    whole_left_label,         ///< `*.example.com`
    left_label_start,         ///< the star is the first character of the left label; text may follow: `*.`, `*ail.`
    left_label_end,           ///< the star is the last character of the left label; text may come before: `*.`, `ma*.`
    left_label_start_or_end,  ///< `*.`, `*ail.`, `ma*.`
    left_label_anywhere,      ///< one star anywhere in the left label: `m*l.` too
    any_label,                ///< one star anywhere in any one label, covering no dot: `mail.*.com` too
    any_labels,               ///< any number of stars anywhere, each for any text without a dot: `m*l.*.com` too
};

/// What a star may stand for.
enum class StarCovers : std::uint8_t {
    anything,  ///< but no dot
    host_characters,
    letters_digits_hyphens,  ///< no underscore
};

/// Whether a star may stand for no character.
enum class EmptyStar : std::uint8_t {
    no,
    part_of_label,  ///< one that is a part of its label may
    yes,            ///< one that is the whole label, too
};

/// Whether a star may stand for (a part of) a label that begins with `xn--`.
enum class StarOverALabel : std::uint8_t {
    no,
    whole_label,  ///< one that is the whole label may
    yes,
};

/// Dots at the end of a name that are cut off before it is compared.
enum class DotsCut : std::uint8_t {
    none,
    one,  ///< not of two: between them is an empty label
    two,  ///< one or two
    all,
};

/// What an empty label in a presented name does: `a..example.com`, or a dot at an end that is not cut off.
enum class EmptyLabels : std::uint8_t {
    no_wildcard,  ///< the name matches itself alone
    allowed,      ///< a star in another label works; the label right after it must not be empty
    no_match,     ///< the name matches nothing
};

/// What an underscore in either name does.
enum class Underscore : std::uint8_t {
    allowed,
    no_wildcard,  ///< the names match when they are the same
    no_match,
};

/// What is asked of a name before it is compared.
enum class NameSyntax : std::uint8_t {
    as_is,            ///< nothing
    printable,        ///< characters of ASCII that can be seen; else it matches nothing
    host_characters,  ///< letters, digits, hyphens, underscores, dots, and not digits and dots alone; else it matches nothing
    checked,  ///< labels of letters, digits, hyphens inside and underscores, stars where the rule takes them; else it matches nothing
    exact,    ///< the same, but what is none matches itself, letter case aside
};

/// How a client compares a presented DNS name with the one it wants: the habits seen in clients, as independent switches.
struct DnsMatchRule {
    WildcardPosition wildcard = WildcardPosition::whole_left_label;
    std::uint8_t min_labels_after = 2;    ///< labels that must follow the label with the (last) star; an empty last one does not count
    bool star_spans_labels = false;       ///< a whole left label star stands for one or more labels
    bool star_inside_a_label = false;     ///< a presented label that begins with `xn--` may hold a star
    bool star_before_a_label = true;      ///< the label right after the star may begin with `xn--`
    bool star_below_registrable = false;  ///< what a star matches has a label more than one's own name under a public suffix (`co.uk`)
    bool hyphen_may_end_label = false;    ///< of a name that is looked at for its syntax
    bool compares_u_labels = false;       ///< names that the syntax allows are compared with their A-labels turned into U-labels
    bool leading_dot_is_below = false;    ///< `.example.com` asked for is matched by every presented name that ends so
    StarCovers star_covers = StarCovers::host_characters;
    EmptyStar empty_star = EmptyStar::no;
    StarOverALabel star_over_a_label = StarOverALabel::whole_label;
    DotsCut reference_dots = DotsCut::none, presented_dots = DotsCut::none;
    EmptyLabels empty_labels = EmptyLabels::no_wildcard;
    Underscore underscore = Underscore::allowed;
    NameSyntax presented_syntax = NameSyntax::as_is, reference_syntax = NameSyntax::as_is;

    friend bool operator==(const DnsMatchRule&, const DnsMatchRule&) = default;
};

/// True when the presented identifier matches the reference identifier (RFC 9525 6.3) by `rule`. Compared without regard to the case of
/// letters in ASCII. The same text matches itself, but for an empty one, one with a NUL, and what the rule takes for no name. Constant
/// memory; time grows with the names' lengths. Not checked: that `reference` is no IP address; the caller decides that first.
bool matches_dns_id(std::string_view presented, std::string_view reference, const DnsMatchRule& rule);

/// True when the presented SRV-ID, `_imaps.example.com`, is for that service (`imaps`, without the underscore that SRV records need) of
/// that host (RFC 9525 6.5): the service without regard to the case of letters, the rest as matches_dns_id() compares names by `rule`.
bool matches_srv_id(std::string_view presented, std::string_view service, std::string_view host, const DnsMatchRule& rule);

/// The service of an SRV-ID without its underscore: `imaps` of `_imaps.example.com`; empty for what is no SRV-ID.
std::string_view service_of(std::string_view presented);

/// The rules that standards and the strictest readers use: whole left label, two labels after it, nothing else.
inline constexpr DnsMatchRule kStrictDnsMatch{};

/// The name without those dots at its end.
std::string_view cut_dots(std::string_view name, DotsCut cut);

}  // namespace truename::x509
