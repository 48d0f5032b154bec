#include "clients/name_match.h"

#include <gtest/gtest.h>

#include "x509/ip_address.h"

namespace truename::clients {
namespace {

using verify::PresentedKind;

template <class T>
Fact<T> known(T value, Confidence confidence = Confidence::source) {
    return {value, true, confidence, "S"};
}

// The rule of RFC 9525, as facts.
NameRule strict_rule() {
    NameRule rule;
    rule.compares = known(Compares::any_dns);
    rule.common_name = known(CommonName::never);
    rule.which_common_name = known(WhichCommonName::any);
    rule.address = known(AddressRule::ip_address);
    rule.wildcard = known(x509::WildcardPosition::whole_left_label);
    rule.wildcard_labels = known<std::uint8_t>(2);
    rule.wildcard_any_depth = known(false);
    rule.wildcard_empty = known(x509::EmptyStar::no);
    rule.wildcard_over_a_label = known(x509::StarOverALabel::yes);
    rule.wildcard_in_a_label = known(false);
    rule.wildcard_before_a_label = known(true);
    rule.reference_dot = known(x509::DotsCut::none);
    rule.presented_dot = known(x509::DotsCut::none);
    rule.underscore = known(x509::Underscore::allowed);
    rule.syntax = known(x509::NameSyntax::as_is);
    rule.malformed = known(Malformed::skip);
    return rule;
}

// `DNS:a`, `IP:192.0.2.1`, `CN:a`, `SRV:_imaps.a`.
verify::PresentedNames presented(const std::vector<std::string>& texts) {
    verify::PresentedNames names;
    std::uint32_t orders[4] = {};
    for (const std::string& text : texts) {
        verify::PresentedName name;
        name.text = text.substr(text.find(':') + 1);
        name.kind = text[0] == 'D'   ? PresentedKind::dns_name
                    : text[0] == 'I' ? PresentedKind::ip_address
                    : text[0] == 'S' ? PresentedKind::service_name
                                     : PresentedKind::common_name;
        if (name.kind == PresentedKind::ip_address) name.address = x509::parse_ip_address(name.text);
        name.order = orders[static_cast<std::size_t>(name.kind)]++;
        name.traits = x509::classify_dns_name(name.text);
        names.has_subject_alt_name = names.has_subject_alt_name || name.kind != PresentedKind::common_name;
        names.names.push_back(name);
    }
    return names;
}

Matched match(const NameRule& rule, const std::vector<std::string>& names, std::string_view host, bool shipped = false) {
    const verify::PresentedNames all = presented(names);
    verify::ReferenceName reference = verify::make_reference_name(host);
    reference.services = {"imaps", "submission"};
    return NameMatcher(all, reference).match(rule, shipped).matched;
}

struct Row {
    const char* id;
    void (*change)(NameRule&);
    std::vector<std::string> names;
    const char* host;
    Matched expected;
};

TEST(NameMatch, EachRuleValueDoesWhatItIsNamedAfter) {
    const Row rows[] = {
        {"any dns", [](NameRule&) {}, {"DNS:a.example", "DNS:m.example"}, "m.example", Matched::yes},
        {"first dns, second",
         [](NameRule& r) { r.compares = known(Compares::first_dns); },
         {"DNS:a.example", "DNS:m.example"},
         "m.example",
         Matched::no},
        {"first dns, behind an address",
         [](NameRule& r) { r.compares = known(Compares::first_dns); },
         {"IP:192.0.2.1", "DNS:m.example"},
         "m.example",
         Matched::yes},
        {"nothing", [](NameRule& r) { r.compares = known(Compares::nothing); }, {"DNS:a.example"}, "m.example", Matched::yes},
        {"cn never", [](NameRule&) {}, {"CN:m.example"}, "m.example", Matched::no},
        {"cn without san",
         [](NameRule& r) { r.common_name = known(CommonName::without_san); },
         {"CN:m.example"},
         "m.example",
         Matched::yes},
        {"cn without san, address there",
         [](NameRule& r) { r.common_name = known(CommonName::without_san); },
         {"IP:192.0.2.1", "CN:m.example"},
         "m.example",
         Matched::no},
        {"cn without dns, address there",
         [](NameRule& r) { r.common_name = known(CommonName::without_dns); },
         {"IP:192.0.2.1", "CN:m.example"},
         "m.example",
         Matched::yes},
        {"cn without dns or address",
         [](NameRule& r) { r.common_name = known(CommonName::without_dns_or_address); },
         {"IP:192.0.2.1", "CN:m.example"},
         "m.example",
         Matched::no},
        {"cn always",
         [](NameRule& r) { r.common_name = known(CommonName::always); },
         {"DNS:a.example", "CN:m.example"},
         "m.example",
         Matched::yes},
        {"first cn",
         [](NameRule& r) { r.common_name = known(CommonName::always), r.which_common_name = known(WhichCommonName::first); },
         {"CN:a.example", "CN:m.example"},
         "m.example",
         Matched::no},
        {"last cn",
         [](NameRule& r) { r.common_name = known(CommonName::always), r.which_common_name = known(WhichCommonName::last); },
         {"CN:a.example", "CN:m.example"},
         "m.example",
         Matched::yes},
        {"only cn",
         [](NameRule& r) { r.common_name = known(CommonName::always), r.which_common_name = known(WhichCommonName::only); },
         {"CN:a.example", "CN:m.example"},
         "m.example",
         Matched::no},
        {"address", [](NameRule&) {}, {"IP:192.0.2.1"}, "192.0.2.1", Matched::yes},
        {"address as dns text", [](NameRule&) {}, {"DNS:192.0.2.1"}, "192.0.2.1", Matched::no},
        {"address or text",
         [](NameRule& r) { r.address = known(AddressRule::ip_address_or_dns_text); },
         {"DNS:192.0.2.1"},
         "192.0.2.1",
         Matched::yes},
        {"dns text only", [](NameRule& r) { r.address = known(AddressRule::dns_text); }, {"IP:192.0.2.1"}, "192.0.2.1", Matched::no},
        {"address never", [](NameRule& r) { r.address = known(AddressRule::none); }, {"IP:192.0.2.1"}, "192.0.2.1", Matched::no},
        {"wildcard", [](NameRule&) {}, {"DNS:*.example.com"}, "m.example.com", Matched::yes},
        {"no wildcard",
         [](NameRule& r) { r.wildcard = known(x509::WildcardPosition::none); },
         {"DNS:*.example.com"},
         "m.example.com",
         Matched::no},
        {"three labels wanted",
         [](NameRule& r) { r.wildcard_labels = known<std::uint8_t>(3); },
         {"DNS:*.example.com"},
         "m.example.com",
         Matched::no},
        {"any depth", [](NameRule& r) { r.wildcard_any_depth = known(true); }, {"DNS:*.example.com"}, "a.m.example.com", Matched::yes},
        {"reference dot kept", [](NameRule&) {}, {"DNS:m.example"}, "m.example.", Matched::no},
        {"reference dot stripped",
         [](NameRule& r) { r.reference_dot = known(x509::DotsCut::one); },
         {"DNS:m.example"},
         "m.example.",
         Matched::yes},
        {"presented dot stripped",
         [](NameRule& r) { r.presented_dot = known(x509::DotsCut::one); },
         {"DNS:m.example."},
         "m.example",
         Matched::yes},
        {"underscore",
         [](NameRule& r) { r.underscore = known(x509::Underscore::no_match); },
         {"DNS:m_x.example"},
         "m_x.example",
         Matched::no},
        {"mapped address differs", [](NameRule&) {}, {"IP:192.0.2.1"}, "::ffff:192.0.2.1", Matched::no},
        {"mapped address is the same",
         [](NameRule& r) { r.mapped_address_is_same = known(true); },
         {"IP:192.0.2.1"},
         "::ffff:192.0.2.1",
         Matched::yes},
        {"address in parts",
         [](NameRule& r) { r.address_text = known(x509::IpAddressText::decimal_parts); },
         {"IP:127.0.0.1"},
         "127.1",
         Matched::yes},
        {"address in the common name",
         [](NameRule& r) { r.address = known(AddressRule::ip_address_or_common_name); },
         {"DNS:m.example", "CN:192.0.2.1"},
         "192.0.2.1",
         Matched::yes},
        {"address in the common name beside another",
         [](NameRule& r) { r.address = known(AddressRule::ip_address_or_common_name); },
         {"IP:192.0.2.9", "CN:192.0.2.1"},
         "192.0.2.1",
         Matched::no},
        {"services ignored", [](NameRule&) {}, {"SRV:_imaps.m.example", "SRV:_submission.m.example"}, "m.example", Matched::no},
        {"services compared",
         [](NameRule& r) { r.service_names = known(true); },
         {"SRV:_imaps.m.example", "DNS:a.example", "SRV:_submission.m.example"},
         "M.example",
         Matched::yes},
        {"one service lacks",
         [](NameRule& r) { r.service_names = known(true); },
         {"SRV:_imaps.m.example", "SRV:_submission.a.example"},
         "m.example",
         Matched::no},
        {"services besides a dns name", [](NameRule& r) { r.service_names = known(true); }, {"DNS:m.example"}, "m.example", Matched::yes},
        {"services have no addresses",
         [](NameRule& r) { r.service_names = known(true), r.address = known(AddressRule::ip_address_or_dns_text); },
         {"SRV:_imaps.192.0.2.1", "SRV:_submission.192.0.2.1"},
         "192.0.2.1",
         Matched::no},
        {"odd address skipped", [](NameRule&) {}, {"IP:odd", "DNS:m.example"}, "m.example", Matched::yes},
        {"odd address hides the list",
         [](NameRule& r) { r.odd_address = known(OddAddress::hides_list); },
         {"IP:odd", "DNS:m.example"},
         "m.example",
         Matched::no},
        {"odd address leaves the common name",
         [](NameRule& r) { r.odd_address = known(OddAddress::hides_list), r.common_name = known(CommonName::without_dns); },
         {"IP:odd", "DNS:a.example", "CN:m.example"},
         "m.example",
         Matched::yes},
        {"u-label converted", [](NameRule&) {}, {"DNS:xn--mnchen-3ya.example"}, "m\xc3\xbcnchen.example", Matched::yes},
        {"u-label as typed",
         [](NameRule& r) { r.u_labels = known(ULabels::as_typed); },
         {"DNS:xn--mnchen-3ya.example"},
         "m\xc3\xbcnchen.example",
         Matched::no},
        {"u-label in a common name",
         [](NameRule& r) { r.u_labels = known(ULabels::u_labels), r.common_name = known(CommonName::always); },
         {"CN:m\xc3\xbcnchen.example"},
         "xn--mnchen-3ya.example",
         Matched::yes},
        {"malformed skipped", [](NameRule&) {}, {"DNS:bad name", "DNS:m.example"}, "m.example", Matched::yes},
        {"malformed fails all",
         [](NameRule& r) { r.malformed = known(Malformed::fail); },
         {"DNS:bad name", "DNS:m.example"},
         "m.example",
         Matched::no},
    };
    for (const Row& row : rows) {
        NameRule rule = strict_rule();
        row.change(rule);
        EXPECT_EQ(match(rule, row.names, row.host), row.expected) << row.id;
    }
}

TEST(NameMatch, AMalformedEntryFailsOnlyUnderShippedRootsWhereTheRuleSaysSo) {
    NameRule rule = strict_rule();
    rule.malformed = known(Malformed::fail_under_shipped);
    EXPECT_EQ(match(rule, {"DNS:bad name", "DNS:m.example"}, "m.example", true), Matched::no);
    EXPECT_EQ(match(rule, {"DNS:bad name", "DNS:m.example"}, "m.example", false), Matched::yes);
}

TEST(NameMatch, AnUnknownRuleHarmsOnlyWhereItDecides) {
    NameRule rule = strict_rule();
    rule.wildcard = {};
    EXPECT_EQ(match(rule, {"DNS:m.example.com"}, "m.example.com"), Matched::yes);
    EXPECT_EQ(match(rule, {"DNS:*.example.com"}, "m.example.com"), Matched::unknown);
    EXPECT_EQ(match(rule, {"DNS:*.example.net"}, "m.example.com"), Matched::no);
    rule = strict_rule();
    rule.common_name = {};
    EXPECT_EQ(match(rule, {"CN:m.example.com"}, "m.example.com"), Matched::unknown);
    EXPECT_EQ(match(rule, {"DNS:m.example.com", "CN:a.example"}, "m.example.com"), Matched::yes);
}

TEST(NameMatch, WhetherTheNameOfAServiceCountsIsUnknownWhereNobodySaidWhatIsAskedFor) {
    NameRule rule = strict_rule();
    rule.service_names = known(true);
    const verify::PresentedNames all = presented({"SRV:_imaps.m.example"});
    verify::ReferenceName reference = verify::make_reference_name("m.example");
    EXPECT_EQ(NameMatcher(all, reference).match(rule, false).matched, Matched::unknown);
    reference.services = {"submission"};
    EXPECT_EQ(NameMatcher(all, reference).match(rule, false).matched, Matched::no);
    reference.services = {"imaps"};
    EXPECT_EQ(NameMatcher(all, reference).match(rule, false).matched, Matched::yes);
}

TEST(NameMatch, NothingKnownAtAllIsUnknownUnlessTheFirstNameIsTheOne) {
    EXPECT_EQ(match({}, {"DNS:a.example", "DNS:m.example"}, "m.example"), Matched::unknown);
    EXPECT_EQ(match({}, {"DNS:m.example"}, "m.example"), Matched::yes);
}

TEST(NameMatch, TheConfidenceIsThatOfTheWeakestRuleUsed) {
    NameRule rule = strict_rule();
    rule.common_name = known(CommonName::never, Confidence::inferred);
    rule.wildcard = known(x509::WildcardPosition::whole_left_label, Confidence::reported);
    const auto confidence = [&](const std::vector<std::string>& names) {
        const verify::PresentedNames all = presented(names);
        const verify::ReferenceName reference = verify::make_reference_name("m.example.com");
        return NameMatcher(all, reference).match(rule, false).confidence;
    };
    EXPECT_EQ(confidence({"DNS:m.example.com"}), Confidence::source);
    EXPECT_EQ(confidence({"DNS:*.example.com"}), Confidence::reported);
    EXPECT_EQ(confidence({"CN:m.example.com"}), Confidence::inferred);
}

}  // namespace
}  // namespace truename::clients
