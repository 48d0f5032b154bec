#include "x509/request.h"

#include <gtest/gtest.h>

#include "der/writer.h"
#include "tests/seeds.h"
#include "tests/x509/data.h"
#include "x509/build.h"
#include "x509/print.h"

namespace truename::x509 {
namespace {

TEST(Request, GivesTheNamesThatItAsksForInTheirOrder) {
    const ByteString der = der_of("rsa-leaf-request.pem");
    const auto request = parse_request(der);
    ASSERT_TRUE(request) << describe(request.error());
    EXPECT_EQ(request->version, 1U);
    EXPECT_EQ(to_string(request->subject), "CN=sbs.example.local,OU=Mail servers,O=Example\\, Inc.,C=AT");
    EXPECT_EQ(describe_key(request->subject_public_key_info), "RSA 2048");
    const auto names = subject_alt_names(request->known);
    ASSERT_EQ(names.size(), 10U);
    EXPECT_EQ(names[0], "DNS:sbs.example.local");
    EXPECT_EQ(names[1], "DNS:remote.example.com");
    EXPECT_TRUE(request->known.tls_feature->must_staple());
    EXPECT_FALSE(request->has_challenge_password);
}

TEST(Request, WithoutAttributesAsksForNothing) {
    const ByteString der = der_of("ec-request.pem");
    const auto request = parse_request(der);
    ASSERT_TRUE(request);
    EXPECT_TRUE(request->extensions.empty());
    EXPECT_EQ(to_string(request->subject), "CN=plain.example.com");
}

/// A request with one attribute for each of the names, which asks for that name.
ByteString request_with(std::initializer_list<std::pair<der::Oid, std::string_view>> attributes) {
    const ByteString plain = der_of("ec-request.pem");
    const auto request = *parse_request(plain);
    der::Writer w;
    w.sequence([&] {
        w.integer(0).raw(request.subject.tlv()).raw(request.subject_public_key_info.tlv);
        w.nested(der::context_constructed(0), [&] {
            for (const auto& [type, name] : attributes) {
                const NewExtension names = make_subject_alt_name({*parse_general_name(name)});
                w.sequence([&] {
                    w.oid(type).set([&] { w.sequence([&] { w.sequence([&] { w.oid(der::Oid(names.id)).octet_string(names.value); }); }); });
                });
            }
        });
    });
    const ByteString der = encode_signed(w.bytes(), request.signature_algorithm.tlv, request.signature_value);
    write_seed("x509_request", as_text(der));
    return der;
}

TEST(Request, AsksForWhatItsFirstListSays) {
    using namespace der::oid;
    const auto asked = [](const ByteString& der) { return subject_alt_names(parse_request(der)->known).at(0); };
    EXPECT_EQ(asked(request_with({{extension_request, "first.example"}, {extension_request, "second.example"}})), "DNS:first.example");
    EXPECT_EQ(asked(request_with({{ms_extension_request, "first.example"}, {ms_extension_request, "second.example"}})),
              "DNS:first.example");
}

TEST(Request, AsksForWhatTheStandardsListSaysBeforeThatOfMicrosoft) {
    using namespace der::oid;
    const auto asked = [](const ByteString& der) { return subject_alt_names(parse_request(der)->known).at(0); };
    EXPECT_EQ(asked(request_with({{extension_request, "standard.example"}, {ms_extension_request, "ms.example"}})), "DNS:standard.example");
    EXPECT_EQ(asked(request_with({{ms_extension_request, "ms.example"}, {extension_request, "standard.example"}})), "DNS:standard.example");
}

TEST(Request, IsProvedByItsOwnKeyOnly) {
    for (const char* file : {"rsa-leaf-request.pem", "ec-request.pem"}) {
        ByteString der = der_of(file);
        EXPECT_EQ(verify_proof_of_possession(*parse_request(der)), crypto::SignatureCheck::valid) << file;
        const std::string_view common_name = ".example.com";
        const std::size_t at = as_text(der).find(common_name);
        ASSERT_NE(at, std::string_view::npos);
        der[at + 1] ^= 1;
        EXPECT_EQ(verify_proof_of_possession(*parse_request(der)), crypto::SignatureCheck::invalid) << file;
    }
}

TEST(Request, IsNoCertificate) {
    const ByteString request = der_of("ec-request.pem"), certificate = der_of("ec-ca.pem");
    EXPECT_FALSE(parse_certificate(request));
    EXPECT_FALSE(parse_request(certificate));
    EXPECT_EQ(parse_request({}).error().field, Field::certification_request);
}

TEST(Request, ThatTheBuilderMadeIsReadBack) {
    const auto key = crypto::PrivateKey::generate_ec(crypto::Curve::p256);
    ASSERT_TRUE(key);
    const RequestTemplate wanted{*encode_name("CN=remote.example.com"),
                                 {make_subject_alt_name({*parse_general_name("remote.example.com"), *parse_general_name("192.0.2.1")})}};
    const auto der = sign_request(wanted, *key);
    ASSERT_TRUE(der);
    const auto request = parse_request(*der);
    ASSERT_TRUE(request);
    EXPECT_EQ(subject_alt_names(request->known), (std::vector<std::string>{"DNS:remote.example.com", "IP:192.0.2.1"}));
    EXPECT_EQ(verify_proof_of_possession(*request), crypto::SignatureCheck::valid);
}

}  // namespace
}  // namespace truename::x509
