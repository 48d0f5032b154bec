#include "servers/sni_name.h"

#include <gtest/gtest.h>

namespace truename::servers {
namespace {

TEST(SniName, PatternsStandForWhatTheServersTakeThemFor) {
    EXPECT_TRUE(stands_for("Mail.example.com", "mail.EXAMPLE.com"));
    EXPECT_FALSE(stands_for("mail.example.com", "mail.example.org"));
    // Dovecot: exactly one label.
    EXPECT_TRUE(stands_for("*.example.com", "x.example.com"));
    EXPECT_FALSE(stands_for("*.example.com", "x.y.example.com"));
    EXPECT_FALSE(stands_for("*.example.com", "example.com"));
    EXPECT_FALSE(stands_for("*.example.com", ".example.com"));
    // Postfix: any depth below.
    EXPECT_TRUE(stands_for(".example.com", "a.b.example.com"));
    EXPECT_FALSE(stands_for(".example.com", "example.com"));
    EXPECT_FALSE(stands_for(".example.com", "badexample.com"));
}

TEST(SniName, AnExampleIsOneOfThoseThatThePatternStandsFor) {
    for (const char* pattern : {"mail.example.com", "*.example.com", ".example.com"})
        EXPECT_TRUE(stands_for(pattern, example_of(pattern))) << pattern;
}

}  // namespace
}  // namespace truename::servers
