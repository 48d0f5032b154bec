#include "servers/place.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/scratch.h"
#include "tests/servers_unit/credentials.h"

namespace truename::servers {
namespace {

Place place_at(const std::string& certificate, const std::string& key, unsigned pair = 0) {
    Place place;
    place.certificate_file = certificate;
    place.key_file = key;
    place.pair = pair;
    return place;
}

void write(const std::string& path, std::string_view text) {
    std::ofstream(path) << text;
}

TEST(Place, WhatWasWrittenIsReadAgain) {
    const Scratch scratch;
    const auto built = build_chain();
    const Credential credential = credential_of(built);
    const Place apart = place_at(scratch.path() + "/c", scratch.path() + "/k"),
                together = place_at(scratch.path() + "/both", scratch.path() + "/both");
    for (const Place& place : {apart, together}) {
        for (const std::string& file : {place.certificate_file, place.key_file})
            write(file, with_credential(place, file, "", credential).view());
        const PairOnDisk pair = read_pair(place);
        EXPECT_EQ(pair.chain, credential.chain);
        EXPECT_TRUE(pair.fits());
    }
}

TEST(Place, AKeyOfAnotherCertificateDoesNotFit) {
    const Scratch scratch;
    const Credential credential = credential_of(build_chain()),
                     other = credential_of(build_chain(R"("DNS:mail.example.com")", "rsa2048-2"));
    const Place place = place_at(scratch.path() + "/c", scratch.path() + "/k");
    write(place.certificate_file, credential.chain_pem());
    EXPECT_FALSE(read_pair(place).fits()) << "no key";
    write(place.key_file, other.key_pem().view());
    EXPECT_FALSE(read_pair(place).fits());
}

TEST(Place, InAFileWithTwoPairsOnlyTheOneIsReplaced) {
    const Scratch scratch;
    const Credential first = credential_of(build_chain()), second = credential_of(build_chain(R"("DNS:mail.example.com")", "p256-1"));
    const Credential renewed = credential_of(build_chain(R"("DNS:mail.example.com", "DNS:imap.example.com")", "p256-2"));
    const std::string file = scratch.path() + "/both";
    const auto text_of = [](const Credential& each) { return std::string(each.key_pem().view()) + each.chain_pem(); };
    const Place place = place_at(file, file, 1);
    const crypto::Secret text = with_credential(place, file, "# ours\n" + text_of(first) + text_of(second) + "# end\n", renewed);
    EXPECT_EQ(text.view(), "# ours\n" + text_of(first) + text_of(renewed) + "# end\n");
}

TEST(Place, ACertificateBeforeItsKeyComesBehindItThen) {
    // Dovecot bears both; Postfix wants the key first.
    const Credential credential = credential_of(build_chain()), renewed = credential_of(build_chain(R"("DNS:a.example")", "rsa2048-2"));
    const Place place = place_at("/both", "/both");
    const std::string old = credential.chain_pem() + std::string(credential.key_pem().view());
    EXPECT_EQ(with_credential(place, "/both", old, renewed).view(), std::string(renewed.key_pem().view()) + renewed.chain_pem());
}

TEST(Place, WhatIsNeitherKeyNorCertificateStays) {
    const Credential credential = credential_of(build_chain());
    const Place place = place_at("/c", "/k");
    const std::string parameters = "-----BEGIN DH PARAMETERS-----\nAAAA\n-----END DH PARAMETERS-----\n";
    EXPECT_EQ(with_credential(place, "/c", parameters, credential).view(), parameters + credential.chain_pem());
    EXPECT_EQ(with_credential(place, "/c", "garbage", credential).view(), credential.chain_pem());
}

}  // namespace
}  // namespace truename::servers
