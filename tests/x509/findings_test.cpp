#include "x509/findings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "der/writer.h"
#include "tests/seeds.h"
#include "tests/x509/data.h"
#include "x509/build.h"

namespace truename::x509 {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Builds a certificate that has nothing to be said of, changed by one test each.
class Findings : public testing::Test {
  protected:
    Findings() {
        wanted.issuer = *encode_name("CN=Root");
        wanted.subject = *encode_name("CN=mail.example.com");
        wanted.not_before = *parse_time("2026-01-01");
        wanted.not_after = *parse_time("2027-01-01");
        wanted.subject_public_key_info = key().public_key_info();
    }

    static const crypto::PrivateKey& key() {
        static const crypto::PrivateKey made = *crypto::PrivateKey::generate_ec(crypto::Curve::p256);
        return made;
    }

    static std::vector<std::string> ids_of(const ByteString& der) {
        write_seed("x509_certificate", as_text(der));
        const auto certificate = parse_certificate(der);
        EXPECT_TRUE(certificate) << describe(certificate.error());
        if (!certificate) return {};
        std::vector<Finding> findings;
        report_findings(*certificate, findings);
        std::vector<std::string> ids;
        for (const Finding& finding : findings) {
            ids.emplace_back(info(finding.id).name);
            EXPECT_LT(finding.offset, der.size());
        }
        return ids;
    }
    std::vector<std::string> ids(std::optional<crypto::SignatureScheme> scheme = {}) {
        return ids_of(*sign_certificate(wanted, key(), scheme));
    }
    std::vector<std::string> ids_with_names(const std::vector<NewGeneralName>& names) {
        wanted.extensions = {make_subject_alt_name(names)};
        return ids();
    }

    CertificateTemplate wanted;
};

TEST_F(Findings, ThereAreNoneOfACertificateAsItShouldBe) {
    EXPECT_THAT(
        ids_with_names({*parse_general_name("mail.example.com"), *parse_general_name("*.example.com"), *parse_general_name("192.0.2.1")}),
        IsEmpty());
    EXPECT_THAT(ids_of(der_of("ec-ca.pem")), IsEmpty());
}

TEST_F(Findings, OfSerialNumbers) {
    for (const ByteString& serial : {ByteString{0}, ByteString{0x80}, ByteString(21, 1)}) {
        wanted.serial_number = serial;
        EXPECT_THAT(ids(), ElementsAre("cert.serial-number"));
    }
    wanted.serial_number = ByteString(20, 1);
    EXPECT_THAT(ids(), IsEmpty());
}

TEST_F(Findings, OfVersions) {
    wanted.version = 1;
    EXPECT_THAT(ids(), ElementsAre("cert.version"));
    wanted.version = 4;
    EXPECT_THAT(ids(), ElementsAre("cert.version-unknown", "cert.version"));
    wanted.version = 2;
    wanted.extensions = {make_basic_constraints(true)};
    EXPECT_THAT(ids(), testing::IsSupersetOf({"extension.before-version-3", "cert.version"}));
}

TEST_F(Findings, OfADefaultVersionThatIsWrittenOut) {
    ByteString der = *sign_certificate(wanted, key());
    const ByteString version{0xA0, 0x03, 0x02, 0x01, 0x02};
    const auto found = std::search(der.begin(), der.end(), version.begin(), version.end());
    ASSERT_NE(found, der.end());
    found[4] = 0;
    EXPECT_THAT(ids_of(der), ElementsAre("cert.encoding", "cert.version"));
}

TEST_F(Findings, OfEmptyNames) {
    wanted.issuer = encode_name(std::vector<NameAttribute>());
    wanted.subject = wanted.issuer;
    EXPECT_THAT(ids(), ElementsAre("cert.empty-issuer", "cert.empty-subject"));
}

TEST_F(Findings, OfTextThatIsNoneOfItsType) {
    wanted.subject = encode_name({NameAttribute{to_owned(der::oid::common_name.content()), "\xff"}});
    EXPECT_THAT(ids(), ElementsAre("cert.name-encoding"));
    // CN as a PrintableString, which has no `&`, and as a BIT STRING, which is no text
    wanted.subject = *from_hex("30 10 31 0E 30 0C 06 03 55 04 03 13 05 41 20 26 20 42");
    EXPECT_THAT(ids(), ElementsAre("cert.name-encoding"));
    wanted.subject = *from_hex("30 0E 31 0C 30 0A 06 03 55 04 2D 03 03 00 41 42");
    EXPECT_THAT(ids(), IsEmpty());
    // a value of a type that is not of ASN.1 itself
    wanted.subject = *from_hex("30 0B 31 09 30 07 06 03 55 04 2D 60 00");
    EXPECT_THAT(ids(), ElementsAre("cert.name-encoding"));
}

TEST_F(Findings, OfAnRdnWithNothingInIt) {
    wanted.subject = *from_hex("30 02 31 00");
    EXPECT_THAT(ids(), ElementsAre("cert.name-encoding"));
}

TEST_F(Findings, OfTimesInTheOtherForm) {
    der::Writer w;
    w.sequence([&] {
        w.time(wanted.not_before, der::Tag::generalized_time);
        w.text(der::Tag::utc_time, "2701010000Z");
    });
    wanted.validity = w.take();
    EXPECT_THAT(ids(), ElementsAre("cert.time-generalized", "cert.time-form"));
}

TEST_F(Findings, OfTwoAlgorithms) {
    wanted.signature_inner = encode_signature_algorithm({.kind = crypto::SignatureKind::ecdsa, .digest = crypto::DigestKind::sha512});
    EXPECT_THAT(ids(), ElementsAre("signature.mismatch"));
}

TEST_F(Findings, OfOldDigests) {
    EXPECT_THAT(ids(crypto::SignatureScheme{.kind = crypto::SignatureKind::ecdsa, .digest = crypto::DigestKind::sha1}),
                ElementsAre("signature.sha1"));
    const auto rsa = crypto::PrivateKey::generate_rsa(2048);
    const auto md5 = sign_certificate(wanted, *rsa,
                                      crypto::SignatureScheme{.kind = crypto::SignatureKind::rsa_pkcs1, .digest = crypto::DigestKind::md5});
    EXPECT_THAT(ids_of(*md5), ElementsAre("signature.md5"));
}

TEST_F(Findings, OfKeys) {
    const auto with = [&](const crypto::PrivateKey& other) {
        wanted.subject_public_key_info = other.public_key_info();
        return ids();
    };
    EXPECT_THAT(with(*crypto::PrivateKey::generate_rsa(1024)), ElementsAre("key.rsa-under-2048"));
    EXPECT_THAT(with(*crypto::PrivateKey::generate_rsa(512)), ElementsAre("key.rsa-under-1024", "key.rsa-under-2048"));
    EXPECT_THAT(with(*crypto::PrivateKey::generate_ec(crypto::Curve::p224)), ElementsAre("key.ec-under-256", "key.curve-unusual"));
    EXPECT_THAT(with(*crypto::PrivateKey::generate_ec(crypto::Curve::secp256k1)), ElementsAre("key.curve-unusual"));
    EXPECT_THAT(with(*crypto::PrivateKey::generate_ed25519()), ElementsAre("key.edwards"));
}

TEST_F(Findings, OfKeysThatAreNone) {
    der::Writer w;
    w.sequence([&] {
        w.sequence([&] { w.oid(der::oid::rsa_encryption); });
        w.bit_string(as_bytes("no key"));
    });
    wanted.subject_public_key_info = w.take();
    EXPECT_THAT(ids(), ElementsAre("key.invalid"));
    w.sequence([&] {
        w.sequence([&] { w.oid(der::make_oid<1, 2, 3>); });
        w.bit_string({});
    });
    wanted.subject_public_key_info = w.take();
    EXPECT_THAT(ids(), ElementsAre("key.unsupported"));
}

TEST_F(Findings, AMalformedExtensionHidesNothingElse) {
    auto broken = make_subject_alt_name({*parse_general_name("first.example.com"), *parse_general_name("second.example.com")});
    broken.value[2 + 19] = 0x3F;  // the tag of the second name
    wanted.extensions = {broken, make_basic_constraints(false)};
    const auto der = sign_certificate(wanted, key());
    const auto certificate = parse_certificate(*der);
    ASSERT_TRUE(certificate);
    EXPECT_EQ(certificate->known.subject_alt_name.state, ExtensionState::malformed);
    EXPECT_EQ(certificate->known.subject_alt_name.content.begin()->text(), "first.example.com")
        << "what comes before the error can be read";
    EXPECT_TRUE(certificate->known.basic_constraints);
    std::vector<Finding> findings;
    report_findings(*certificate, findings);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].id, FindingId::extension_malformed);
    EXPECT_EQ(findings[0].field, Field::subject_alt_name);
    EXPECT_EQ((*der)[findings[0].offset], 0x3F) << "the offset is that of the broken name";
}

TEST_F(Findings, OfEveryExtensionThatHoldsGarbage) {
    for (const der::Oid oid : {der::oid::subject_alt_name, der::oid::issuer_alt_name, der::oid::basic_constraints, der::oid::key_usage,
                               der::oid::extended_key_usage, der::oid::authority_key_identifier, der::oid::subject_key_identifier,
                               der::oid::crl_distribution_points, der::oid::authority_info_access, der::oid::certificate_policies,
                               der::oid::policy_mappings, der::oid::policy_constraints, der::oid::inhibit_any_policy,
                               der::oid::name_constraints, der::oid::tls_feature, der::oid::ct_precert_scts}) {
        for (const ByteString& garbage :
             {ByteString{}, ByteString{0x30}, ByteString{0x13, 0x01, 0x41}, ByteString{0x30, 0x03, 0x13, 0x01, 0x41}}) {
            wanted.extensions = {{to_owned(oid.content()), false, garbage}};
            EXPECT_THAT(ids(), ElementsAre("extension.malformed")) << der::describe(oid) << " " << to_hex(garbage);
        }
    }
}

TEST_F(Findings, OfBytesBehindTheContentsOfAnExtension) {
    wanted.extensions = {{to_owned(der::oid::basic_constraints.content()), true, *from_hex("30 03 01 01 FF 05 00")}};
    const auto der = sign_certificate(wanted, key());
    const auto certificate = parse_certificate(*der);
    ASSERT_TRUE(certificate);
    EXPECT_TRUE(certificate->known.basic_constraints && certificate->known.basic_constraints->ca) << "what stands before them can be read";
    EXPECT_EQ((*der)[certificate->known.basic_constraints.trailing_offset], 0x05);
    EXPECT_THAT(ids(), ElementsAre("extension.trailing-data"));
}

TEST_F(Findings, OfExtensionsThatAreDoubledUnknownOrEmpty) {
    wanted.extensions = {make_basic_constraints(true), make_basic_constraints(false), *make_raw_extension("1.2.3", true, {}),
                         *make_raw_extension("1.2.4", false, {})};
    EXPECT_THAT(ids(), ElementsAre("extension.unknown-critical", "extension.duplicate"));
    const auto der = sign_certificate(wanted, key());
    EXPECT_TRUE(parse_certificate(*der)->known.basic_constraints->ca) << "the first one counts";
    EXPECT_THAT(ids_with_names({}), ElementsAre("extension.empty"));
    for (const char* hex : {"03 01 00", "03 02 07 00"}) {
        wanted.extensions = {*make_raw_extension("2.5.29.15", true, *from_hex(hex))};
        EXPECT_THAT(ids(), ElementsAre("extension.empty")) << hex;
    }
    wanted.extensions = {*make_raw_extension("2.5.29.36", true, *from_hex("30 00"))};
    EXPECT_THAT(ids(), testing::UnorderedElementsAre("extension.empty", "extension.critical-policies"));
}

TEST_F(Findings, OfAListOfExtensionsThatHoldsNone) {
    ByteString der = *sign_certificate(wanted, key());
    const auto certificate = parse_certificate(der);
    der::Writer w;
    w.sequence([&] {
        w.sequence([&] {
            w.raw(der::Reader(certificate->tbs_certificate).read()->value);
            w.nested(der::context_constructed(3), [&] { w.sequence([] {}); });
        });
        w.raw(certificate->signature_algorithm.tlv);
        w.bit_string(certificate->signature_value);
    });
    EXPECT_THAT(ids_of(w.bytes()), ElementsAre("extension.empty"));
}

TEST_F(Findings, OfBitsOfAKeyUsageThatDoNotCount) {
    wanted.extensions = {*make_raw_extension("2.5.29.15", true, *from_hex("03 02 07 C0"))};
    EXPECT_THAT(ids(), ElementsAre("cert.encoding"));
}

TEST_F(Findings, OfPoliciesWhoseQualifiersAreNoneOrTwice) {
    const auto ids_with_policies = [&](bool critical, std::string_view hex) {
        wanted.extensions = {*make_raw_extension("2.5.29.32", critical, *from_hex(hex))};
        return ids();
    };
    // certificatePolicies { 1.2.3 { cps "u" } }, and the same with a qualifier of another kind (1.2.4)
    EXPECT_THAT(ids_with_policies(true, "30 17 30 15 06 02 2A 03 30 0F 30 0D 06 08 2B 06 01 05 05 07 02 01 16 01 75"), IsEmpty());
    constexpr std::string_view kOther = "30 11 30 0F 06 02 2A 03 30 09 30 07 06 02 2A 04 16 01 75";
    EXPECT_THAT(ids_with_policies(false, kOther), IsEmpty());
    EXPECT_THAT(ids_with_policies(true, kOther), ElementsAre("policy.qualifier-unknown"));
    // an empty list, and a qualifier that is missing: the policies can be read all the same
    EXPECT_THAT(ids_with_policies(false, "30 08 30 06 06 02 2A 03 30 00"), ElementsAre("policy.qualifier-malformed"));
    EXPECT_THAT(ids_with_policies(false, "30 0E 30 0C 06 02 2A 03 30 06 30 04 06 02 2A 04"), ElementsAre("policy.qualifier-malformed"));
    // any-policy with the qualifier 1.2.4
    EXPECT_THAT(ids_with_policies(false, "30 13 30 11 06 04 55 1D 20 00 30 09 30 07 06 02 2A 04 16 01 75"),
                ElementsAre("policy.qualifier-malformed"));
    EXPECT_THAT(ids_with_policies(false, "30 0C 30 04 06 02 2A 03 30 04 06 02 2A 03"), ElementsAre("policy.duplicate"));
}

TEST_F(Findings, OfNamesThatAreNone) {
    const auto dns = [](std::string_view text) { return NewGeneralName{GeneralNameKind::dns_name, to_owned(as_bytes(text))}; };
    for (const auto& wrong :
         {dns("a b.example.com"), dns("https://mail.example.com"), dns(std::string_view("mail.example.com\0.evil.example", 30)),
          dns("mail.*.com"), NewGeneralName{GeneralNameKind::rfc822_name, {0xFF}},
          NewGeneralName{GeneralNameKind::directory_name, {0x30, 0x01}}, NewGeneralName{GeneralNameKind::other_name, {}}})
        EXPECT_THAT(ids_with_names({wrong}), ElementsAre("name.malformed")) << to_hex(wrong.value);
    EXPECT_THAT(ids_with_names({dns("")}), ElementsAre("name.empty", "name.malformed"));
    EXPECT_THAT(ids_with_names({dns("m\xc3\xbcnchen.example.com")}), ElementsAre("name.not-ascii", "name.malformed"));
    EXPECT_THAT(ids_with_names({NewGeneralName{GeneralNameKind::ip_address, {1, 2, 3}}}),
                ElementsAre("name.address-length", "name.malformed"));
    EXPECT_THAT(ids_with_names({dns("mail.example.com.")}), ElementsAre("name.trailing-dot"));
    EXPECT_THAT(ids_with_names({dns("sbs.example.local")}), ElementsAre("name.internal"));
    EXPECT_THAT(ids_with_names({dns("192.0.2.1")}), IsEmpty()) << "an address in a DNS name matters only to who asks for an address";
}

TEST_F(Findings, OfLengthsThatAreBer) {
    ByteString der = *sign_certificate(wanted, key());
    ASSERT_EQ(der[1], 0x82) << "two bytes of length follow";
    der[1] = 0x83;
    der.insert(der.begin() + 2, 0);
    EXPECT_THAT(ids_of(der), ElementsAre("cert.encoding"));
}

TEST_F(Findings, AreLimitedAndTheSameEveryTime) {
    std::vector<NewGeneralName> names(5'000, NewGeneralName{GeneralNameKind::ip_address, {1}});
    wanted.extensions = {make_subject_alt_name(names)};
    const auto der = sign_certificate(wanted, key());
    const auto certificate = parse_certificate(*der);
    ASSERT_TRUE(certificate);
    std::vector<Finding> once, twice;
    report_findings(*certificate, once);
    report_findings(*certificate, twice);
    EXPECT_EQ(once.size(), kMaxFindings);
    EXPECT_EQ(once, twice);
}

TEST_F(Findings, OfRequests) {
    const auto der =
        sign_request({*encode_name("CN=server"), {make_subject_alt_name({*parse_general_name("server"), *parse_general_name("DNS:a b")})}},
                     *crypto::PrivateKey::generate_rsa(1024));
    std::vector<Finding> findings;
    report_findings(*parse_request(*der), findings);
    ASSERT_EQ(findings.size(), 3U);
    EXPECT_EQ(findings[0].id, FindingId::key_rsa_under_2048);
    EXPECT_EQ(findings[1].id, FindingId::name_internal);
    EXPECT_EQ(findings[2].id, FindingId::name_malformed);
}

TEST_F(Findings, OfARequestOfAnotherVersion) {
    ByteString der = *sign_request({.subject = wanted.subject, .extensions = {}}, key());
    const ByteString version{0x02, 0x01, 0x00};
    const auto found = std::search(der.begin(), der.end(), version.begin(), version.end());
    ASSERT_NE(found, der.end());
    found[2] = 1;
    std::vector<Finding> findings;
    report_findings(*parse_request(der), findings);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].id, FindingId::cert_version);
    EXPECT_EQ(findings[0].found, "2");
}

}  // namespace
}  // namespace truename::x509
