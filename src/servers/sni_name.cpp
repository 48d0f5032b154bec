#include "servers/sni_name.h"

#include <algorithm>

#include "base/text.h"

namespace truename::servers {

namespace {

/// The pattern with this label in the place of its star.
std::string with_label(std::string_view label, std::string_view pattern) {
    if (pattern.starts_with("*.")) return std::string(label) + std::string(pattern.substr(1));
    if (pattern.starts_with('.')) return std::string(label) + std::string(pattern);
    return std::string(pattern);
}

}  // namespace

std::string example_of(std::string_view pattern) {
    return with_label("mail", pattern);
}

std::string asked_as(std::string_view pattern) {
    return with_label("truename", pattern);
}

bool stands_for(std::string_view pattern, std::string_view name) {
    const std::string lower = ascii_lower(name), wanted = ascii_lower(pattern);
    if (wanted.starts_with('.')) return lower.ends_with(wanted) && lower.size() > wanted.size();
    if (!wanted.starts_with("*.")) return lower == wanted;
    const std::size_t dot = lower.find('.');
    return dot != std::string::npos && dot > 0 && lower.substr(dot) == wanted.substr(1);
}

bool any_stands_for(const std::vector<std::string>& patterns, std::string_view name) {
    return std::ranges::any_of(patterns, [&](const std::string& pattern) { return stands_for(pattern, name); });
}

}  // namespace truename::servers
