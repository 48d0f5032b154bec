#include "acme/public_authority.h"

#include <gmock/gmock.h>

namespace truename::acme {
namespace {

using testing::ElementsAre;

TEST(PublicAuthority, EachFileOfTheProgramCanBeRead) {
    EXPECT_GE(public_authorities().size(), 2U);
}

TEST(PublicAuthority, IsKnownByTheAddressOfItsDirectory) {
    EXPECT_EQ(authority_at("https://acme-staging-v02.api.letsencrypt.org/directory").id, "letsencrypt");
    EXPECT_EQ(authority_at("https://acme.example.com/directory").names, NameOrder::unknown);
    EXPECT_EQ(authority_at("https://acme.example.com/directory").title, "https://acme.example.com/directory");
}

TEST(PublicAuthority, PutsNamesAsItIsKnownTo) {
    const std::vector<std::string> names = {"remote.example.com", "autodiscover.example.com"};
    PublicAuthority authority;
    authority.names = NameOrder::kept;
    EXPECT_THAT(orders_of(authority, names), ElementsAre(names));
    authority.names = NameOrder::sorted;
    EXPECT_THAT(orders_of(authority, names), ElementsAre(ElementsAre("autodiscover.example.com", "remote.example.com")));
    authority.names = NameOrder::unknown;
    EXPECT_EQ(orders_of(authority, names).size(), 2U);
    EXPECT_THAT(orders_of(authority, {"a.example.com"}), ElementsAre(ElementsAre("a.example.com")));
}

TEST(PublicAuthority, AFactNeedsItsSource) {
    EXPECT_TRUE(read_public_authority("a", "title = \"A\"\ndirectories = [\"https://a/\"]\n"));
    EXPECT_FALSE(read_public_authority("a", "title = \"A\"\ndirectories = [\"https://a/\"]\nnames = \"sorts\"\n"));
    EXPECT_FALSE(read_public_authority("a", "title = \"A\"\ndirectories = [\"https://a/\"]\nnames = \"shuffles\"\n"));
    EXPECT_FALSE(read_public_authority("a", "title = 7\n"));
    EXPECT_FALSE(read_public_authority("a", "title = \n"));
}

}  // namespace
}  // namespace truename::acme
