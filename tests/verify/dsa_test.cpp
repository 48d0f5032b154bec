#include <gtest/gtest.h>

#include "der/oid.h"
#include "der/writer.h"
#include "tests/verify/support.h"

// DSA keys that say nothing of their parameters have those of their issuer (RFC 5280 6.1.4(e)); PKITS 4.1.5 shows that they work.
namespace truename::verify {
namespace {

/// A certificate of that name by the name X, whose DSA key has no parameters; what stands for its signature fits nothing.
ByteString without_parameters(int serial, std::string_view subject) {
    const auto algorithm = [](der::Writer& w, der::Oid oid) { w.sequence([&] { w.oid(oid); }); };
    const auto name = [](der::Writer& w, std::string_view text) {
        w.sequence([&] {
            w.set([&] {
                w.sequence([&] {
                    w.oid(der::oid::common_name);
                    w.text(der::Tag::utf8_string, text);
                });
            });
        });
    };
    const std::uint8_t number[] = {0x02, 0x01, 0x05};
    der::Writer w;
    w.sequence([&] {
        w.sequence([&] {
            w.nested(der::context_constructed(0), [&] { w.integer(2); });
            w.integer(serial);
            algorithm(w, der::oid::dsa_with_sha1);
            name(w, "X");
            w.sequence([&] {
                w.time(*parse_time("2026-01-01"));
                w.time(*parse_time("2027-01-01"));
            });
            name(w, subject);
            w.sequence([&] {
                algorithm(w, der::oid::dsa);
                w.bit_string(number);
            });
        });
        algorithm(w, der::oid::dsa_with_sha1);
        w.bit_string(number);
    });
    return w.take();
}

/// Each could have issued each: whose parameters they are would be looked for along every way through sixty of them.
TEST(DsaKeys, OfAHostileCircleAreLookedForOnce) {
    std::vector<ByteString> certificates;
    for (int serial = 1; serial <= 60; ++serial) certificates.push_back(without_parameters(serial, serial == 1 ? "mail.example.com" : "X"));
    const std::vector<Bytes> chain(certificates.begin(), certificates.end());
    TrustStores trust;
    trust.use_shipped(false);
    verify::Memory memory;
    Input input;
    input.presented = chain;
    input.at = *parse_time("2026-06-01");
    Verification verification(input, trust, memory);
    TestClient client(verification);
    const FoundPath found = verification.find_path({}, client);
    EXPECT_NE(found.end, PathEnd::anchor);
    ASSERT_TRUE(found.path);
    EXPECT_FALSE(verification.findings(found).empty());
}

}  // namespace
}  // namespace truename::verify
