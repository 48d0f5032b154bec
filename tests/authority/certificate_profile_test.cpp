#include "authority/certificate_profile.h"

#include <gmock/gmock.h>

#include <filesystem>

namespace truename::authority {
namespace {

using testing::HasSubstr;

constexpr const char* kGood = R"(title = "server"
names = "hosts"
days = 90
purposes = ["serverAuth"]
usage = ["digitalSignature"]
usage_rsa = ["digitalSignature", "keyEncipherment"]
)";

std::string with(std::string_view from, std::string_view to) {
    std::string text = kGood;
    text.replace(text.find(from), from.size(), to);
    return text;
}

TEST(CertificateProfile, IsReadWithAllItsParts) {
    const auto profile = read_certificate_profile("short", kGood);
    ASSERT_TRUE(profile) << to_sentence(profile.error());
    EXPECT_EQ(profile->id, "short");
    EXPECT_EQ(profile->days, 90U);
    EXPECT_EQ(profile->names, CertificateProfile::Names::hosts);
    EXPECT_EQ(profile->purposes.size(), 1U);
    EXPECT_EQ(profile->usage_rsa.size(), 2U);
}

TEST(CertificateProfile, SaysWhatIsWrongAndWhere) {
    const auto problem = [](const std::string& text) { return read_certificate_profile("x", text).error().reason; };
    EXPECT_THAT(problem(with("days = 90", "days = 0")), HasSubstr("days has to be a number"));
    EXPECT_THAT(problem(with("\"hosts\"", "\"people\"")), HasSubstr("names has to be hosts or mailbox"));
    EXPECT_THAT(problem(with("serverAuth", "anything")), HasSubstr("\"anything\" is no purpose"));
    EXPECT_THAT(problem(with("[\"digitalSignature\"]", "[\"keyCertSign\"]")), HasSubstr("\"keyCertSign\" is no usage of a key"));
    EXPECT_THAT(problem(std::string(kGood) + "colour = 1\n"), HasSubstr("colour is not known"));
    EXPECT_THAT(problem(with("days = 90", "days = ")), HasSubstr("line 3"));
}

TEST(CertificateProfile, ThereIsOneForEachFileOfTheData) {
    std::size_t files = 0;
    for (const auto& file : std::filesystem::directory_iterator(TRUENAME_SOURCE_DIR "/data/certificates")) {
        EXPECT_NE(find_certificate_profile(file.path().stem().string()), nullptr) << file.path();
        ++files;
    }
    EXPECT_EQ(certificate_profiles().size(), files);
}

TEST(CertificateProfile, ThereAreThoseOfTheProgram) {
    for (const char* id : {"client", "person", "server"}) ASSERT_NE(find_certificate_profile(id), nullptr) << id;
    EXPECT_EQ(find_certificate_profile("none"), nullptr);
}

}  // namespace
}  // namespace truename::authority
