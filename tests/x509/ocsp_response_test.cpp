#include "x509/ocsp_response.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "der/oid.h"
#include "der/writer.h"
#include "tests/x509/data.h"
#include "tests/x509/ocsp.h"
#include "x509/crl.h"
#include "x509/signature.h"

namespace truename::x509 {
namespace {

ByteString refusal(std::int64_t status) {
    der::Writer writer;
    writer.sequence([&] { writer.integer(status, der::Tag::enumerated); });
    return writer.take();
}

TEST(OcspResponse, GivesTheSignedDataOfWhatOpensslAnswered) {
    const ByteString der = der_of("ocsp-response.pem");
    const auto response = parse_ocsp_response(der);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, OcspStatus::successful);
    ASSERT_FALSE(response->response_data.empty());
    EXPECT_EQ(response->response_data.front(), 0x30);
    // The signature, the responder's certificate and the frame lie around it.
    EXPECT_LT(response->response_data.size(), der.size() - 100);
    EXPECT_GE(response->response_data.data(), der.data());
    EXPECT_LE(response->response_data.data() + response->response_data.size(), der.data() + der.size());
}

TEST(OcspResponse, ReadsTheErrorMessagesOfAResponder) {
    for (const OcspStatus status : {OcspStatus::malformed_request, OcspStatus::internal_error, OcspStatus::try_later,
                                    OcspStatus::signature_required, OcspStatus::unauthorized}) {
        const ByteString der = refusal(static_cast<std::int64_t>(status));
        const auto response = parse_ocsp_response(der);
        ASSERT_TRUE(response) << name_of(status);
        EXPECT_EQ(response->status, status);
        EXPECT_TRUE(response->response_data.empty());
    }
    EXPECT_EQ(name_of(OcspStatus::try_later), "tryLater");
}

TEST(OcspResponse, AStatusOfNoStandardIsRefused) {
    EXPECT_EQ(parse_ocsp_response(refusal(4)).error(), (ParseError{ErrorKind::bad_value, Field::ocsp_response, 2}));
}

TEST(OcspResponse, ASuccessWithoutAnAnswerIsRefused) {
    EXPECT_EQ(parse_ocsp_response(refusal(0)).error().kind, ErrorKind::missing);
}

TEST(OcspResponse, ACertificateIsNone) {
    const ByteString der = der_of("rsa-leaf.pem");
    EXPECT_EQ(parse_ocsp_response(der).error().kind, ErrorKind::wrong_tag);
}

TEST(OcspResponse, AnotherTypeOfResponseIsNotSupported) {
    der::Writer writer;
    writer.sequence([&] {
        writer.integer(0, der::Tag::enumerated);
        writer.nested(der::context_constructed(0), [&] {
            writer.sequence([&] {
                writer.oid(der::oid::ad_ca_issuers);
                writer.octet_string({});
            });
        });
    });
    EXPECT_EQ(parse_ocsp_response(writer.bytes()).error().kind, ErrorKind::unsupported);
}

TEST(OcspResponse, NothingMayFollowIt) {
    ByteString der = der_of("ocsp-response.pem");
    der.push_back(0);
    EXPECT_EQ(parse_ocsp_response(der).error(),
              (ParseError{ErrorKind::trailing_data, Field::ocsp_response, static_cast<std::uint32_t>(der.size() - 1)}));
}

TEST(OcspResponse, CutAnywhereItIsAnErrorInsideTheInput) {
    const ByteString der = der_of("ocsp-response.pem");
    for (std::size_t size = 0; size < der.size(); ++size) {
        const auto response = parse_ocsp_response(Bytes(der).first(size));
        ASSERT_FALSE(response) << size;
        EXPECT_LE(response.error().offset, size);
    }
}

TEST(OcspResponse, AnyChangedByteGivesAnErrorInsideTheInputOrDataInsideIt) {
    const ByteString whole = der_of("ocsp-response.pem");
    std::size_t refused = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const std::uint8_t value : ByteString{0x00, 0x01, 0x30, 0x7F, 0x80, 0xFF}) {
            ByteString der = whole;
            der[at] = value;
            const auto response = parse_ocsp_response(der);
            if (!response) {
                ++refused;
                EXPECT_LE(response.error().offset, der.size()) << at;
            } else if (!response->response_data.empty()) {
                EXPECT_GE(response->response_data.data(), der.data()) << at;
                EXPECT_LE(response->response_data.data() + response->response_data.size(), der.data() + der.size()) << at;
            }
        }
    }
    EXPECT_GT(refused, 50u) << "the frame is checked";
}

TEST(OcspResponse, ReadsAllThatOpensslAnswered) {
    const ByteString der = der_of("ocsp-response.pem"), leaf = der_of("rsa-leaf.pem");
    const auto response = parse_ocsp_response(der);
    ASSERT_TRUE(response);
    ASSERT_EQ(response->certificates.size(), 1U);
    const Certificate issuer = *parse_certificate(response->certificates[0]);
    EXPECT_TRUE(is_named(response->responder, issuer));
    EXPECT_FALSE(is_named(response->responder, *parse_certificate(leaf)));
    EXPECT_EQ(describe(response->responder), "CN=Example OCSP CA");
    ASSERT_EQ(response->answers.size(), 1U);
    const OcspAnswer& answer = response->answers[0];
    EXPECT_EQ(answer.verdict, OcspVerdict::good);
    EXPECT_EQ(to_hex(answer.serial_number), "1234");
    EXPECT_EQ(to_hex(answer.issuer_name_hash), "0f3bfd57935f7b0fe1252274b8804c7f64f84491");
    EXPECT_FALSE(is_about(answer, *parse_certificate(leaf), nullptr));
    EXPECT_EQ(response->produced_at, answer.this_update);
    EXPECT_FALSE(response->unknown_critical || answer.unknown_critical);
    SignatureChecker signatures;
    EXPECT_EQ(
        signatures.check(response->response_data, response->signature_algorithm, response->signature_value, issuer.subject_public_key_info),
        crypto::SignatureCheck::valid);
}

// --- the answers in it

class OcspAnswers : public testing::Test {
  protected:
    const ByteString leaf_ = der_of("rsa-leaf.pem"), ca_ = der_of("ec-ca.pem"), stranger_ = der_of("ed25519.pem");
    const Certificate leaf = *parse_certificate(leaf_), ca = *parse_certificate(ca_), stranger = *parse_certificate(stranger_);
};

TEST_F(OcspAnswers, TellRevokedWithTheDayAndTheReason) {
    const ByteString der =
        ocsp_response(leaf, {.verdict = OcspVerdict::revoked, .reason = 1, .next_update = "2026-10-08", .hash = crypto::DigestKind::sha256},
                      {.issuer = &ca});
    const auto response = parse_ocsp_response(der);
    ASSERT_TRUE(response);
    const OcspAnswer& answer = response->answers.at(0);
    EXPECT_EQ(answer.verdict, OcspVerdict::revoked);
    EXPECT_EQ(answer.revoked_at, *parse_time("2026-10-01"));
    EXPECT_EQ(answer.this_update, *parse_time("2026-10-01"));
    EXPECT_EQ(answer.next_update, *parse_time("2026-10-08"));
    EXPECT_EQ(describe_reason(answer.reason.value_or(99)), "keyCompromise");
    EXPECT_TRUE(is_about(answer, leaf, nullptr));
    EXPECT_TRUE(is_about(answer, leaf, &ca.subject_public_key_info));
    EXPECT_FALSE(is_about(answer, leaf, &stranger.subject_public_key_info)) << "an issuer of the same name with another key";
    EXPECT_EQ(describe_reason(7), "reason 7");
    EXPECT_EQ(describe_reason(4000000), "reason 4000000");
}

TEST_F(OcspAnswers, OneOfTheSameNumberFromAnotherIssuerIsAboutAnotherCertificate) {
    Certificate mixed = stranger;
    mixed.serial_number = leaf.serial_number;
    const ByteString der = ocsp_response(mixed, {.verdict = OcspVerdict::unknown});
    const auto response = parse_ocsp_response(der);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->answers.at(0).verdict, OcspVerdict::unknown);
    EXPECT_FALSE(is_about(response->answers.at(0), leaf, nullptr));
}

TEST_F(OcspAnswers, TellTheNonceAndWhatTheyDoNotKnow) {
    const auto with = [](der::Oid id, bool critical, const ByteString& value) {
        return [=](der::Writer& writer) {
            writer.sequence([&] {
                writer.oid(id);
                if (critical) writer.boolean(true);
                writer.octet_string(value);
            });
        };
    };
    const ByteString nonce = {0x04, 0x02, 0xAB, 0xCD};
    const auto read = [&](const OcspSays& says) { return *parse_ocsp_response(ocsp_response(leaf, says)); };
    const ByteString der = ocsp_response(leaf, {.extensions = with(der::oid::ocsp_nonce, true, nonce)});
    EXPECT_EQ(to_hex(parse_ocsp_response(der)->nonce.value()), "abcd");
    EXPECT_FALSE(parse_ocsp_response(der)->unknown_critical);
    EXPECT_FALSE(read({}).nonce);
    EXPECT_TRUE(read({.extensions = with(der::make_oid<1, 2, 3>, true, nonce)}).unknown_critical);
    EXPECT_FALSE(read({.extensions = with(der::make_oid<1, 2, 3>, false, nonce)}).unknown_critical);
    EXPECT_TRUE(read({.single_extensions = with(der::make_oid<1, 2, 3>, true, nonce)}).answers[0].unknown_critical);
    EXPECT_FALSE(read({.single_extensions = with(der::oid::ct_ocsp_scts, true, nonce)}).answers[0].unknown_critical);
    der::Writer cutoff;
    cutoff.time(*parse_time("2020-01-01"), der::Tag::generalized_time);
    EXPECT_EQ(read({.single_extensions = with(der::oid::ocsp_archive_cutoff, false, cutoff.take())}).answers[0].archive_cutoff,
              *parse_time("2020-01-01"));
    EXPECT_EQ(
        parse_ocsp_response(ocsp_response(leaf, {.single_extensions = with(der::oid::ocsp_archive_cutoff, false, nonce)})).error().field,
        Field::response_data);
}

TEST_F(OcspAnswers, CutOrChangedAnywhereTheyNeverLeaveTheInput) {
    const ByteString whole = ocsp_response(leaf, {.verdict = OcspVerdict::revoked, .reason = 1, .next_update = "2026-10-08"},
                                           {.signer = &ca, .certificates = {ca.der}});
    for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(parse_ocsp_response(Bytes(whole).first(size))) << size;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const std::uint8_t value : ByteString{0x00, 0x01, 0x30, 0x7F, 0x80, 0xFF}) {
            ByteString changed = whole;
            changed[at] = value;
            const auto response = parse_ocsp_response(changed);
            if (!response) {
                EXPECT_LE(response.error().offset, changed.size()) << at;
                continue;
            }
            for (const OcspAnswer& answer : response->answers)
                EXPECT_LE(answer.serial_number.data() + answer.serial_number.size(), changed.data() + changed.size()) << at;
        }
    }
}

TEST_F(OcspAnswers, MoreThanTheLimitAreNotRead) {
    for (const std::size_t count : {kMostOcspAnswers, kMostOcspAnswers + 1}) {
        const auto response = parse_ocsp_response(ocsp_response(leaf, std::vector<OcspSays>(count)));
        EXPECT_EQ(response.has_value(), count == kMostOcspAnswers) << count;
    }
    for (const std::size_t count : {kMostOcspCertificates, kMostOcspCertificates + 1}) {
        const auto response = parse_ocsp_response(ocsp_response(leaf, OcspSays(), {.certificates = std::vector<Bytes>(count, ca.der)}));
        EXPECT_EQ(response.has_value(), count == kMostOcspCertificates) << count;
    }
}

TEST_F(OcspAnswers, OfAnotherVersionAreNotRead) {
    der::Writer data;
    data.sequence([&] { data.nested(der::context_constructed(0), [&] { data.integer(1); }); });
    const auto response = parse_ocsp_response(ocsp_frame(data.bytes()));
    EXPECT_EQ(response.error().kind, ErrorKind::unsupported);
    EXPECT_EQ(response.error().field, Field::response_data);
}

TEST(OcspResponse, BeyondTheLimitNothingIsRead) {
    EXPECT_EQ(parse_ocsp_response(ByteString(kMaxOcspResponseSize + 1)).error().kind, ErrorKind::too_large);
    EXPECT_NE(parse_ocsp_response(ByteString(kMaxOcspResponseSize)).error().kind, ErrorKind::too_large);
}

}  // namespace
}  // namespace truename::x509
