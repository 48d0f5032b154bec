#include "x509/pem.h"

#include <gtest/gtest.h>

#include "der/writer.h"
#include "tests/x509/data.h"
#include "x509/build.h"
#include "x509/certificate.h"

namespace truename::x509 {
namespace {

using testing::Test;

std::string failure_of(std::string_view text) {
    const auto bundle = read_pem_bundle(as_bytes(text), "FILE");
    return bundle ? "none" : bundle.error().reason;
}

std::size_t certificates_in(std::string_view text) {
    const auto bundle = read_pem_bundle(as_bytes(text), "FILE");
    EXPECT_TRUE(bundle) << failure_of(text);
    if (!bundle) return 0;
    for (const Bytes der : bundle->all(PemKind::certificate)) EXPECT_TRUE(parse_certificate(der));
    return bundle->all(PemKind::certificate).size();
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) text.replace(at, what.size(), with);
    return text;
}

TEST(PemBundle, KeepsBlocksOfAnyKindInTheirOrder) {
    const std::string text = "Here you are:\n" + read_data("rsa-leaf.pem") + "\n  key follows\n-----BEGIN EC PRIVATE KEY-----\nsecret!\n" +
                             "-----END EC PRIVATE KEY-----\n" + read_data("ec-request.pem") + "text\n" + read_data("ec-ca.pem");
    const auto bundle = read_pem_bundle(as_bytes(text), "FILE");
    ASSERT_TRUE(bundle);
    ASSERT_EQ(bundle->blocks.size(), 4U);
    EXPECT_EQ(bundle->blocks[0].kind, PemKind::certificate);
    EXPECT_EQ(bundle->blocks[0].line, 2U);
    EXPECT_EQ(bundle->blocks[1].kind, PemKind::private_key);
    EXPECT_TRUE(bundle->blocks[1].der.empty()) << "keys are never decoded, so what is wrong in them is not seen either";
    EXPECT_EQ(bundle->blocks[2].kind, PemKind::request);
    EXPECT_EQ(bundle->blocks[3].der, der_of("ec-ca.pem"));
    EXPECT_TRUE(bundle->has(PemKind::private_key));
    EXPECT_FALSE(bundle->has(PemKind::crl));
}

TEST(PemBundle, IsReadWhateverTheEditorDidToIt) {
    const std::string text = read_data("rsa-leaf.pem") + read_data("ec-ca.pem");
    EXPECT_EQ(certificates_in(text), 2U);
    EXPECT_EQ(certificates_in(replaced(text, "\n", "\r\n")), 2U);
    EXPECT_EQ(certificates_in(replaced(text, "\n", "\r")), 2U);
    EXPECT_EQ(certificates_in(replaced(text, "\n", "  \t\n   ")), 2U);
    EXPECT_EQ(certificates_in(replaced(text, "\n", "\n\n")), 2U);
    EXPECT_EQ(certificates_in("\xef\xbb\xbf" + text), 2U);
    std::string utf16 = "\xff\xfe";
    for (const char c : text) utf16 += std::string{c, '\0'};
    EXPECT_EQ(certificates_in(utf16), 2U);
    const std::size_t body = text.find('\n') + 1, end = text.find("-----END");
    EXPECT_EQ(certificates_in(text.substr(0, body) + replaced(text.substr(body, end - body), "\n", "") + "\n" + text.substr(end)), 2U)
        << "one long line";
    EXPECT_EQ(certificates_in(text.substr(0, text.size() - 1)), 2U) << "no line end at the end";
}

TEST(PemBundle, TakesTheCertificateOutOfOpenSslsTrustedForm) {
    ByteString der = der_of("ec-ca.pem");
    const ByteString certificate = der;
    der.insert(der.end(), {0x30, 0x00});
    const std::string text = to_pem("TRUSTED CERTIFICATE", der);
    const auto bundle = read_pem_bundle(as_bytes(text), "FILE");
    ASSERT_TRUE(bundle);
    EXPECT_EQ(bundle->blocks[0].kind, PemKind::trusted_certificate);
    EXPECT_EQ(bundle->blocks[0].der, certificate);
    EXPECT_EQ(bundle->all(PemKind::certificate).size(), 1U);
    EXPECT_EQ(certificate.size() + bundle->blocks[0].settings.size(), der.size());
}

TEST(PemBundle, TakesDerWhenTheFileIsDer) {
    for (const char* file : {"rsa-leaf.pem", "ec-ca.pem", "ed25519.pem"}) {
        const auto bundle = read_pem_bundle(der_of(file), "FILE");
        ASSERT_TRUE(bundle) << file;
        EXPECT_TRUE(bundle->was_der);
        EXPECT_EQ(bundle->blocks[0].kind, PemKind::certificate);
    }
    EXPECT_TRUE(read_pem_bundle(der_of("rsa-leaf-request.pem"), "FILE")->has(PemKind::request));
    EXPECT_TRUE(read_pem_bundle(der_of("ec-request.pem"), "FILE")->has(PemKind::request));
}

TEST(PemBundle, SaysInWhichLineWhatIsWrong) {
    const std::string good = read_data("ec-ca.pem");
    const auto lines = static_cast<std::size_t>(std::count(good.begin(), good.end(), '\n'));
    EXPECT_EQ(failure_of("\n" + good.substr(0, good.find("-----END"))), "line 2: a CERTIFICATE that has no END line");
    EXPECT_EQ(failure_of(good.substr(0, good.find("-----END")) + good), "line 1: a CERTIFICATE that has no END line");
    EXPECT_EQ(failure_of(replaced(good, "-----END CERTIFICATE", "-----END CERT")),
              "line " + std::to_string(lines) + ": the END of the CERTIFICATE that begins in line 1 is another one: -----END CERT-----");
    std::string wrong = good;
    wrong[wrong.find('\n', 100) + 5] = '!';
    EXPECT_EQ(failure_of(wrong), "line 4: a character that does not belong into a CERTIFICATE");
    EXPECT_EQ(failure_of("-----BEGIN CERTIFICATE-----\nAAAAA\n-----END CERTIFICATE-----\n"),
              "line 2: the CERTIFICATE ends too early: characters are missing");
    EXPECT_EQ(failure_of("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"), "line 1: a CERTIFICATE with nothing in it");
    EXPECT_EQ(failure_of("-----END CERTIFICATE-----\n" + good), "line 1: an END without its BEGIN");
    EXPECT_EQ(failure_of("1\n> -----BEGIN CERTIFICATE-----\n"), "line 2: the file ends without a BEGIN at the start of a line");
    EXPECT_EQ(failure_of("-----BEGIN CERTIFICATE---\n"), "line 1: a BEGIN line that does not end in five dashes");
}

TEST(PemBundle, SaysWhatAFileIsThatHoldsNoCertificate) {
    EXPECT_EQ(failure_of(""), "the file is empty");
    EXPECT_EQ(failure_of("<!DOCTYPE html><html>404"), "this is a web page");
    EXPECT_EQ(failure_of("ssh-ed25519 AAAA"), "this is a key for SSH");
    EXPECT_EQ(failure_of("hello"), "there is no PEM block and no DER certificate in it");
    EXPECT_EQ(failure_of("MIIDdzCCAl+gAwIBAgIE"), "this is base64 without the BEGIN and END lines");
    const ByteString der = der_of("ec-ca.pem");
    EXPECT_EQ(failure_of(as_text(Bytes(der).first(100))), "the DER in it is cut short");
    EXPECT_EQ(failure_of(as_text(*from_hex("30 0B 06 09 2A 86 48 86 F7 0D 01 07 02"))),
              "this is a PKCS #7 message from which no certificate can be taken");
    EXPECT_EQ(failure_of(as_text(*from_hex("30 80 06 00 00 00"))), "it is BER with lengths that are not definite, not DER");
    EXPECT_EQ(failure_of(as_text(*from_hex("30 03 02 01 03"))), "this is a private key or a PKCS #12 file, not a certificate");
}

/// SignedData with these certificates (RFC 2315 9.1) and the lists, as authorities hand out chains.
ByteString pkcs7_of(const std::vector<ByteString>& certificates, const std::vector<ByteString>& crls) {
    der::Writer w;
    w.sequence([&] {
        w.oid(der::oid::pkcs7_signed_data);
        w.nested(der::context_constructed(0), [&] {
            w.sequence([&] {
                w.integer(1).set([] {});
                w.sequence([&] { w.oid(der::make_oid<1, 2, 840, 113549, 1, 7, 1>); });
                w.nested(der::context_constructed(0), [&] {
                    for (const ByteString& der : certificates) w.raw(der);
                    w.nested(der::context_constructed(1), [] {});  // an attribute certificate
                });
                w.nested(der::context_constructed(1), [&] {
                    for (const ByteString& der : crls) w.raw(der);
                });
                w.set([] {});
            });
        });
    });
    return w.take();
}

ByteString issued(std::string_view issuer, std::string_view subject) {
    static const auto key = *crypto::PrivateKey::generate_ec(crypto::Curve::p256);
    CertificateTemplate wanted;
    wanted.issuer = *encode_name(issuer);
    wanted.subject = *encode_name(subject);
    wanted.subject_public_key_info = key.public_key_info();
    return *sign_certificate(wanted, key);
}

TEST(PemBundle, OpensPkcs7AndPutsTheServersCertificateFirst) {
    const ByteString root = issued("CN=Root", "CN=Root"), ca = issued("CN=Root", "CN=CA"), server = issued("CN=CA", "CN=server");
    const ByteString crl = der_of("crl.pem");
    const ByteString der = pkcs7_of({root, server, ca}, {crl});
    for (const std::string& text : {std::string(as_text(der)), to_pem("PKCS7", der)}) {
        const auto bundle = read_pem_bundle(as_bytes(text), "FILE");
        ASSERT_TRUE(bundle) << failure_of(text);
        ASSERT_EQ(bundle->blocks.size(), 4U);
        EXPECT_EQ(bundle->blocks[0].der, server);
        EXPECT_EQ(bundle->blocks[1].der, ca);
        EXPECT_EQ(bundle->blocks[2].der, root);
        EXPECT_EQ(bundle->blocks[3].kind, PemKind::crl);
        EXPECT_FALSE(read_pem_bundle(as_bytes(text), "FILE", {.blocks = 3})) << "one past the limit";
        EXPECT_TRUE(read_pem_bundle(as_bytes(text), "FILE", {.blocks = 4}));
    }
}

TEST(PemBundle, KeepsTheOrderOfPkcs7WhereCertificatesIssuedEachOther) {
    const ByteString a = issued("CN=B", "CN=A"), b = issued("CN=A", "CN=B"), other = issued("CN=C", "CN=D");
    const ByteString der = pkcs7_of({a, b, other}, {});
    const auto bundle = read_pem_bundle(der, "FILE");
    ASSERT_TRUE(bundle);
    EXPECT_EQ(bundle->blocks[0].der, other);
    EXPECT_EQ(bundle->blocks[1].der, a);
    EXPECT_EQ(bundle->blocks[2].der, b);
}

TEST(PemBundle, LeavesPkcs7ThatHoldsNoCertificate) {
    const std::string text = to_pem("PKCS7", pkcs7_of({}, {})) + read_data("ec-ca.pem");
    const auto bundle = read_pem_bundle(as_bytes(text), "FILE");
    ASSERT_TRUE(bundle);
    EXPECT_EQ(bundle->blocks[0].kind, PemKind::pkcs7);
    EXPECT_EQ(certificates_in(text), 1U);
}

TEST(PemBundle, NeverShowsWhatStandsInAKey) {
    const std::string text = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nSECRET\n-----END CERTIFICATE-----\n";
    const auto bundle = read_pem_bundle(as_bytes(text), "FILE");
    ASSERT_FALSE(bundle);
    EXPECT_EQ(to_sentence(bundle.error()).find("SECRET"), std::string::npos);
}

TEST(PemBundle, EndsAtItsLimits) {
    const std::string one = read_data("ed25519.pem");
    EXPECT_TRUE(read_pem_bundle(as_bytes(one + one), "FILE", {.blocks = 2}));
    const auto three = read_pem_bundle(as_bytes(one + one + one), "FILE", {.blocks = 2});
    ASSERT_FALSE(three);
    EXPECT_NE(three.error().reason.find("more than 2 blocks"), std::string::npos);
    EXPECT_TRUE(read_pem_bundle(as_bytes(one), "FILE", {.file_bytes = one.size()}));
    EXPECT_FALSE(read_pem_bundle(as_bytes(one), "FILE", {.file_bytes = one.size() - 1}));
}

TEST(ToPem, IsReadBackAndHasLinesOf64Characters) {
    const ByteString der = der_of("rsa-leaf.pem");
    EXPECT_EQ(to_pem("CERTIFICATE", der), read_data("rsa-leaf.pem"));
}

}  // namespace
}  // namespace truename::x509
