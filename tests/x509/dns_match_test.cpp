#include "x509/dns_match.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "tests/x509/slow_dns_match.h"

namespace truename::x509 {
namespace {

using enum WildcardPosition;

constexpr DnsMatchRule rule(WildcardPosition wildcard, std::uint8_t after = 2) {
    return {.wildcard = wildcard, .min_labels_after = after};
}

TEST(MatchesDnsId, IgnoresLetterCaseAndNothingElse) {
    EXPECT_TRUE(matches_dns_id("Mail.Example.COM", "mail.example.com", kStrictDnsMatch));
    EXPECT_FALSE(matches_dns_id("mail.example.com", "mail.example.co", kStrictDnsMatch));
    EXPECT_FALSE(matches_dns_id("mail.example.com", "xmail.example.com", kStrictDnsMatch));
    EXPECT_FALSE(matches_dns_id(std::string_view("mail.example.com\0.evil.example", 30), "mail.example.com", kStrictDnsMatch));
    EXPECT_FALSE(matches_dns_id("", "", kStrictDnsMatch));
    EXPECT_TRUE(matches_dns_id("mail.example.com.", "mail.example.com.", kStrictDnsMatch)) << "the same text, as libraries compare";
    EXPECT_FALSE(matches_dns_id(std::string_view("a\0b", 3), std::string_view("a\0b", 3), kStrictDnsMatch));
    EXPECT_TRUE(matches_dns_id("münchen.example", "münchen.example", kStrictDnsMatch)) << "bytes over 127 equal themselves";
}

TEST(MatchesDnsId, AWholeLabelStarStandsForExactlyOneLabel) {
    constexpr auto strict = kStrictDnsMatch;
    EXPECT_TRUE(matches_dns_id("*.example.com", "mail.example.com", strict));
    EXPECT_FALSE(matches_dns_id("*.example.com", "example.com", strict));
    EXPECT_FALSE(matches_dns_id("*.example.com", "a.mail.example.com", strict));
    EXPECT_FALSE(matches_dns_id("*.example.com", "mailexample.com", strict));
    EXPECT_FALSE(matches_dns_id("*.com", "example.com", strict)) << "one label after the star";
    EXPECT_TRUE(matches_dns_id("*.com", "example.com", rule(whole_left_label, 1)));
    EXPECT_FALSE(matches_dns_id("*", "localhost", strict));
    EXPECT_TRUE(matches_dns_id("*", "localhost", rule(whole_left_label, 0)));
    EXPECT_FALSE(matches_dns_id("*.example.com", "*a.example.com", strict));
    EXPECT_FALSE(matches_dns_id("*.example.com", "mail.example.com.", strict));
}

struct PartialCase {
    const char* presented;
    std::array<bool, 7> matches;  // in the order of WildcardPosition; the name asked for is mail.example.com
};

TEST(MatchesDnsId, EachRuleHasItsPlacesForTheStar) {
    constexpr PartialCase kCases[] = {
        //                     none   whole  start  end    either any    any label
        {"mail.example.com", {true, true, true, true, true, true, true}},
        {"*.example.com", {false, true, true, true, true, true, true}},
        {"*ail.example.com", {false, false, true, false, true, true, true}},
        {"ma*.example.com", {false, false, false, true, true, true, true}},
        {"m*l.example.com", {false, false, false, false, false, true, true}},
        {"mail*.example.com", {false, false, false, false, false, false, false}},  // the star covers at least one character
        {"mail.*.com", {false, false, false, false, false, false, false}},         // only one label after the star
        {"*.*.com", {false, false, false, false, false, false, false}},
        {"**.example.com", {false, false, false, false, false, false, false}},
    };
    for (const PartialCase& c : kCases) {
        for (std::size_t i = 0; i < c.matches.size(); ++i)
            EXPECT_EQ(matches_dns_id(c.presented, "mail.example.com", rule(static_cast<WildcardPosition>(i))), c.matches[i])
                << c.presented << " by rule " << i;
    }
    EXPECT_TRUE(matches_dns_id("mail.*.com", "mail.example.com", rule(any_label, 1)));
    EXPECT_FALSE(matches_dns_id("mail.*.com", "mail.a.b.com", rule(any_label, 1))) << "a star covers no dot";
    EXPECT_TRUE(matches_dns_id("mail.ex*.com", "mail.example.com", rule(any_label, 1)));
    auto empty = rule(left_label_end);
    empty.empty_star = EmptyStar::part_of_label;
    EXPECT_TRUE(matches_dns_id("mail*.example.com", "mail.example.com", empty));
}

TEST(MatchesDnsId, AStarMaySpanLabelsWhereAClientDoesSo) {
    DnsMatchRule spans = rule(whole_left_label, 0);
    spans.star_spans_labels = true;
    EXPECT_TRUE(matches_dns_id("*.example.com", "a.b.example.com", spans));
    EXPECT_TRUE(matches_dns_id("*.example.com", "a.example.com", spans));
    EXPECT_FALSE(matches_dns_id("*.example.com", "example.com", spans));
    EXPECT_FALSE(matches_dns_id("*.example.com", "aexample.com", spans));
}

TEST(MatchesDnsId, TrailingDotsAreCutOffOnlyWhereTheRuleSaysSo) {
    DnsMatchRule reference = kStrictDnsMatch, presented = kStrictDnsMatch;
    reference.reference_dots = DotsCut::one;
    presented.presented_dots = DotsCut::one;
    EXPECT_FALSE(matches_dns_id("mail.example.com", "mail.example.com.", kStrictDnsMatch));
    EXPECT_TRUE(matches_dns_id("mail.example.com", "mail.example.com.", reference));
    EXPECT_FALSE(matches_dns_id("mail.example.com", "mail.example.com..", reference));
    EXPECT_FALSE(matches_dns_id("mail.example.com.", "mail.example.com", reference));
    EXPECT_TRUE(matches_dns_id("mail.example.com.", "mail.example.com", presented));
    EXPECT_TRUE(matches_dns_id("*.example.com.", "mail.example.com", presented));
    EXPECT_FALSE(matches_dns_id("mail.example.com..", "mail.example.com.", presented)) << "a name with an empty label is none";
}

TEST(MatchesDnsId, StarsAndALabelsFollowTheirSwitches) {
    DnsMatchRule r = rule(left_label_anywhere);
    EXPECT_TRUE(matches_dns_id("*.example.com", "xn--mnchen-3ya.example.com", r));
    r.star_over_a_label = StarOverALabel::no;
    EXPECT_FALSE(matches_dns_id("*.example.com", "xn--mnchen-3ya.example.com", r));
    EXPECT_FALSE(matches_dns_id("x*.example.com", "xn--mnchen-3ya.example.com", r));
    r.star_over_a_label = StarOverALabel::yes;
    EXPECT_TRUE(matches_dns_id("x*.example.com", "xn--mnchen-3ya.example.com", r));
    EXPECT_FALSE(matches_dns_id("xn--m*.example.com", "xn--mnchen-3ya.example.com", r));
    r.star_inside_a_label = true;
    EXPECT_TRUE(matches_dns_id("xn--m*.example.com", "xn--mnchen-3ya.example.com", r));
    EXPECT_TRUE(matches_dns_id("*.xn--p1ai.com", "mail.xn--p1ai.com", r));
    r.star_before_a_label = false;
    EXPECT_FALSE(matches_dns_id("*.xn--p1ai.com", "mail.xn--p1ai.com", r));
    EXPECT_TRUE(matches_dns_id("mail.xn--p1ai.com", "mail.xn--p1ai.com", r)) << "without a star the rule does not apply";
}

TEST(MatchesDnsId, UnderscoresAndSyntaxFollowTheirSwitches) {
    DnsMatchRule r = kStrictDnsMatch;
    EXPECT_TRUE(matches_dns_id("my_mail.example.com", "my_mail.example.com", r));
    r.underscore = Underscore::no_match;
    EXPECT_FALSE(matches_dns_id("my_mail.example.com", "my_mail.example.com", r));
    EXPECT_FALSE(matches_dns_id("*.example.com", "my_mail.example.com", r));
    r = kStrictDnsMatch;
    EXPECT_TRUE(matches_dns_id("-mail.example.com", "-mail.example.com", r));
    r.presented_syntax = NameSyntax::checked;
    EXPECT_FALSE(matches_dns_id("-mail.example.com", "-mail.example.com", r));
    EXPECT_TRUE(matches_dns_id("*.example.com", "mail.example.com", r));
}

TEST(MatchesDnsId, DotsAreCutAsOftenAsTheRuleSays) {
    EXPECT_EQ(cut_dots("a..", DotsCut::one), "a..");
    EXPECT_EQ(cut_dots("a..", DotsCut::two), "a");
    EXPECT_EQ(cut_dots("a...", DotsCut::two), "a...");
    EXPECT_EQ(cut_dots("a...", DotsCut::all), "a");
    EXPECT_EQ(cut_dots("...", DotsCut::all), "");
    EXPECT_EQ(cut_dots("", DotsCut::all), "");
}

TEST(MatchesDnsId, ASyntaxForbidsOrLeavesTheSameText) {
    DnsMatchRule r = rule(whole_left_label, 0);
    r.reference_syntax = NameSyntax::exact;
    r.reference_dots = DotsCut::one;
    EXPECT_TRUE(matches_dns_id("*.example", "mail.example.", r));
    EXPECT_FALSE(matches_dns_id("*.example", "-mail.example", r));
    EXPECT_TRUE(matches_dns_id("-mail.example", "-mail.example", r));
    EXPECT_FALSE(matches_dns_id("*.example", "mail-.example", r));
    r.hyphen_may_end_label = true;
    EXPECT_TRUE(matches_dns_id("*.example", "mail-.example", r));
    r.reference_syntax = NameSyntax::checked;
    EXPECT_FALSE(matches_dns_id("-mail.example", "-mail.example", r));
    r.reference_syntax = NameSyntax::host_characters;
    EXPECT_TRUE(matches_dns_id("-mail.example", "-mail.example", r));
    EXPECT_FALSE(matches_dns_id("*.2.3.4", "1.2.3.4", r)) << "digits and dots are an address or nothing";
    EXPECT_FALSE(matches_dns_id("m ail.example", "m ail.example", r));
    r = rule(whole_left_label, 0);
    r.presented_syntax = NameSyntax::printable;
    EXPECT_TRUE(matches_dns_id("m:ail.example", "m:ail.example", r));
    EXPECT_FALSE(matches_dns_id("m\xc3\xbcl.example", "m\xc3\xbcl.example", r));
}

TEST(MatchesDnsId, AStarCoversWhatTheRuleNames) {
    DnsMatchRule r = kStrictDnsMatch;
    r.star_covers = StarCovers::anything;
    EXPECT_TRUE(matches_dns_id("*.example.com", "m:l.example.com", r));
    r.star_covers = StarCovers::host_characters;
    EXPECT_FALSE(matches_dns_id("*.example.com", "m:l.example.com", r));
    EXPECT_TRUE(matches_dns_id("*.example.com", "m_l.example.com", r));
    r.star_covers = StarCovers::letters_digits_hyphens;
    EXPECT_FALSE(matches_dns_id("*.example.com", "m_l.example.com", r));
    r = kStrictDnsMatch;
    r.empty_star = EmptyStar::yes;
    EXPECT_TRUE(matches_dns_id("*.example.com", ".example.com", r));
    r.empty_star = EmptyStar::part_of_label;
    EXPECT_FALSE(matches_dns_id("*.example.com", ".example.com", r));
    r.leading_dot_is_below = true;
    EXPECT_TRUE(matches_dns_id("a.b.example.com", ".example.com", r));
    EXPECT_TRUE(matches_dns_id("*.example.com", ".Example.com", r));
    EXPECT_FALSE(matches_dns_id("example.com", ".example.com", r));
    EXPECT_FALSE(matches_dns_id("a.example.com", ".", r));
}

TEST(MatchesDnsId, AStarMayStayBelowWhatOneCanRegister) {
    DnsMatchRule r = rule(whole_left_label, 1);
    r.star_below_registrable = true;
    EXPECT_FALSE(matches_dns_id("*.co.uk", "example.co.uk", r));
    EXPECT_TRUE(matches_dns_id("*.example.co.uk", "mail.example.co.uk", r));
    EXPECT_FALSE(matches_dns_id("*.com", "example.com", r));
    EXPECT_TRUE(matches_dns_id("*.s3.amazonaws.com", "box.s3.amazonaws.com", r)) << "the registries' part of the list only";
    EXPECT_TRUE(matches_dns_id("example.co.uk", "example.co.uk", r));
}

TEST(MatchesDnsId, StarsMayStandAnywhere) {
    const DnsMatchRule r = rule(any_labels, 1);
    EXPECT_TRUE(matches_dns_id("m*l.*.com", "mail.example.com", r));
    EXPECT_TRUE(matches_dns_id("a*b*.example.com", "axxbxxc.example.com", r));
    EXPECT_FALSE(matches_dns_id("a*b*.example.com", "axx.example.com", r));
    EXPECT_FALSE(matches_dns_id("*ab*ab.example", "ab.example", r));
    EXPECT_FALSE(matches_dns_id("mail.*", "mail.example", r)) << "one label after the last star";
    EXPECT_FALSE(matches_dns_id("*.com", "a.b.com", r));
}

TEST(MatchesDnsId, ULabelsAreComparedWhereTheRuleSaysSo) {
    DnsMatchRule r = rule(left_label_anywhere);
    r.star_over_a_label = StarOverALabel::yes;
    r.star_covers = StarCovers::anything;
    r.presented_syntax = r.reference_syntax = NameSyntax::checked;
    EXPECT_TRUE(matches_dns_id("x*.example.com", "xn--mnchen-3ya.example.com", r));
    r.compares_u_labels = true;
    EXPECT_FALSE(matches_dns_id("x*.example.com", "xn--mnchen-3ya.example.com", r));
    EXPECT_TRUE(matches_dns_id("m*.example.com", "xn--mnchen-3ya.example.com", r));
    EXPECT_TRUE(matches_dns_id("xn--mnchen-3ya.example.com", "XN--mnchen-3ya.example.com", r));
}

TEST(MatchesSrvId, WantsTheServiceAndTheHost) {
    constexpr auto strict = kStrictDnsMatch;
    EXPECT_TRUE(matches_srv_id("_imaps.example.com", "imaps", "example.com", strict));
    EXPECT_TRUE(matches_srv_id("_IMAPS.Example.com", "imaps", "example.COM", strict));
    EXPECT_FALSE(matches_srv_id("_imap.example.com", "imaps", "example.com", strict));
    EXPECT_FALSE(matches_srv_id("_imaps.example.net", "imaps", "example.com", strict));
    EXPECT_FALSE(matches_srv_id("imaps.example.com", "imaps", "example.com", strict)) << "a host of that name";
    EXPECT_FALSE(matches_srv_id("_imaps._tcp.example.com", "imaps", "example.com", strict)) << "a name of DNS, not of a certificate";
    EXPECT_FALSE(matches_srv_id("_imaps", "imaps", "", strict));
    EXPECT_FALSE(matches_srv_id("_imaps.", "imaps", "", strict));
    EXPECT_FALSE(matches_srv_id("_.example.com", "", "example.com", strict));
    EXPECT_FALSE(matches_srv_id("_*.example.com", "imaps", "example.com", strict)) << "a star stands for no service";
    EXPECT_TRUE(matches_srv_id("_imaps.*.example.com", "imaps", "mail.example.com", strict));
    EXPECT_FALSE(matches_srv_id(std::string_view("_imaps.example.com\0", 19), "imaps", "example.com", strict));
}

/// Compares both on every pair by every place for the star, and counts the matches.
std::size_t compare_all(const std::vector<std::string>& presented, const std::vector<std::string>& references, std::uint8_t after) {
    std::size_t matches = 0;
    for (const WildcardPosition position :
         {none, whole_left_label, left_label_start, left_label_end, left_label_start_or_end, left_label_anywhere, any_label, any_labels}) {
        DnsMatchRule r = rule(position, after);
        r.empty_star = static_cast<EmptyStar>(after);
        r.empty_labels = static_cast<EmptyLabels>(after);
        for (const std::string& name : presented) {
            for (const std::string& reference : references) {
                const bool ours = matches_dns_id(name, reference, r);
                matches += ours;
                if (ours == SlowMatch(r).matches(name, reference)) continue;
                ADD_FAILURE() << name << " against " << reference << ", rule " << static_cast<int>(position) << ", after " << int{after};
                return matches;
            }
        }
    }
    return matches;
}

TEST(MatchesSrvId, AgreesWithASecondImplementationOnEveryNameOfSevenCharacters) {
    DnsMatchRule r = rule(whole_left_label, 0);
    std::size_t matches = 0;
    const auto references = all_names("a.", 3);
    for (const std::string& name : all_names("_a.*", 7)) {
        for (const std::string& host : references) {
            const auto labels = split(name, '.');
            const std::string rest = labels.size() < 2 ? "" : name.substr(labels[0].size() + 1);
            const bool slow = labels[0] == "_a" && SlowMatch(r).matches(rest, host);
            const bool ours = matches_srv_id(name, "A", host, r);
            matches += ours;
            ASSERT_EQ(ours, slow) << name << " against a and " << host;
        }
    }
    EXPECT_GT(matches, 10U);
}

TEST(MatchesDnsId, AgreesWithASecondImplementationOnEveryNameOfFourCharacters) {
    EXPECT_GT(compare_all(all_names("ab.-*", 4), all_names("ab.-", 4), 0), 1'000U);
    EXPECT_GT(compare_all(all_names("ab.-*", 4), all_names("ab.-", 4), 1), 1'000U);
}

TEST(MatchesDnsId, AgreesWithASecondImplementationOnEveryNameOfFiveCharacters) {
    auto presented = all_names("ab.-*", 5);
    const auto references = all_names("ab.-", 5);
    // Without a star names are equal or not; and the two letters may change places.
    std::erase_if(presented, [](const std::string& name) {
        return name.find('*') == std::string::npos || name.find('b') < name.find('a') || name.front() == '-';
    });
    std::size_t matches = 0;
    DnsMatchRule r = rule(any_label, 0);
    r.empty_labels = EmptyLabels::allowed;
    const SlowMatch slow(r);
    for (const std::string& name : presented) {
        for (const std::string& reference : references) {
            const bool ours = matches_dns_id(name, reference, r);
            matches += ours;
            if (ours != slow.matches(name, reference)) FAIL() << name << " against " << reference;
        }
    }
    EXPECT_GT(matches, 2'000U);
}

TEST(MatchesDnsId, AgreesWithASecondImplementationOnEveryNameOfFiveCharactersWithTwoDots) {
    auto presented = all_names("ab.*", 5), references = all_names("ab.", 5);
    for (auto* names : {&presented, &references})
        std::erase_if(*names, [](const std::string& name) { return std::count(name.begin(), name.end(), '.') != 2; });
    EXPECT_GT(compare_all(presented, references, 2), 50U);
}

}  // namespace
}  // namespace truename::x509
