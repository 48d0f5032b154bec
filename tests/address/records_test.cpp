#include "address/records.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "address/internet_address.h"
#include "address/survey.h"
#include "base/read_file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "x509/certificate.h"
#include "x509/pem.h"

namespace truename::address {
namespace {

using net::DnsOutcome;
using net::DnsType;
using testing::ElementsAre;

const InternetAddress kAddress{"quantum.com", "remote.quantum.com"};

ByteString name_on_wire(std::string_view name) {
    ByteString wire;
    for (const std::string_view label : split(name, '.')) {
        wire.push_back(static_cast<std::uint8_t>(label.size()));
        wire.insert(wire.end(), label.begin(), label.end());
    }
    wire.push_back(0);
    return wire;
}

ByteString record(std::vector<std::uint8_t> first, std::string_view name) {
    const ByteString wire = name_on_wire(name);
    first.insert(first.end(), wire.begin(), wire.end());
    return first;
}

net::DnsReply found(std::string name, DnsType type, std::vector<ByteString> data) {
    return {{std::move(name), type}, DnsOutcome::found, net::DnsProof::insecure, std::move(data)};
}

net::DnsReply nothing(std::string name, DnsType type) {
    return {{std::move(name), type}, DnsOutcome::no_record, net::DnsProof::insecure};
}

/// A domain that is set up but for what a test takes away or puts in its place.
DnsView complete() {
    DnsView view;
    view.add({found("remote.quantum.com", DnsType::a, {{192, 0, 2, 1}}), nothing("remote.quantum.com", DnsType::aaaa),
              found("quantum.com", DnsType::mx, {record({0, 10}, "remote.quantum.com")}),
              found("_imaps._tcp.quantum.com", DnsType::srv, {record({0, 0, 0, 1, 3, 0xe1}, "remote.quantum.com")}),
              found("1.2.0.192.in-addr.arpa", DnsType::ptr, {record({}, "remote.quantum.com")})});
    return view;
}

std::vector<std::string> states(const std::vector<RecordCheck>& checks) {
    std::vector<std::string> words;
    for (const RecordCheck& each : checks)
        words.push_back(std::string(net::name_of(each.wanted.type)) + " " + std::string(name_of(each.state)));
    return words;
}

const std::vector<probe::Port> kImaps = {{probe::Protocol::imaps, 993}};

TEST(CheckRecords, FindsWhatIsThere) {
    EXPECT_THAT(states(check_records(complete(), kAddress, {{}, kImaps, {}, false})),
                ElementsAre("A there", "MX there", "SRV there", "PTR there"));
}

TEST(CheckRecords, SaysWhatIsMissing) {
    DnsView view = complete();
    view.add({nothing("remote.quantum.com", DnsType::a), nothing("quantum.com", DnsType::mx),
              nothing("_imaps._tcp.quantum.com", DnsType::srv), nothing("1.2.0.192.in-addr.arpa", DnsType::ptr)});
    const auto checks = check_records(view, kAddress, {{"192.0.2.1"}, kImaps, {}, false});
    EXPECT_THAT(states(checks), ElementsAre("A missing", "MX missing", "SRV missing", "PTR missing"));
    EXPECT_EQ(zone_line(checks[0].wanted), "remote.quantum.com. IN A 192.0.2.1");
    EXPECT_EQ(zone_line(checks[1].wanted), "quantum.com. IN MX 10 remote.quantum.com.");
    EXPECT_EQ(zone_line(checks[2].wanted), "_imaps._tcp.quantum.com. IN SRV 0 1 993 remote.quantum.com.");
    EXPECT_EQ(zone_line(checks[3].wanted), "1.2.0.192.in-addr.arpa. IN PTR remote.quantum.com.");
    EXPECT_EQ(checks[3].need, Need::provider);
}

TEST(CheckRecords, AnAddressThatNobodyKnowsMakesNoLineOfTheZone) {
    DnsView view = complete();
    view.add({nothing("remote.quantum.com", DnsType::a)});
    const auto checks = check_records(view, kAddress, {});
    EXPECT_EQ(checks.at(0).state, RecordState::missing);
    EXPECT_TRUE(zone_line(checks.at(0).wanted).starts_with(";"));
}

TEST(CheckRecords, AnotherAddressIsWrongAndAnotherMailServerIsAChoice) {
    DnsView view = complete();
    view.add({found("quantum.com", DnsType::mx, {record({0, 5}, "mx.shield.example")}),
              found("_imaps._tcp.quantum.com", DnsType::srv, {record({0, 0, 0, 1, 3, 0xe1}, "old.quantum.com")})});
    const auto checks = check_records(view, kAddress, {{"192.0.2.7"}, kImaps, {}, false});
    EXPECT_THAT(states(checks), ElementsAre("A differs", "MX other", "SRV other", "PTR unknown"));
    EXPECT_THAT(checks[0].found, ElementsAre("192.0.2.1"));
    EXPECT_THAT(checks[2].found, ElementsAre("0 1 993 old.quantum.com."));
}

TEST(CheckRecords, WhatTheDnsDoesNotSayIsUnknown) {
    DnsView view = complete();
    view.add({{{"quantum.com", DnsType::mx}, DnsOutcome::timeout, {}, {}, {}, 0, "nobody answered in time"},
              {{"_imaps._tcp.quantum.com", DnsType::srv}, DnsOutcome::bogus, {}, {}, {}, 0, "bad signature"}});
    const auto checks = check_records(view, kAddress, {{}, kImaps, {}, false});
    EXPECT_THAT(states(checks), ElementsAre("A there", "MX unknown", "SRV unknown", "PTR there"));
    EXPECT_EQ(checks[1].why, "nobody answered in time");
    EXPECT_EQ(checks[2].why, "bad signature");
}

TEST(CheckRecords, FilesWithSettingsWantTheirNames) {
    DnsView view = complete();
    for (const char* const host : {"autoconfig.quantum.com", "autodiscover.quantum.com"}) view.add({nothing(host, DnsType::a)});
    view.add({nothing("_autodiscover._tcp.quantum.com", DnsType::srv)});
    const auto checks = check_records(view, kAddress, {{}, {}, {}, true});
    EXPECT_THAT(states(checks), ElementsAre("A there", "MX there", "A missing", "A missing", "SRV missing", "PTR there"));
    EXPECT_EQ(checks[2].wanted, (Record{"autoconfig.quantum.com", DnsType::a, "192.0.2.1"}));
    EXPECT_EQ(checks[4].need, Need::optional);
}

ByteString certificate(const std::string& file) {
    const std::string text = read_own_file(std::string(TRUENAME_SOURCE_DIR) + "/tests/x509/data/" + file).value();
    return to_owned(x509::read_pem_bundle(as_bytes(text), file)->all(x509::PemKind::certificate).front());
}

/// Two certificates, as if the second had issued the first.
std::vector<ByteString> chain() {
    return {certificate("rsa-leaf.pem"), certificate("ed25519.pem")};
}

ByteString key_digest(const ByteString& certificate) {
    return crypto::digest(crypto::DigestKind::sha256, x509::parse_certificate(certificate)->subject_public_key_info.tlv);
}

TEST(Fits, EachUsageLooksAtItsOwnCertificates) {
    const auto both = chain();
    for (const std::uint8_t usage : std::initializer_list<std::uint8_t>{1, 3}) {
        EXPECT_TRUE(fits({usage, 1, 1, key_digest(both[0])}, both));
        EXPECT_FALSE(fits({usage, 1, 1, key_digest(both[1])}, both));
    }
    for (const std::uint8_t usage : std::initializer_list<std::uint8_t>{0, 2}) {
        EXPECT_TRUE(fits({usage, 1, 1, key_digest(both[1])}, both));
        EXPECT_FALSE(fits({usage, 1, 1, key_digest(both[0])}, both));
    }
    EXPECT_TRUE(fits({3, 0, 0, both[0]}, both));
    EXPECT_TRUE(fits({3, 0, 2, crypto::digest(crypto::DigestKind::sha512, both[0])}, both));
    EXPECT_FALSE(fits({3, 1, 2, key_digest(both[0])}, both));
    EXPECT_FALSE(fits({4, 1, 1, key_digest(both[0])}, both));
    EXPECT_FALSE(fits({3, 2, 1, key_digest(both[0])}, both));
    EXPECT_FALSE(fits({3, 1, 3, key_digest(both[0])}, both));
    EXPECT_FALSE(fits({3, 1, 1, key_digest(both[0])}, {}));
}

TEST(CheckRecords, ATlsaRecordThatDoesNotFitKeepsMailAway) {
    Wishes wishes{{}, {}, chain(), false};
    DnsView view = complete();
    const std::string owner = "_25._tcp.remote.quantum.com";
    view.add({nothing(owner, DnsType::tlsa)});
    EXPECT_THAT(states(check_records(view, kAddress, wishes)), ElementsAre("A there", "MX there", "PTR there"));  // not signed: no use
    ByteString data = {3, 1, 1};
    const ByteString other = key_digest(chain()[1]);
    data.insert(data.end(), other.begin(), other.end());
    net::DnsReply signed_reply = found(owner, DnsType::tlsa, {data});
    view.add({signed_reply});
    EXPECT_THAT(states(check_records(view, kAddress, wishes)), ElementsAre("A there", "MX there", "PTR there"));  // nor is it wrong
    signed_reply.proof = net::DnsProof::secure;
    view.add({signed_reply});
    const auto checks = check_records(view, kAddress, wishes);
    EXPECT_THAT(states(checks), ElementsAre("A there", "MX there", "TLSA differs", "PTR there"));
    EXPECT_EQ(checks[2].need, Need::needed);
    EXPECT_EQ(checks[2].wanted.data, "3 1 1 " + to_hex(key_digest(chain()[0])));
}

TEST(RecordsToMake, ATlsaRecordIsShownAndNotMade) {
    DnsView view = complete();
    view.add({{{"_25._tcp.remote.quantum.com", DnsType::tlsa}, DnsOutcome::no_record, net::DnsProof::secure},
              nothing("quantum.com", DnsType::mx)});
    Survey survey;
    survey.records = check_records(view, kAddress, {{}, {}, chain(), false});
    EXPECT_THAT(states(survey.records), ElementsAre("A there", "MX missing", "TLSA missing", "PTR there"));
    EXPECT_THAT(records_to_make(survey, true), ElementsAre(Record{"quantum.com", DnsType::mx, "10 remote.quantum.com."}));
}

TEST(MakeInternetAddress, PutsPrefixAndDomainTogether) {
    EXPECT_EQ(make_internet_address("Quantum.COM.", "remote").value(), kAddress);
    EXPECT_EQ(make_internet_address("quantum.com", "").value().name, "quantum.com");
    EXPECT_EQ(make_internet_address("müller.example", "mail").value().name, "mail.xn--mller-kva.example");
    for (const char* const bad : {"", "localhost", "192.0.2.1", "a b.com", "*.quantum.com", "ann@quantum.com", "quantum..com"})
        EXPECT_FALSE(make_internet_address(bad, "remote")) << bad;
    EXPECT_FALSE(make_internet_address("quantum.com", "re_mote"));
    EXPECT_FALSE(make_internet_address("quantum.com", std::string(64, 'a')));
}

}  // namespace
}  // namespace truename::address
