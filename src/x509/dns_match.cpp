#include "x509/dns_match.h"

#include <libpsl.h>

#include <algorithm>
#include <string>

#include "base/text.h"
#include "x509/dns_name.h"

namespace truename::x509 {

namespace {

constexpr auto kNone = std::string_view::npos;

bool is_a_label(std::string_view label) {
    return equal_ignoring_ascii_case(label.substr(0, 4), "xn--");
}

bool is_host_character(char c) {
    return is_alphanumeric(c) || c == '-' || c == '_';
}

bool ends_so(std::string_view name, std::string_view end) {
    return name.size() >= end.size() && equal_ignoring_ascii_case(name.substr(name.size() - end.size()), end);
}

/// No label of `name` is empty.
bool has_whole_labels(std::string_view name) {
    return !name.empty() && name.front() != '.' && name.back() != '.' && name.find("..") == kNone;
}

/// Labels of letters, digits, hyphens and underscores, with no hyphen at their ends; stars where the rule lets them stand for something.
bool is_name_or_wildcard(std::string_view name, bool presented, const DnsMatchRule& rule) {
    std::string text(name);
    if (presented) {
        const std::size_t end = rule.wildcard == WildcardPosition::any_labels ? text.size() : std::min(text.find('.'), text.size());
        std::replace(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '*', 'x');
    }
    if (rule.hyphen_may_end_label) {
        for (std::size_t i = 1; i < text.size(); ++i) {
            const bool ends = i + 1 == text.size() || text[i + 1] == '.';
            if (text[i] == '-' && ends && text[i - 1] != '.') text[i] = 'x';
        }
    }
    const DnsNameTraits traits = classify_dns_name(text);
    return traits.valid && !traits.has_star && !traits.has_trailing_dot;
}

/// Whether the name is what the rule calls one.
bool has_syntax(std::string_view name, NameSyntax syntax, bool presented, const DnsMatchRule& rule) {
    switch (syntax) {
        case NameSyntax::as_is:
            return true;
        case NameSyntax::printable:
            return std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < '\x7f'; });
        case NameSyntax::host_characters:
            return std::all_of(name.begin(), name.end(), [](char c) { return c == '.' || is_host_character(c); }) &&
                   name.find_first_not_of("0123456789.") != kNone;
        case NameSyntax::checked:
        case NameSyntax::exact:
            return is_name_or_wildcard(name, presented, rule);
    }
    return false;
}

/// A presented name cut at its star.
struct StarName {
    std::string_view head;           // the labels before the one with the star, with the last dot
    std::string_view before, after;  // what stands around the star in its label
    std::string_view tail;           // the labels after it
    bool has_tail = false;           // which may be an empty one

    [[nodiscard]] bool is_whole_label() const { return before.empty() && after.empty(); }
};

StarName cut_at_star(std::string_view presented, std::size_t star) {
    StarName name;
    const std::size_t dot_before = presented.substr(0, star).rfind('.');
    const std::size_t start = dot_before == kNone ? 0 : dot_before + 1;
    const std::size_t end = std::min(presented.find('.', star), presented.size());
    name.head = presented.substr(0, start);
    name.before = presented.substr(start, star - start);
    name.after = presented.substr(star + 1, end - star - 1);
    name.has_tail = end < presented.size();
    if (name.has_tail) name.tail = presented.substr(end + 1);
    return name;
}

bool is_star_in_place(const StarName& name, WildcardPosition position) {
    if (!name.head.empty() && position != WildcardPosition::any_label) return false;
    switch (position) {
        case WildcardPosition::none:
        case WildcardPosition::any_labels:
            return false;
        case WildcardPosition::whole_left_label:
            return name.is_whole_label();
        case WildcardPosition::left_label_start:
            return name.before.empty();
        case WildcardPosition::left_label_end:
            return name.after.empty();
        case WildcardPosition::left_label_start_or_end:
            return name.before.empty() || name.after.empty();
        case WildcardPosition::left_label_anywhere:
        case WildcardPosition::any_label:
            return true;
    }
    return false;
}

/// `tail` is what stands behind the label with the star and its dot.
bool has_labels_after(std::string_view tail, const DnsMatchRule& rule) {
    const auto dots = static_cast<std::size_t>(std::count(tail.begin(), tail.end(), '.'));
    const std::size_t labels = tail.empty() ? 0 : dots + (tail.ends_with('.') ? 0 : 1);
    return labels >= rule.min_labels_after;
}

/// What the rule says of the presented name alone.
bool is_star_allowed(const StarName& name, const DnsMatchRule& rule) {
    if (!is_star_in_place(name, rule.wildcard) || !has_labels_after(name.tail, rule)) return false;
    if (name.has_tail && (name.tail.empty() || name.tail.starts_with('.'))) return false;
    if (!rule.star_before_a_label && is_a_label(name.tail)) return false;
    return rule.star_inside_a_label || !is_a_label(name.before);
}

bool covers(StarCovers what, std::string_view text) {
    return what == StarCovers::anything || std::all_of(text.begin(), text.end(), [&](char c) {
               return is_host_character(c) && (c != '_' || what == StarCovers::host_characters);
           });
}

/// `label` without `before` and `after` is what the star stands for.
bool matches_star_label(const StarName& name, std::string_view label, const DnsMatchRule& rule) {
    const std::size_t around = name.before.size() + name.after.size();
    if (label.size() < around) return false;
    const std::string_view covered = label.substr(name.before.size(), label.size() - around);
    const bool whole = name.is_whole_label();
    if (covered.empty() && rule.empty_star != EmptyStar::yes && (whole || rule.empty_star == EmptyStar::no)) return false;
    if (is_a_label(label) && rule.star_over_a_label != StarOverALabel::yes && (!whole || rule.star_over_a_label == StarOverALabel::no))
        return false;
    return covers(rule.star_covers, covered) && equal_ignoring_ascii_case(label.substr(0, name.before.size()), name.before) &&
           ends_so(label, name.after);
}

bool matches_star(const StarName& name, std::string_view reference, const DnsMatchRule& rule) {
    if (rule.star_spans_labels && name.is_whole_label() && name.head.empty()) {
        const std::size_t tail = name.tail.size() + (name.tail.empty() ? 0 : 1);
        if (reference.size() <= tail || !has_whole_labels(reference.substr(0, reference.size() - tail))) return false;
        const std::string_view end = reference.substr(reference.size() - tail);
        return name.tail.empty() || (end.front() == '.' && equal_ignoring_ascii_case(end.substr(1), name.tail));
    }
    if (!equal_ignoring_ascii_case(reference.substr(0, name.head.size()), name.head)) return false;
    reference.remove_prefix(name.head.size());
    const std::size_t dot = std::min(reference.find('.'), reference.size());
    const std::string_view rest = reference.substr(std::min(dot + 1, reference.size()));
    if ((dot == reference.size()) != name.tail.empty()) return false;
    return matches_star_label(name, reference.substr(0, dot), rule) && equal_ignoring_ascii_case(rest, name.tail);
}

/// One label with any number of stars: each piece between two stars is looked for behind the one before it.
bool matches_pieces(std::string_view pattern, std::string_view label) {
    const std::size_t first = pattern.find('*');
    if (first == kNone) return equal_ignoring_ascii_case(pattern, label);
    if (!equal_ignoring_ascii_case(label.substr(0, first), pattern.substr(0, first))) return false;
    const std::string lower = ascii_lower(label);
    std::size_t at = first;
    for (std::string_view rest = pattern.substr(first + 1);;) {
        const std::size_t star = rest.find('*');
        if (star == kNone) return lower.size() >= at + rest.size() && ends_so(lower, rest);
        at = lower.find(ascii_lower(rest.substr(0, star)), at);
        if (at == kNone) return false;
        at += star;
        rest.remove_prefix(star + 1);
    }
}

bool matches_stars(std::string_view presented, std::string_view reference, const DnsMatchRule& rule) {
    if (!has_labels_after(cut_at_star(presented, presented.rfind('*')).tail, rule)) return false;
    const auto patterns = split(presented, '.'), labels = split(reference, '.');
    return std::equal(patterns.begin(), patterns.end(), labels.begin(), labels.end(), matches_pieces);
}

/// More labels than what one can register with a registry: `mail.example.co.uk`, not `example.co.uk`.
bool is_below_registrable(std::string_view name) {
    const std::string text = ascii_lower(name);
    const std::size_t first = text.find('.'), second = first == kNone ? kNone : text.find('.', first + 1);
    if (second == kNone) return false;
    return psl_is_public_suffix2(psl_builtin(), text.c_str() + first + 1, PSL_TYPE_ICANN) == 0;
}

bool matches_by_star(std::string_view presented, std::string_view reference, const DnsMatchRule& rule) {
    const std::size_t star = presented.find('*');
    if (star == kNone) return false;
    if (rule.empty_labels != EmptyLabels::allowed && !has_whole_labels(presented)) return false;
    if (rule.star_below_registrable && !is_below_registrable(reference)) return false;
    if (rule.wildcard == WildcardPosition::any_labels) return matches_stars(presented, reference, rule);
    if (presented.find('*', star + 1) != kNone) return false;
    const StarName name = cut_at_star(presented, star);
    return is_star_allowed(name, rule) && matches_star(name, reference, rule);
}

}  // namespace

std::string_view cut_dots(std::string_view name, DotsCut cut) {
    const std::size_t last = name.find_last_not_of('.');
    const std::size_t dots = name.size() - (last == kNone ? 0 : last + 1);
    if (dots == 0 || cut == DotsCut::none) return name;
    const std::size_t most = cut == DotsCut::one ? 1 : cut == DotsCut::two ? 2 : dots;
    return dots > most ? name : name.substr(0, name.size() - dots);
}

bool matches_dns_id(std::string_view presented, std::string_view reference, const DnsMatchRule& rule) {
    const std::string_view name = cut_dots(presented, rule.presented_dots), wanted = cut_dots(reference, rule.reference_dots);
    // A NUL would cut the name short for programs in C.
    if (name.empty() || name.find('\0') != kNone) return false;
    const bool underscore = name.find('_') != kNone || wanted.find('_') != kNone;
    if (underscore && rule.underscore == Underscore::no_match) return false;
    if (rule.empty_labels == EmptyLabels::no_match && !has_whole_labels(name)) return false;
    const bool named = has_syntax(name, rule.presented_syntax, true, rule),
               wants_name = has_syntax(wanted, rule.reference_syntax, false, rule);
    if (!named && rule.presented_syntax != NameSyntax::exact) return false;
    if (!wants_name && rule.reference_syntax != NameSyntax::exact) return false;
    if (!named || !wants_name) return !wanted.empty() && equal_ignoring_ascii_case(presented, reference);
    if (rule.compares_u_labels) {
        DnsMatchRule as_is = rule;
        as_is.compares_u_labels = false;
        as_is.presented_syntax = as_is.reference_syntax = NameSyntax::as_is;
        return matches_dns_id(to_u_labels(name), to_u_labels(wanted), as_is);
    }
    if (equal_ignoring_ascii_case(name, wanted)) return true;
    if (rule.leading_dot_is_below && wanted.size() > 1 && wanted.front() == '.') return ends_so(name, wanted);
    return !(underscore && rule.underscore == Underscore::no_wildcard) && matches_by_star(name, wanted, rule);
}

std::string_view service_of(std::string_view presented) {
    const std::size_t dot = presented.find('.');
    return dot == kNone || !presented.starts_with('_') ? std::string_view() : presented.substr(1, dot - 1);
}

bool matches_srv_id(std::string_view presented, std::string_view service, std::string_view host, const DnsMatchRule& rule) {
    const std::string_view of = service_of(presented);
    return !of.empty() && equal_ignoring_ascii_case(of, service) && matches_dns_id(presented.substr(of.size() + 2), host, rule);
}

}  // namespace truename::x509
