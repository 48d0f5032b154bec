#include "servers/offer.h"

#include <gmock/gmock.h>

#include "base/text.h"
#include "tests/servers_unit/credentials.h"
#include "x509/pem.h"

namespace truename::servers {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const FetchIssuers kNobody = [](const ByteString&) { return std::vector<ByteString>(); };

std::string pem(const recipe::Built& built, const std::string& name) {
    return x509::to_pem("CERTIFICATE", built.certificate(name));
}

Offer offer_of(std::initializer_list<std::string> texts) {
    Offer offer;
    for (const std::string& text : texts) {
        const auto added = offer.add("test", as_bytes(text), "");
        EXPECT_TRUE(added) << to_sentence(added.error());
    }
    return offer;
}

TEST(Offer, AnyOrderBecomesTheServersOwnFirstWithoutTheRoot) {
    const auto built = build_chain();
    const Offer offer = offer_of({pem(built, "root") + "Yours sincerely\n" + pem(built, "middle") + pem(built, "server") +
                                  built.certificates.at("server").key.to_pem()});
    const auto completed = complete(offer, {}, kNobody);
    ASSERT_TRUE(completed);
    EXPECT_THAT(completed->credential.chain, ElementsAre(built.certificates.at("server").der, built.certificates.at("middle").der));
    EXPECT_TRUE(completed->notes.empty());
}

TEST(Offer, AMissingIssuerIsFetchedAndSaidToBe) {
    const auto built = build_chain();
    const Offer offer = offer_of({pem(built, "server"), built.certificates.at("server").key.to_pem()});
    const auto fetch = [&](const ByteString& certificate) {
        const bool of_server = certificate == built.certificates.at("server").der;
        return std::vector<ByteString>{built.certificates.at(of_server ? "middle" : "root").der};
    };
    const auto completed = complete(offer, {}, fetch);
    ASSERT_TRUE(completed);
    EXPECT_EQ(completed->credential.chain.size(), 2U);
    EXPECT_THAT(completed->notes, ElementsAre(HasSubstr("1 issuer found elsewhere")));
}

TEST(Offer, AnIssuerOfTheNameWithAnotherKeyIsNone) {
    const auto built = build_chain();
    const auto recipe =
        recipe::load("[[certificate]]\nname='x'\nsubject='CN=Middle'\nkey='rsa2048-3'\nvalidity=['2026-01-01','2030-01-01']\n", "t");
    ASSERT_TRUE(recipe);
    const auto impostor = recipe::build(*recipe, TRUENAME_SOURCE_DIR "/tests/keys");
    ASSERT_TRUE(impostor);
    const Offer offer = offer_of({pem(built, "server"), pem(*impostor, "x"), built.certificates.at("server").key.to_pem()});
    const auto completed = complete(offer, {}, kNobody);
    ASSERT_TRUE(completed);
    EXPECT_EQ(completed->credential.chain.size(), 1U);
    EXPECT_THAT(completed->notes, ElementsAre(HasSubstr("CN=Middle is not at hand")));
}

TEST(Offer, TheKeyDecidesWhichCertificateIsMeant) {
    const auto built = build_chain(), other = build_chain(R"("DNS:other.example.com")", "rsa2048-2");
    const Offer offer = offer_of({pem(other, "server"), pem(built, "server"), pem(built, "middle")});
    const auto completed = complete(offer, {{built.certificates.at("server").key, "/a/key"}}, kNobody);
    ASSERT_TRUE(completed);
    EXPECT_EQ(completed->credential.chain.front(), built.certificates.at("server").der);
    const auto nobodys = complete(offer, {{other.certificates.at("root").key, "/another/key"}}, kNobody);
    ASSERT_FALSE(nobodys);
    EXPECT_THAT(nobodys.error().reason, HasSubstr("the private key in /another/key belongs to none"));
    EXPECT_THAT(nobodys.error().reason, HasSubstr("other.example.com"));
}

TEST(Offer, KeysAndCertificatesInDerAndBareBase64AreRead) {
    const auto built = build_chain();
    Offer offer;
    ASSERT_TRUE(offer.add("server.der", built.certificate("server"), ""));
    ASSERT_TRUE(offer.add("pasted", as_bytes(to_base64(built.certificate("middle")) + "\n"), ""));
    EXPECT_EQ(offer.certificates().size(), 2U);
    EXPECT_FALSE(offer.add("text", as_bytes("hello"), ""));
    EXPECT_FALSE(offer.add("empty", {}, ""));
}

TEST(Offer, CertificatesAloneAreTakenWhereAKeyWouldBeKnownToOthers) {
    const auto built = build_chain();
    Offer offer;
    ASSERT_TRUE(offer.add_certificates("test", as_bytes(pem(built, "server") + built.certificates.at("server").key.to_pem())));
    EXPECT_EQ(offer.certificates().size(), 1U);
    EXPECT_TRUE(offer.keys().empty());
    EXPECT_FALSE(complete(offer, {}, kNobody));
}

TEST(Credential, IsRefusedBeforeAndAfterItsTimeAndForOtherNames) {
    const Credential credential = credential_of(build_chain(R"("DNS:mail.example.com", "DNS:*.example.net")"));
    const auto at = [](const char* text) { return *parse_time(text); };
    EXPECT_TRUE(check_credential(credential, {"mail.example.com", "imap.example.net"}, at("2026-11-28")));
    EXPECT_FALSE(check_credential(credential, {}, at("2025-12-31")));
    EXPECT_FALSE(check_credential(credential, {}, at("2028-01-02")));
    EXPECT_FALSE(check_credential(credential, {"example.net"}, at("2026-11-28")));
}

}  // namespace
}  // namespace truename::servers
