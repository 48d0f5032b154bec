#include "x509/signature.h"

#include <gtest/gtest.h>

#include "der/writer.h"
#include "tests/x509/data.h"
#include "x509/build.h"

namespace truename::x509 {
namespace {

using crypto::SignatureCheck;

TEST(SignatureChecker, AcceptsWhatAnotherProgramSigned) {
    SignatureChecker checker;
    const ByteString leaf = der_of("rsa-leaf.pem"), ca = der_of("ec-ca.pem");
    const auto issued = parse_certificate(leaf), issuer = parse_certificate(ca);
    EXPECT_EQ(checker.check(*issued, issuer->subject_public_key_info), SignatureCheck::valid);
    EXPECT_EQ(checker.check(*issuer, issuer->subject_public_key_info), SignatureCheck::valid);
    EXPECT_EQ(checker.check(*issued, issued->subject_public_key_info), SignatureCheck::invalid)
        << "an RSA key did not make an ECDSA signature";
    for (const char* file : {"ed25519.pem", "rsa-pss.pem"}) {
        const ByteString der = der_of(file);
        const auto own = parse_certificate(der);
        EXPECT_EQ(checker.check(*own, own->subject_public_key_info), SignatureCheck::valid) << file;
    }
}

TEST(SignatureChecker, RemembersAnswersGoodAndBad) {
    SignatureChecker checker;
    ByteString ca = der_of("ec-ca.pem");
    const auto good = parse_certificate(ca);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(checker.check(*good, good->subject_public_key_info), SignatureCheck::valid);
    EXPECT_EQ(checker.operations(), 1U);
    ca.back() ^= 1;
    for (int i = 0; i < 3; ++i) EXPECT_EQ(checker.check(*good, good->subject_public_key_info), SignatureCheck::invalid);
    EXPECT_EQ(checker.operations(), 2U);
}

/// A right answer for one key must not be taken for another: the signature's end and the key's beginning may not change places.
TEST(SignatureChecker, AnswersForNobodyElse) {
    const auto signer = crypto::PrivateKey::generate_ec(crypto::Curve::p256), other = crypto::PrivateKey::generate_ec(crypto::Curve::p256);
    ASSERT_TRUE(signer && other);
    const auto read = [](const ByteString& info) {
        der::Reader reader{Bytes(info)};
        return *read_subject_public_key_info(reader);
    };
    const ByteString signer_info = signer->public_key_info(), other_info = other->public_key_info();
    const ByteString leaf = der_of("rsa-leaf.pem");
    const AlgorithmIdentifier algorithm = parse_certificate(leaf)->signature_algorithm;  // ECDSA with SHA-256
    ByteString signature = *signer->sign({.kind = crypto::SignatureKind::ecdsa}, as_bytes("text"));
    // A key whose bytes end like the other's, and that other's key with a signature that goes on like it begins.
    SubjectPublicKeyInfo long_key = read(signer_info);
    const ByteString beginning = to_owned(as_bytes("the beginning of a key"));
    ByteString joined = beginning;
    joined.insert(joined.end(), other_info.begin(), other_info.end());
    long_key.tlv = joined;
    ByteString long_signature = signature;
    long_signature.insert(long_signature.end(), beginning.begin(), beginning.end());

    SignatureChecker checker;
    EXPECT_EQ(checker.check(as_bytes("text"), algorithm, signature, long_key), SignatureCheck::valid);
    EXPECT_NE(checker.check(as_bytes("text"), algorithm, long_signature, read(other_info)), SignatureCheck::valid);
}

TEST(SignatureChecker, SaysUnsupportedOfWhatItCannotCheck) {
    const auto key = crypto::PrivateKey::generate_ec(crypto::Curve::p256);
    ASSERT_TRUE(key);
    der::Reader reader{Bytes()};
    const ByteString info = key->public_key_info();
    reader = der::Reader(info);
    const auto public_key = read_subject_public_key_info(reader);
    AlgorithmIdentifier unknown;
    unknown.algorithm = der::make_oid<1, 2, 3>;
    SignatureChecker checker;
    EXPECT_EQ(checker.check(as_bytes("text"), unknown, as_bytes("signature"), *public_key), SignatureCheck::unsupported);
    EXPECT_EQ(checker.operations(), 0U);
}

TEST(SignatureChecker, ChecksEverySchemeThatTheBuilderMakes) {
    using crypto::DigestKind;
    using crypto::SignatureKind;
    const auto rsa = crypto::PrivateKey::generate_rsa(1024);
    ASSERT_TRUE(rsa);
    SignatureChecker checker;
    CertificateTemplate wanted;
    wanted.issuer = wanted.subject = *encode_name("CN=a");
    wanted.subject_public_key_info = rsa->public_key_info();
    for (const crypto::SignatureScheme& scheme : {
             crypto::SignatureScheme{SignatureKind::rsa_pkcs1, DigestKind::md5},
             crypto::SignatureScheme{SignatureKind::rsa_pkcs1, DigestKind::sha1},
             crypto::SignatureScheme{SignatureKind::rsa_pkcs1, DigestKind::sha256},
             crypto::SignatureScheme{SignatureKind::rsa_pkcs1, DigestKind::sha384},
             crypto::SignatureScheme{SignatureKind::rsa_pkcs1, DigestKind::sha512},
             crypto::SignatureScheme{SignatureKind::rsa_pss, DigestKind::sha256, DigestKind::sha256, 32},
             crypto::SignatureScheme{SignatureKind::rsa_pss, DigestKind::sha1, DigestKind::sha1, 20},
             crypto::SignatureScheme{SignatureKind::rsa_pss, DigestKind::sha384, DigestKind::sha256, 7},
         }) {
        const auto der = sign_certificate(wanted, *rsa, scheme);
        ASSERT_TRUE(der);
        const auto certificate = parse_certificate(*der);
        ASSERT_TRUE(certificate);
        EXPECT_EQ(signature_algorithm(certificate->signature_algorithm).scheme, scheme);
        EXPECT_EQ(checker.check(*certificate, certificate->subject_public_key_info), SignatureCheck::valid)
            << describe_signature(certificate->signature_algorithm);
    }
}

TEST(SignatureChecker, AKeyForPssAllowsOnlyWhatItsParametersSay) {
    using crypto::DigestKind;
    using crypto::SignatureKind;
    const auto rsa = crypto::PrivateKey::generate_rsa(1024);
    ASSERT_TRUE(rsa);
    const crypto::SignatureScheme limits{SignatureKind::rsa_pss, DigestKind::sha256, DigestKind::sha256, 32};
    const ByteString plain = rsa->public_key_info();
    der::Reader reader(plain);
    const auto plain_key = read_subject_public_key_info(reader);
    ASSERT_TRUE(plain_key);
    der::Writer w;
    w.sequence([&] {
        w.raw(encode_signature_algorithm(limits));
        w.bit_string(plain_key->key);
    });
    CertificateTemplate wanted;
    wanted.issuer = wanted.subject = *encode_name("CN=a");
    wanted.subject_public_key_info = w.take();
    const auto check = [&](const crypto::SignatureScheme& scheme) {
        const auto der = sign_certificate(wanted, *rsa, scheme);
        const auto certificate = parse_certificate(*der);
        SignatureChecker checker;
        return checker.check(*certificate, certificate->subject_public_key_info);
    };
    EXPECT_EQ(check(limits), SignatureCheck::valid);
    EXPECT_EQ(check({SignatureKind::rsa_pss, DigestKind::sha256, DigestKind::sha256, 40}), SignatureCheck::valid);
    EXPECT_EQ(check({SignatureKind::rsa_pss, DigestKind::sha256, DigestKind::sha256, 20}), SignatureCheck::invalid);
    EXPECT_EQ(check({SignatureKind::rsa_pss, DigestKind::sha384, DigestKind::sha256, 32}), SignatureCheck::invalid);
    EXPECT_EQ(check({SignatureKind::rsa_pss, DigestKind::sha256, DigestKind::sha384, 32}), SignatureCheck::invalid);
    EXPECT_EQ(check({SignatureKind::rsa_pkcs1, DigestKind::sha256}), SignatureCheck::invalid);
}

TEST(SignatureChecker, StaysWithinItsLimits) {
    const auto key = crypto::PrivateKey::generate_ec(crypto::Curve::p256);
    const ByteString ca = der_of("ec-ca.pem");
    const auto certificate = parse_certificate(ca);
    SignatureChecker checker({.keys = 2, .signatures = 4});
    for (int i = 0; i < 20; ++i) {
        const std::string text = std::to_string(i);
        EXPECT_EQ(
            checker.check(as_bytes(text), certificate->signature_algorithm, as_bytes("no signature"), certificate->subject_public_key_info),
            SignatureCheck::invalid);
    }
    EXPECT_EQ(checker.operations(), 20U);
    EXPECT_EQ(checker.check(*certificate, certificate->subject_public_key_info), SignatureCheck::valid);
}

}  // namespace
}  // namespace truename::x509
