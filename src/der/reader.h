#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"

namespace truename::der {

/// The identifier octet of an element: class, constructed bit and number in one byte (X.690 8.1.2). Numbers over 30 are read and skipped
/// rightly, but all look like number 31: nothing in a certificate uses them.
enum class Tag : std::uint8_t {
    boolean = 0x01,
    integer = 0x02,
    bit_string = 0x03,
    octet_string = 0x04,
    null = 0x05,
    object_identifier = 0x06,
    enumerated = 0x0A,
    utf8_string = 0x0C,
    numeric_string = 0x12,
    printable_string = 0x13,
    t61_string = 0x14,
    ia5_string = 0x16,
    utc_time = 0x17,
    generalized_time = 0x18,
    visible_string = 0x1A,
    universal_string = 0x1C,
    bmp_string = 0x1E,
    sequence = 0x30,
    set = 0x31,
};

/// `[number]` of a primitive type tagged IMPLICIT; number up to 30.
[[nodiscard]] constexpr Tag context(unsigned number) {
    return static_cast<Tag>(0x80U | number);
}

/// `[number]` of a constructed type, or tagged EXPLICIT; number up to 30.
[[nodiscard]] constexpr Tag context_constructed(unsigned number) {
    return static_cast<Tag>(0xA0U | number);
}

/// True for elements that hold other elements.
[[nodiscard]] constexpr bool is_constructed(Tag tag) {
    return (static_cast<unsigned>(tag) & 0x20U) != 0;
}

/// One element; borrows from the input of the reader that gave it.
struct Tlv {
    Tag tag{};
    bool minimal_length = true;  ///< false when the length has more octets than it needs: BER, not DER
    std::uint32_t offset = 0;    ///< of the identifier octet, from the start of the whole input
    Bytes tlv;                   ///< with tag and length
    Bytes value;                 ///< the contents

    /// Where the contents begin, from the start of the whole input.
    [[nodiscard]] std::uint32_t value_offset() const { return offset + static_cast<std::uint32_t>(tlv.size() - value.size()); }
};

/// Takes elements from the front of a run of bytes, one after another; never reads outside of it and never allocates.
///
///     Reader outer(input);
///     const auto sequence = outer.read(Tag::sequence);
///     if (!sequence) return forward_error(sequence);
///     Reader fields(*sequence);                       // offsets still count from the start of `input`
///
/// Lengths must be definite and fit (bad_length, truncated: offset of the element's first byte). Lengths that are longer than needed
/// are read and marked (`minimal_length`), because clients read them too. Not checked: order, contents, depth; nothing here recurses.
class Reader {
  public:
    /// Reads `input`; offsets of elements and errors count from `offset`. Inputs over 4 GiB are refused by every read (too_large).
    explicit Reader(Bytes input, std::uint32_t offset = 0) : rest_(input), offset_(offset) {}
    /// Reads the contents of `outer`.
    explicit Reader(const Tlv& outer) : rest_(outer.value), offset_(outer.value_offset()) {}

    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    /// Where the next element begins.
    [[nodiscard]] std::uint32_t offset() const { return offset_; }
    /// What has not been read yet.
    [[nodiscard]] Bytes rest() const { return rest_; }
    /// True when there is a next element and it has this tag.
    [[nodiscard]] bool next_is(Tag tag) const { return !rest_.empty() && rest_[0] == static_cast<std::uint8_t>(tag); }

    /// The next element, whatever it is; `missing` at the end. After an error the reader stays where it was.
    Result<Tlv> read() {
        // Nine of ten elements have one octet of tag and one of length; a certificate has hundreds.
        const bool is_short = rest_.size() >= 2 && rest_.size() <= kMaxInput - offset_ && (rest_[0] & 0x1F) != 0x1F && rest_[1] < 0x80;
        return is_short && rest_[1] <= rest_.size() - 2 ? Result<Tlv>(take(2, rest_[1], true)) : read_any();
    }
    /// The next element, which must have this tag; `missing` at the end, else wrong_tag.
    Result<Tlv> read(Tag expected) {
        if (!rest_.empty() && !next_is(expected)) return fail(ErrorKind::wrong_tag, offset_);
        return read();
    }
    /// Fails with trailing_data when something is left.
    [[nodiscard]] Result<void> expect_end() const {
        if (!rest_.empty()) return fail(ErrorKind::trailing_data, offset_);
        return {};
    }

  private:
    static constexpr std::size_t kMaxInput = 0xFFFFFFFF;

    Result<Tlv> read_any();
    /// The element whose identifier and length take `header` bytes, and steps over it.
    Tlv take(std::size_t header, std::size_t length, bool minimal_length) {
        const Tlv tlv{static_cast<Tag>(rest_[0]), minimal_length, offset_, rest_.first(header + length), rest_.subspan(header, length)};
        rest_ = rest_.subspan(header + length);
        offset_ += static_cast<std::uint32_t>(header + length);
        return tlv;
    }

    Bytes rest_;
    std::uint32_t offset_;
};

/// The elements of a SEQUENCE OF or SET OF, read one by one while a range-for runs over them; ends silently at the first that cannot be
/// read (whoever needs to know has checked before). Borrows the contents. `Read` takes one element from a reader.
template <class T, Result<T> (*Read)(Reader&)>
class SequenceOf {
  public:
    SequenceOf() = default;
    /// `contents`: the elements one after another, beginning at `offset` of the whole input.
    SequenceOf(Bytes contents, std::uint32_t offset) : contents_(contents), offset_(offset) {}
    /// The elements inside `outer`.
    explicit SequenceOf(const Tlv& outer) : contents_(outer.value), offset_(outer.value_offset()) {}

    class Iterator {
      public:
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        Iterator() = default;
        explicit Iterator(Reader reader) : reader_(reader) { step(); }
        const T& operator*() const { return *current_; }
        const T* operator->() const { return &*current_; }
        Iterator& operator++() {
            step();
            return *this;
        }
        void operator++(int) { step(); }
        friend bool operator==(const Iterator& it, std::default_sentinel_t) { return !it.current_.has_value(); }

      private:
        void step() {
            current_.reset();
            if (reader_.at_end()) return;
            if (auto next = Read(reader_)) current_ = std::move(*next);
        }
        Reader reader_{Bytes()};
        std::optional<T> current_;
    };

    [[nodiscard]] Iterator begin() const { return Iterator(Reader(contents_, offset_)); }
    [[nodiscard]] std::default_sentinel_t end() const { return {}; }
    /// True when there is no element at all.
    [[nodiscard]] bool empty() const { return contents_.empty(); }
    /// The elements as bytes.
    [[nodiscard]] Bytes contents() const { return contents_; }
    /// Where the first element begins.
    [[nodiscard]] std::uint32_t offset() const { return offset_; }
    /// How many elements can be read.
    [[nodiscard]] std::size_t count() const {
        std::size_t n = 0;
        for (auto it = begin(); it != end(); ++it) ++n;
        return n;
    }
    /// Reads all elements and gives the first error, with its offset.
    [[nodiscard]] Result<void> check() const {
        Reader reader(contents_, offset_);
        while (!reader.at_end()) {
            if (const auto next = Read(reader); !next) return forward_error(next);
        }
        return {};
    }

  private:
    Bytes contents_;
    std::uint32_t offset_ = 0;
};

}  // namespace truename::der
