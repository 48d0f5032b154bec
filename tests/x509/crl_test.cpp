#include "x509/crl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include "base/text.h"
#include "tests/x509/data.h"
#include "x509/print.h"

namespace truename::x509 {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> entries_of(const CertificateList& crl) {
    std::vector<std::string> list;
    for (const RevokedCertificate& entry : crl.revoked_certificates) {
        list.push_back(to_hex(entry.serial_number) + " " + format_time(entry.revocation_date) +
                       (entry.reason ? " " + std::to_string(*entry.reason) : ""));
    }
    return list;
}

TEST(Crl, GivesWhoWasRevokedWhenAndWhy) {
    const ByteString der = der_of("crl.pem");
    const auto crl = parse_crl(der);
    ASSERT_TRUE(crl) << describe(crl.error());
    EXPECT_EQ(crl->version, 2U);
    EXPECT_EQ(to_string(crl->issuer), "CN=Example Root");
    EXPECT_EQ(format_time(crl->this_update.time), "2026-04-01T00:00:00Z");
    EXPECT_EQ(format_time(crl->next_update->time), "2026-05-01T00:00:00Z");
    EXPECT_THAT(entries_of(*crl), ElementsAre("7f 2026-03-01T00:00:00Z 6", "0a11 2026-01-01T00:00:00Z 1", "00ff02 2026-02-01T12:00:00Z"));
}

TEST(Crl, SaysWhatItIsAbout) {
    const ByteString der = der_of("crl.pem");
    const auto crl = parse_crl(der);
    ASSERT_TRUE(crl);
    ASSERT_TRUE(crl->known.issuing_distribution_point);
    const IssuingDistributionPoint& point = *crl->known.issuing_distribution_point;
    EXPECT_TRUE(crl->known.issuing_distribution_point.critical);
    EXPECT_EQ((*point.full_name.begin()).text(), "http://crl.example.com/a.crl");
    EXPECT_TRUE(point.only_contains_user_certs);
    EXPECT_FALSE(point.only_contains_ca_certs);
    EXPECT_TRUE(point.indirect_crl);
    ASSERT_TRUE(point.only_some_reasons);
    EXPECT_TRUE(point.only_some_reasons->has(1));
    EXPECT_FALSE(point.only_some_reasons->has(2));
    EXPECT_EQ(to_hex(*crl->known.crl_number), "2a");
    EXPECT_TRUE(crl->known.freshest_crl);
    EXPECT_FALSE(crl->known.delta_crl_indicator.is_present());
    EXPECT_FALSE(crl->known.unknown_critical);
}

TEST(Crl, OfChangesNamesTheNumberThatItChanges) {
    const ByteString der = der_of("delta-crl.pem");
    const auto crl = parse_crl(der);
    ASSERT_TRUE(crl) << describe(crl.error());
    EXPECT_EQ(to_hex(*crl->known.delta_crl_indicator), "29");
    EXPECT_TRUE(crl->known.delta_crl_indicator.critical);
    EXPECT_TRUE(crl->revoked_certificates.empty());
}

TEST(Crl, IsNoCertificateAndNothingElse) {
    EXPECT_FALSE(parse_crl(der_of("ec-ca.pem")));
    EXPECT_EQ(parse_crl({}).error().field, Field::certificate_list);
    ByteString der = der_of("crl.pem");
    der.push_back(0);
    EXPECT_EQ(parse_crl(der).error().kind, ErrorKind::trailing_data);
    der.resize(der.size() / 2);
    EXPECT_EQ(parse_crl(der).error().kind, ErrorKind::truncated);
}

// Numbers as OpenSSL prints them, with their sign.
std::string printed(const ASN1_INTEGER* number) {
    const std::unique_ptr<BIGNUM, void (*)(BIGNUM*)> value(ASN1_INTEGER_to_BN(number, nullptr), BN_free);
    const std::unique_ptr<char, void (*)(char*)> text(BN_bn2hex(value.get()), [](char* bytes) { OPENSSL_free(bytes); });
    return text.get();
}

std::string printed(Bytes contents) {
    ByteString element = {0x02, static_cast<std::uint8_t>(contents.size())};
    element.insert(element.end(), contents.begin(), contents.end());
    const unsigned char* at = element.data();
    const std::unique_ptr<ASN1_INTEGER, void (*)(ASN1_INTEGER*)> number(d2i_ASN1_INTEGER(nullptr, &at, static_cast<long>(element.size())),
                                                                        ASN1_INTEGER_free);
    return number ? printed(number.get()) : "refused";
}

// The serial numbers that OpenSSL reads; nothing when it refuses the bytes.
std::optional<std::vector<std::string>> serials_by_openssl(Bytes der) {
    const unsigned char* at = der.data();
    const std::unique_ptr<X509_CRL, void (*)(X509_CRL*)> crl(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())), X509_CRL_free);
    if (!crl || at != der.data() + der.size()) return std::nullopt;
    std::vector<std::string> list;
    const STACK_OF(X509_REVOKED)* revoked = X509_CRL_get_REVOKED(crl.get());
    for (int i = 0; i < sk_X509_REVOKED_num(revoked); ++i)
        list.push_back(printed(X509_REVOKED_get0_serialNumber(sk_X509_REVOKED_value(revoked, i))));
    return list;
}

std::vector<std::string> serials_of(const CertificateList& crl) {
    std::vector<std::string> list;
    for (const RevokedCertificate& entry : crl.revoked_certificates) list.push_back(printed(entry.serial_number));
    return list;
}

TEST(Crl, ThatIsBrokenAnywhereIsRefusedOrReadAsOpenSslReadsIt) {
    const ByteString whole = der_of("crl.pem");
    std::size_t read_by_both = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        for (const std::uint8_t change : {std::uint8_t{0x01}, std::uint8_t{0x20}, std::uint8_t{0x80}}) {
            ByteString der = whole;
            der[i] = static_cast<std::uint8_t>(der[i] ^ change);
            const auto ours = parse_crl(der);
            if (!ours) {
                EXPECT_LE(ours.error().offset, der.size());
                continue;
            }
            const auto theirs = serials_by_openssl(der);
            if (!theirs) continue;  // it also refuses what cannot be decoded inside extensions
            ++read_by_both;
            EXPECT_THAT(serials_of(*ours), ::testing::UnorderedElementsAreArray(*theirs)) << "byte " << i << " changed by " << int{change};
        }
    }
    EXPECT_GT(read_by_both, 300U) << "most changes hit values, not frames";
}

TEST(Crl, HasNothingBehindTheValueOfAnExtension) {
    const ByteString der = {0x30, 0x0C, 0x06, 0x03, 0x55, 0x1D, 0x14, 0x04, 0x03, 0x02, 0x01, 0x05, 0x05, 0x00};  // a number, and NULL
    der::Reader lax{Bytes(der)}, strict{Bytes(der)};
    const auto passed_over = read_extension(lax), refused = read_strict_extension(strict);
    ASSERT_TRUE(passed_over);
    EXPECT_EQ(passed_over->extra_offset, 12U);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), (Error{ErrorKind::trailing_data, 12}));
}

TEST(Crl, OfEverySuiteIsRead) {
    const char* const suites = std::getenv("TRUENAME_SUITES");
    if (suites == nullptr) GTEST_SKIP() << "TRUENAME_SUITES is not set";
    std::size_t count = 0;
    for (const auto& file : std::filesystem::directory_iterator(std::filesystem::path(suites) / "pkits" / "crls")) {
        std::ifstream in(file.path(), std::ios::binary);
        const std::string text((std::istreambuf_iterator<char>(in)), {});
        const auto crl = parse_crl(as_bytes(text));
        ASSERT_TRUE(crl) << file.path() << ": " << describe(crl.error());
        EXPECT_THAT(serials_of(*crl), ::testing::UnorderedElementsAreArray(*serials_by_openssl(as_bytes(text)))) << file.path();
        ++count;
    }
    EXPECT_GT(count, 100U);
}

}  // namespace
}  // namespace truename::x509
