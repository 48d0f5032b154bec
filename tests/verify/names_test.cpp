#include "verify/names.h"

#include <gmock/gmock.h>

#include "tests/verify/support.h"

namespace truename::verify {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The findings about the name `host` of a certificate with these TOML lines, as `id: expected / found`.
std::vector<std::string> told(std::string_view host, std::string_view more, std::string_view subject = "CN=server") {
    Scene scene(certificate({.name = "server", .subject = subject, .more = more}));
    scene.sends({"server"});
    scene.input.name = host;
    std::vector<std::string> all;
    for (const Finding& finding : scene.verification().name_findings())
        all.push_back(std::string(info(finding.id).name) + ": " + finding.expected + " / " + finding.found);
    return all;
}

TEST(Names, HasNothingToSayWhenTheFirstNameMatches) {
    EXPECT_THAT(told("mail.example.com", "names = [\"DNS:mail.example.com\", \"DNS:other.example\"]"), IsEmpty());
    EXPECT_THAT(told("MAIL.Example.COM", "names = [\"DNS:mail.example.com\"]"), IsEmpty());
}

TEST(Names, SaysThatTheMatchIsNotTheFirstName) {
    EXPECT_THAT(told("remote.example.com", "names = [\"DNS:sbs.example.local\", \"DNS:remote.example.com\"]"),
                ElementsAre("name.match-not-first: remote.example.com / sbs.example.local"));
}

TEST(Names, CountsOnlyDnsNamesWhenItLooksForTheFirst) {
    EXPECT_THAT(told("mail.example.com", "names = [\"IP:192.0.2.1\", \"email:a@example.com\", \"DNS:mail.example.com\"]"), IsEmpty());
}

TEST(Names, ListsTheNamesOfAMismatch) {
    EXPECT_THAT(told("mail.example.com", "names = [\"DNS:a.example\", \"DNS:b.example\", \"IP:192.0.2.1\"]"),
                ElementsAre("name.mismatch: mail.example.com / a.example, b.example, 192.0.2.1"));
}

/// The same where the server is asked for these services.
std::vector<std::string> told_of_services(std::string_view host, std::string_view more, const std::vector<std::string>& services) {
    Scene scene(certificate({.name = "server", .subject = "CN=server", .more = more}));
    scene.sends({"server"});
    scene.input.name = host;
    scene.input.services = services;
    std::vector<std::string> all;
    for (const Finding& finding : scene.verification().name_findings())
        all.push_back(std::string(info(finding.id).name) + ": " + finding.found);
    return all;
}

TEST(Names, SaysThatOnlyTheNameOfAServiceMatches) {
    constexpr std::string_view kImaps = "names = [\"SRV:_imaps.example.com\"]";
    EXPECT_THAT(told_of_services("example.com", kImaps, {"imap", "imaps"}),
                ElementsAre("name.mismatch: _imaps.example.com", "name.service-only: _imaps.example.com"));
    EXPECT_THAT(told_of_services("example.com", kImaps, {}),
                ElementsAre("name.mismatch: _imaps.example.com", "name.service-only: _imaps.example.com"));
    EXPECT_THAT(told_of_services("example.com", kImaps, {"submission"}), ElementsAre("name.mismatch: _imaps.example.com"));
    EXPECT_THAT(told_of_services("mail.example.com", kImaps, {"imaps"}), ElementsAre("name.mismatch: _imaps.example.com"));
    EXPECT_THAT(told_of_services("example.com", "names = [\"DNS:example.com\", \"SRV:_imaps.example.com\"]", {"imaps"}), IsEmpty());
    EXPECT_THAT(told_of_services("example.com", "names = [\"SRV:\"]", {}), ElementsAre("name.mismatch: server"));
}

TEST(Names, SaysThatOnlyTheCommonNameMatches) {
    EXPECT_THAT(told("mail.example.com", "", "CN=mail.example.com,O=Example"),
                ElementsAre("name.mismatch: mail.example.com / mail.example.com", "name.cn-only: mail.example.com / mail.example.com"));
    EXPECT_THAT(told("mail.example.com", "names = [\"DNS:other.example\"]", "CN=mail.example.com"),
                ElementsAre("name.mismatch: mail.example.com / other.example", "name.cn-only: mail.example.com / mail.example.com"));
}

TEST(Names, SaysThatThereIsNoNameOfAServer) {
    EXPECT_THAT(told("mail.example.com", "", "CN=Example Ltd"),
                ElementsAre("name.mismatch: mail.example.com / Example Ltd", "name.none: mail.example.com / Example Ltd"));
    EXPECT_THAT(told("mail.example.com", "names = [\"email:a@example.com\"]", "O=Example"),
                ElementsAre("name.mismatch: mail.example.com / ", "name.none: mail.example.com / "));
}

TEST(Names, TellsAMatchThroughAWildcard) {
    EXPECT_THAT(told("mail.example.com", "names = [\"DNS:*.example.com\"]"),
                ElementsAre("name.wildcard: mail.example.com / *.example.com"));
    EXPECT_THAT(told("mail.example.com", "names = [\"DNS:*.example.com\", \"DNS:mail.example.com\"]"), IsEmpty());
    EXPECT_THAT(told("a.b.example.com", "names = [\"DNS:*.example.com\"]"), ElementsAre("name.mismatch: a.b.example.com / *.example.com"));
}

TEST(Names, TellsWildcardsThatClientsTreatApart) {
    EXPECT_THAT(told("mail.example.com", "names = [\"DNS:ma*.example.com\"]"),
                ElementsAre("name.mismatch: mail.example.com / ma*.example.com", "name.wildcard-partial:  / ma*.example.com"));
    EXPECT_THAT(told("mail.example", "names = [\"DNS:*.example\"]"),
                ElementsAre("name.mismatch: mail.example / *.example", "name.wildcard-top:  / *.example"));
}

TEST(Names, MatchesAddressesOnlyByTheirOwnKindOfName) {
    EXPECT_THAT(told("192.0.2.1", "names = [\"DNS:mail.example.com\", \"IP:192.0.2.1\"]"),
                ElementsAre("name.address: 192.0.2.1 / 192.0.2.1"));
    EXPECT_THAT(told("[2001:DB8::1]", "names = [\"IP:2001:db8::1\"]"), ElementsAre("name.address: 2001:db8::1 / 2001:db8::1"));
    EXPECT_THAT(told("192.0.2.1", "names = [\"DNS:192.0.2.1\"]"),
                ElementsAre("name.mismatch: 192.0.2.1 / 192.0.2.1", "name.address-as-dns: 192.0.2.1 / 192.0.2.1"));
    EXPECT_THAT(told("192.0.2.1", "", "CN=192.0.2.1"),
                ElementsAre("name.mismatch: 192.0.2.1 / 192.0.2.1", "name.address-as-dns: 192.0.2.1 / 192.0.2.1"));
    EXPECT_THAT(told("192.0.2.2", "names = [\"IP:192.0.2.1\"]"), ElementsAre("name.mismatch: 192.0.2.2 / 192.0.2.1"));
}

TEST(Names, TakesInternationalNamesAsUsersTypeThem) {
    EXPECT_THAT(told("m\u00fcller.example", "names = [\"DNS:xn--mller-kva.example\"]"), IsEmpty());
}

TEST(Names, ComparesNothingWhenNoNameWasAskedFor) {
    EXPECT_THAT(told("", "names = [\"DNS:a.example\"]"), IsEmpty());
}

TEST(Names, StopsListingAfterTwenty) {
    std::string names;
    for (int i = 0; i < 50; ++i) names += (i ? ", \"DNS:n" : "\"DNS:n") + std::to_string(i) + ".example\"";
    EXPECT_THAT(told("mail.example.com", "names = [" + names + "]"), ElementsAre(HasSubstr("n19.example, ...")));
}

TEST(Names, KeepsTheOrderOfTheCertificateForClientsThatCompareTheirOwnWay) {
    Scene scene(certificate(
        {.name = "server", .subject = "CN=last,CN=first", .more = "names = [\"DNS:b.example\", \"IP:192.0.2.1\", \"DNS:a.example\"]"}));
    scene.sends({"server"});
    std::vector<std::string> texts;
    for (const PresentedName& name : scene.verification().names().names) texts.push_back(name.text + " " + std::to_string(name.order));
    EXPECT_THAT(texts, ElementsAre("b.example 0", "192.0.2.1 0", "a.example 1", "first 0", "last 1"));
    EXPECT_TRUE(scene.verification().names().has_subject_alt_name);
}

}  // namespace
}  // namespace truename::verify
