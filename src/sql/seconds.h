#pragma once

#include <cstdint>

#include "base/time.h"

namespace truename::sql {

/// A time as tables hold it: seconds since 1970.
inline std::int64_t to_seconds(Time time) {
    return time.time_since_epoch().count();
}
/// The way back.
inline Time from_seconds(std::int64_t seconds) {
    return Time(std::chrono::seconds(seconds));
}

}  // namespace truename::sql
