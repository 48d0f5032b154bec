#include "verify/chain_findings.h"

#include <gmock/gmock.h>

#include "tests/verify/support.h"

namespace truename::verify {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string kChain = authority({.name = "root", .key = "p256-2"}) + authority({.name = "upper", .issuer = "root", .key = "p256-3"}) +
                           authority({.name = "lower", .issuer = "upper", .key = "p256-4"}) +
                           certificate({.name = "server", .issuer = "lower"}) + certificate({.name = "stranger", .key = "p384-1"}) +
                           authority({.name = "namesake", .issuer = "root", .subject = "CN=lower", .key = "p384-2"});

std::vector<std::string> sent(std::initializer_list<std::string_view> names) {
    Scene scene(kChain);
    scene.sends(names).trusts({"root"});
    scene.input.at = *parse_time("2026-03-01");
    return scene.findings();
}

TEST(ChainFindings, HasNothingToSayOfTheRightOrder) {
    EXPECT_THAT(sent({"server", "lower", "upper"}), IsEmpty());
}

TEST(ChainFindings, TellsAnotherOrder) {
    EXPECT_THAT(sent({"server", "upper", "lower"}), ElementsAre("path.order @upper"));
}

/// What is told of all that was sent, as `id @name`.
std::vector<std::string> told(Scene& scene) {
    scene.trusts({"root"});
    scene.input.at = *parse_time("2026-03-01");
    std::vector<std::string> list;
    for (const Placed& placed : scene.verification().chain_findings())
        list.push_back(std::string(info(placed.finding->id).name) + " @" + scene.name_of(placed.node));
    return list;
}

std::vector<std::string> order_meant(Scene& scene) {
    std::vector<std::string> list;
    for (const NodeIndex node : scene.verification().reordered()) list.push_back(scene.name_of(node));
    return list;
}

TEST(ChainFindings, TellsAnAuthorityThatStandsBeforeTheServer) {
    Scene intermediate(kChain), root(kChain), all(kChain);
    intermediate.sends({"lower", "server", "upper"});
    EXPECT_THAT(told(intermediate), ElementsAre("path.order @lower"));
    EXPECT_EQ(intermediate.finding(FindingId::path_order).expected, "CN=server");
    EXPECT_THAT(order_meant(intermediate), ElementsAre("server", "lower", "upper"));
    EXPECT_EQ(intermediate.name_of(*intermediate.verification().leaf()), "lower") << "TLS takes the first for the server's";

    root.sends({"root", "server", "lower"}).fetched({"upper"});
    EXPECT_THAT(told(root), ElementsAre("path.order @root", "path.root-sent @root", "path.incomplete @lower"));
    EXPECT_THAT(order_meant(root), ElementsAre("server", "lower", "upper"));

    all.sends({"root", "upper", "lower", "server", "stranger"});
    EXPECT_THAT(told(all), ElementsAre("path.order @root", "path.root-sent @root", "path.extra-certificate @stranger"));
    EXPECT_THAT(order_meant(all), ElementsAre("server", "lower", "upper"));
}

TEST(ChainFindings, DoesNotTakeAnAuthorityForMisplacedThatNothingLeadsTo) {
    for (const std::vector<std::string>& names : {std::vector<std::string>{"lower", "upper"},
                                                  {"namesake", "server", "lower"},
                                                  {"lower", "stranger"},
                                                  {"server", "lower", "upper"}}) {
        Scene scene(kChain);
        scene.sends(names);
        EXPECT_THAT(told(scene), testing::Not(Contains("path.order @" + names[0])));
        EXPECT_THAT(order_meant(scene), IsEmpty());
    }
}

TEST(ChainFindings, TellsTheRootThatWasSent) {
    EXPECT_THAT(sent({"server", "lower", "upper", "root"}), ElementsAre("path.root-sent @root"));
}

TEST(ChainFindings, TellsWhatNoPathNeeds) {
    EXPECT_THAT(sent({"server", "stranger", "lower", "upper"}), ElementsAre("path.extra-certificate @stranger"));
    EXPECT_THAT(sent({"server", "server", "lower", "upper"}), ElementsAre("path.extra-certificate @server"));
    EXPECT_THAT(sent({"server", "lower", "upper", "namesake"}), ElementsAre("path.extra-certificate @namesake"))
        << "it has the name of an issuer but not the key identifier";
}

TEST(ChainFindings, TellsAMissingIntermediateThatIsKnownElsewhere) {
    Scene scene(kChain);
    scene.sends({"server"}).trusts({"root"}).fetched({"lower", "upper"});
    scene.input.at = *parse_time("2026-03-01");
    EXPECT_THAT(scene.findings(kSeesAll), ElementsAre("path.incomplete @server"));
    EXPECT_THAT(scene.findings(), ElementsAre("path.incomplete @server", "path.unknown-issuer @server"));
    EXPECT_EQ(scene.finding(FindingId::path_incomplete).expected, "CN=lower");

    Scene middle(kChain);
    middle.sends({"server", "lower"}).trusts({"root"}).given({"upper"});
    middle.input.at = *parse_time("2026-03-01");
    EXPECT_THAT(middle.findings(kSeesAll), ElementsAre("path.incomplete @lower"));
}

TEST(ChainFindings, DoesNotCallAChainIncompleteThatReachesARoot) {
    Scene scene(kChain);
    scene.sends({"server", "lower", "upper"}).trusts({"root"}).fetched({"root"});
    scene.input.at = *parse_time("2026-03-01");
    EXPECT_THAT(scene.findings(kSeesAll), IsEmpty());
}

TEST(ChainFindings, TellsWhatIsNoCertificate) {
    Scene scene(kChain);
    scene.sends({"server", "lower", "upper"}).trusts({"root"});
    const std::vector<std::uint8_t> garbage = {0x30, 0x03, 0x02, 0x01};
    std::vector<Bytes> chain = {scene.built.certificate("server"), garbage};
    Input input = scene.input;
    input.presented = chain;
    input.at = *parse_time("2026-03-01");
    Verification verification(input, scene.trust, scene.memory);
    ASSERT_TRUE(verification.leaf().has_value());
    ASSERT_THAT(verification.chain_findings(), testing::SizeIs(1));
    EXPECT_EQ(verification.chain_findings()[0].finding->id, FindingId::cert_malformed);
    EXPECT_EQ(verification.chain_findings()[0].position, 1U);

    input.presented = std::span(chain).subspan(1);
    Verification no_leaf(input, scene.trust, scene.memory);
    TestClient client(no_leaf);
    const FoundPath found = no_leaf.find_path({}, client);
    EXPECT_EQ(found.end, PathEnd::no_leaf);
    ASSERT_THAT(no_leaf.findings(found), testing::SizeIs(1));
    EXPECT_EQ(no_leaf.findings(found)[0].finding->id, FindingId::cert_malformed);
}

TEST(ChainFindings, CopesWithFiftyExtraCertificates) {
    std::string recipe = kChain;
    std::vector<std::string> names = {"server", "lower", "upper"};
    for (int i = 0; i < 50; ++i) {
        names.push_back("extra" + std::to_string(i));
        recipe += certificate({.name = names.back(), .key = "ed25519-1"});
    }
    Scene scene(recipe);
    scene.sends(names).trusts({"root"});
    scene.input.at = *parse_time("2026-03-01");
    EXPECT_THAT(scene.findings(), testing::SizeIs(50));
    EXPECT_EQ(scene.find().end, PathEnd::anchor);
}

}  // namespace
}  // namespace truename::verify
