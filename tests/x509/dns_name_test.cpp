#include "x509/dns_name.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "x509/ip_address.h"

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
    empty.star_may_be_empty = true;
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
    reference.strips_reference_trailing_dot = true;
    presented.strips_presented_trailing_dot = true;
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
    r.star_covers_a_label = false;
    EXPECT_FALSE(matches_dns_id("*.example.com", "xn--mnchen-3ya.example.com", r));
    EXPECT_FALSE(matches_dns_id("x*.example.com", "xn--mnchen-3ya.example.com", r));
    r.partial_star_covers_a_label = true;
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
    r.allows_underscore = false;
    EXPECT_FALSE(matches_dns_id("my_mail.example.com", "my_mail.example.com", r));
    EXPECT_FALSE(matches_dns_id("*.example.com", "my_mail.example.com", r));
    r = kStrictDnsMatch;
    EXPECT_TRUE(matches_dns_id("-mail.example.com", "-mail.example.com", r));
    r.checks_presented_syntax = true;
    EXPECT_FALSE(matches_dns_id("-mail.example.com", "-mail.example.com", r));
    EXPECT_TRUE(matches_dns_id("*.example.com", "mail.example.com", r));
}

// The same rules once more, written the slow way: labels in vectors, one question after another. The two share no line.
bool slowly_matches(const std::string& presented, const std::string& reference, const DnsMatchRule& r) {
    const auto p = split(presented, '.'), q = split(reference, '.');
    if (presented == reference) return !presented.empty();
    for (const auto& labels : {p, q}) {
        for (const auto& label : labels) {
            if (label.empty()) return false;
        }
    }
    std::size_t stars = 0, star_label = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
        for (const char c : p[i]) {
            if (c != '*') continue;
            ++stars;
            star_label = i;
        }
    }
    if (reference.find('*') != std::string::npos || stars > 1) return false;
    if (p.size() != q.size() && !(stars == 1 && r.star_spans_labels)) return false;
    if (stars == 0) return presented == reference;
    const std::string label(p[star_label]);
    if (r.wildcard == none || (star_label != 0 && r.wildcard != any_label)) return false;
    if (p.size() - star_label - 1 < r.min_labels_after) return false;
    const bool whole = label == "*", start = label.front() == '*', end = label.back() == '*';
    if (r.wildcard == whole_left_label && !whole) return false;
    if (r.wildcard == left_label_start && !start) return false;
    if (r.wildcard == left_label_end && !end) return false;
    if (r.wildcard == left_label_start_or_end && !start && !end) return false;
    for (std::size_t i = 0; i < p.size(); ++i) {
        if (i != star_label && p[i] != q[i]) return false;
    }
    // Every text that the star could stand for, tried one after another.
    const std::string target(q[star_label]);
    for (std::size_t from = 0; from <= target.size(); ++from) {
        for (std::size_t to = from; to <= target.size(); ++to) {
            if (to == from && (whole || !r.star_may_be_empty)) continue;
            std::string filled = label;
            filled.replace(filled.find('*'), 1, target.substr(from, to - from));
            if (filled == target) return true;
        }
    }
    return false;
}

std::vector<std::string> all_names(std::string_view alphabet, std::size_t longest) {
    std::vector<std::string> names = {""};
    for (std::size_t first = 0, size = 0; size < longest; ++size) {
        const std::size_t end = names.size();
        for (; first < end; ++first) {
            for (const char c : alphabet) names.push_back(names[first] + c);
        }
    }
    return names;
}

/// Compares both on every pair by every place for the star, and counts the matches.
std::size_t compare_all(const std::vector<std::string>& presented, const std::vector<std::string>& references, std::uint8_t after) {
    std::size_t matches = 0;
    for (const WildcardPosition position :
         {none, whole_left_label, left_label_start, left_label_end, left_label_start_or_end, left_label_anywhere, any_label}) {
        DnsMatchRule r = rule(position, after);
        r.star_may_be_empty = after == 1;
        for (const std::string& name : presented) {
            for (const std::string& reference : references) {
                const bool ours = matches_dns_id(name, reference, r);
                matches += ours;
                if (ours == slowly_matches(name, reference, r)) continue;
                ADD_FAILURE() << name << " against " << reference << ", rule " << static_cast<int>(position) << ", after " << int{after};
                return matches;
            }
        }
    }
    return matches;
}

TEST(MatchesDnsId, AgreesWithASecondImplementationOnEveryNameOfFourCharacters) {
    EXPECT_GT(compare_all(all_names("ab.-*", 4), all_names("ab.-", 4), 0), 1'000U);
    EXPECT_GT(compare_all(all_names("ab.-*", 4), all_names("ab.-", 4), 1), 1'000U);
}

TEST(MatchesDnsId, AgreesWithASecondImplementationOnEveryNameOfFiveCharactersWithTwoDots) {
    auto presented = all_names("ab.*", 5), references = all_names("ab.", 5);
    for (auto* names : {&presented, &references})
        std::erase_if(*names, [](const std::string& name) { return std::count(name.begin(), name.end(), '.') != 2; });
    EXPECT_GT(compare_all(presented, references, 2), 50U);
}

TEST(ClassifyDnsName, SaysWhatTheTextIs) {
    const auto traits = [](std::string_view text) { return classify_dns_name(text); };
    EXPECT_TRUE(traits("mail.example.com").valid);
    EXPECT_EQ(traits("mail.example.com").labels, 3);
    EXPECT_TRUE(traits("*.example.com").valid && traits("*.example.com").is_wildcard);
    EXPECT_TRUE(traits("m*.example.com").valid && !traits("m*.example.com").is_wildcard && traits("m*.example.com").has_star);
    EXPECT_FALSE(traits("mail.*.com").valid);
    EXPECT_FALSE(traits("*.*.com").is_wildcard);
    EXPECT_TRUE(traits("mail.example.com.").valid && traits("mail.example.com.").has_trailing_dot);
    EXPECT_FALSE(traits(".example.com").valid);
    EXPECT_TRUE(traits(".example.com").has_leading_dot);
    EXPECT_TRUE(traits("my_mail.example.com").valid && traits("my_mail.example.com").has_underscore);
    EXPECT_TRUE(traits("xn--mnchen-3ya.example").has_a_label);
    EXPECT_TRUE(!traits("münchen.example").valid && !traits("münchen.example").is_ascii);
    EXPECT_TRUE(traits("192.0.2.1").is_ip_address && traits("2001:db8::1").is_ip_address);
    for (const char* wrong : {"", ".", "..", "a..b", "-a.example", "a-.example", "a b.example", "a\nb", "https://example.com"})
        EXPECT_FALSE(traits(wrong).valid) << wrong;
    EXPECT_FALSE(traits(std::string_view("a\0b.com", 7)).valid);
    EXPECT_TRUE(traits(std::string(63, 'a') + ".com").valid);
    EXPECT_FALSE(traits(std::string(64, 'a') + ".com").valid);
    std::string longest;
    while (longest.size() < 250) longest += "a.";
    EXPECT_TRUE(traits(longest + "aaa").valid);
    EXPECT_FALSE(traits(longest + "aaaa").valid);
}

TEST(ClassifyDnsName, KnowsNamesThatThePublicInternetDoesNotHave) {
    for (const char* internal : {"server", "sbs.example.local", "mail.lan", "nas.home.arpa", "x.internal", "LOCALHOST", "mail.corp."})
        EXPECT_TRUE(classify_dns_name(internal).is_internal) << internal;
    for (const char* outside : {"mail.example.com", "local.example.com", "mail.host", "mail.email", "home.arpa.example.net"})
        EXPECT_FALSE(classify_dns_name(outside).is_internal) << outside;
}

TEST(ToALabels, ConvertsWhatUsersType) {
    EXPECT_EQ(*to_a_labels("München.example"), "xn--mnchen-3ya.example");
    EXPECT_EQ(*to_a_labels("straße.example"), "xn--strae-oqa.example") << "IDNA 2008 keeps the sharp s";
    EXPECT_EQ(*to_a_labels("Mail.Example.COM"), "mail.example.com");
    EXPECT_EQ(*to_a_labels("my_mail.example.com"), "my_mail.example.com");
    EXPECT_EQ(*to_a_labels("mail。example。com"), "mail.example.com") << "ideographic full stops";
    for (const char* wrong : {"", "a b.example", "\xff.example", "a..example", "\xe2\x80\x8b.example"})
        EXPECT_FALSE(to_a_labels(wrong)) << wrong;
    EXPECT_EQ(to_a_labels(std::string(2'000, 'a')).error().kind, ErrorKind::too_large);
}

TEST(ToULabels, ShowsALabelsAndKeepsWhatDoesNotDecode) {
    EXPECT_EQ(to_u_labels("xn--mnchen-3ya.example"), "münchen.example");
    EXPECT_EQ(to_u_labels("mail.example.com"), "mail.example.com");
    EXPECT_EQ(to_u_labels("xn--999999999.xn--mnchen-3ya"), "xn--999999999.münchen");
}

TEST(IpAddress, IsReadAndWrittenAsRfc5952Says) {
    const auto again = [](std::string_view text) {
        const auto address = parse_ip_address(text);
        return address ? to_string(*address) : "none";
    };
    EXPECT_EQ(again("192.0.2.1"), "192.0.2.1");
    EXPECT_EQ(again("2001:DB8:0:0:0:0:0:1"), "2001:db8::1");
    EXPECT_EQ(again("::"), "::");
    EXPECT_EQ(again("::1"), "::1");
    EXPECT_EQ(again("1::"), "1::");
    EXPECT_EQ(again("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1") << "one zero group stays";
    EXPECT_EQ(again("2001:0:0:1:0:0:0:1"), "2001:0:0:1::1") << "the longest run";
    EXPECT_EQ(again("2001:db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1") << "the first of two";
    EXPECT_EQ(again("::ffff:192.0.2.1"), "::ffff:c000:201");
    for (const char* wrong : {"", "1", "192.0.2", "192.0.2.256", "192.0.2.01", "192.0.2.1.", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
                              "::1::", ":1", "1:", "12345::", "g::", "fe80::1%eth0", "[::1]", "1.2.3.4::", "::1.2.3", "1:2:3:4:5:6:7::8"})
        EXPECT_EQ(again(wrong), "none") << wrong;
}

}  // namespace
}  // namespace truename::x509
