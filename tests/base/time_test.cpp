#include "base/time.h"

#include <gtest/gtest.h>

namespace truename {
namespace {

TEST(ParseTime, ReadsADateAMinuteAndASecond) {
    EXPECT_EQ(format_time(*parse_time("2026-11-24")), "2026-11-24T00:00:00Z");
    EXPECT_EQ(format_time(*parse_time("2026-11-24T09:30")), "2026-11-24T09:30:00Z");
    EXPECT_EQ(format_time(*parse_time("2026-11-24 09:30:07Z")), "2026-11-24T09:30:07Z");
    EXPECT_EQ(format_time(*parse_time("@0")), "1970-01-01T00:00:00Z");
}

TEST(ParseTime, RefusesNonsenseAtTheRightPlace) {
    EXPECT_EQ(parse_time("tomorrow").error().offset, 0U);
    EXPECT_EQ(parse_time("2026-13").error().kind, ErrorKind::truncated);
    EXPECT_EQ(parse_time("2026-02-30").error().kind, ErrorKind::bad_value);
    EXPECT_EQ(parse_time("2026-11-24T25:00").error().kind, ErrorKind::bad_value);
    EXPECT_EQ(parse_time("2026-11-24x").error(), (Error{ErrorKind::bad_value, 10}));
    EXPECT_EQ(parse_time("2026-11-24T09:30:00Zjunk").error().kind, ErrorKind::trailing_data);
    EXPECT_EQ(parse_time("").error().kind, ErrorKind::truncated);
    EXPECT_FALSE(parse_time("@999999999999999"));
}

TEST(Time, GoesToCivilAndBackForTheEdgesOfTheCalendar) {
    for (const char* text : {"0000-01-01T00:00:00Z", "1949-12-31T23:59:59Z", "2000-02-29T12:00:00Z", "9999-12-31T23:59:59Z"}) {
        const Time time = *parse_time(text);
        EXPECT_EQ(format_time(*to_time(to_civil(time))), text);
    }
}

}  // namespace
}  // namespace truename
