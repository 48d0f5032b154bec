#include "verify/ocsp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "tests/verify/support.h"
#include "tests/x509/crl.h"
#include "tests/x509/ocsp.h"

// What a stapled OCSP response says of the server in the chain server, inter, root. RFC 6960
namespace truename::verify {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using x509::OcspSays;
using x509::OcspVerdict;

/// The chain, responders whom the intermediate certified or not, and what is stapled.
class Staple {
  public:
    Staple() : scene_(recipe()) { scene_.sends({"server", "inter"}).trusts({"root"}); }

    x509::Certificate certificate_of(std::string_view name) { return *x509::parse_certificate(scene_.built.certificate(name)); }

    /// Staples what `signer` says about the server as a certificate of `issuer`; a certificate of it is sent with the answer.
    Staple& says(const std::vector<OcspSays>& answers, std::string_view signer = "inter", std::string_view issuer = "inter",
                 std::string_view key = "", bool sends = true) {
        const x509::Certificate of = certificate_of(issuer), by = certificate_of(signer);
        const crypto::PrivateKey& signs = scene_.built.certificates.find(key.empty() ? signer : key)->second.key;
        x509::OcspResponder responder{.issuer = &of, .signer = &by, .key = &signs, .by_key = by_key};
        if (sends) responder.certificates = {by.der};
        return staples(x509::ocsp_response(certificate_of("server"), answers, responder));
    }
    Staple& says(const OcspSays& answer, std::string_view signer = "inter", std::string_view issuer = "inter", std::string_view key = "",
                 bool sends = true) {
        return says(std::vector{answer}, signer, issuer, key, sends);
    }
    Staple& staples(ByteString response) {
        response_ = std::move(response);
        view_ = response_;
        scene_.input.staples = {&view_, 1};
        scene_.input.stapled = true;
        return *this;
    }
    /// The response was not stapled: the responder gave it when it was asked about `name` with that nonce, on 2026-11-24.
    Staple& asked(Bytes nonce = {}, std::string_view name = "server") {
        scene_.input.staples = {};
        scene_.input.stapled = false;
        question_ = {
            StatusSource::ocsp,       crypto::sha256(scene_.built.certificate(name)), "http://ocsp.test/", response_, "it is down", nonce,
            *parse_time("2026-11-24")};
        scene_.input.asked = {&question_, 1};
        return *this;
    }
    Staple& at(std::string_view time) {
        scene_.input.at = *parse_time(time);
        return *this;
    }

    std::vector<std::string> findings() {
        std::vector<std::string> list;
        for (std::string& finding : scene_.findings()) {
            if (finding.starts_with("revocation.")) list.push_back(std::move(finding));
        }
        return list;
    }
    const Finding& finding(FindingId id) { return scene_.finding(id); }
    Scene& scene() { return scene_; }

    bool by_key = false;

  private:
    static std::string responder(std::string_view name, std::string_view key, std::string_view more = "", std::string_view issuer = "inter",
                                 std::string_view until = "2026-12-31") {
        return certificate({.name = name, .issuer = issuer, .more = more, .key = key, .until = until});
    }
    static std::string recipe() {
        static constexpr std::string_view kMay = "extended_key_usage = [\"OCSPSigning\"]";
        static constexpr std::string_view kNoCheck =
            "extended_key_usage = [\"OCSPSigning\"]\n[[certificate.extension]]\nid = \"1.3.6.1.5.5.7.48.1.5\"\nvalue = \"05 00\"";
        static constexpr std::string_view kUsage = "extended_key_usage = [\"OCSPSigning\"]\nkey_usage = [\"keyEncipherment\"]";
        static constexpr std::string_view kCritical =
            "extended_key_usage = [\"OCSPSigning\"]\n[[certificate.extension]]\nid = \"1.2.3.4\"\ncritical = true\nvalue = \"05 00\"";
        return authority({.name = "root", .key = "p256-2"}) + authority({.name = "inter", .issuer = "root", .key = "p256-3"}) +
               certificate({.name = "server", .issuer = "inter"}) + responder("delegate", "p256-4", kNoCheck) +
               responder("unmarked", "p256-4", kMay) + responder("server-like", "p256-4") +
               responder("old", "p256-4", kNoCheck, "inter", "2026-06-01") + responder("of-root", "p256-4", kNoCheck, "root") +
               responder("wrong-usage", "p256-4", kUsage) + responder("critical", "p256-4", kCritical);
    }

    Scene scene_;
    ByteString response_;
    Bytes view_;
    AskedSource question_;
};

const OcspSays kGood{.this_update = "2026-11-20", .next_update = "2026-11-27", .produced_at = "2026-11-20"};

OcspSays with(OcspVerdict verdict) {
    OcspSays says = kGood;
    says.verdict = verdict;
    return says;
}

TEST(Ocsp, AGoodAnswerOfTheIssuerIsNothingToTell) {
    EXPECT_THAT(Staple().says(kGood).findings(), IsEmpty());
    EXPECT_THAT(Staple().says(kGood, "inter", "inter", "", false).findings(), IsEmpty()) << "its certificate need not come with it";
    Staple by_key;
    by_key.by_key = true;
    EXPECT_THAT(by_key.says(kGood).findings(), IsEmpty());
}

TEST(Ocsp, WhatTheIssuerSaysIsTold) {
    EXPECT_THAT(Staple().says(with(OcspVerdict::revoked)).findings(), ElementsAre("revocation.staple-revoked @server"));
    EXPECT_THAT(Staple().says(with(OcspVerdict::unknown)).findings(), ElementsAre("revocation.staple-unknown @server"));
    EXPECT_THAT(Staple().says({kGood, with(OcspVerdict::revoked)}).findings(), ElementsAre("revocation.staple-revoked @server"))
        << "the worst of several counts";
    OcspSays old = with(OcspVerdict::revoked);
    old.this_update = "2026-01-01";
    old.next_update = "2026-01-08";
    EXPECT_THAT(Staple().says({kGood, old}).findings(), IsEmpty()) << "of those that are of now";
    EXPECT_THAT(Staple().says(old).findings(), ElementsAre("revocation.staple-revoked @server", "revocation.staple-stale @server"));
}

TEST(Ocsp, AResponderThatTheIssuerCertifiedForItMayAnswer) {
    EXPECT_THAT(Staple().says(kGood, "delegate").findings(), IsEmpty());
    EXPECT_THAT(Staple().says(with(OcspVerdict::revoked), "delegate").findings(), ElementsAre("revocation.staple-revoked @server"));
    EXPECT_THAT(Staple().says(kGood, "unmarked").findings(), ElementsAre("revocation.staple-responder-not-checked @server"));
}

TEST(Ocsp, AnybodyElseSaysNothing) {
    for (const char* signer : {"server-like", "old", "of-root", "wrong-usage", "critical", "root"}) {
        EXPECT_THAT(Staple().says(with(OcspVerdict::revoked), signer).findings(), ElementsAre("revocation.staple-wrong-signer @server"))
            << signer;
    }
    EXPECT_THAT(Staple().says(kGood, "delegate", "inter", "", false).findings(), ElementsAre("revocation.staple-wrong-signer @server"))
        << "who signed is not known";
    Staple old;
    EXPECT_THAT(old.says(kGood, "old").finding(FindingId::revocation_staple_wrong_signer).found,
                HasSubstr("CN=old, valid only until 2026-06-01"));
}

TEST(Ocsp, AWrongSignatureSaysNothing) {
    EXPECT_THAT(Staple().says(with(OcspVerdict::revoked), "inter", "inter", "root").findings(),
                ElementsAre("revocation.staple-signature @server"));
    EXPECT_THAT(Staple().says(kGood, "delegate", "inter", "root").findings(), ElementsAre("revocation.staple-signature @server"));
}

TEST(Ocsp, AnAnswerAboutAnotherCertificateIsSaidToBeThat) {
    Staple staple;
    EXPECT_THAT(staple.says(kGood, "inter", "root").findings(), ElementsAre("revocation.staple-other-certificate @server"))
        << "an issuer of that name with another key";
    EXPECT_THAT(staple.finding(FindingId::revocation_staple_other_certificate).found, HasSubstr("of another issuer"));
}

TEST(Ocsp, TheTimesOfAnAnswerCount) {
    const auto at = [](std::string_view time, const OcspSays& says = kGood) { return Staple().says(says).at(time).findings(); };
    EXPECT_THAT(at("2026-11-27"), IsEmpty()) << "nextUpdate itself is not late";
    EXPECT_THAT(at("2026-11-27T00:00:01"), ElementsAre("revocation.staple-stale @server"));
    EXPECT_THAT(at("2026-11-19T23:55:00"), IsEmpty()) << "clocks differ by five minutes";
    EXPECT_THAT(at("2026-11-19T23:54:59"), ElementsAre("revocation.staple-not-yet @server"));
    OcspSays endless = kGood;
    endless.next_update = {};
    EXPECT_THAT(at("2026-11-27", endless), IsEmpty());
    EXPECT_THAT(at("2026-11-27T00:00:01", endless), ElementsAre("revocation.staple-stale @server")) << "without nextUpdate a week";
    OcspSays later = kGood;
    later.produced_at = "2026-11-24T12:00";
    EXPECT_THAT(at("2026-11-24", later), ElementsAre("revocation.staple-not-yet @server"));
    OcspSays before = kGood;
    before.produced_at = "2025-12-31";
    EXPECT_THAT(at("2026-11-24", before), ElementsAre("revocation.staple-made-outside @server"));
}

TEST(Ocsp, OfWhatEndedOnlyAnArchiveKnows) {
    OcspSays says{.this_update = "2027-01-10", .next_update = "2027-01-17", .produced_at = "2027-01-10"};
    const auto told = [](const OcspSays& answer) { return Staple().says(answer).at("2027-01-11").findings(); };
    EXPECT_THAT(told(says), ElementsAre("revocation.staple-made-outside @server"));
    says.single_extensions = [](der::Writer& writer) {
        x509::write_extension(writer, der::oid::ocsp_archive_cutoff, false,
                              [](der::Writer& value) { value.time(*parse_time("2026-01-01"), der::Tag::generalized_time); });
    };
    EXPECT_THAT(told(says), IsEmpty());
}

TEST(Ocsp, AnUnknownCriticalExtensionMaySayOtherwise) {
    const auto unknown = [](der::Writer& writer) {
        x509::write_extension(writer, der::make_oid<1, 2, 3>, true, [](der::Writer& value) { value.boolean(true); });
    };
    OcspSays single = with(OcspVerdict::revoked), whole = single;
    single.single_extensions = unknown;
    whole.extensions = unknown;
    for (const OcspSays& says : {single, whole})
        EXPECT_THAT(Staple().says(says).findings(), ElementsAre("revocation.staple-unknown-critical @server"));
}

TEST(Ocsp, WhatCannotBeReadOrIsAnErrorMessageIsSaidToBeThat) {
    EXPECT_THAT(Staple().staples({1, 2, 3}).findings(), ElementsAre("revocation.staple-malformed @server"));
    Staple cut;
    cut.staples({0x30, 0x03, 0x0A, 0x01});
    EXPECT_EQ(cut.finding(FindingId::revocation_staple_malformed).field, Field::ocsp_response);
    EXPECT_THAT(Staple().staples({0x30, 0x03, 0x0A, 0x01, 0x03}).findings(), ElementsAre("revocation.staple-try-later @server"));
    Staple refused;
    EXPECT_EQ(refused.staples({0x30, 0x03, 0x0A, 0x01, 0x06}).finding(FindingId::revocation_staple_error).found, "unauthorized");
}

TEST(Ocsp, WithoutTheIssuerNobodyKnowsWhoMaySign) {
    Staple staple;
    staple.says(with(OcspVerdict::revoked)).scene().sends({"server"}).trusts({});
    Scene& scene = staple.scene();
    scene.trust = TrustStores();
    scene.trust.use_shipped(false);
    EXPECT_THAT(staple.findings(), ElementsAre("revocation.staple-revoked @server", "revocation.staple-unchecked @server"));
}

// --- a responder that was asked

TEST(AskedResponder, IsJudgedAsAStapledResponseIs) {
    EXPECT_THAT(Staple().says(kGood).asked().findings(), IsEmpty());
    EXPECT_THAT(Staple().says(with(OcspVerdict::revoked)).asked().findings(), ElementsAre("revocation.ocsp-revoked @server"));
    EXPECT_THAT(Staple().says(with(OcspVerdict::unknown)).asked().findings(), ElementsAre("revocation.ocsp-unknown @server"));
    EXPECT_THAT(Staple().says(kGood, "root").asked().findings(), ElementsAre("revocation.ocsp-wrong-signer @server"));
    EXPECT_THAT(Staple().says(kGood, "inter", "inter", "root").asked().findings(), ElementsAre("revocation.ocsp-signature @server"));
    EXPECT_THAT(Staple().says(kGood, "unmarked").asked().findings(), ElementsAre("revocation.ocsp-responder-not-checked @server"));
    EXPECT_THAT(Staple().staples({1}).asked().findings(), ElementsAre("revocation.ocsp-malformed @server"));
    EXPECT_THAT(Staple().staples({0x30, 0x03, 0x0A, 0x01, 0x03}).asked().findings(), ElementsAre("revocation.ocsp-try-later @server"));
    EXPECT_THAT(Staple().staples({0x30, 0x03, 0x0A, 0x01, 0x06}).asked().findings(), ElementsAre("revocation.ocsp-error @server"));
}

TEST(AskedResponder, ThatGaveNoAnswerIsToldWithItsAddressAndTheReason) {
    Staple silent;
    EXPECT_THAT(silent.asked().findings(), ElementsAre("revocation.ocsp-unreachable @server"));
    EXPECT_EQ(silent.finding(FindingId::revocation_ocsp_unreachable).expected, "http://ocsp.test/");
    EXPECT_EQ(silent.finding(FindingId::revocation_ocsp_unreachable).found, "it is down");
}

TEST(AskedResponder, IsJudgedByTheTimeAtWhichItWasAsked) {
    EXPECT_THAT(Staple().says(kGood).asked().at("2026-12-20").findings(), IsEmpty()) << "a client would ask again then";
    OcspSays old = kGood;
    old.this_update = "2026-11-01";
    old.next_update = "2026-11-23";
    EXPECT_THAT(Staple().says(old).asked().at("2026-11-10").findings(), ElementsAre("revocation.ocsp-stale @server"));
}

TEST(AskedResponder, MayLeaveTheNonceOutButNotChangeItUntold) {
    const ByteString nonce(32, 7), other(32, 8);
    EXPECT_THAT(Staple().says(kGood).asked(nonce).findings(), ElementsAre("revocation.ocsp-nonce-missing @server"));
    OcspSays repeats = kGood;
    repeats.extensions = [&](der::Writer& writer) {
        x509::write_extension(writer, der::oid::ocsp_nonce, false, [&](der::Writer& value) { value.octet_string(nonce); });
    };
    EXPECT_THAT(Staple().says(repeats).asked(nonce).findings(), IsEmpty());
    EXPECT_THAT(Staple().says(repeats).asked(other).findings(), ElementsAre("revocation.ocsp-nonce-differs @server"));
    EXPECT_THAT(Staple().says(repeats).asked().findings(), IsEmpty()) << "nothing was asked for";
}

TEST(AskedResponder, SpeaksOfTheCertificateItWasAskedAbout) {
    EXPECT_THAT(Staple().asked({}, "inter").findings(), ElementsAre("revocation.ocsp-unreachable @inter"));
    EXPECT_THAT(Staple().asked({}, "delegate").findings(), IsEmpty()) << "which is not on the path";
}

TEST(AskedResponder, OnlyWhatCountsIsAnAnswer) {
    const auto answered = [](Staple& staple) {
        const auto found = staple.scene().find();
        const StatusSources sources = staple.scene().verification().status_sources(*found.path, 0);
        EXPECT_EQ(sources.asked, static_cast<std::uint8_t>(StatusSource::ocsp));
        return sources.answered == static_cast<std::uint8_t>(StatusSource::ocsp);
    };
    EXPECT_TRUE(answered(Staple().says(kGood).asked()));
    EXPECT_TRUE(answered(Staple().says(with(OcspVerdict::revoked)).asked()));
    EXPECT_TRUE(answered(Staple().says(kGood, "unmarked").asked()));
    EXPECT_FALSE(answered(Staple().asked()));
    EXPECT_FALSE(answered(Staple().says(kGood, "root").asked()));
    EXPECT_FALSE(answered(Staple().staples({0x30, 0x03, 0x0A, 0x01, 0x06}).asked()));
}

}  // namespace
}  // namespace truename::verify
