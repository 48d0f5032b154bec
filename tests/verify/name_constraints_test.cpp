#include "verify/name_constraints.h"

#include <gmock/gmock.h>

#include "base/text.h"
#include "tests/seeds.h"
#include "tests/verify/support.h"
#include "x509/build.h"

namespace truename::verify {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// How `name` lies to `base`, both written as a recipe writes names; an address base is hexadecimal address and mask after `net:`.
SubtreeMatch match(std::string_view name, std::string_view base) {
    const auto left = x509::parse_general_name(name);
    EXPECT_TRUE(left) << name;
    ByteString mask;
    x509::NewGeneralName right;
    if (base.starts_with("net:")) {
        right = {x509::GeneralNameKind::ip_address, *from_hex(base.substr(4))};
    } else if (const auto parsed = x509::parse_general_name(base)) {
        right = *parsed;
    } else {
        // Bases have forms that no name has: an empty one, a dot in front, a host alone as mailbox.
        const std::size_t colon = base.find(':');
        right = {left->kind, to_owned(as_bytes(base.substr(colon + 1)))};
    }
    std::string seed{static_cast<char>(left->kind), static_cast<char>(left->value.size())};
    write_seed("verify_name_constraints", seed + std::string(as_text(left->value)) + std::string(as_text(right.value)));
    return match_subtree({left->kind, left->value}, {right.kind, right.value});
}

struct Row {
    std::string_view name, base;
    SubtreeMatch expected;
};

void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name << " under " << row.base;
}

class NameConstraintsRow : public testing::TestWithParam<Row> {};

TEST_P(NameConstraintsRow, LiesWhereTheStandardSays) {
    EXPECT_EQ(match(GetParam().name, GetParam().base), GetParam().expected);
}

using enum SubtreeMatch;

// RFC 5280 4.2.1.10
INSTANTIATE_TEST_SUITE_P(
    DnsNames, NameConstraintsRow,
    testing::Values(Row{"DNS:example.com", "DNS:example.com", inside}, Row{"DNS:a.b.example.com", "DNS:example.com", inside},
                    Row{"DNS:A.EXAMPLE.COM", "DNS:example.com", inside}, Row{"DNS:badexample.com", "DNS:example.com", outside},
                    Row{"DNS:example.com", "DNS:a.example.com", outside}, Row{"DNS:a.example.com", "DNS:.example.com", inside},
                    Row{"DNS:example.com", "DNS:.example.com", outside}, Row{"DNS:anything.example", "DNS:", inside},
                    Row{"DNS:*.example.com", "DNS:example.com", inside}, Row{"DNS:*.example.com", "DNS:a.example.com", overlaps},
                    Row{"DNS:*.example.com", "DNS:b.a.example.com", outside}, Row{"DNS:example.com", "email:example.com", outside},
                    Row{"DNS:a.example.com", "DNS:example.com.", inside}, Row{"DNS:example.com", "DNS:.", outside}));

INSTANTIATE_TEST_SUITE_P(
    Mailboxes, NameConstraintsRow,
    testing::Values(Row{"email:a@b@example.com", "email:example.com", cannot_tell},
                    Row{"email:@example.com", "email:example.com", cannot_tell}, Row{"email:a@192.0.2.1", "email:192.0.2.1", cannot_tell},
                    Row{"email:a@example.com", "email:\"a\"@example.com", unsupported},
                    Row{"email:a@example.com", "email:example.com", inside}, Row{"email:a@m.example.com", "email:example.com", outside},
                    Row{"email:a@m.example.com", "email:.example.com", inside}, Row{"email:a@example.com", "email:.example.com", outside},
                    Row{"email:a@EXAMPLE.com", "email:a@example.com", inside}, Row{"email:A@example.com", "email:a@example.com", outside},
                    Row{"email:\"b@c\"@example.com", "email:example.com", inside}));

INSTANTIATE_TEST_SUITE_P(Uris, NameConstraintsRow,
                         testing::Values(Row{"URI:https://example.com/x", "URI:example.com", inside},
                                         Row{"URI:https://a.example.com/", "URI:example.com", outside},
                                         Row{"URI:https://u:p@a.example.com:8443?q", "URI:.example.com", inside},
                                         Row{"URI:https://evil.example/.example.com", "URI:.example.com", outside},
                                         Row{"URI:https://192.0.2.1/", "URI:example.com", cannot_tell},
                                         Row{"URI:https://[2001:db8::1]/", "URI:example.com", cannot_tell},
                                         Row{"URI:urn:example:com", "URI:example.com", cannot_tell}));

INSTANTIATE_TEST_SUITE_P(
    Addresses, NameConstraintsRow,
    testing::Values(Row{"IP:192.0.2.7", "net:c0000200ffffff00", inside}, Row{"IP:192.0.3.7", "net:c0000200ffffff00", outside},
                    Row{"IP:2001:db8::1", "net:c0000200ffffff00", outside},
                    Row{"IP:2001:db8::1", "net:20010db8000000000000000000000000ffffffff000000000000000000000000", inside},
                    Row{"IP:192.0.2.7", "net:c0000200", unsupported}));

INSTANTIATE_TEST_SUITE_P(DirectoryNames, NameConstraintsRow,
                         testing::Values(Row{"dirName:CN=a,O=Example,C=AT", "dirName:O=Example,C=AT", inside},
                                         Row{"dirName:CN=a,O=EXAMPLE,C=AT", "dirName:O=Example,C=AT", inside},
                                         Row{"dirName:CN=a,O=Other,C=AT", "dirName:O=Example,C=AT", outside},
                                         Row{"dirName:C=AT", "dirName:O=Example,C=AT", outside}));

INSTANTIATE_TEST_SUITE_P(OtherKinds, NameConstraintsRow,
                         testing::Values(Row{"RID:1.2.3", "RID:1.2.3", unsupported},
                                         Row{"UPN:a@example.com", "UPN:a@example.com", unsupported}));

/// What is true of a chain root, inter with these constraints, server with these lines.
std::vector<std::string> findings(std::string_view constraints, std::string_view server, std::string_view subject = "CN=server") {
    Scene scene(authority({.name = "root", .key = "p256-2"}) +
                authority({.name = "inter", .issuer = "root", .more = "name_constraints = " + std::string(constraints), .key = "p256-3"}) +
                certificate({.name = "server", .issuer = "inter", .subject = subject, .more = server}));
    scene.sends({"server", "inter"}).trusts({"root"});
    scene.input.at = *parse_time("2026-03-01");
    return scene.findings();
}

TEST(NameConstraints, LetThroughWhatIsPermittedAndNotExcluded) {
    EXPECT_THAT(
        findings("{ permitted = [\"DNS:example.com\"], excluded = [\"DNS:secret.example.com\"] }", "names = [\"DNS:mail.example.com\"]"),
        IsEmpty());
    EXPECT_THAT(findings("{ permitted = [\"IP:192.0.2.0/24\"] }", "names = [\"IP:192.0.2.1\", \"DNS:any.example.org\"]"), IsEmpty())
        << "names of a kind that is not constrained are free";
}

TEST(NameConstraints, StopWhatIsNotPermittedOrIsExcluded) {
    EXPECT_THAT(findings("{ permitted = [\"DNS:example.com\"] }", "names = [\"DNS:mail.example.com\", \"DNS:mail.example.org\"]"),
                ElementsAre("constraint.violated @inter"));
    EXPECT_THAT(findings("{ excluded = [\"DNS:example.com\"] }", "names = [\"DNS:mail.example.com\"]"),
                ElementsAre("constraint.violated @inter"));
    EXPECT_THAT(findings("{ excluded = [\"DNS:a.example.com\"] }", "names = [\"DNS:*.example.com\"]"),
                ElementsAre("constraint.violated-wildcard @inter"));
    EXPECT_THAT(findings("{ permitted = [\"IP:192.0.2.0/24\"] }", "names = [\"IP:198.51.100.1\"]"),
                ElementsAre("constraint.violated @inter"));
    EXPECT_THAT(findings("{ permitted = [\"email:example.com\"] }", "names = [\"email:a@example.org\"]"),
                ElementsAre("constraint.violated @inter"));
    EXPECT_THAT(findings("{ permitted = [\"URI:.example.com\"] }", "names = [\"URI:urn:x\"]"),
                ElementsAre("constraint.violated-uri @inter"));
    EXPECT_THAT(findings("{ permitted = [\"IP:192.0.2.0/24\"] }", "names = [\"IP:2001:db8::1\"]"),
                ElementsAre("constraint.violated-family @inter"));
    EXPECT_THAT(findings("{ excluded = [\"URI:.example.net\"] }", "names = [\"URI:https://www.example.com/\"]"),
                ElementsAre("constraint.excludes-uri @inter"));
}

TEST(NameConstraints, SayWhichNameAndWhichConstraint) {
    Scene scene(authority({.name = "root", .key = "p256-2"}) +
                authority({.name = "inter",
                           .issuer = "root",
                           .more = "name_constraints = { permitted = [\"DNS:a.example\", \"DNS:b.example\"] }",
                           .key = "p256-3"}) +
                certificate({.name = "server", .issuer = "inter", .more = "names = [\"DNS:c.example\"]"}));
    scene.sends({"server", "inter"}).trusts({"root"});
    const Finding& finding = scene.finding(FindingId::constraint_violated);
    EXPECT_EQ(finding.expected, "permitted: DNS:a.example, DNS:b.example");
    EXPECT_EQ(finding.found, "DNS:c.example");
    EXPECT_EQ(finding.field, Field::name_constraints);
}

TEST(NameConstraints, TellDirectoryNamesApart) {
    EXPECT_THAT(findings("{ permitted = [\"dirName:O=Example\"] }", "", "CN=server,O=Other"),
                ElementsAre("constraint.permits-directory-name @inter", "constraint.violated-directory-name @inter"));
    EXPECT_THAT(findings("{ permitted = [\"dirName:O=Example\"] }", "", "CN=server,O=Example"),
                ElementsAre("constraint.permits-directory-name @inter"));
}

TEST(NameConstraints, HoldForMailboxesOutsideAscii) {
    const auto under = [](std::string_view constraints, std::string_view mailbox) {
        return findings(constraints, "names = [\"SmtpUTF8Mailbox:" + std::string(mailbox) + "\"]");
    };
    constexpr std::string_view kHost = "{ permitted = [\"email:xn--mnchen-3ya.example\"] }";
    EXPECT_THAT(under(kHost, "\xc3\xb6l@xn--mnchen-3ya.example"), IsEmpty());
    EXPECT_THAT(under(kHost, "\xc3\xb6l@m\xc3\xbcnchen.example"), IsEmpty()) << "U-labels are converted (RFC 9598 6)";
    EXPECT_THAT(under(kHost, "\xc3\xb6l@mail.xn--mnchen-3ya.example"), ElementsAre("constraint.violated-utf8-mailbox @inter"));
    EXPECT_THAT(under(kHost, "no mailbox"), ElementsAre("constraint.violated-utf8-mailbox @inter"));
    EXPECT_THAT(under("{ excluded = [\"email:.example.com\"] }", "\xc3\xb6l@mail.example.com"),
                ElementsAre("constraint.violated-utf8-mailbox @inter"));
    EXPECT_THAT(under("{ permitted = [\"IP:192.0.2.0/24\"] }", "\xc3\xb6l@example.org"), IsEmpty());
}

TEST(NameConstraints, TellNamesThatCannotBeHeldAgainstAny) {
    const auto is_told = [](std::string_view name) {
        const auto all = findings("{ excluded = [\"URI:example.com\"] }", "names = [\"" + std::string(name) + "\"]");
        return std::ranges::find(all, "constraint.unreadable-name @inter") != all.end();
    };
    for (const std::string_view name : {"DNS:no name", "DNS:a..example.com", "DNS:a.example.com.", "email:no mailbox"})
        EXPECT_TRUE(is_told(name)) << name;
    for (const std::string_view name : {"DNS:.example.com", "DNS:*.example.com", "email:a@example.com", "RID:1.2.3"})
        EXPECT_FALSE(is_told(name)) << name;
}

TEST(NameConstraints, TellCommonNamesApart) {
    EXPECT_THAT(findings("{ permitted = [\"DNS:example.com\"] }", "", "CN=mail.example.org"),
                ElementsAre("constraint.violated-common-name @inter", "constraint.violated-last-common-name @inter"));
    EXPECT_THAT(findings("{ permitted = [\"DNS:example.com\"] }", "names = [\"IP:192.0.2.1\"]", "CN=192.0.2.2"),
                ElementsAre("constraint.violated-common-name-beside-address @inter"))
        << "read as an address it is one of several";
    EXPECT_THAT(findings("{ permitted = [\"DNS:example.com\"] }", "", "CN=server"),
                ElementsAre("constraint.violated-last-common-name @inter"));
    EXPECT_THAT(findings("{ permitted = [\"DNS:example.com\"] }", "names = [\"DNS:mail.example.com\"]", "CN=mail.example.org"), IsEmpty());
    EXPECT_THAT(findings("{ permitted = [\"DNS:example.com\"] }", "", "CN=A Person"), IsEmpty());
}

TEST(NameConstraints, LookAtMailboxesInTheSubjectWhenThereAreNoOthers) {
    EXPECT_THAT(findings("{ permitted = [\"email:example.com\"] }", "", "emailAddress=a@example.org"),
                ElementsAre("constraint.violated @inter"));
}

TEST(NameConstraints, TellMailboxesInTheSubjectBesideOthersApart) {
    EXPECT_THAT(findings("{ permitted = [\"email:example.com\"] }", "names = [\"email:b@example.com\"]", "emailAddress=a@example.org"),
                ElementsAre("constraint.violated-subject-mailbox @inter"));
}

TEST(NameConstraints, SayWhatTheyDoNotUnderstand) {
    EXPECT_THAT(findings("{ permitted = [\"RID:1.2.3\"] }", "names = [\"RID:1.2.3\"]"), ElementsAre("constraint.unsupported @inter"));
    EXPECT_THAT(findings("{ permitted = [\"RID:1.2.3\"] }", "names = [\"DNS:a.example.org\"]"), IsEmpty())
        << "no name of that kind is there";
}

TEST(NameConstraints, AreAlsoReadInARoot) {
    Scene scene(authority({.name = "root", .more = "name_constraints = { permitted = [\"DNS:example.com\"] }", .key = "p256-2"}) +
                authority({.name = "inter", .issuer = "root", .key = "p256-3"}) +
                certificate({.name = "server", .issuer = "inter", .more = "names = [\"DNS:mail.example.org\"]"}));
    scene.sends({"server", "inter"}).trusts({"root"});
    const auto placed = scene.verification().findings(scene.find());
    const auto violated =
        std::find_if(placed.begin(), placed.end(), [](const Placed& p) { return p.finding->id == FindingId::constraint_violated; });
    ASSERT_NE(violated, placed.end());
    EXPECT_EQ(violated->role, Role::anchor);
    EXPECT_EQ(violated->subject, Subject::path);
}

TEST(NameConstraints, EndWithTheBudget) {
    std::string names, subtrees;
    for (int i = 0; i < 400; ++i) {
        names += (i ? ", \"DNS:n" : "\"DNS:n") + std::to_string(i) + ".example\"";
        subtrees += (i ? ", \"DNS:x" : "\"DNS:x") + std::to_string(i) + ".example\"";
    }
    Scene scene(
        authority({.name = "root", .key = "p256-2"}) +
        authority({.name = "inter", .issuer = "root", .more = "name_constraints = { excluded = [" + subtrees + "] }", .key = "p256-3"}) +
        certificate({.name = "server", .issuer = "inter", .more = "names = [" + names + "]"}));
    scene.sends({"server", "inter"}).trusts({"root"});
    EXPECT_THAT(scene.findings(), testing::Contains("work.budget"));
}

}  // namespace
}  // namespace truename::verify
