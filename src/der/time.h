#pragma once

#include "base/result.h"
#include "base/time.h"
#include "der/reader.h"

namespace truename::der {

/// A UTCTime or GeneralizedTime and how it was written.
struct EncodedTime {
    Time time{};
    Tag form = Tag::utc_time;  ///< which of the two types it was
    bool der = true;           ///< false when only BER allows this way of writing it (no seconds, an offset instead of Z, fractions)

    /// True when the type is the one that RFC 5280 4.1.2.5 wants for this year: UTCTime through 2049, GeneralizedTime from 2050.
    [[nodiscard]] bool has_right_form() const;
};

/// Reads a Time of RFC 5280 4.1.2.5. `YYMMDDHHMMSSZ` means 1950 to 2049. Also reads what BER allows besides (without seconds, with `+hhmm`,
/// with fractions, which are cut off) and says so in `der`. wrong_tag for other types, bad_value with the offset of the first wrong byte; a
/// GeneralizedTime without any zone is local time somewhere and so bad_value.
Result<EncodedTime> read_time(const Tlv& element);

}  // namespace truename::der
