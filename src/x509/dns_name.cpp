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
        if (code == IDN2_OK && is_utf8(converted) && equal_ignoring_ascii_case(to_a_labels(converted).value_or(""), label))
            labels.back() = converted;
    }
    return join(labels, ".");
}

}  // namespace truename::x509
