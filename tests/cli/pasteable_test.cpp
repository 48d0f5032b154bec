#include "cli/pasteable.h"

#include <gtest/gtest.h>

namespace truename::cli {
namespace {

const std::vector<PlaceOption> kPlaces = {{"certificate", "state", "--state '/srv/my certificates'"},
                                          {"keys", "store", "--store /srv/keys"}};

TEST(Pasteable, CommandsGetTheFoldersThatTheyNeed) {
    EXPECT_EQ(
        pasteable("First truename certificate resume, or truename certificate undo 3.", kPlaces),
        "First truename certificate resume --state '/srv/my certificates', or truename certificate undo --state '/srv/my certificates' 3.");
    EXPECT_EQ(pasteable("See truename keys list", kPlaces), "See truename keys list --store /srv/keys");
}

TEST(Pasteable, NothingElseIsTouched) {
    for (const char* text : {"truename: reading the settings", "truename certificate goes on here", "truename predict shows it",
                             "truename ", "truename certificate", "truename keys list --store /srv/keys", ""})
        EXPECT_EQ(pasteable(text, kPlaces), text);
    EXPECT_EQ(pasteable("truename certificate undo", {}), "truename certificate undo");
}

}  // namespace
}  // namespace truename::cli
