#include "verify/path_search.h"

#include <gmock/gmock.h>

#include "tests/verify/support.h"

namespace truename::verify {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

const std::string kServer = "names = [\"DNS:mail.example.com\"]";

constexpr Habit kOpenSsl{.search = PathSearch::trusted_first, .key_identifier = KeyIdentifierUse::must_fit_and_serial};
constexpr Habit kAsSent{
    .search = PathSearch::as_sent, .names_equal = NamesEqual::string_type, .key_identifier = KeyIdentifierUse::must_fit};
constexpr Habit kBest{.search = PathSearch::best, .uses_given = true, .uses_fetched = true};

// Two roots, and the newer one also signed by the older: [server, inter, cross] with either root.
const std::string kCrossSigned =
    authority({.name = "old-root", .key = "p256-2"}) + authority({.name = "new-root", .subject = "CN=new", .key = "p256-3"}) +
    authority({.name = "cross", .issuer = "old-root", .subject = "CN=new", .key = "p256-3", .from = "2019-01-01"}) +
    authority({.name = "inter", .issuer = "new-root", .key = "p256-4"}) +
    certificate({.name = "server", .issuer = "inter", .more = kServer});

TEST(PathSearch, EndsAtTheFirstTrustedRootOfACrossSignedChain) {
    Scene scene(kCrossSigned);
    scene.sends({"server", "inter", "cross"}).trusts({"new-root", "old-root"});
    for (const Habit& habit : {Habit{}, kOpenSsl, kAsSent, kBest})
        EXPECT_THAT(scene.path_names(scene.find(habit)), ElementsAre("server", "inter", "new-root"));
}

TEST(PathSearch, GoesTheLongWayWhenOnlyTheOldRootIsTrusted) {
    Scene scene(kCrossSigned);
    scene.sends({"server", "inter", "cross"}).trusts({"old-root"});
    for (const Habit& habit : {Habit{}, kOpenSsl, kAsSent, kBest})
        EXPECT_THAT(scene.path_names(scene.find(habit)), ElementsAre("server", "inter", "cross", "old-root"));
}

TEST(PathSearch, SaysOnWhichPartsOfTheHabitItHung) {
    const auto bits = [](std::initializer_list<HabitPart> parts) {
        unsigned sum = 0;
        for (const HabitPart part : parts) sum |= static_cast<unsigned>(part);
        return sum;
    };
    Scene one_way(authority({.name = "root", .key = "p256-2"}) + certificate({.name = "server", .issuer = "root", .more = kServer}));
    one_way.sends({"server"}).trusts({"root"});
    EXPECT_EQ(one_way.find().hangs_on, 0U);

    Scene missing(authority({.name = "root", .key = "p256-2"}) + authority({.name = "inter", .issuer = "root", .key = "p256-4"}) +
                  certificate({.name = "server", .issuer = "inter", .more = kServer}));
    missing.sends({"server"}).trusts({"root"});
    EXPECT_EQ(missing.find().hangs_on, bits({HabitPart::uses}));
    missing.fetched({"inter"});
    EXPECT_EQ(missing.find().hangs_on, bits({HabitPart::uses}));
    EXPECT_EQ(missing.find(kBest).hangs_on, bits({HabitPart::uses}));

    Scene crossed(kCrossSigned);
    crossed.sends({"server", "inter", "cross"}).trusts({"new-root", "old-root"});
    EXPECT_EQ(crossed.find().hangs_on, bits({HabitPart::search, HabitPart::key_identifier}));
}

TEST(PathSearch, GoesBackOnlyWhereTheHabitAllowsIt) {
    // The path over the new root is bad for this client, the one over the old root is good.
    Scene scene(authority({.name = "old-root", .key = "p256-2"}) +
                authority({.name = "new-root", .subject = "CN=new", .key = "p256-3", .from = "2020-01-01", .until = "2026-02-01"}) +
                authority({.name = "cross", .issuer = "old-root", .subject = "CN=new", .key = "p256-3"}) +
                authority({.name = "inter", .issuer = "new-root", .key = "p256-4"}) +
                certificate({.name = "server", .issuer = "inter", .more = kServer}));
    scene.sends({"server", "inter", "cross"}).trusts({"new-root", "old-root"});
    scene.client().minds = {FindingId::validity_issuer_expired};

    const FoundPath any = scene.find();
    EXPECT_TRUE(any.accepted);
    EXPECT_THAT(scene.path_names(any), ElementsAre("server", "inter", "cross", "old-root"));
    EXPECT_THAT(scene.client().asked, testing::SizeIs(2));

    const FoundPath first = scene.find(kOpenSsl);
    EXPECT_FALSE(first.accepted);
    EXPECT_THAT(scene.path_names(first), ElementsAre("server", "inter", "new-root"));
}

TEST(PathSearch, TakesTheFirstOfTwoSentNamesakesWhenItFollowsTheOrder) {
    const std::string recipe =
        authority({.name = "root", .key = "p256-2"}) +
        authority({.name = "expired", .issuer = "root", .subject = "CN=inter", .key = "p256-3", .until = "2026-02-01"}) +
        authority({.name = "valid", .issuer = "root", .subject = "CN=inter", .key = "p256-3"}) +
        certificate({.name = "server", .issuer = "valid", .more = kServer});
    Scene scene(recipe);
    scene.sends({"server", "expired", "valid"}).trusts({"root"});
    EXPECT_THAT(scene.path_names(scene.find(kAsSent)), ElementsAre("server", "expired", "root"));
    EXPECT_THAT(scene.path_names(scene.find(kOpenSsl)), ElementsAre("server", "valid", "root"));
    EXPECT_THAT(scene.path_names(scene.find()), ElementsAre("server", "valid", "root"));
}

TEST(PathSearch, TakesTheFittestOfNamesakesAndThenTheNewest) {
    const Habit fittest{.search = PathSearch::fittest_first, .key_identifier = KeyIdentifierUse::must_fit};
    const auto inter = [](const char* name, const char* from, const std::string& more) {
        return authority({.name = name, .issuer = "root", .subject = "CN=inter", .more = more, .key = "p256-3", .from = from});
    };
    Scene scene(authority({.name = "root", .key = "p256-2"}) + inter("older", "2024-01-01", "") + inter("newer", "2025-01-01", "") +
                inter("for-mail", "2025-06-01", "extended_key_usage = [\"emailProtection\"]") +
                certificate({.name = "server", .issuer = "older", .more = kServer}));
    scene.trusts({"root"});
    scene.sends({"server", "for-mail", "older", "newer"});
    EXPECT_THAT(scene.path_names(scene.find(fittest)), ElementsAre("server", "newer", "root"));
    EXPECT_THAT(scene.path_names(scene.find(kAsSent)), ElementsAre("server", "for-mail", "root"));
}

TEST(PathSearch, TakesWhatWasSentAsItStandsWhenThatIsAChain) {
    const Habit sent{.search = PathSearch::sent_chain};
    const std::string other = "key_identifiers = false";
    const std::string recipe = authority({.name = "root", .more = other, .key = "p256-2"}) +
                               authority({.name = "wrong", .issuer = "root", .subject = "CN=inter", .more = other, .key = "p256-4"}) +
                               authority({.name = "right", .issuer = "root", .subject = "CN=inter", .more = other, .key = "p256-3"}) +
                               certificate({.name = "server", .issuer = "right", .more = kServer + "\n" + other});
    Scene chain(recipe);
    chain.sends({"server", "wrong"}).trusts({"root"}).given({"right"});
    EXPECT_THAT(chain.path_names(chain.find(sent)), ElementsAre("server", "wrong", "root"));
    EXPECT_THAT(chain.findings(sent), Contains("signature.invalid @server"));
    Scene no_chain(recipe);
    no_chain.sends({"server", "wrong", "right"}).trusts({"root"});
    EXPECT_THAT(no_chain.path_names(no_chain.find(sent)), ElementsAre("server", "right", "root"));
}

TEST(PathSearch, HoldsKeyIdentifiersAgainstATrustedIssuerAlone) {
    const std::string other = "\nissuer_key = \"p256-4\"";
    for (const PathSearch search : {PathSearch::any_good_path, PathSearch::sent_chain}) {
        const Habit habit{.search = search, .key_identifier = KeyIdentifierUse::must_fit_at_anchor};
        Scene below(authority({.name = "root", .key = "p256-2"}) + authority({.name = "inter", .issuer = "root", .key = "p256-3"}) +
                    certificate({.name = "server", .issuer = "inter", .more = kServer + other}));
        below.sends({"server", "inter"}).trusts({"root"});
        EXPECT_EQ(below.find(habit).end, PathEnd::anchor);
        Scene at(authority({.name = "root", .key = "p256-2"}) + certificate({.name = "server", .issuer = "root", .more = kServer + other}));
        at.sends({"server"}).trusts({"root"});
        EXPECT_EQ(at.find(habit).end, PathEnd::unknown_issuer);
    }
}

TEST(PathSearch, DoesNotSeeAnIssuerWhoseKeyIdentifierMustFitAndDoesNot) {
    Scene scene(authority({.name = "root", .key = "p256-2"}) +
                certificate({.name = "server", .issuer = "root", .more = kServer + "\nissuer_key = \"p256-4\""}));
    scene.sends({"server"}).trusts({"root"});
    EXPECT_EQ(scene.find(kOpenSsl).end, PathEnd::unknown_issuer);
    EXPECT_EQ(scene.find().end, PathEnd::anchor);
    EXPECT_THAT(scene.findings(), Contains("path.key-identifier @server"));
}

TEST(PathSearch, FindsTheRightOneOfNamesakesByItsSignatureWhenItGoesBack) {
    const std::string other = "key_identifiers = false";
    Scene scene(authority({.name = "root", .more = other, .key = "p256-2"}) +
                authority({.name = "wrong", .issuer = "root", .subject = "CN=inter", .more = other, .key = "p256-4"}) +
                authority({.name = "right", .issuer = "root", .subject = "CN=inter", .more = other, .key = "p256-3"}) +
                certificate({.name = "server", .issuer = "right", .more = kServer + "\n" + other}));
    scene.sends({"server", "wrong", "right"}).trusts({"root"});
    EXPECT_THAT(scene.path_names(scene.find()), ElementsAre("server", "right", "root"));
    EXPECT_THAT(scene.path_names(scene.find(kOpenSsl)), ElementsAre("server", "wrong", "root"));
    EXPECT_THAT(scene.findings(kOpenSsl), Contains("signature.invalid @server"));
}

TEST(PathSearch, ComparesNamesAsTheHabitSays) {
    Scene scene(authority({.name = "root", .subject = "CN=Example  Root", .key = "p256-2"}) +
                certificate({.name = "server", .issuer = "root", .more = kServer + "\nissuer_name = \"CN=EXAMPLE ROOT\""}));
    scene.sends({"server"}).trusts({"root"});
    EXPECT_EQ(scene.find().end, PathEnd::anchor);
    EXPECT_THAT(scene.findings(), Contains("path.name-encoding @server"));
    EXPECT_EQ(scene.find({.names_equal = NamesEqual::string_type}).end, PathEnd::unknown_issuer);
    EXPECT_EQ(scene.find({.names_equal = NamesEqual::bytes}).end, PathEnd::unknown_issuer);
}

TEST(PathSearch, UsesOnlyWhatTheClientWouldHave) {
    Scene scene(authority({.name = "root", .key = "p256-2"}) + authority({.name = "inter", .issuer = "root", .key = "p256-3"}) +
                certificate({.name = "server", .issuer = "inter", .more = kServer}));
    scene.sends({"server"}).trusts({"root"}).fetched({"inter"});
    EXPECT_EQ(scene.find().end, PathEnd::unknown_issuer);
    EXPECT_THAT(scene.path_names(scene.find()), ElementsAre("server"));
    EXPECT_EQ(scene.find({.uses_given = true}).end, PathEnd::unknown_issuer);
    EXPECT_EQ(scene.find({.uses_fetched = true}).end, PathEnd::anchor);
}

TEST(PathSearch, NamesTheEndOfAPathThatNobodyTrusts) {
    Scene scene(authority({.name = "root", .key = "p256-2"}) + certificate({.name = "server", .issuer = "root", .more = kServer}) +
                certificate({.name = "self", .more = kServer}));
    scene.sends({"server", "root"});
    EXPECT_EQ(scene.find().end, PathEnd::untrusted_root);
    EXPECT_THAT(scene.path_names(scene.find()), ElementsAre("server", "root"));

    Scene self(authority({.name = "root", .key = "p256-2"}) + certificate({.name = "self", .more = kServer}));
    self.sends({"self"});
    EXPECT_EQ(self.find().end, PathEnd::self_signed);
}

TEST(PathSearch, TakesATrustedLeafAsItIs) {
    Scene scene(certificate({.name = "self", .more = kServer}));
    scene.sends({"self"}).trusts({"self"});
    EXPECT_EQ(scene.find().end, PathEnd::anchor);
    EXPECT_THAT(scene.path_names(scene.find(kOpenSsl)), ElementsAre("self"));
}

TEST(PathSearch, PrefersARootThatIsTrustedToOneThatMayBe) {
    Scene scene(kCrossSigned);
    scene.sends({"server", "inter", "cross"}).trusts({"old-root", "new-root"});
    // Ask for the paths once, so that the anchors are nodes.
    scene.verification().chain_findings();
    scene.find();
    for (NodeIndex node = 0; node < scene.verification().node_count(); ++node) {
        if (scene.name_of(node) == "new-root") scene.client().unsure_of = {node};
    }
    const FoundPath found = scene.find();
    EXPECT_EQ(found.trust, Trust::yes);
    EXPECT_THAT(scene.path_names(found), ElementsAre("server", "inter", "cross", "old-root"));
    const FoundPath first = scene.find(kOpenSsl);
    EXPECT_EQ(first.trust, Trust::unknown) << "a client that does not go back ends at a root that it may trust";
}

TEST(PathSearch, EndsAtADistrustedAuthority) {
    Scene scene(authority({.name = "root", .key = "p256-2"}) + certificate({.name = "server", .issuer = "root", .more = kServer}));
    scene.sends({"server", "root"});
    scene.client().rejects = {1};
    EXPECT_EQ(scene.find().end, PathEnd::distrusted);
    EXPECT_THAT(scene.findings(), Contains("path.distrusted @root"));
}

TEST(PathSearch, SaysThatThereIsNoLeaf) {
    Scene scene(certificate({.name = "self"}));
    const FoundPath found = scene.find();
    EXPECT_EQ(found.end, PathEnd::no_leaf);
    EXPECT_FALSE(found.path.has_value());
    EXPECT_THAT(scene.findings(), ElementsAre("path.empty"));
}

/// Authorities that all signed each other: every order of them is a path.
std::string clique(int size) {
    std::string toml;
    const auto name = [](int a, int b) { return "c" + std::to_string(a) + "-" + std::to_string(b); };
    const auto key = [](int a) {
        return std::vector{
            "p256-1", "p256-2", "p256-3", "p256-4", "ed25519-1", "ed25519-2", "p384-1", "p384-2"}[static_cast<std::size_t>(a)];
    };
    for (int a = 0; a < size; ++a) {
        const std::string self = name(a, a);
        toml += authority({.name = self, .subject = "CN=authority " + std::to_string(a), .key = key(a)});
    }
    for (int a = 0; a < size; ++a) {
        for (int b = 0; b < size; ++b) {
            const std::string self = name(a, b), issuer = name(b, b);
            if (a != b) toml += authority({.name = self, .issuer = issuer, .subject = "CN=authority " + std::to_string(a), .key = key(a)});
        }
    }
    return toml + certificate({.name = "server", .issuer = name(0, 0), .more = kServer, .key = "p256-1"});
}

TEST(PathSearch, ComesToAnEndInAClique) {
    Scene scene(clique(8));
    std::vector<std::string> sent = {"server"};
    for (const auto& [name, item] : scene.built.certificates) {
        const bool is_root = name.size() == 4 && name[1] == name[3];
        if (name != "server" && !is_root) sent.push_back(name);
    }
    scene.sends(sent);
    const FoundPath found = scene.find();
    EXPECT_TRUE(found.path.has_value());
    EXPECT_EQ(found.end, PathEnd::unknown_issuer);
    EXPECT_TRUE(scene.verification().meter().is_exhausted());
    EXPECT_THAT(scene.findings(), Contains("work.budget"));
    EXPECT_GE(scene.verification().meter().left().signatures, 1'000U) << "each signature is checked once";
}

/// `count` intermediates of one name, of which the last one issued the server's certificate.
Scene namesakes(int count) {
    const std::string no_identifiers = "key_identifiers = false";
    std::string toml = authority({.name = "root", .more = no_identifiers, .key = "p256-2"});
    std::vector<std::string> sent = {"server"};
    for (int i = 0; i < count; ++i) {
        const std::string name = "i" + std::to_string(i);
        const std::string_view key = i + 1 == count ? "p256-3" : "p256-4";
        toml += authority({.name = name, .issuer = "root", .subject = "CN=namesake", .more = no_identifiers, .key = key});
        sent.push_back(name);
    }
    Scene scene(toml + certificate({.name = "server", .issuer = sent.back(), .more = kServer + "\n" + no_identifiers}));
    scene.sends(sent).trusts({"root"});
    return scene;
}

TEST(PathSearch, FindsTheOneOfAHundredNamesakes) {
    Scene scene = namesakes(100);
    EXPECT_THAT(scene.path_names(scene.find()), ElementsAre("server", "i99", "root"));
    EXPECT_FALSE(scene.verification().meter().is_exhausted());
    EXPECT_THAT(scene.findings(), Not(Contains("work.budget")));
}

TEST(PathSearch, StopsAtItsLimitOfSignatures) {
    // A hundred namesakes and the way from the right one to the root are a hundred and one signatures.
    Scene enough = namesakes(100);
    enough.input.budget.signatures = 101;
    EXPECT_EQ(enough.find().end, PathEnd::anchor);
    EXPECT_THAT(enough.findings(), Not(Contains("work.budget")));

    Scene short_by_one = namesakes(100);
    short_by_one.input.budget.signatures = 100;
    EXPECT_EQ(short_by_one.find().end, PathEnd::anchor) << "what was found stands";
    EXPECT_THAT(short_by_one.findings(), Contains("work.budget"));
}

TEST(PathSearch, StopsAtItsLimitOfCandidates) {
    const std::string chain =
        authority({.name = "root", .key = "p256-2"}) + certificate({.name = "server", .issuer = "root", .more = kServer});
    Scene enough(chain);
    enough.sends({"server"}).trusts({"root"});
    enough.input.budget.candidates = 2;
    EXPECT_EQ(enough.find().end, PathEnd::anchor);
    EXPECT_FALSE(enough.verification().meter().is_exhausted());

    Scene short_by_one(chain);
    short_by_one.sends({"server"}).trusts({"root"});
    short_by_one.input.budget.candidates = 1;
    EXPECT_NE(short_by_one.find().end, PathEnd::anchor);
    EXPECT_TRUE(short_by_one.verification().meter().is_exhausted());
}

TEST(PathSearch, StopsAtItsLimitOfNameComparisons) {
    Scene enough = namesakes(20);
    enough.input.budget.name_comparisons = 21;
    EXPECT_EQ(enough.find().end, PathEnd::anchor);
    EXPECT_FALSE(enough.verification().meter().is_exhausted());

    Scene short_by_one = namesakes(20);
    short_by_one.input.budget.name_comparisons = 19;
    EXPECT_NE(short_by_one.find().end, PathEnd::anchor) << "the twentieth namesake is the right one";
    EXPECT_TRUE(short_by_one.verification().meter().is_exhausted());
}

TEST(PathSearch, ReadsNoMoreCertificatesThanItMay) {
    Scene enough = namesakes(20);
    enough.input.budget.certificates = 22;
    EXPECT_EQ(enough.find().end, PathEnd::anchor);
    EXPECT_FALSE(enough.verification().meter().is_exhausted());

    Scene short_by_one = namesakes(20);
    short_by_one.input.budget.certificates = 21;
    EXPECT_NE(short_by_one.find().end, PathEnd::anchor) << "there is no room for the root";
    EXPECT_THAT(short_by_one.findings(), Contains("work.budget"));
}

}  // namespace
}  // namespace truename::verify
