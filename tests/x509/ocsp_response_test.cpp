#include "x509/ocsp_response.h"

#include <gtest/gtest.h>

#include "der/oid.h"
#include "der/writer.h"
#include "tests/x509/data.h"
#include "tests/x509/ocsp.h"
#include "x509/crl.h"

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
    EXPECT_EQ(parse_ocsp_response(refusal(4)).error(), (Error{ErrorKind::bad_value, 2}));
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
    EXPECT_EQ(parse_ocsp_response(der).error(), (Error{ErrorKind::trailing_data, static_cast<std::uint32_t>(der.size() - 1)}));
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

// --- the answers in it

TEST(OcspAnswers, OpensslSaysGoodOfTheCertificateThatItWasAskedAbout) {
    const ByteString der = der_of("ocsp-response.pem"), leaf = der_of("rsa-leaf.pem");
    const auto answers = parse_ocsp_answers(parse_ocsp_response(der)->response_data);
    ASSERT_TRUE(answers);
    ASSERT_EQ(answers->size(), 1U);
    EXPECT_EQ(answers->front().verdict, OcspVerdict::good);
    EXPECT_EQ(to_hex(answers->front().serial_number), "1234");
    EXPECT_EQ(to_hex(answers->front().issuer_name_hash), "0f3bfd57935f7b0fe1252274b8804c7f64f84491");
    EXPECT_FALSE(is_about(answers->front(), *parse_certificate(leaf)));
}

TEST(OcspAnswers, TellRevokedWithTheDayAndTheReason) {
    const ByteString leaf = der_of("rsa-leaf.pem");
    const ByteString der =
        ocsp_response(*parse_certificate(leaf), {.verdict = OcspVerdict::revoked, .reason = 1}, crypto::DigestKind::sha256);
    const auto answers = parse_ocsp_answers(parse_ocsp_response(der)->response_data);
    ASSERT_TRUE(answers);
    const OcspAnswer& answer = answers->at(0);
    EXPECT_EQ(answer.verdict, OcspVerdict::revoked);
    EXPECT_EQ(answer.revoked_at, *parse_time("2026-10-01"));
    EXPECT_EQ(describe_reason(answer.reason.value_or(99)), "keyCompromise");
    EXPECT_TRUE(is_about(answer, *parse_certificate(leaf)));
    EXPECT_EQ(describe_reason(7), "reason 7");
    EXPECT_EQ(describe_reason(4000000), "reason 4000000");
}

TEST(OcspAnswers, OneOfTheSameNumberFromAnotherIssuerIsAboutAnotherCertificate) {
    const ByteString leaf = der_of("rsa-leaf.pem"), stranger = der_of("ed25519.pem");
    Certificate mixed = *parse_certificate(stranger);
    mixed.serial_number = parse_certificate(leaf)->serial_number;
    const ByteString der = ocsp_response(mixed, {.verdict = OcspVerdict::unknown});
    const auto answers = parse_ocsp_answers(parse_ocsp_response(der)->response_data);
    ASSERT_TRUE(answers);
    EXPECT_EQ(answers->at(0).verdict, OcspVerdict::unknown);
    EXPECT_FALSE(is_about(answers->at(0), *parse_certificate(leaf)));
}

TEST(OcspAnswers, CutOrChangedAnywhereTheyNeverLeaveTheInput) {
    const ByteString leaf = der_of("rsa-leaf.pem");
    const ByteString der = ocsp_response(*parse_certificate(leaf), {.verdict = OcspVerdict::revoked, .reason = 1});
    const ByteString whole = to_owned(parse_ocsp_response(der)->response_data);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const ByteString cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_FALSE(parse_ocsp_answers(cut)) << size;
    }
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const std::uint8_t value : ByteString{0x00, 0x01, 0x30, 0x7F, 0x80, 0xFF}) {
            ByteString changed = whole;
            changed[at] = value;
            const auto answers = parse_ocsp_answers(changed);
            if (!answers) {
                EXPECT_LE(answers.error().offset, changed.size()) << at;
                continue;
            }
            for (const OcspAnswer& answer : *answers)
                EXPECT_LE(answer.serial_number.data() + answer.serial_number.size(), changed.data() + changed.size()) << at;
        }
    }
}

TEST(OcspAnswers, MoreThanTheLimitAreNotRead) {
    const ByteString leaf = der_of("rsa-leaf.pem");
    const ByteString der = ocsp_response(*parse_certificate(leaf), {});
    der::Reader reader(der::Reader(parse_ocsp_response(der)->response_data).read(der::Tag::sequence).value());
    const ByteString responder = to_owned(reader.read().value().tlv), produced = to_owned(reader.read().value().tlv);
    const ByteString answer = to_owned(reader.read().value().value);
    for (const std::size_t count : {kMostOcspAnswers, kMostOcspAnswers + 1}) {
        der::Writer writer;
        writer.sequence([&] {
            writer.raw(responder).raw(produced).sequence([&] {
                for (std::size_t i = 0; i < count; ++i) writer.raw(answer);
            });
        });
        EXPECT_EQ(parse_ocsp_answers(writer.bytes()).has_value(), count == kMostOcspAnswers) << count;
    }
}

TEST(OcspResponse, BeyondTheLimitNothingIsRead) {
    EXPECT_EQ(parse_ocsp_response(ByteString(kMaxOcspResponseSize + 1)).error().kind, ErrorKind::too_large);
    EXPECT_NE(parse_ocsp_response(ByteString(kMaxOcspResponseSize)).error().kind, ErrorKind::too_large);
}

}  // namespace
}  // namespace truename::x509
