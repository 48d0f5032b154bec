#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "der/oid.h"
#include "der/writer.h"
#include "doctor/describe.h"
#include "doctor/render.h"
#include "tests/doctor/story.h"
#include "x509/pem.h"

namespace truename::doctor {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

PredictInput asked(std::vector<NamedFile> files, std::optional<AsCa> as_ca = {}) {
    PredictInput input;
    input.files = std::move(files);
    input.name = "remote.example.com";
    input.as_ca = as_ca;
    return input;
}

TEST(Predict, AChainIsJudgedAsIfAServerSentIt) {
    const Report report = foresee(asked({file("sbs")}), options({"outlook-2007", "thunderbird"}, {"root"}));
    EXPECT_TRUE(report.predicted);
    EXPECT_THAT(report.endpoints, IsEmpty());
    EXPECT_EQ(verdict_of(report, "outlook-2007").outcome, Outcome::warns);
    EXPECT_EQ(verdict_of(report, "outlook-2007").reaches, Reaches::not_asked);
    EXPECT_EQ(verdict_of(report, "thunderbird").outcome, Outcome::silent);
}

TEST(Predict, AClientRefusesACurveThatItsTlsDoesNotKnow) {
    const Report report = foresee(asked({file("mended-secp256k1")}), options({"thunderbird", "outlook-365"}, {"root"}));
    EXPECT_EQ(verdict_of(report, "thunderbird").outcome, Outcome::refuses);
    EXPECT_EQ(verdict_of(report, "thunderbird").reaches, Reaches::not_asked) << "there is no server";
    EXPECT_THAT(verdict_of(report, "thunderbird").why.value_or(""), HasSubstr("its TLS cannot use such a key: "));
    EXPECT_EQ(verdict_of(report, "outlook-365").outcome, Outcome::not_judged);
    EXPECT_EQ(verdict_of(report, "outlook-365").reaches, Reaches::not_asked);
}

TEST(Predict, DialogsHaveNoGapsWhereNobodyKnowsTheAccountOrThePort) {
    const Report report = foresee(asked({file("expired")}), options({"evolution", "thunderbird"}, {"root"}));
    std::string all;
    for (const Verdict& verdict : report.verdicts) {
        ASSERT_TRUE(verdict.dialog) << verdict.id;
        for (const DialogStep& step : verdict.dialog->steps) {
            for (const std::string& line : step.lines) all += line + "\n";
        }
    }
    EXPECT_THAT(all, HasSubstr("A mail account 'your account' cannot connect"));
    EXPECT_THAT(all, HasSubstr("Location: remote.example.com:993"));
    for (const char* gap : {"[", "{", "…"}) EXPECT_THAT(all, Not(HasSubstr(gap)));
}

TEST(Predict, TheOrderOfFilesIsTheOrderOfSending) {
    const Report report = foresee(asked({file("under-intermediate"), file("intermediate")}), options({"thunderbird"}, {"root"}));
    ASSERT_THAT(report.chains, SizeIs(1));
    EXPECT_THAT(report.chains[0].certificates, SizeIs(2));
    EXPECT_EQ(verdict_of(report, "thunderbird").outcome, Outcome::silent);
}

TEST(Predict, ARequestIsJudgedAsTheCertificateThatAnAuthorityMakesOfIt) {
    const Report report = foresee(asked({request("public-first")}), own_lists({"outlook-2007", "thunderbird"}));
    EXPECT_THAT(report.chains.at(0).certificates.at(0).names, ElementsAre("remote.example.com", "autodiscover.example.com"));
    for (const Verdict& verdict : report.verdicts)
        EXPECT_EQ(verdict.outcome, Outcome::silent) << verdict.id << ": " << verdict.why.value_or("");
    EXPECT_EQ(report.exit, 0);
}

TEST(Predict, AnAuthorityThatSortsTheNamesUndoesTheMend) {
    AsCa as_ca;
    as_ca.sorts_names = true;
    const Report report = foresee(asked({request("public-first")}, as_ca), own_lists({"outlook-2007", "thunderbird"}));
    EXPECT_THAT(report.chains.at(0).certificates.at(0).names, ElementsAre("autodiscover.example.com", "remote.example.com"));
    EXPECT_EQ(verdict_of(report, "outlook-2007").outcome, Outcome::warns);
    EXPECT_EQ(verdict_of(report, "thunderbird").outcome, Outcome::silent);
}

NamedFile response(ByteString bytes) {
    return {"response.der", std::move(bytes)};
}

// What a responder says of a certificate of the story.
ByteString answer(std::string_view name = "must-staple", const x509::OcspSays& says = {}) {
    return ocsp_answer(name, says);
}

TEST(Predict, AStapleThatSaysRevokedIsTakenAtItsWord) {
    PredictInput input = asked({file("mended")});
    input.ocsp = response(answer("mended", {.verdict = x509::OcspVerdict::revoked, .reason = 1}));
    const Report report = foresee(input, options({"thunderbird", "outlook-365", "apple-mail-macos", "evolution"}, {"root"}));
    for (const char* client : {"thunderbird", "apple-mail-macos", "evolution"}) {
        EXPECT_EQ(verdict_of(report, client).outcome, Outcome::refuses) << client;
        EXPECT_THAT(verdict_of(report, client).findings, ElementsAre(FindingId::revocation_staple_revoked)) << client;
    }
    EXPECT_EQ(verdict_of(report, "thunderbird").codes, std::vector<std::string>{"SEC_ERROR_REVOKED_CERTIFICATE"});
    EXPECT_EQ(verdict_of(report, "outlook-365").outcome, Outcome::not_judged);
    EXPECT_EQ(report.exit, 2);
    EXPECT_THAT(kinds(report.causes), ElementsAre("revoked"));
    EXPECT_THAT(report.causes.at(0).text, HasSubstr("revoked on 2026-10-01 (keyCompromise)"));
    ASSERT_FALSE(report.mends.empty());
    EXPECT_THAT(report.mends[0].left, IsEmpty()) << "a new certificate mends it";
}

TEST(Predict, AClientThatListsAllItsReasonsHasAllTheirCodes) {
    const Report report = foresee(asked({file("other-name")}), options({"apple-mail-macos", "thunderbird"}));
    EXPECT_THAT(verdict_of(report, "apple-mail-macos").codes, ElementsAre("errSecCreateChainFailed", "errSecHostNameMismatch"));
    EXPECT_EQ(verdict_of(report, "thunderbird").codes.size(), 1U) << "it tells the first";
    EXPECT_THAT(render_json(report), HasSubstr("\"errSecCreateChainFailed\",\n        \"errSecHostNameMismatch\""));
}

TEST(Predict, AStapleAboutAnotherCertificateIsSaidToBeThat) {
    PredictInput input = asked({file("mended")});
    input.ocsp = response(answer("expired", {.verdict = x509::OcspVerdict::revoked}));
    const Report report = foresee(input, options({"thunderbird", "outlook-365", "reference"}, {"root"}));
    EXPECT_EQ(verdict_of(report, "thunderbird").outcome, Outcome::silent) << "it goes on to ask the responder";
    EXPECT_THAT(verdict_of(report, "outlook-365").why.value_or(""), HasSubstr("about another certificate"));
    EXPECT_EQ(verdict_of(report, "reference").outcome, Outcome::refuses);
    EXPECT_THAT(kinds(report.causes), ElementsAre("staple-other-certificate"));
}

TEST(Predict, AStapleThatIsGoodForNothingIsToldWithTheReason) {
    PredictInput input = asked({file("mended")});
    input.ocsp = response(answer("mended", {.verdict = x509::OcspVerdict::revoked, .next_update = "2026-10-08"}));
    const Report stale = foresee(input, options({"reference"}, {"root"}));
    EXPECT_THAT(kinds(stale.causes), testing::Contains("staple-stale"));
    EXPECT_THAT(kinds(stale.mends), testing::Contains("staple-again"));
    ByteString forged = answer("mended", {.verdict = x509::OcspVerdict::revoked});
    forged.back() ^= 1;
    input.ocsp = response(forged);
    const Report report = foresee(input, options({"thunderbird", "reference"}, {"root"}));
    EXPECT_EQ(verdict_of(report, "thunderbird").codes, std::vector<std::string>{"SEC_ERROR_OCSP_BAD_SIGNATURE"});
    EXPECT_EQ(verdict_of(report, "reference").outcome, Outcome::refuses);
    EXPECT_THAT(kinds(report.causes), ElementsAre("staple-signer")) << "nobody revoked it";
}

TEST(Predict, ADefectThatNoClientMindsIsToldBesides) {
    PredictInput input = asked({file("mended")});
    input.ocsp = response(answer("expired"));
    const Report report = foresee(input, options({"thunderbird"}, {"root"}));
    EXPECT_EQ(report.exit, 0);
    EXPECT_EQ(report.who, Who::nobody);
    EXPECT_THAT(kinds(report.causes), IsEmpty());
    ASSERT_FALSE(report.also.empty());
    EXPECT_EQ(report.also[0].kind, "staple-other-certificate");
    EXPECT_THAT(report.also[0].text, HasSubstr("is not about its certificate"));
}

TEST(Predict, ACertificateThatAsksForAStapleGetsTheOneThatIsGiven) {
    PredictInput input = asked({file("must-staple")});
    const Options chosen = options({"thunderbird", "outlook-2007"}, {"root"});
    const Report without = foresee(input, chosen);
    EXPECT_EQ(verdict_of(without, "thunderbird").outcome, Outcome::refuses);
    EXPECT_THAT(verdict_of(without, "thunderbird").findings, ElementsAre(FindingId::revocation_staple_missing));
    input.ocsp = response(answer());
    EXPECT_EQ(verdict_of(foresee(input, chosen), "thunderbird").outcome, Outcome::silent);
    input.ocsp = response(to_owned(as_bytes(x509::to_pem("OCSP RESPONSE", answer()))));
    EXPECT_EQ(verdict_of(foresee(input, chosen), "thunderbird").outcome, Outcome::silent);
}

TEST(Predict, WhatIsNoOcspResponseIsRefusedWithTheReason) {
    const auto settings = prepare(options({"thunderbird"}));
    PredictInput input = asked({file("must-staple")});
    const std::pair<ByteString, const char*> kWrong[] = {
        {{}, "empty"},
        {{0x30, 0x03, 0x0A, 0x01}, "ends too early"},
        {file("sbs").bytes, "there is CERTIFICATE in it, but no OCSP RESPONSE"},
        {to_owned(story().certificate("sbs")), "it is no OCSP response"},
    };
    for (const auto& [bytes, reason] : kWrong) {
        input.ocsp = response(bytes);
        const auto report = predict(input, *settings);
        ASSERT_FALSE(report) << reason;
        EXPECT_EQ(report.error().kind, FailureKind::input);
        EXPECT_THAT(to_sentence(report.error()), HasSubstr("response.der")) << reason;
        EXPECT_THAT(to_sentence(report.error()), HasSubstr(reason));
    }
}

Failure refused(const PredictInput& input, const Options& options) {
    const auto report = predict(input, *prepare(options));
    EXPECT_FALSE(report);
    return report ? Failure{} : report.error();
}

TEST(Predict, WhatSaysNothingAboutARequestIsRefused) {
    PredictInput staple = asked({request("public-first")}), issuer = staple;
    staple.ocsp = response(answer());
    issuer.issuers = {file("intermediate")};
    Options trust = own_lists({"thunderbird"}), root = trust;
    trust.trust = TrustBase::system;
    root.added_roots = {file("root")};
    const std::tuple<PredictInput, Options, const char*> kWrong[] = {{staple, own_lists({"thunderbird"}), "--ocsp response.der"},
                                                                     {issuer, own_lists({"thunderbird"}), "--issuer intermediate.pem"},
                                                                     {asked({request("public-first")}), trust, "--trust"},
                                                                     {asked({request("public-first")}), root, "--trust"}};
    for (const auto& [input, options, object] : kWrong) {
        const Failure failure = refused(input, options);
        EXPECT_EQ(failure.kind, FailureKind::usage);
        EXPECT_EQ(failure.object, object);
        EXPECT_THAT(failure.reason, HasSubstr("public-first.csr is a request"));
    }
}

TEST(Predict, WhatWouldBePassedOverIsRefused) {
    const Options all = own_lists({"thunderbird"});
    NamedFile mixed = request("public-first");
    const ByteString certificate = file("sbs").bytes;
    mixed.bytes.insert(mixed.bytes.end(), certificate.begin(), certificate.end());
    const NamedFile key{"a.key", to_owned(as_bytes(story().certificates.at("sbs").key.to_pem()))};
    const std::tuple<PredictInput, const char*, const char*> kWrong[] = {
        {asked({request("public-first"), file("sbs")}), "public-first.csr", "sbs.pem beside it holds a certificate"},
        {asked({file("sbs"), request("public-first")}), "public-first.csr", "sbs.pem beside it holds a certificate"},
        {asked({mixed}), "public-first.csr", "it holds a request and a certificate"},
        {asked({request("public-first"), request("nameless")}), "nameless.csr", "a second request"},
        {asked({file("sbs"), key}), "a.key", "only a private key"},
        {asked({file("sbs"), file("mended")}), "mended.pem", "CN=remote.example.com is the certificate of another server"},
        {asked({file("sbs"), file("self-signed-other-name")}), "self-signed-other-name.pem", "of another server than the first in sbs.pem"},
        {asked({file({"under-intermediate", "intermediate", "sbs"})}), "under-intermediate.pem", "of another server"},
    };
    for (const auto& [input, object, reason] : kWrong) {
        const Failure failure = refused(input, all);
        EXPECT_EQ(failure.kind, FailureKind::input) << reason;
        EXPECT_EQ(failure.object, object);
        EXPECT_THAT(failure.reason, HasSubstr(reason));
        EXPECT_FALSE(failure.next.empty());
    }
}

TEST(Predict, AnIssuerFileWithoutACertificateIsRefused) {
    PredictInput input = asked({file("sbs")});
    input.issuers = {request("public-first")};
    const Failure failure = refused(input, options({"thunderbird"}));
    EXPECT_EQ(failure.kind, FailureKind::input);
    EXPECT_EQ(to_sentence(failure), "reading the issuer in public-first.csr: there is no certificate in it");
}

TEST(Predict, WhatAnAuthorityMakesOfARequestIsNotAskedOfACertificate) {
    const Failure failure = refused(asked({file("sbs")}, AsCa{}), options({"thunderbird"}));
    EXPECT_EQ(failure.kind, FailureKind::usage);
    EXPECT_THAT(to_sentence(failure), HasSubstr("--as-ca: it says what an authority makes of a request, and sbs.pem holds a certificate"));
}

TEST(Predict, ACertificateThatIsSentTwiceIsNoOtherServer) {
    const Report report = foresee(asked({file({"sbs", "sbs", "root"})}), options({"thunderbird"}, {"root"}));
    EXPECT_EQ(verdict_of(report, "thunderbird").outcome, Outcome::silent);
}

TEST(Predict, BytesThatAreNoCertificateAreRefusedWithTheReason) {
    PredictInput input = asked({file("sbs")});
    ByteString der = to_owned(story().certificate("sbs"));
    der[4] = 0x31;  // the TBSCertificate is no SEQUENCE any more
    input.files[0].bytes = der;
    const auto report = predict(input, *prepare(options({"thunderbird"})));
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().kind, FailureKind::input);
}

TEST(Predict, ARequestWithoutAnyNameIsRefused) {
    const auto settings = prepare(own_lists({"thunderbird"}));
    const auto report = predict(asked({request("nameless")}), *settings);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().kind, FailureKind::input);
}

TEST(Predict, AFileOfKeysOnlyIsRefusedAndTheKeyNotShown) {
    const std::string pem = story().certificates.at("sbs").key.to_pem();
    const auto settings = prepare(options({"thunderbird"}));
    const auto report = predict(asked({{"key.pem", to_owned(as_bytes(pem))}}), *settings);
    ASSERT_FALSE(report);
    EXPECT_THAT(report.error().reason, HasSubstr("only a private key"));
    EXPECT_THAT(to_sentence(report.error()), Not(HasSubstr("MII")));
}

TEST(ParseAsCa, ReadsItsWords) {
    EXPECT_TRUE(parse_as_ca("sorts")->sorts_names);
    EXPECT_EQ(parse_as_ca("keeps,days=47,added")->days, 47u);
    EXPECT_EQ(parse_as_ca("398d")->days, 398u);
    EXPECT_FALSE(parse_as_ca("added")->root_shipped);
    for (const char* text : {"", "days=", "days=x", "days=0", "sorts,,added", "days=99999999999"}) EXPECT_FALSE(parse_as_ca(text)) << text;
}

TEST(ParseAsCa, RefusesWhatContradictsItself) {
    for (const char* text : {"keeps,sorts", "sorts,days=90,keeps", "added,shipped", "days=90,30d"}) {
        const auto as_ca = parse_as_ca(text);
        ASSERT_FALSE(as_ca) << text;
        EXPECT_EQ(as_ca.error().kind, FailureKind::usage);
        EXPECT_THAT(as_ca.error().reason, HasSubstr("contradict each other")) << text;
    }
    EXPECT_TRUE(parse_as_ca("keeps,keeps"));
}

TEST(Show, NumbersTheNamesInTheirOrderAndSaysWhatTheCertificateIsFor) {
    const auto text = render_certificates(file("sbs"), *parse_time("2026-11-24"));
    ASSERT_TRUE(text);
    EXPECT_THAT(*text, HasSubstr("1 sbs.example.local\n"));
    EXPECT_THAT(*text, HasSubstr("2 remote.example.com\n"));
    EXPECT_THAT(*text, HasSubstr("TLS servers (serverAuth)"));
    EXPECT_THAT(*text, HasSubstr("189 days left"));
}

TEST(Show, ARequestSaysWhetherItsOwnKeySignedIt) {
    const auto text = render_certificates(request("public-first"), *parse_time("2026-11-24"));
    ASSERT_TRUE(text);
    EXPECT_THAT(*text, HasSubstr("its own key"));
}

TEST(Show, AFileWithoutACertificateIsRefused) {
    const auto text = render_certificates({"notes.txt", to_owned(as_bytes("hello"))}, *parse_time("2026-11-24"));
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().kind, FailureKind::input);
}

TEST(NearestName, IsTheMostAlikePublicOne) {
    EXPECT_EQ(nearest_name("mail.example.com", {"sbs.local", "www.example.org", "mail1.example.com", "*.example.com"}),
              "mail1.example.com");
    EXPECT_EQ(nearest_name("mail.example.com", {"x.example", "MAIL.example.com"}), "") << "it is there";
    EXPECT_EQ(nearest_name("mail.example.com", {"server.local", "localhost"}), "");
}

}  // namespace

}  // namespace truename::doctor
