#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "tests/verify/support.h"

// Chains that are made to cost work: each comes to an end, and what fits into the budget is verified to the last.

namespace truename::verify {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

const std::string kPlain = "key_identifiers = false";

std::string server_from(std::string_view issuer) {
    return certificate({.name = "server", .issuer = issuer, .more = kPlain + "\nnames = [\"DNS:mail.example.com\"]"});
}

/// Five digits, in a name or as a serial number, that no date holds.
constexpr std::string_view kDigits = "99999";

/// Writes `number` over these digits everywhere in a certificate; nothing is signed anew.
ByteString numbered(ByteString der, unsigned number) {
    char text[6];
    std::snprintf(text, sizeof text, "%05u", number);
    for (auto at = der.begin();;) {
        at = std::search(at, der.end(), kDigits.begin(), kDigits.end());
        if (at == der.end()) return der;
        at = std::copy_n(text, 5, at);
    }
}

/// A certificate of the recipe and copies of it that differ in these digits.
std::vector<ByteString> copies(const Scene& scene, std::string_view name, unsigned count) {
    std::vector<ByteString> all = {to_owned(scene.built.certificate(name))};
    while (all.size() < count) all.push_back(numbered(all[0], static_cast<unsigned>(all.size())));
    return all;
}

const std::string kCopied = kPlain + "\nserial = \"3939393939\"";  // kDigits

/// A server's certificate and `count` authorities that are at hand, of which the last issued it. All others have one name of their own or,
/// as namesakes, its name.
Scene pool(unsigned count, bool are_namesakes) {
    Scene scene(authority({.name = "root", .more = kPlain, .key = "p256-2"}) +
                authority({.name = "right", .issuer = "root", .subject = "CN=authority 77777", .more = kPlain, .key = "p256-3"}) +
                authority({.name = "other", .issuer = "root", .subject = "CN=authority 99999", .more = kPlain, .key = "p256-4"}) +
                authority({.name = "namesake", .issuer = "root", .subject = "CN=authority 77777", .more = kCopied, .key = "p256-4"}) +
                server_from("right"));
    std::vector<ByteString> given = copies(scene, are_namesakes ? "namesake" : "other", count - 1);
    given.push_back(to_owned(scene.built.certificate("right")));
    scene.sends({"server"}).trusts({"root"}).given(std::move(given));
    return scene;
}

TEST(Work, FindsTheOneOfTenThousand) {
    Scene scene = pool(10'000, false);
    EXPECT_THAT(scene.path_names(scene.find(kSeesAll)), ElementsAre("server", "right", "root"));
    EXPECT_THAT(scene.findings(kSeesAll), Not(Contains("work.budget")));
}

TEST(Work, EndsWithTenThousandNamesakes) {
    Scene scene = pool(10'000, true);
    EXPECT_TRUE(scene.find(kSeesAll).path.has_value());
    EXPECT_THAT(scene.findings(kSeesAll), Contains("work.budget"));
}

TEST(Work, MayBeTwoThousandSignatures) {
    // One for each namesake, and one that leads from the right one to the root.
    Scene at_limit = pool(1'999, true);
    EXPECT_THAT(at_limit.path_names(at_limit.find(kSeesAll)), ElementsAre("server", "right", "root"));
    EXPECT_THAT(at_limit.findings(kSeesAll), Not(Contains("work.budget")));
    EXPECT_EQ(at_limit.verification().meter().left().signatures, 0U);

    Scene past = pool(2'000, true);
    EXPECT_THAT(past.path_names(past.find(kSeesAll)), ElementsAre("server", "right", "root")) << "what was found stands";
    EXPECT_THAT(past.findings(kSeesAll), Contains("work.budget"));
}

/// Certificates of one name and one key each lead to all of the next name: `a` times `b` times `c` ways that end nowhere.
Scene layers(unsigned a, unsigned b, unsigned c) {
    Scene scene(authority({.name = "top", .more = kPlain, .key = "ed25519-1"}) +
                authority({.name = "c", .issuer = "top", .more = kCopied, .key = "p256-4"}) +
                authority({.name = "b", .issuer = "c", .more = kCopied, .key = "p256-3"}) +
                authority({.name = "a", .issuer = "b", .more = kCopied, .key = "p256-2"}) + server_from("a"));
    std::vector<ByteString> given = copies(scene, "a", a);
    for (ByteString& der : copies(scene, "b", b)) given.push_back(std::move(der));
    for (ByteString& der : copies(scene, "c", c)) given.push_back(std::move(der));
    scene.sends({"server"}).given(std::move(given));
    return scene;
}

TEST(Work, MayBeTenThousandCandidates) {
    Scene at_limit = layers(9, 10, 110);  // 1 + 9 + 9 * 10 + 9 * 10 * 110 steps
    EXPECT_EQ(at_limit.find(kSeesAll).end, PathEnd::unknown_issuer);
    EXPECT_EQ(at_limit.verification().meter().left().candidates, 0U);
    EXPECT_FALSE(at_limit.verification().meter().is_exhausted());

    Scene past = layers(9, 10, 111);
    EXPECT_EQ(past.find(kSeesAll).end, PathEnd::unknown_issuer);
    EXPECT_THAT(past.findings(kSeesAll), Contains("work.budget"));
}

std::string numbered_names(std::string_view form, unsigned count) {
    std::string names;
    for (unsigned i = 0; i < count; ++i) {
        char text[64];
        std::snprintf(text, sizeof text, form.data(), i / 250, i % 250);
        names += (i == 0 ? "\"" : ", \"") + std::string(text) + "\"";
    }
    return names;
}

/// A server with names under an authority that excludes others.
Scene constrained(const std::string& names, const std::string& excluded) {
    const std::string constraints = kPlain + "\nname_constraints = { excluded = [" + excluded + "] }";
    Scene scene(authority({.name = "root", .more = kPlain, .key = "p256-2"}) +
                authority({.name = "inter", .issuer = "root", .more = constraints, .key = "p256-3"}) +
                certificate({.name = "server", .issuer = "inter", .more = kPlain + "\nnames = [" + names + "]"}));
    scene.sends({"server", "inter"}).trusts({"root"});
    return scene;
}

TEST(Work, MayBeAHundredThousandNameComparisons) {
    // 499 host names with 200 constraints, an address with 198, and two issuers that are looked for.
    const std::string names = numbered_names("DNS:n%u-%u.example", 499) + ", \"IP:192.0.2.1\"";
    const std::string hosts = numbered_names("DNS:x%u-%u.example", 200) + ", ";
    Scene at_limit = constrained(names, hosts + numbered_names("IP:10.%u.%u.0/24", 198));
    EXPECT_THAT(at_limit.findings(), Not(Contains("work.budget")));
    EXPECT_EQ(at_limit.verification().meter().left().name_comparisons, 0U);

    Scene past = constrained(names, hosts + numbered_names("IP:10.%u.%u.0/24", 199));
    EXPECT_THAT(past.findings(), Contains("work.budget"));
}

TEST(Work, CountsLongNamesForSeveral) {
    const std::string label(60, 'a');
    std::string host;
    for (int i = 0; i < 60; ++i) host += label + ".";
    std::string names, excluded;
    for (int i = 0; i < 60; ++i) {
        names += (i == 0 ? "" : ", ") + ("\"DNS:n" + std::to_string(i)) + "." + host + "example\"";
        excluded += (i == 0 ? "" : ", ") + ("\"DNS:x" + std::to_string(i)) + "." + host + "example\"";
    }
    Scene scene = constrained(names, excluded);
    EXPECT_THAT(scene.findings(), Contains("work.budget")) << "3,600 comparisons of seven thousand octets each";
}

TEST(Work, CountsSlowKeysForSeveral) {
    Scene scene(authority({.name = "root", .more = kPlain, .key = "p384-1"}) + server_from("root"));
    scene.sends({"server"}).trusts({"root"});
    scene.find(kSeesAll);
    scene.findings(kSeesAll);
    EXPECT_LE(scene.verification().meter().left().signatures, 1'995U);
    EXPECT_FALSE(scene.verification().meter().is_exhausted());
}

}  // namespace
}  // namespace truename::verify
