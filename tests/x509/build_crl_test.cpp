#include "x509/build_crl.h"

#include <gtest/gtest.h>

#include "x509/crl.h"
#include "x509/signature.h"

namespace truename::x509 {
namespace {

const crypto::PrivateKey& key() {
    static const crypto::PrivateKey made = *crypto::PrivateKey::generate_ec(crypto::Curve::p256);
    return made;
}

CrlTemplate list_of(std::uint64_t number) {
    return {*encode_name("CN=Example CA"),
            *parse_time("2026-02-01"),
            *parse_time("2026-03-01"),
            {make_authority_key_identifier(key().public_key_info()), make_crl_number(number)}};
}

SubjectPublicKeyInfo public_key(const ByteString& info) {
    der::Reader reader{Bytes(info)};
    return *read_subject_public_key_info(reader);
}

TEST(SignCrl, SaysWhatWasAdded) {
    NewRevokedCertificates entries;
    const ByteString first = {0x01, 0xFF}, second = {0x00, 0x80};
    entries.add(first, *parse_time("2026-01-15T10:00"), 1);
    entries.add(second, *parse_time("2055-01-15T10:00"), {});
    EXPECT_EQ(entries.size(), 2U);
    const auto der = sign_crl(list_of(300), std::move(entries), key());
    ASSERT_TRUE(der);
    const auto crl = parse_crl(*der);
    ASSERT_TRUE(crl);
    EXPECT_EQ(crl->version, 2U);
    EXPECT_TRUE(equal(*crl->known.crl_number, ByteString{0x01, 0x2C}));
    std::vector<RevokedCertificate> read;
    for (const RevokedCertificate& entry : crl->revoked_certificates) read.push_back(entry);
    ASSERT_EQ(read.size(), 2U);
    EXPECT_TRUE(equal(read[0].serial_number, first));
    EXPECT_EQ(read[0].revocation_date, *parse_time("2026-01-15T10:00"));
    EXPECT_EQ(read[0].reason, 1U);
    EXPECT_TRUE(equal(read[1].serial_number, second));
    EXPECT_EQ(read[1].revocation_date, *parse_time("2055-01-15T10:00"));
    EXPECT_FALSE(read[1].has_extensions);

    const ByteString info = key().public_key_info();
    SignatureChecker checker;
    EXPECT_EQ(checker.check(crl->tbs_cert_list, crl->signature_algorithm, crl->signature_value, public_key(info)),
              crypto::SignatureCheck::valid);
}

TEST(SignCrl, LeavesTheEntriesOutWhereNothingIsRevoked) {
    const auto der = sign_crl(list_of(0), {}, key());
    ASSERT_TRUE(der);
    const auto crl = parse_crl(*der);
    ASSERT_TRUE(crl);
    EXPECT_TRUE(crl->revoked_certificates.empty());
}

TEST(SignCrl, NamesItsDistributionPoint) {
    CrlTemplate wanted = list_of(1);
    wanted.extensions.push_back(make_issuing_distribution_point("http://pki.example.com/1.crl"));
    const auto der = sign_crl(wanted, {}, key());
    ASSERT_TRUE(der);
    const auto crl = parse_crl(*der);
    ASSERT_TRUE(crl);
    ASSERT_TRUE(crl->known.issuing_distribution_point);
    EXPECT_FALSE(crl->known.unknown_critical);
    EXPECT_FALSE(crl->known.issuing_distribution_point->indirect_crl);
}

TEST(SignCrl, HasLengthsOfEverySize) {
    for (const int entries : {1, 2, 3, 5, 200, 2'000}) {
        NewRevokedCertificates added;
        const ByteString serial(17, 0x11);
        for (int i = 0; i < entries; ++i) added.add(serial, *parse_time("2026-01-15"), {});
        const auto der = sign_crl(list_of(1), std::move(added), key());
        ASSERT_TRUE(der);
        const auto crl = parse_crl(*der);
        ASSERT_TRUE(crl) << entries;
        EXPECT_EQ(crl->revoked_certificates.count(), static_cast<std::size_t>(entries));
    }
}

}  // namespace
}  // namespace truename::x509
