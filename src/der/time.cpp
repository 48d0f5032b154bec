#include "der/time.h"

#include <optional>

namespace truename::der {

namespace {

/// Takes digits from the front of the text of a time.
class Digits {
  public:
    Digits(Bytes text, std::uint32_t offset) : text_(text), offset_(offset) {}

    /// The next `count` digits as a number; nothing when one of them is none.
    std::optional<unsigned> take(std::size_t count) {
        unsigned number = 0;
        for (std::size_t i = 0; i < count; ++i, ++at_) {
            if (at_ >= text_.size() || text_[at_] < '0' || text_[at_] > '9') return std::nullopt;
            number = number * 10 + (text_[at_] - '0');
        }
        return number;
    }
    [[nodiscard]] bool next_is_digit() const { return at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; }
    bool skip(char c) {
        if (at_ >= text_.size() || text_[at_] != static_cast<std::uint8_t>(c)) return false;
        ++at_;
        return true;
    }
    [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
    [[nodiscard]] std::uint32_t offset() const {
        // A value that ends too early is wrong at its last byte, so that the offset stays inside the element.
        const std::size_t last = text_.empty() ? 0 : text_.size() - 1;
        return offset_ + static_cast<std::uint32_t>(at_ < last ? at_ : last);
    }

  private:
    Bytes text_;
    std::uint32_t offset_;
    std::size_t at_ = 0;
};

/// The offset from UTC at the end: `Z` (none), or `+hhmm` and `-hhmm`, which DER forbids.
std::optional<std::chrono::minutes> take_zone(Digits& digits, bool& der) {
    if (digits.skip('Z')) return std::chrono::minutes(0);
    const bool east = digits.skip('+');
    if (!east && !digits.skip('-')) return std::nullopt;
    der = false;
    const auto hours = digits.take(2);
    const auto minutes = hours ? digits.take(2) : std::nullopt;
    if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    const std::chrono::minutes offset(*hours * 60 + *minutes);
    return east ? offset : -offset;
}

}  // namespace

bool EncodedTime::has_right_form() const {
    const bool short_year = to_civil(time).year >= 1950 && to_civil(time).year < 2050;
    return (form == Tag::utc_time) == short_year;
}

Result<EncodedTime> read_time(const Tlv& element) {
    if (element.tag != Tag::utc_time && element.tag != Tag::generalized_time) return fail(ErrorKind::wrong_tag, element.offset);
    EncodedTime result{.form = element.tag};
    Digits digits(element.value, element.value_offset());
    const auto wrong = [&] { return fail(ErrorKind::bad_value, digits.offset()); };

    const auto year = digits.take(element.tag == Tag::utc_time ? 2 : 4);
    const auto month = year ? digits.take(2) : std::nullopt;
    const auto day = month ? digits.take(2) : std::nullopt;
    const auto hour = day ? digits.take(2) : std::nullopt;
    if (!hour) return wrong();
    CivilTime civil{.year = static_cast<int>(*year), .month = *month, .day = *day, .hour = *hour};
    if (element.tag == Tag::utc_time) civil.year += civil.year >= 50 ? 1900 : 2000;  // RFC 5280 4.1.2.5.1
    for (unsigned* part : {&civil.minute, &civil.second}) {
        if (!digits.next_is_digit()) {  // UTCTime may leave out seconds in BER, GeneralizedTime minutes too
            if (part == &civil.minute && element.tag == Tag::utc_time) return wrong();
            result.der = false;
            break;
        }
        const auto number = digits.take(2);
        if (!number) return wrong();
        *part = *number;
    }
    if (element.tag == Tag::generalized_time && (digits.skip('.') || digits.skip(','))) {
        result.der = false;  // DER knows fractions, RFC 5280 4.1.2.5.2 forbids them
        if (!digits.next_is_digit()) return wrong();
        while (digits.next_is_digit()) (void)digits.take(1);
    }
    const auto zone = take_zone(digits, result.der);
    if (!zone || !digits.at_end()) return wrong();
    const auto time = to_time(civil);
    if (!time) return fail(ErrorKind::bad_value, element.value_offset());
    result.time = *time - *zone;
    return result;
}

}  // namespace truename::der
