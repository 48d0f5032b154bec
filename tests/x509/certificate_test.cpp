#include "x509/certificate.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/x509/data.h"
#include "x509/print.h"

namespace truename::x509 {
namespace {

using testing::Test;

class RsaLeaf : public Test {
  protected:
    ByteString der = der_of("rsa-leaf.pem");
    Certificate certificate = *parse_certificate(der);
};

TEST_F(RsaLeaf, GivesItsFields) {
    EXPECT_EQ(certificate.version, 3U);
    EXPECT_EQ(serial_hex(certificate.serial_number), "ff:01");
    EXPECT_EQ(to_string(certificate.subject), "CN=sbs.example.local,OU=Mail servers,O=Example\\, Inc.,C=AT");
    EXPECT_EQ(to_string(certificate.issuer), "CN=example-SBS-CA,DC=example,DC=local");
    EXPECT_EQ(describe_key(certificate.subject_public_key_info), "RSA 2048");
    EXPECT_EQ(describe_signature(certificate.signature_algorithm), "ECDSA SHA-256");
    EXPECT_EQ(certificate.validity.not_after.time - certificate.validity.not_before.time, std::chrono::days(700));
    EXPECT_FALSE(is_self_issued(certificate));
    EXPECT_EQ(to_hex(certificate.subject_public_key_info.rsa_exponent), "010001");
    EXPECT_EQ(certificate.extensions.count(), 11U);
}

TEST_F(RsaLeaf, KeepsTheNamesInTheirOrder) {
    EXPECT_EQ(
        subject_alt_names(certificate.known),
        (std::vector<std::string>{"DNS:sbs.example.local", "DNS:remote.example.com", "IP:192.0.2.10", "email:admin@example.com",
                                  "URI:https://example.com/", "dirName:CN=sbs.example.local,OU=Mail servers,O=Example\\, Inc.,C=AT",
                                  "othername:1.3.6.1.5.5.7.8.7:_imaps.example.com", "RID:1.2.3.4", "IP:2001:db8::1", "DNS:*.example.com"}));
    EXPECT_EQ(common_names(certificate.subject), std::vector<std::string>{"sbs.example.local"});
}

TEST_F(RsaLeaf, GivesTheExtensionsThatClientsActOn) {
    const KnownExtensions& known = certificate.known;
    ASSERT_TRUE(known.basic_constraints);
    EXPECT_TRUE(known.basic_constraints.critical);
    EXPECT_FALSE(known.basic_constraints->ca);
    ASSERT_TRUE(known.key_usage);
    EXPECT_EQ(describe_key_usage(*known.key_usage), "digitalSignature, keyEncipherment");
    ASSERT_TRUE(known.extended_key_usage);
    EXPECT_TRUE(known.extended_key_usage->has(der::oid::kp_server_auth));
    EXPECT_FALSE(known.extended_key_usage->has(der::oid::kp_email_protection));
    EXPECT_EQ(describe_extended_key_usage(*known.extended_key_usage), "serverAuth, clientAuth");
    ASSERT_TRUE(known.authority_key_identifier);
    EXPECT_EQ(known.authority_key_identifier->key_identifier->size(), 20U);
    EXPECT_EQ(to_string(*known.authority_key_identifier->cert_issuer.begin()), "dirName:CN=example-SBS-CA,DC=example,DC=local");
    EXPECT_EQ(to_hex(*known.authority_key_identifier->cert_serial_number), "1234567890abcdef");
    ASSERT_TRUE(known.subject_key_identifier);
    EXPECT_EQ(known.subject_key_identifier->size(), 20U);
    EXPECT_EQ(crl_addresses(certificate), std::vector<std::string_view>{"http://crl.example.com/a.crl"});
    EXPECT_EQ(ocsp_addresses(certificate), std::vector<std::string_view>{"http://ocsp.example.com/"});
    EXPECT_EQ(ca_issuer_addresses(certificate), std::vector<std::string_view>{"http://ca.example.com/a.crt"});
    ASSERT_TRUE(known.certificate_policies);
    EXPECT_EQ(known.certificate_policies->begin()->policy, der::oid::policy_domain_validated);
    ASSERT_TRUE(known.tls_feature);
    EXPECT_TRUE(known.tls_feature->must_staple());
    EXPECT_FALSE(known.name_constraints.is_present());
}

TEST_F(RsaLeaf, KeepsAnUnknownExtension) {
    for (const Extension& extension : certificate.extensions) {
        if (extension.field() != Field::unknown_extension) continue;
        EXPECT_EQ(der::to_dotted(extension.id), "1.2.3.4.5");
        EXPECT_FALSE(extension.critical);
        EXPECT_FALSE(is_understood(extension.id));
        return;
    }
    FAIL() << "the unknown extension was lost";
}

TEST(Certificate, OfAnAuthorityGivesItsConstraints) {
    const ByteString der = der_of("ec-ca.pem");
    const auto certificate = parse_certificate(der);
    ASSERT_TRUE(certificate);
    const KnownExtensions& known = certificate->known;
    EXPECT_TRUE(known.basic_constraints->ca);
    EXPECT_EQ(known.basic_constraints->path_length, 1U);
    ASSERT_TRUE(known.name_constraints);
    EXPECT_EQ(known.name_constraints->permitted.count(), 2U);
    EXPECT_EQ(known.name_constraints->permitted.begin()->base.text(), "example.com");
    EXPECT_EQ(to_hex(known.name_constraints->excluded.begin()->base.value), "0a000000ff000000");
    EXPECT_EQ(known.policy_constraints->require_explicit_policy, 0U);
    EXPECT_EQ(known.policy_constraints->inhibit_policy_mapping, 1U);
    EXPECT_EQ(*known.inhibit_any_policy, 2U);
    EXPECT_EQ(der::to_dotted(known.policy_mappings->begin()->subject_domain_policy), "1.2.3.5");
    EXPECT_TRUE(is_self_issued(*certificate));
    EXPECT_EQ(describe_key(certificate->subject_public_key_info), "EC P-256");
}

TEST(Certificate, WithEdwardsKeyOrPssSignatureIsNamedRightly) {
    const ByteString ed = der_of("ed25519.pem"), pss = der_of("rsa-pss.pem");
    EXPECT_EQ(describe_key(parse_certificate(ed)->subject_public_key_info), "Ed25519");
    EXPECT_EQ(describe_signature(parse_certificate(ed)->signature_algorithm), "Ed25519");
    EXPECT_EQ(parse_certificate(ed)->validity.not_after.form, der::Tag::generalized_time);
    EXPECT_EQ(describe_signature(parse_certificate(pss)->signature_algorithm), "RSASSA-PSS SHA-256");
}

TEST(Certificate, EveryViewLiesInsideTheBytesGiven) {
    for (const char* file : {"rsa-leaf.pem", "ec-ca.pem", "ed25519.pem", "rsa-pss.pem"}) {
        const ByteString der = der_of(file);
        const auto c = parse_certificate(der);
        ASSERT_TRUE(c);
        for (const Bytes view : {c->tbs_certificate, c->serial_number, c->issuer.tlv(), c->subject.tlv(), c->subject_public_key_info.key,
                                 c->signature_value, c->signature_algorithm.tlv, c->extensions.contents()})
            EXPECT_TRUE(lies_within(view, der)) << file;
        for (const GeneralName& name : c->known.subject_alt_name.content) {
            EXPECT_TRUE(lies_within(name.value, der));
            EXPECT_EQ(der.data() + name.value_offset, name.value.data()) << "offsets count from the start of the certificate";
        }
    }
}

TEST(Certificate, OfNothingOrOfGarbageIsAnErrorOfTheWhole) {
    EXPECT_EQ(parse_certificate({}).error(), (ParseError{ErrorKind::missing, Field::certificate, 0}));
    const ByteString text = to_owned(as_bytes("-----BEGIN"));
    EXPECT_EQ(parse_certificate(text).error(), (ParseError{ErrorKind::wrong_tag, Field::certificate, 0}));
    const ByteString huge(kMaxCertificateSize + 1, 0x30);
    EXPECT_EQ(parse_certificate(huge).error().kind, ErrorKind::too_large);
}

TEST(Certificate, FollowedByAnythingIsAnErrorThatSaysWhere) {
    ByteString der = der_of("ec-ca.pem");
    const std::size_t size = der.size();
    der.push_back(0);
    EXPECT_EQ(parse_certificate(der).error(), (ParseError{ErrorKind::trailing_data, Field::certificate, static_cast<std::uint32_t>(size)}));
}

TEST(ParseError, IsToldInASentence) {
    EXPECT_EQ(describe(ParseError{ErrorKind::wrong_tag, Field::issuer, 41}),
              "issuer is of another type than the one that belongs here (byte 41)");
}

}  // namespace
}  // namespace truename::x509
