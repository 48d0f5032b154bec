#include "base/json.h"

#include <gtest/gtest.h>

namespace truename {
namespace {

TEST(JsonWriter, KeepsTheOrderOfTheCalls) {
    JsonWriter json;
    json.begin_object().member("b", 1).member("a", "x").key("list").begin_array().value(true).null().value(1.5).end_array().end_object();
    EXPECT_EQ(json.text(), R"({"b":1,"a":"x","list":[true,null,1.5]})");
}

TEST(JsonWriter, IndentsAndLeavesEmptyOnesShort) {
    JsonWriter json(2);
    json.begin_object().key("none").begin_array().end_array().member("one", -1).end_object();
    EXPECT_EQ(json.text(), "{\n  \"none\": [],\n  \"one\": -1\n}");
}

TEST(JsonQuoted, EscapesControlsAndReplacesWrongBytes) {
    EXPECT_EQ(json_quoted("a\"\\\n\x7f"), R"("a\"\\\u000a\u007f")");
    EXPECT_EQ(json_quoted("ok \xc3\xbc bad \xff"), "\"ok \xc3\xbc bad \xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace truename
