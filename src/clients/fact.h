#pragma once

#include <cstdint>
#include <string_view>

namespace truename::clients {

/// How well something about a client is known, best first.
enum class Confidence : std::uint8_t {
    observed,    ///< it was run
    source,      ///< its code was read
    documented,  ///< its maker says so
    reported,    ///< somebody says so
    inferred,    ///< concluded from something else
};

/// `observed`, `source`, ...: the word in JSON and in profiles.
std::string_view name_of(Confidence value);

/// The weaker of the two.
constexpr Confidence weaker(Confidence a, Confidence b) {
    return a < b ? b : a;
}

/// Something that is said about a client, or that nobody knows. All text is borrowed from the Library that it belongs to.
template <class T>
struct Fact {
    T value{};           ///< means nothing when not `known`
    bool known = false;  ///< false for `"unknown"` and for what no layer says
    Confidence confidence = Confidence::inferred;
    std::string_view source = {};  ///< names rows of docs/sources.md; empty only when not known

    /// True when it is known to be `expected`.
    [[nodiscard]] constexpr bool is(const T& expected) const { return known && value == expected; }
    /// What is known, or what counts where nothing is.
    [[nodiscard]] constexpr T value_or(T otherwise) const { return known ? value : otherwise; }
};

}  // namespace truename::clients
