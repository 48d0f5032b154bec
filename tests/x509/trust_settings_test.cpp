#include "x509/trust_settings.h"

#include <gtest/gtest.h>

#include "der/writer.h"

namespace truename::x509 {
namespace {

constexpr der::Oid kServer = der::oid::kp_server_auth, kClient = der::oid::kp_client_auth, kAny = der::oid::any_extended_key_usage;

/// Settings that list these purposes; an empty list is left out.
ByteString settings(const std::vector<der::Oid>& trusted, const std::vector<der::Oid>& rejected) {
    der::Writer writer;
    const auto list = [&](const std::vector<der::Oid>& purposes) {
        for (const der::Oid purpose : purposes) writer.oid(purpose);
    };
    writer.sequence([&] {
        if (!trusted.empty()) writer.sequence([&] { list(trusted); });
        if (!rejected.empty()) writer.nested(der::context_constructed(0), [&] { list(rejected); });
        writer.text(der::Tag::utf8_string, "an alias");
    });
    return writer.take();
}

TEST(ExplicitTrust, IsWhatIsListed) {
    using enum ExplicitTrust;
    EXPECT_EQ(explicit_trust(settings({}, {}), kServer), none);
    EXPECT_EQ(explicit_trust(settings({kServer}, {}), kServer), trusted);
    EXPECT_EQ(explicit_trust(settings({kClient, kServer}, {}), kServer), trusted);
    EXPECT_EQ(explicit_trust(settings({kAny}, {}), kServer), trusted);
    EXPECT_EQ(explicit_trust(settings({kClient}, {}), kServer), rejected) << "other purposes are listed";
    EXPECT_EQ(explicit_trust(settings({}, {kServer}), kServer), rejected);
    EXPECT_EQ(explicit_trust(settings({}, {kAny}), kServer), rejected);
    EXPECT_EQ(explicit_trust(settings({}, {kClient}), kServer), none);
    EXPECT_EQ(explicit_trust(settings({kServer}, {kServer}), kServer), rejected) << "who rejects wins";
}

TEST(ExplicitTrust, IsNoneWhereItCannotBeRead) {
    const ByteString whole = settings({kServer}, {});
    EXPECT_EQ(explicit_trust(Bytes(), kServer), ExplicitTrust::none);
    EXPECT_EQ(explicit_trust(Bytes(whole).first(whole.size() - 1), kServer), ExplicitTrust::none);
    const std::uint8_t odd[] = {0x30, 0x04, 0x30, 0x02, 0x05, 0x00};
    EXPECT_EQ(explicit_trust(odd, kServer), ExplicitTrust::rejected) << "a list without the purpose";
}

}  // namespace
}  // namespace truename::x509
