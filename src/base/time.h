#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace truename {

/// A point in time, UTC, in whole seconds: the resolution of every time in a certificate.
using Time = std::chrono::sys_seconds;

/// A calendar moment in UTC, each field as it is written (month 1 to 12, day 1 to 31, second 0 to 59).
struct CivilTime {
    int year = 1970;
    unsigned month = 1, day = 1, hour = 0, minute = 0, second = 0;
};

/// The moment that `civil` names; bad_value when there is no such day or hour (no leap seconds: X.509 times have none).
Result<Time> to_time(const CivilTime& civil);

/// The calendar fields of `time`.
CivilTime to_civil(Time time);

/// Reads what an administrator types for `--at`: `2026-11-24`, `2026-11-24T09:30`, `2026-11-24T09:30:00Z` (a blank instead of T is
/// fine, no zone means UTC) or a number of seconds since 1970 with `@` before it. The offset of the error is where reading stopped.
Result<Time> parse_time(std::string_view text);

/// `2026-11-24T09:30:00Z`, the form of JSON and of evidence files.
std::string format_time(Time time);

/// `2026-11-24`, for people.
std::string format_date(Time time);

}  // namespace truename
