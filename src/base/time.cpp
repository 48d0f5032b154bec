#include "base/time.h"

#include <charconv>
#include <cstdio>

namespace truename {

namespace {

/// Reads exactly `digits` decimal digits at `at`.
Result<unsigned> parse_digits(std::string_view text, std::size_t at, std::size_t digits) {
    unsigned number = 0;
    for (std::size_t i = at; i < at + digits; ++i) {
        if (i >= text.size()) return fail(ErrorKind::truncated, i);
        if (text[i] < '0' || text[i] > '9') return fail(ErrorKind::bad_value, i);
        number = number * 10 + static_cast<unsigned>(text[i] - '0');
    }
    return number;
}

Result<Time> parse_epoch(std::string_view text) {
    std::int64_t seconds = 0;
    const auto [end, code] = std::from_chars(text.data() + 1, text.data() + text.size(), seconds);
    constexpr std::int64_t kLast = 253402300799;  // the last second of the year 9999, which is as far as GeneralizedTime goes
    if (code != std::errc() || end != text.data() + text.size() || seconds < 0 || seconds > kLast) {
        return fail(ErrorKind::bad_value, static_cast<std::size_t>(end - text.data()));
    }
    return Time(std::chrono::seconds(seconds));
}

}  // namespace

Result<Time> to_time(const CivilTime& civil) {
    const std::chrono::year_month_day date{std::chrono::year(civil.year), std::chrono::month(civil.month), std::chrono::day(civil.day)};
    if (!date.ok() || civil.hour > 23 || civil.minute > 59 || civil.second > 59) return fail(ErrorKind::bad_value, 0);
    return std::chrono::sys_days(date) + std::chrono::hours(civil.hour) + std::chrono::minutes(civil.minute) +
           std::chrono::seconds(civil.second);
}

CivilTime to_civil(Time time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    return {static_cast<int>(date.year()),
            static_cast<unsigned>(date.month()),
            static_cast<unsigned>(date.day()),
            static_cast<unsigned>(clock.hours().count()),
            static_cast<unsigned>(clock.minutes().count()),
            static_cast<unsigned>(clock.seconds().count())};
}

Result<Time> parse_time(std::string_view text) {
    if (text.starts_with('@')) return parse_epoch(text);
    struct Part {
        std::size_t at, digits;
        std::string_view before;  // the characters of which one must stand in front
    };
    constexpr Part kParts[] = {{0, 4, ""}, {5, 2, "-"}, {8, 2, "-"}, {11, 2, "T "}, {14, 2, ":"}, {17, 2, ":"}};
    unsigned fields[6] = {};
    std::size_t end = 0;
    std::size_t read = 0;
    for (const Part& part : kParts) {
        const bool optional = read == 3 || read == 5;  // the time of day, and its seconds
        if (optional && (end == text.size() || text.substr(end) == "Z")) break;
        if (!part.before.empty() && (end >= text.size() || part.before.find(text[end]) == std::string_view::npos)) {
            return fail(end >= text.size() ? ErrorKind::truncated : ErrorKind::bad_value, end);
        }
        const auto number = parse_digits(text, part.at, part.digits);
        if (!number) return forward_error(number);
        fields[read++] = *number;
        end = part.at + part.digits;
    }
    if (end < text.size() && text.substr(end) != "Z") return fail(ErrorKind::trailing_data, end);
    return to_time({static_cast<int>(fields[0]), fields[1], fields[2], fields[3], fields[4], fields[5]});
}

std::string format_time(Time time) {
    const CivilTime t = to_civil(time);
    char text[48];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02u:%02u:%02uZ", t.year, t.month, t.day, t.hour, t.minute, t.second);
    return text;
}

std::string format_date(Time time) {
    return format_time(time).substr(0, 10);
}

}  // namespace truename
