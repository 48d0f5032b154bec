#include "x509/dns_name.h"

#include <idn2.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "base/text.h"
#include "x509/ip_address.h"

namespace truename::x509 {

namespace {

constexpr std::size_t kMaxName = 253, kMaxLabel = 63;
constexpr std::size_t kMaxTypedName = 1'024;  // U-labels take more bytes than the A-labels that they become

bool is_label_character(char c) {
    return is_alphanumeric(c) || c == '-' || c == '_';
}

bool is_a_label(std::string_view label) {
    return equal_ignoring_ascii_case(label.substr(0, 4), "xn--");
}

bool is_valid_label(std::string_view label) {
    return !label.empty() && label.size() <= kMaxLabel && label.front() != '-' && label.back() != '-' &&
           std::all_of(label.begin(), label.end(), is_label_character);
}

/// A first label with one star in it.
bool is_valid_star_label(std::string_view label) {
    return label.size() <= kMaxLabel && std::count(label.begin(), label.end(), '*') == 1 &&
           std::all_of(label.begin(), label.end(), [](char c) { return c == '*' || is_label_character(c); });
}

/// Takes labels from the front of a name.
class Labels {
  public:
    explicit Labels(std::string_view name) : rest_(name), at_end_(name.empty()) {}
    [[nodiscard]] bool at_end() const { return at_end_; }
    std::string_view take() {
        const std::size_t dot = rest_.find('.');
        const std::string_view label = rest_.substr(0, dot);
        at_end_ = dot == std::string_view::npos;
        rest_ = at_end_ ? std::string_view() : rest_.substr(dot + 1);
        return label;
    }
    /// What has not been taken, without the dot before it.
    [[nodiscard]] std::string_view rest() const { return rest_; }

  private:
    std::string_view rest_;
    bool at_end_;
};

/// Names that the public DNS will never have: of one label, or under top labels of RFC 6761, RFC 6762 and RFC 8375, or under those that
/// private networks took (ICANN keeps .corp, .home and .mail back for them and has set .internal aside).
bool is_internal_name(std::string_view name) {
    static constexpr std::array<std::string_view, 14> kTops = {"local",    "localhost", "localdomain", "lan",      "internal",
                                                               "intranet", "private",   "corp",        "home",     "mail",
                                                               "test",     "example",   "invalid",     "workgroup"};
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) return true;
    constexpr std::string_view kHomeArpa = ".home.arpa";
    if (name.size() > kHomeArpa.size() && equal_ignoring_ascii_case(name.substr(name.size() - kHomeArpa.size()), kHomeArpa)) return true;
    return std::any_of(kTops.begin(), kTops.end(),
                       [&](std::string_view top) { return equal_ignoring_ascii_case(top, name.substr(dot + 1)); });
}

/// No label of `name` is empty.
bool has_whole_labels(std::string_view name) {
    return !name.empty() && name.front() != '.' && name.back() != '.' && name.find("..") == std::string_view::npos;
}

/// A presented name cut at its star.
struct StarName {
    std::string_view head;           // the labels before the one with the star, with the last dot
    std::string_view before, after;  // what stands around the star in its label
    std::string_view tail;           // the labels after it

    [[nodiscard]] bool is_whole_label() const { return before.empty() && after.empty(); }
};

StarName cut_at_star(std::string_view presented, std::size_t star) {
    StarName name;
    const std::size_t dot_before = presented.substr(0, star).rfind('.');
    const std::size_t start = dot_before == std::string_view::npos ? 0 : dot_before + 1;
    const std::size_t end = std::min(presented.find('.', star), presented.size());
    name.head = presented.substr(0, start);
    name.before = presented.substr(start, star - start);
    name.after = presented.substr(star + 1, end - star - 1);
    if (end < presented.size()) name.tail = presented.substr(end + 1);
    return name;
}

bool is_star_in_place(const StarName& name, WildcardPosition position) {
    if (!name.head.empty() && position != WildcardPosition::any_label) return false;
    switch (position) {
        case WildcardPosition::none:
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

/// What the rule says of the presented name alone.
bool is_star_allowed(const StarName& name, const DnsMatchRule& rule) {
    if (!is_star_in_place(name, rule.wildcard)) return false;
    const auto dots = static_cast<std::size_t>(std::count(name.tail.begin(), name.tail.end(), '.'));
    if ((name.tail.empty() ? 0 : dots + 1) < rule.min_labels_after) return false;
    if (!rule.star_before_a_label && is_a_label(name.tail)) return false;
    return rule.star_inside_a_label || !is_a_label(name.before);
}

bool matches_star(const StarName& name, std::string_view reference, const DnsMatchRule& rule) {
    if (reference.size() < name.head.size() || !equal_ignoring_ascii_case(reference.substr(0, name.head.size()), name.head)) return false;
    reference.remove_prefix(name.head.size());
    if (rule.star_spans_labels && name.is_whole_label() && name.head.empty()) {
        const std::size_t tail = name.tail.size() + (name.tail.empty() ? 0 : 1);
        if (reference.size() <= tail) return false;
        const std::string_view end = reference.substr(reference.size() - tail);
        return name.tail.empty() || (end.front() == '.' && equal_ignoring_ascii_case(end.substr(1), name.tail));
    }
    Labels labels(reference);
    const std::string_view label = labels.take();
    const std::size_t least = name.before.size() + name.after.size() + (rule.star_may_be_empty && !name.is_whole_label() ? 0 : 1);
    if (label.size() < least) return false;
    if (is_a_label(label) && !(name.is_whole_label() ? rule.star_covers_a_label : rule.partial_star_covers_a_label)) return false;
    return equal_ignoring_ascii_case(label.substr(0, name.before.size()), name.before) &&
           equal_ignoring_ascii_case(label.substr(label.size() - name.after.size()), name.after) &&
           equal_ignoring_ascii_case(labels.rest(), name.tail);
}

using Idn2Text = std::unique_ptr<char, decltype([](char* text) { idn2_free(text); })>;

}  // namespace

DnsNameTraits classify_dns_name(std::string_view text) {
    DnsNameTraits traits;
    traits.is_ip_address = parse_ip_address(text).has_value();
    traits.has_leading_dot = !text.empty() && text.front() == '.';
    traits.has_trailing_dot = text.size() > 1 && text.back() == '.';
    if (traits.has_trailing_dot) text.remove_suffix(1);
    traits.has_star = text.find('*') != std::string_view::npos;
    traits.has_underscore = text.find('_') != std::string_view::npos;
    traits.is_ascii = std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    traits.valid = !text.empty() && text.size() <= kMaxName;
    std::size_t count = 0;
    for (Labels labels(text); !labels.at_end(); ++count) {
        const std::string_view label = labels.take();
        const bool is_star_label = count == 0 && is_valid_star_label(label);
        if (count == 0) traits.is_wildcard = label == "*";
        if (!is_star_label && !is_valid_label(label)) traits.valid = false;
        traits.has_a_label = traits.has_a_label || is_a_label(label);
    }
    traits.is_wildcard = traits.is_wildcard && std::count(text.begin(), text.end(), '*') == 1;
    traits.labels = static_cast<std::uint8_t>(std::min<std::size_t>(count, 255));
    traits.is_internal = is_internal_name(text);
    return traits;
}

bool matches_dns_id(std::string_view presented, std::string_view reference, const DnsMatchRule& rule) {
    // Of two dots the label between them is empty: then it is no name with a dot, but none at all.
    const auto has_dot = [](std::string_view name) { return name.ends_with('.') && !name.ends_with(".."); };
    if (rule.strips_presented_trailing_dot && has_dot(presented)) presented.remove_suffix(1);
    if (rule.strips_reference_trailing_dot && has_dot(reference)) reference.remove_suffix(1);
    // A NUL would cut the name short for programs in C.
    if (presented.empty() || presented.find('\0') != std::string_view::npos) return false;
    if (!rule.allows_underscore && (presented.find('_') != std::string_view::npos || reference.find('_') != std::string_view::npos))
        return false;
    if (rule.checks_presented_syntax && !classify_dns_name(presented).valid) return false;
    if (equal_ignoring_ascii_case(presented, reference)) return true;

    const std::size_t star = presented.find('*');
    if (star == std::string_view::npos || presented.find('*', star + 1) != std::string_view::npos) return false;
    if (!has_whole_labels(presented) || !has_whole_labels(reference) || reference.find('*') != std::string_view::npos) return false;
    const StarName name = cut_at_star(presented, star);
    return is_star_allowed(name, rule) && matches_star(name, reference, rule);
}

Result<std::string> to_a_labels(std::string_view text) {
    if (text.size() > kMaxTypedName) return fail(ErrorKind::too_large, kMaxTypedName);
    std::string ascii;
    if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
        ascii = ascii_lower(text);  // libidn2 would look into A-labels and refuse some that are in use
    } else {
        char* converted = nullptr;
        const std::string terminated(text);
        if (terminated.find('\0') != std::string::npos) return fail(ErrorKind::bad_value, terminated.find('\0'));
        const int code = idn2_to_ascii_8z(terminated.c_str(), &converted, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
        const Idn2Text owner(converted);
        if (code != IDN2_OK) return fail(ErrorKind::bad_value, 0);
        ascii = ascii_lower(converted);
    }
    if (!classify_dns_name(ascii).valid) return fail(ErrorKind::bad_value, 0);
    return ascii;
}

std::string to_u_labels(std::string_view text) {
    std::vector<std::string> labels;
    for (const std::string_view label : split(text, '.')) {
        labels.emplace_back(label);
        if (!is_a_label(label) || label.size() > kMaxLabel || label.find('\0') != std::string_view::npos) continue;
        char* converted = nullptr;
        const int code = idn2_to_unicode_8z8z(labels.back().c_str(), &converted, 0);
        const Idn2Text owner(converted);
        if (code == IDN2_OK && is_utf8(converted)) labels.back() = converted;
    }
    return join(labels, ".");
}

}  // namespace truename::x509
