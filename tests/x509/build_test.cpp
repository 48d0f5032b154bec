#include "x509/build.h"

#include <gtest/gtest.h>

#include "der/writer.h"
#include "tests/seeds.h"
#include "tests/x509/data.h"
#include "x509/certificate.h"
#include "x509/findings.h"
#include "x509/print.h"
#include "x509/signature.h"

namespace truename::x509 {
namespace {

std::string general_name(std::string_view text) {
    const auto name = parse_general_name(text);
    if (!name) return "none";
    const ByteString encoded = encode_general_name(*name);
    der::Reader reader(encoded);
    return to_string(*read_general_name(reader));
}

TEST(ParseGeneralName, ReadsWhatToStringWrites) {
    for (const char* text : {"DNS:mail.example.com", "DNS:*.example.com", "IP:192.0.2.1", "IP:2001:db8::1", "email:a@example.com",
                             "URI:https://example.com/", "RID:1.2.3.4", "dirName:CN=a,O=b"})
        EXPECT_EQ(general_name(text), text);
    EXPECT_EQ(general_name("mail.example.com"), "DNS:mail.example.com");
    EXPECT_EQ(general_name("192.0.2.1"), "IP:192.0.2.1");
    EXPECT_EQ(general_name("münchen.example"), "DNS:xn--mnchen-3ya.example");
    EXPECT_EQ(general_name("SRV:_imaps.example.com"), "othername:1.3.6.1.5.5.7.8.7:_imaps.example.com");
    EXPECT_EQ(general_name("SmtpUTF8Mailbox:\xc3\xb6l@example.com"), "othername:1.3.6.1.5.5.7.8.9:\xc3\xb6l@example.com");
    EXPECT_EQ(general_name("UPN:a@example.com"), "othername:1.3.6.1.4.1.311.20.2.3:a@example.com");
    for (const char* wrong : {"", "DNS:", "IP:mail.example.com", "RID:x", "dirName:x", "email:"})
        EXPECT_EQ(general_name(wrong), "none") << wrong;
}

TEST(ParseSubtree, TurnsAPrefixIntoAMask) {
    const auto hex = [](std::string_view text) {
        const auto name = parse_subtree(text);
        return name ? to_hex(name->value) : "none";
    };
    EXPECT_EQ(hex("IP:10.0.0.0/8"), "0a000000ff000000");
    EXPECT_EQ(hex("IP:192.0.2.128/25"), "c0000280ffffff80");
    EXPECT_EQ(hex("IP:0.0.0.0/0"), "0000000000000000");
    EXPECT_EQ(hex("IP:2001:db8::/32"), "20010db8" + std::string(24, '0') + "ffffffff" + std::string(24, '0'));
    EXPECT_EQ(hex("DNS:.example.com"), to_hex(as_bytes(".example.com")));
    for (const char* wrong : {"IP:10.0.0.1/8", "IP:10.0.0.0", "IP:10.0.0.0/33", "IP:10.0.0.0/", "IP:10.0.0.0/8x"})
        EXPECT_EQ(hex(wrong), "none") << wrong;
}

CertificateTemplate full_template(const crypto::PrivateKey& key) {
    CertificateTemplate wanted;
    wanted.serial_number = {0x00, 0x80, 0x01};
    wanted.issuer = *encode_name("CN=Root,O=Example");
    wanted.subject = *encode_name("CN=remote.example.com");
    wanted.not_before = *parse_time("2026-01-01");
    wanted.not_after = *parse_time("2060-01-01");
    wanted.subject_public_key_info = key.public_key_info();
    wanted.extensions = {
        make_subject_alt_name({*parse_general_name("remote.example.com"), *parse_general_name("192.0.2.1")}),
        make_basic_constraints(true, 3),
        make_key_usage({KeyUsageBit::key_cert_sign, KeyUsageBit::decipher_only}),
        make_extended_key_usage({to_owned(der::oid::kp_server_auth.content())}),
        make_subject_key_identifier(wanted.subject_public_key_info),
        make_authority_key_identifier(wanted.subject_public_key_info),
        make_crl_distribution_points({"http://a/crl", "http://b/crl"}),
        make_authority_info_access({"http://ocsp/"}, {"http://ca/"}),
        make_certificate_policies({to_owned(der::oid::any_policy.content())}),
        make_name_constraints({*parse_subtree("DNS:example.com")}, {*parse_subtree("IP:10.0.0.0/8")}),
        make_must_staple(),
        *make_raw_extension("1.2.3.4", true, as_bytes("raw")),
    };
    return wanted;
}

TEST(SignCertificate, WhatIsBuiltIsReadBackInEveryPart) {
    const auto key = crypto::PrivateKey::generate_ec(crypto::Curve::p384);
    ASSERT_TRUE(key);
    const CertificateTemplate wanted = full_template(*key);
    const auto der = sign_certificate(wanted, *key);
    ASSERT_TRUE(der);
    write_seed("x509_certificate", as_text(*der));
    const auto read = parse_certificate(*der);
    ASSERT_TRUE(read) << describe(read.error());
    EXPECT_EQ(serial_hex(read->serial_number), "80:01");
    EXPECT_EQ(to_string(read->issuer), "CN=Root,O=Example");
    EXPECT_EQ(to_string(read->subject), "CN=remote.example.com");
    EXPECT_EQ(format_time(read->validity.not_after.time), "2060-01-01T00:00:00Z");
    EXPECT_EQ(describe_key(read->subject_public_key_info), "EC P-384");
    EXPECT_EQ(describe_signature(read->signature_algorithm), "ECDSA SHA-384");
    EXPECT_EQ(read->extensions.count(), wanted.extensions.size());
    const KnownExtensions& known = read->known;
    EXPECT_EQ(subject_alt_names(known), (std::vector<std::string>{"DNS:remote.example.com", "IP:192.0.2.1"}));
    EXPECT_TRUE(known.basic_constraints->ca);
    EXPECT_EQ(known.basic_constraints->path_length, 3U);
    EXPECT_EQ(describe_key_usage(*known.key_usage), "keyCertSign, decipherOnly");
    EXPECT_EQ(describe_extended_key_usage(*known.extended_key_usage), "serverAuth");
    EXPECT_TRUE(equal(*known.subject_key_identifier, *known.authority_key_identifier->key_identifier));
    EXPECT_EQ(crl_addresses(*read), (std::vector<std::string_view>{"http://a/crl", "http://b/crl"}));
    EXPECT_EQ(ocsp_addresses(*read), std::vector<std::string_view>{"http://ocsp/"});
    EXPECT_EQ(ca_issuer_addresses(*read), std::vector<std::string_view>{"http://ca/"});
    EXPECT_EQ(known.certificate_policies->begin()->policy, der::oid::any_policy);
    EXPECT_EQ(known.name_constraints->permitted.begin()->base.text(), "example.com");
    EXPECT_EQ(to_hex(known.name_constraints->excluded.begin()->base.value), "0a000000ff000000");
    EXPECT_TRUE(known.tls_feature->must_staple());
    SignatureChecker checker;
    EXPECT_EQ(checker.check(*read, read->subject_public_key_info), crypto::SignatureCheck::valid);
    std::vector<Finding> findings;
    report_findings(*read, findings);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].id, FindingId::extension_unknown_critical);
    EXPECT_EQ(findings[0].found, "1.2.3.4");
}

TEST(SignCertificate, AHundredKilobytesOfNamesAreReadToTheLast) {
    const auto key = crypto::PrivateKey::generate_ec(crypto::Curve::p256);
    CertificateTemplate wanted = full_template(*key);
    std::vector<NewGeneralName> names;
    for (int i = 0; i < 4'000; ++i) names.push_back(*parse_general_name("host" + std::to_string(i) + ".customers.example.com"));
    wanted.extensions = {make_subject_alt_name(names)};
    const auto der = sign_certificate(wanted, *key);
    ASSERT_TRUE(der);
    EXPECT_GT(der->size(), 100'000U);
    const auto read = parse_certificate(*der);
    ASSERT_TRUE(read);
    const auto seen = subject_alt_names(read->known);
    ASSERT_EQ(seen.size(), names.size());
    EXPECT_EQ(seen.front(), "DNS:host0.customers.example.com");
    EXPECT_EQ(seen.back(), "DNS:host3999.customers.example.com");
}

TEST(SubjectKeyIdentifier, IsTheOneThatOpenSslMakes) {
    const ByteString der = der_of("rsa-leaf.pem");
    const auto certificate = parse_certificate(der);
    const NewExtension ours = make_subject_key_identifier(certificate->subject_public_key_info.tlv);
    EXPECT_EQ(to_hex(Bytes(ours.value).subspan(2)), to_hex(*certificate->known.subject_key_identifier));
}

TEST(EncodeTbsCertificate, RebuildsTheBytesOfAnotherProgram) {
    for (const char* file : {"ec-ca.pem", "ed25519.pem", "rsa-pss.pem", "rsa-leaf.pem"}) {
        const ByteString der = der_of(file);
        const auto read = parse_certificate(der);
        CertificateTemplate same;
        same.serial_number = to_owned(read->serial_number);
        same.issuer = to_owned(read->issuer.tlv());
        same.subject = to_owned(read->subject.tlv());
        same.not_before = read->validity.not_before.time;
        same.not_after = read->validity.not_after.time;
        same.subject_public_key_info = to_owned(read->subject_public_key_info.tlv);
        for (const Extension& e : read->extensions) same.extensions.push_back({to_owned(e.id.content()), e.critical, to_owned(e.value)});
        const auto scheme = signature_algorithm(read->signature_algorithm).scheme;
        ASSERT_TRUE(scheme) << file;
        const ByteString algorithm = encode_signature_algorithm(*scheme);
        EXPECT_EQ(to_hex(algorithm), to_hex(read->signature_algorithm.tlv)) << file;
        const ByteString tbs = encode_tbs_certificate(same, algorithm);
        EXPECT_EQ(to_hex(tbs), to_hex(read->tbs_certificate)) << file;
        EXPECT_EQ(to_hex(encode_signed(tbs, algorithm, read->signature_value)), to_hex(der)) << file;
    }
}

}  // namespace
}  // namespace truename::x509
