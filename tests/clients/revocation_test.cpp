#include <gmock/gmock.h>

#include <deque>
#include <memory>
#include <utility>

#include "clients/judge.h"
#include "tests/clients/support.h"
#include "tests/x509/ocsp.h"

// What clients make of what they get to know of revocation: [revocation] of their profiles.
namespace truename::clients {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using x509::OcspVerdict;

/// Kept to the end: verdicts borrow from it.
const Library& kept(std::shared_ptr<const Library> library) {
    static std::deque<std::shared_ptr<const Library>> all;
    return *all.emplace_back(std::move(library));
}

/// The demo client with a table [revocation], and reactions to what responders and lists say.
const Library& client_with(const std::string& rules) {
    return kept(
        read(demo_with("clients/bases/lib.toml", "[report]\n", "[revocation]\nsource = \"S3\"\nconfidence = \"documented\"\n" + rules + R"(
[[reaction]]
finding = ["revocation.ocsp-revoked", "revocation.undetermined"]
action = "refuses"
code = "E_REVOKED"
source = "S3"
confidence = "documented"
[report]
)")));
}

/// A server whose root is there.
Scene server() {
    Scene scene(recipe_with());
    scene.sends({"server"}).has_bundle({"root"});
    return scene;
}

ByteString answer(const Scene& scene, OcspVerdict verdict, std::string_view until = "2026-06-08") {
    const auto certificate = x509::parse_certificate(scene.built().certificate("server")),
               issuer = x509::parse_certificate(scene.built().certificate("root"));
    const crypto::PrivateKey& key = scene.built().certificates.find("root")->second.key;
    return x509::ocsp_response(*certificate,
                               {.verdict = verdict, .this_update = "2026-05-30", .next_update = until, .produced_at = "2026-05-30"},
                               {.issuer = &*issuer, .signer = &*issuer, .key = &key});
}

TEST(Revocation, WhoAsksTheResponderRefusesWhatItSaysIsRevoked) {
    Scene scene = server();
    scene.asked("server", answer(scene, OcspVerdict::revoked));
    const Verdict verdict = scene.judge(client_with("looks_at = [\"ocsp\"]"), "demo");
    EXPECT_EQ(verdict.outcome, Outcome::refuses) << verdict.why;
    EXPECT_THAT(findings(verdict), ElementsAre("revocation.ocsp-revoked"));
    EXPECT_THAT(verdict.codes, ElementsAre("E_REVOKED"));
}

TEST(Revocation, WhoDoesNotAskCannotMindWhatTheResponderSays) {
    Scene scene = server();
    scene.asked("server", answer(scene, OcspVerdict::revoked));
    const Verdict verdict = scene.judge(client_with("looks_at = [\"staple\", \"crl\"]"), "demo");
    EXPECT_EQ(verdict.outcome, Outcome::silent) << verdict.why;
    EXPECT_EQ(verdict.confidence, Confidence::documented) << "it hangs on where it looks";
    EXPECT_THAT(gaps(profile(client_with("looks_at = []"), "demo")), Not(Contains(FindingId::revocation_ocsp_unknown)));
    EXPECT_THAT(gaps(profile(client_with("looks_at = \"unknown\""), "demo")), Contains(FindingId::revocation_ocsp_unknown));
}

TEST(Revocation, WithoutAnAnswerSomeGoOnAndSomeRefuse) {
    Scene scene = server();
    scene.asked("server");
    const Verdict soft = scene.judge(client_with("looks_at = [\"ocsp\"]\nwithout_answer = \"goes-on\""), "demo");
    EXPECT_EQ(soft.outcome, Outcome::silent) << soft.why;
    const Verdict hard = scene.judge(client_with("looks_at = [\"ocsp\"]\nwithout_answer = \"refuses\""), "demo");
    EXPECT_EQ(hard.outcome, Outcome::refuses) << hard.why;
    EXPECT_THAT(findings(hard), ElementsAre("revocation.ocsp-unreachable"));
    EXPECT_THAT(hard.codes, ElementsAre("E_REVOKED")) << "that of its reaction to revocation.undetermined";
    const Verdict elsewhere = scene.judge(client_with("looks_at = [\"staple\"]\nwithout_answer = \"refuses\""), "demo");
    EXPECT_EQ(elsewhere.outcome, Outcome::silent) << elsewhere.why;
}

TEST(Revocation, AProgramMayOnlyWarnOfWhatItsLibraryRefuses) {
    auto files = demo_with("clients/bases/lib.toml", "[report]\n", R"([revocation]
looks_at = { value = ["ocsp"], source = "S3", confidence = "documented" }
without_answer = { value = "refuses", source = "S3", confidence = "documented" }
[[reaction]]
finding = "revocation.undetermined"
action = "refuses"
kind = "time"
source = "S3"
confidence = "documented"
[report]
)");
    Scene scene = server();
    scene.asked("server");
    const Verdict verdict = scene.judge(kept(read(files)), "demo");
    EXPECT_EQ(verdict.outcome, Outcome::warns) << verdict.why;
    EXPECT_TRUE(verdict.dialog);
}

TEST(Revocation, WhatNobodyKnowsIsNotJudged) {
    Scene scene = server();
    scene.asked("server");
    const Verdict unknown = scene.judge(client_with("looks_at = [\"ocsp\"]\nwithout_answer = \"unknown\""), "demo");
    EXPECT_EQ(unknown.outcome, Outcome::not_judged);
    EXPECT_THAT(unknown.why, HasSubstr("when nobody tells whether a certificate is revoked"));
    const Verdict looks = scene.judge(client_with("looks_at = \"unknown\"\nwithout_answer = \"refuses\""), "demo");
    EXPECT_EQ(looks.outcome, Outcome::not_judged) << "it may not look there";
    const Verdict soft = scene.judge(client_with("looks_at = \"unknown\"\nwithout_answer = \"goes-on\""), "demo");
    EXPECT_EQ(soft.outcome, Outcome::silent) << "wherever it looks: " << soft.why;
}

TEST(Revocation, AStaleAnswerIsNoneAndAGoodOneIs) {
    const Library& hard = client_with("looks_at = [\"ocsp\"]\nwithout_answer = \"refuses\"");
    Scene stale = server();
    stale.asked("server", answer(stale, OcspVerdict::good, "2026-05-31"));
    EXPECT_THAT(findings(stale.judge(hard, "demo")), ElementsAre("revocation.ocsp-stale"));
    Scene good = server();
    good.asked("server").asked("server", answer(good, OcspVerdict::good));
    EXPECT_EQ(good.judge(hard, "demo").outcome, Outcome::silent) << "one of two answers is enough";
    Scene nobody = server();
    EXPECT_THAT(findings(nobody.judge(hard, "demo")), IsEmpty()) << "nobody was asked";
}

TEST(Revocation, TheReferenceInsistsOnAnAnswerAndThunderbirdOnlyMindsABadOne) {
    Scene silent(recipe_with());
    silent.sends({"server"}).adds_roots({"root"}).asked("server");
    EXPECT_EQ(silent.judge(compiled(), "reference").outcome, Outcome::refuses);
    EXPECT_EQ(silent.judge(compiled(), "thunderbird").outcome, Outcome::silent);
    EXPECT_EQ(silent.judge(compiled(), "evolution").outcome, Outcome::silent);
    Scene revoked(recipe_with());
    revoked.sends({"server"}).adds_roots({"root"});
    revoked.asked("server", answer(revoked, OcspVerdict::revoked));
    const Verdict bird = revoked.judge(compiled(), "thunderbird");
    EXPECT_EQ(bird.outcome, Outcome::refuses) << bird.why;
    EXPECT_THAT(bird.codes, ElementsAre("SEC_ERROR_REVOKED_CERTIFICATE"));
    EXPECT_EQ(revoked.judge(compiled(), "evolution").outcome, Outcome::silent);
    EXPECT_EQ(revoked.judge(compiled(), "outlook-2016").outcome, Outcome::not_judged);
}

TEST(Revocation, ThunderbirdFallsBackOnABadStapleWhenTheResponderGivesNoAnswer) {
    const auto judge = [](bool asked, bool answers) {
        Scene scene(recipe_with());
        scene.sends({"server"}).adds_roots({"root"}).staples(answer(scene, OcspVerdict::good, "2026-05-31"));
        if (asked) scene.asked("server", answers ? answer(scene, OcspVerdict::good) : ByteString());
        return scene.judge(compiled(), "thunderbird");
    };
    EXPECT_EQ(judge(false, false).outcome, Outcome::silent) << "it would ask";
    EXPECT_EQ(judge(true, true).outcome, Outcome::silent);
    const Verdict verdict = judge(true, false);
    EXPECT_EQ(verdict.outcome, Outcome::refuses) << verdict.why;
    EXPECT_THAT(std::vector<std::string_view>(verdict.codes.begin(), verdict.codes.end()), ElementsAre("SEC_ERROR_OCSP_OLD_RESPONSE"));
}

}  // namespace
}  // namespace truename::clients
