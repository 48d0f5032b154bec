#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <variant>

namespace truename {

/// Why some input could not be read. Small and trivially copyable; texts are made where the error is shown.
enum class ErrorKind : std::uint16_t {
    truncated,      ///< the input ends inside the element
    trailing_data,  ///< something follows where nothing may
    wrong_tag,      ///< another ASN.1 tag, or another kind of element, than the one that belongs here
    bad_length,     ///< a length that is not minimal, is indefinite, or is larger than what holds it
    bad_value,      ///< well framed, but not a value of its type
    unsupported,    ///< a right value that this program does not handle
    too_large,      ///< beyond a limit that the reader's header names
    missing,        ///< an element that must be there is not
    duplicate,      ///< an element that may be there once is there again
};

/// Where and why reading failed. `offset` counts bytes from the start of the input that was given to the function.
struct Error {
    ErrorKind kind = ErrorKind::bad_value;
    std::uint32_t offset = 0;

    friend bool operator==(const Error&, const Error&) = default;
};

/// The English words for `kind`, as a part of a sentence ("ends too early").
[[nodiscard]] const char* describe(ErrorKind kind);

/// Carries an error into a Result, as std::unexpected does.
template <class E>
struct Unexpected {
    E error;
};
template <class E>
Unexpected(E) -> Unexpected<E>;

/// An Error on its way into a Result.
[[nodiscard]] inline Unexpected<Error> fail(ErrorKind kind, std::size_t offset) {
    return {Error{kind, static_cast<std::uint32_t>(offset)}};
}

/// A value or the reason why there is none: the interface of std::expected, which g++ 12 has only in C++23 mode.
/// Reading the side that is not there is a bug of the caller and stops the program in debug builds.
template <class T, class E = Error>
class [[nodiscard]] Result {
  public:
    using value_type = T;
    using error_type = E;

    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    template <class F>
        requires std::is_convertible_v<F, E>
    Result(Unexpected<F> unexpected) : state_(std::in_place_index<1>, std::move(unexpected.error)) {}

    [[nodiscard]] bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    T& value() & { return *get(); }
    const T& value() const& { return *get(); }
    T&& value() && { return std::move(*get()); }
    T& operator*() & { return *get(); }
    const T& operator*() const& { return *get(); }
    T&& operator*() && { return std::move(*get()); }
    T* operator->() { return get(); }
    const T* operator->() const { return get(); }
    T value_or(T other) const& { return has_value() ? *get() : std::move(other); }

    const E& error() const {
        assert(!has_value());
        return *std::get_if<1>(&state_);
    }

  private:
    T* get() {
        assert(has_value());
        return std::get_if<0>(&state_);
    }
    const T* get() const {
        assert(has_value());
        return std::get_if<0>(&state_);
    }

    std::variant<T, E> state_;
};

/// A Result of something that only succeeds or fails.
template <class E>
class [[nodiscard]] Result<void, E> {
  public:
    using value_type = void;
    using error_type = E;

    Result() = default;
    template <class F>
        requires std::is_convertible_v<F, E>
    Result(Unexpected<F> unexpected) : state_(std::in_place_index<1>, std::move(unexpected.error)) {}

    [[nodiscard]] bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    const E& error() const {
        assert(!has_value());
        return *std::get_if<1>(&state_);
    }

  private:
    std::variant<std::monostate, E> state_;
};

/// Hands the error of `result` on: `if (!x) return forward_error(x);`
template <class T, class E>
[[nodiscard]] Unexpected<E> forward_error(const Result<T, E>& result) {
    return {result.error()};
}

}  // namespace truename
