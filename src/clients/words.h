#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "clients/profile.h"
#include "clients/verdict.h"

namespace truename::clients {

/// A word of the data format and the value that it stands for.
template <class T>
struct Word {
    std::string_view word;
    T value;
};

/// All words for values of T, in the order of the enumeration: the one place where the format's words stand.
template <class T>
std::span<const Word<T>> words();

/// The words of each enumeration; words.cpp has them.
template <>
std::span<const Word<Confidence>> words();
template <>
std::span<const Word<Action>> words();
template <>
std::span<const Word<Uses>> words();
template <>
std::span<const Word<verify::PathSearch>> words();
template <>
std::span<const Word<verify::NamesEqual>> words();
template <>
std::span<const Word<verify::KeyIdentifierUse>> words();
template <>
std::span<const Word<verify::Judges>> words();
template <>
std::span<const Word<verify::Reports>> words();
template <>
std::span<const Word<verify::StatusSource>> words();
template <>
std::span<const Word<WithoutAnswer>> words();
template <>
std::span<const Word<verify::Role>> words();
template <>
std::span<const Word<Compares>> words();
template <>
std::span<const Word<CommonName>> words();
template <>
std::span<const Word<WhichCommonName>> words();
template <>
std::span<const Word<AddressRule>> words();
template <>
std::span<const Word<x509::WildcardPosition>> words();
template <>
std::span<const Word<AnchorKind>> words();
template <>
std::span<const Word<x509::EmptyStar>> words();
template <>
std::span<const Word<x509::StarCovers>> words();
template <>
std::span<const Word<x509::StarOverALabel>> words();
template <>
std::span<const Word<x509::DotsCut>> words();
template <>
std::span<const Word<x509::EmptyLabels>> words();
template <>
std::span<const Word<x509::Underscore>> words();
template <>
std::span<const Word<x509::NameSyntax>> words();
template <>
std::span<const Word<ULabels>> words();
template <>
std::span<const Word<x509::IpAddressText>> words();
template <>
std::span<const Word<OddAddress>> words();
template <>
std::span<const Word<Malformed>> words();
template <>
std::span<const Word<TlsVersion>> words();
template <>
std::span<const Word<ServerKey>> words();
template <>
std::span<const Word<Show>> words();
template <>
std::span<const Word<When::AnchorIs>> words();
template <>
std::span<const Word<Lasts>> words();
template <>
std::span<const Word<BoundTo>> words();
template <>
std::span<const Word<Covers>> words();
template <>
std::span<const Word<Does>> words();
template <>
std::span<const Word<Looks>> words();
template <>
std::span<const Word<Outcome>> words();
template <>
std::span<const Word<Reaches>> words();
template <>
std::span<const Word<Verifies>> words();

/// The value that `word` stands for; nothing when it is none of T's words.
template <class T>
std::optional<T> find_word(std::string_view word) {
    for (const Word<T>& row : words<T>()) {
        if (row.word == word) return row.value;
    }
    return std::nullopt;
}

/// The word for `value`; every value has one.
template <class T>
std::string_view word_for(T value) {
    for (const Word<T>& row : words<T>()) {
        if (row.value == value) return row.word;
    }
    return {};
}

/// A pair of words for a rule that is true or false: `{"stripped", "kept"}`.
struct YesNoWords {
    std::string_view yes, no;
};
inline constexpr YesNoWords kYesNo{"yes", "no"};
inline constexpr YesNoWords kAnyDepth{"any-depth", "one-label"};
inline constexpr YesNoWords kLeadingDot{"all-below", "as-is"};
inline constexpr YesNoWords kServiceNames{"compared", "ignored"};
inline constexpr YesNoWords kSettings{"obeyed", "ignored"};
inline constexpr YesNoWords kMapped{"same", "different"};

}  // namespace truename::clients
