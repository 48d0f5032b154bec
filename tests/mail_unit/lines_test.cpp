#include <gtest/gtest.h>

#include <filesystem>

#include "crypto/random.h"
#include "mail/line_ends.h"
#include "mail/smime.h"
#include "mail/spool.h"
#include "tests/mail_unit/collector.h"

namespace truename::mail {
namespace {

std::string canonical(std::string_view text, std::size_t piece) {
    Collector out;
    CanonicalLines lines(out);
    EXPECT_TRUE(push(lines, text, piece));
    return out.text;
}

TEST(CanonicalLines, EveryLineEndsInCrlf) {
    for (const std::size_t piece : {1U, 2U, 3U, 1'000U}) {
        EXPECT_EQ(canonical("a\nb\n", piece), "a\r\nb\r\n");
        EXPECT_EQ(canonical("a\r\nb\r\n", piece), "a\r\nb\r\n");
        EXPECT_EQ(canonical("\n\n\r\n\n", piece), "\r\n\r\n\r\n\r\n");
        EXPECT_EQ(canonical("a\rb\r\r\nc", piece), "a\rb\r\r\nc");
        EXPECT_EQ(canonical("no end", piece), "no end");
    }
}

std::string written(std::string_view message, std::string_view entity, EntityWriter::Lines lines, std::size_t piece) {
    Collector out;
    const HeaderBlock header = std::move(*HeaderBlock::parse(as_bytes(message)));
    EntityWriter writer(header, lines, out);
    EXPECT_TRUE(push(writer, entity, piece));
    return out.text;
}

TEST(EntityWriter, PutsTheEntityBelowTheFieldsOfItsMessage) {
    constexpr std::string_view kMessage = "From: a@b\r\nContent-Type: application/pkcs7-mime\r\nSubject: s\r\n\r\n";
    for (const std::size_t piece : {1U, 2U, 5U, 1'000U}) {
        // A second Subject would be read by some programs and not by others.
        EXPECT_EQ(
            written(kMessage, "Content-Type: text/html\r\nSubject: x\r\nTo: y\r\n\r\nbody\r\n", EntityWriter::Lines::as_they_are, piece),
            "From: a@b\r\nSubject: s\r\nContent-Type: text/html\r\nTo: y\r\n\r\nbody\r\n");
        EXPECT_EQ(written(kMessage, "no header at all\r\n", EntityWriter::Lines::as_they_are, piece),
                  "From: a@b\r\nSubject: s\r\n\r\nno header at all\r\n");
        EXPECT_EQ(written("From: a@b\n\n", "Content-Type: x/y\r\n\r\na\rb\r\r\n\r\nc\r", EntityWriter::Lines::lf, piece),
                  "From: a@b\nContent-Type: x/y\n\na\rb\r\n\nc\r");
    }
}

TEST(EntityWriter, LeavesOutWhatOnlyServersWrite) {
    for (const std::string field :
         {"Authentication-Results: mx; dmarc=pass", "Bcc: eve@example.com", "Received: x", "Reply-To: eve@example.com"})
        EXPECT_EQ(written("From: a@b\n\n", "Content-Type: x/y\n" + field + "\n\nc\n", EntityWriter::Lines::lf, 100),
                  "From: a@b\nContent-Type: x/y\n\nc\n");
}

TEST(EntityWriter, ChangesNoLineEndOfWhatIsNoLines) {
    const std::string entity = "Content-Type: image/png\r\nContent-Transfer-Encoding: BINARY\r\n\r\n\x89PNG\r\n\x1a\n\r\r\n";
    for (const std::size_t piece : {1U, 2U, 5U, 1'000U})
        EXPECT_EQ(written("From: a@b\n\n", entity, EntityWriter::Lines::lf, piece),
                  "From: a@b\nContent-Type: image/png\nContent-Transfer-Encoding: BINARY\n\n\x89PNG\r\n\x1a\n\r\r\n");
}

TEST(EntityWriter, TakesTheVersionAwayWhereItCameWithTheSignature) {
    constexpr std::string_view kMessage = "From: a@b\nMIME-Version: 1.0\nContent-Type: multipart/signed\n\n";
    EXPECT_EQ(written(kMessage, "\r\nplain\r\n", EntityWriter::Lines::lf, 100), "From: a@b\n\nplain\n");
    EXPECT_EQ(written(kMessage, "Content-Type: text/plain\r\n\r\nx\r\n", EntityWriter::Lines::lf, 100),
              "From: a@b\nMIME-Version: 1.0\nContent-Type: text/plain\n\nx\n");
}

TEST(Spool, GivesBackWhatItHoldsInMemoryAndInAFile) {
    const std::string folder = std::filesystem::temp_directory_path();
    for (const auto holds : {Spool::Holds::secrets, Spool::Holds::what_came_openly}) {
        for (const std::size_t size :
             {std::size_t{0}, std::size_t{10}, Spool::kInMemory, Spool::kInMemory + 1, 3 * Spool::kInMemory + 77}) {
            const ByteString octets = crypto::random_bytes(size);
            Spool spool(folder, holds);
            ASSERT_TRUE(push(spool, as_text(octets), 100'003));
            for (int i = 0; i < 2; ++i) {
                Collector out;
                ASSERT_TRUE(spool.replay(out));
                EXPECT_TRUE(out.text == as_text(octets)) << size;
                EXPECT_TRUE(out.is_finished);
            }
            EXPECT_EQ(spool.front(7).value_or({}), to_owned(Bytes(octets).first(std::min<std::size_t>(7, size))));
        }
    }
}

TEST(Spool, SaysWhereItHasNoRoom) {
    Spool spool("/no/such/folder", Spool::Holds::secrets);
    const Outcome outcome = push(spool, std::string(2 * Spool::kInMemory, 'x'), 1'000'000);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().object, "/no/such/folder");
}

}  // namespace
}  // namespace truename::mail
