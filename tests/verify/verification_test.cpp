#include "verify/verification.h"

#include <gmock/gmock.h>

#include "tests/verify/support.h"

namespace truename::verify {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kGood = authority({.name = "root", .key = "p256-2"}) + authority({.name = "inter", .issuer = "root", .key = "p256-3"}) +
                          certificate({.name = "server", .issuer = "inter", .more = "names = [\"DNS:mail.example.com\"]"});

TEST(Verification, HasNothingToSayOfAGoodChain) {
    Scene scene(kGood);
    scene.sends({"server", "inter"}).trusts({"root"});
    scene.input.name = "mail.example.com";
    scene.input.at = *parse_time("2026-03-01");
    EXPECT_THAT(scene.findings(), IsEmpty());
    const FoundPath found = scene.find();
    EXPECT_EQ(found.end, PathEnd::anchor);
    EXPECT_EQ(found.trust, Trust::yes);
    EXPECT_TRUE(found.accepted);
    EXPECT_THAT(scene.path_names(found), ElementsAre("server", "inter", "root"));
}

}  // namespace
}  // namespace truename::verify
