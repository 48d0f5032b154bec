#include "x509/ocsp_response.h"

#include <gtest/gtest.h>

#include "der/oid.h"
#include "der/writer.h"
#include "tests/x509/data.h"

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

TEST(OcspResponse, BeyondTheLimitNothingIsRead) {
    EXPECT_EQ(parse_ocsp_response(ByteString(kMaxOcspResponseSize + 1)).error().kind, ErrorKind::too_large);
    EXPECT_NE(parse_ocsp_response(ByteString(kMaxOcspResponseSize)).error().kind, ErrorKind::too_large);
}

}  // namespace
}  // namespace truename::x509
