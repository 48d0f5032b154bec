#include "authority/handout.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "authority/authority.h"
#include "authority/issuers.h"
#include "base/text.h"
#include "crypto/digest.h"

namespace truename::authority {
namespace {

using testing::HasSubstr;
using testing::Not;

ByteString root() {
    static const ByteString made = *make_root({.name = "Example <Mail>"}, *make_key(KeyType::p256), *parse_time("2026-11-28"));
    return made;
}

TEST(Handout, ThereIsOneForEachFileOfTheData) {
    std::size_t files = 0;
    for (const auto& file : std::filesystem::directory_iterator(TRUENAME_SOURCE_DIR "/data/handouts")) {
        EXPECT_NE(find_handout(file.path().stem().string()), nullptr) << file.path();
        ++files;
    }
    EXPECT_EQ(handouts().size(), files);
    EXPECT_EQ(find_handout("none"), nullptr);
}

TEST(Handout, LeavesNoValueOpen) {
    for (const Handout& handout : handouts()) {
        const auto filled = FilledHandout::make(handout, root());
        ASSERT_TRUE(filled) << to_sentence(filled.error());
        EXPECT_EQ(filled->install.size(), handout.install.size());
        for (const auto& steps : {filled->install, filled->remove}) {
            for (const std::string& step : steps) EXPECT_THAT(step, Not(testing::ContainsRegex("\\{[a-z]"))) << handout.id;
        }
        for (const FilledHandout::File& file : filled->files) EXPECT_THAT(file.name, Not(HasSubstr("{"))) << handout.id;
    }
}

TEST(Handout, CarriesTheRootAndItsFingerprint) {
    const auto filled = FilledHandout::make(*find_handout("windows"), root());
    ASSERT_TRUE(filled);
    EXPECT_EQ(filled->files.front().contents, std::string(as_text(root())));
    EXPECT_THAT(to_text(*filled), HasSubstr(to_hex(crypto::sha1(root()))));
}

TEST(Handout, PageIsSafeWhateverTheAuthorityIsCalled) {
    std::vector<FilledHandout> all;
    for (const Handout& handout : handouts()) all.push_back(*FilledHandout::make(handout, root()));
    const std::string page = to_page(all, "Example <Mail> & \"Co\"", root());
    EXPECT_THAT(page, HasSubstr("<h1>Example &lt;Mail> &amp; &quot;Co&quot;</h1>"));
    EXPECT_THAT(page, Not(HasSubstr("<Mail>")));
    EXPECT_THAT(page, Not(HasSubstr("src=")));
}

TEST(ReadHandout, SaysWhatIsMissing) {
    const auto problem = [](std::string_view text) { return read_handout("x", text).error().reason; };
    EXPECT_THAT(problem(""), HasSubstr("title and source"));
    EXPECT_THAT(problem("title='a'\nsource='b'"), HasSubstr("[install] and [remove]"));
    const std::string steps = "title='a'\nsource='b'\ninstall={steps=['x']}\nremove={steps=['y']}\n";
    EXPECT_THAT(problem(steps), HasSubstr("[[file]]"));
    EXPECT_THAT(problem(steps + "[[file]]\nname='a'\nform='text'"), HasSubstr("line 5"));
    EXPECT_THAT(problem("title="), HasSubstr("line 1"));
    const auto unknown = read_handout("x", steps + "[[file]]\nname='{nothing}'\nform='pem'");
    ASSERT_TRUE(unknown);
    EXPECT_THAT(FilledHandout::make(*unknown, root()).error().reason, HasSubstr("is not known"));
}

}  // namespace
}  // namespace truename::authority
