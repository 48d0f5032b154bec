#include "mail/mime_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mail_unit/collector.h"
#include "tests/seeds.h"

namespace truename::mail {
namespace {

using testing::HasSubstr;

/// Writes down what it is told: `<type` at a header, `>` at an end, `!` at one that was cut off, contents as they are.
class Recorder : public MimeHandler {
  public:
    Result<BodyView, Failure> on_header(std::size_t, HeaderBlock, const ContentType& type) override {
        text += "<" + type.name() + "|";
        if (type.type == "multipart") return BodyView::parts;
        return type.is("message/rfc822") ? BodyView::message : BodyView::content;
    }
    Result<PartView, Failure> on_part(std::size_t, std::size_t index, std::uint64_t) override {
        if (!raw_first || index != 0) return PartView::parsed;
        text += "<raw|";
        return PartView::raw;
    }
    Outcome on_content(Bytes piece) override {
        text.append(as_text(piece));
        return {};
    }
    Outcome on_end(std::size_t, EntityEnd end) override {
        text += end == EntityEnd::whole ? ">" : "!";
        return {};
    }
    bool raw_first = false;
    std::string text;
};

/// The record of a message, which must be the same however it is cut into pieces.
std::string record(std::string_view message, bool raw_first = false) {
    if (message.size() < 4'096) write_seed("mail_mime", std::string(1, static_cast<char>(message.size() % 7)) + std::string(message));
    std::string first;
    for (const std::size_t piece :
         {std::size_t{1} << 20, std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, std::size_t{64}}) {
        Recorder recorder;
        recorder.raw_first = raw_first;
        MimeParser parser(recorder);
        const Outcome outcome = push(parser, message, piece);
        const std::string text = outcome ? recorder.text : outcome.error().reason;
        if (first.empty()) first = text;
        EXPECT_EQ(text, first) << "in pieces of " << piece;
    }
    return first;
}

std::string multipart(std::string_view boundary, std::string_view body) {
    return "Content-Type: multipart/mixed; boundary=" + std::string(boundary) + "\r\n\r\n" + std::string(body);
}

TEST(MimeParser, GivesABodyAsItIs) {
    EXPECT_EQ(record("A: b\r\n\r\nbody\r\n\r\n--x\r\n"), "<text/plain|body\r\n\r\n--x\r\n>");
    EXPECT_EQ(record("\n--x\n"), "<text/plain|--x\n>");
    EXPECT_EQ(record("A: b"), "<text/plain|>");
    EXPECT_EQ(record(""), "<text/plain|>");
}

TEST(MimeParser, TheLineEndBeforeADelimiterIsItsOwn) {
    EXPECT_EQ(record(multipart("b", "preamble\r\n--b\r\n\r\none\r\n\r\n--b\r\nA: x\r\n\r\n\r\ntwo\r\n--b--\r\nepilogue")),
              "<multipart/mixed|<text/plain|one\r\n><text/plain|\r\ntwo>>");
    EXPECT_EQ(record(multipart("b", "--b\n\none\n--b \t\n\ntwo\n--b--  \n")), "<multipart/mixed|<text/plain|one><text/plain|two>>");
    EXPECT_EQ(record(multipart("b", "--b\n\n--b\n\n\n--b--")), "<multipart/mixed|<text/plain|><text/plain|>>");
}

TEST(MimeParser, OnlyAWholeLineIsADelimiter) {
    const std::string body = "x--b\n--bb\n --b\n--b-\n-\n--\n\r\n-b\n--b x\n--B\n";
    EXPECT_EQ(record(multipart("b", "--b\n\n" + body + "\n--b--\n")), "<multipart/mixed|<text/plain|" + body + ">>");
    // Behind a thousand octets it is a text.
    const std::string far = "--b" + std::string(1'000, ' ');
    EXPECT_EQ(record(multipart("b", "--b\n\n" + far + "\n--b--\n")), "<multipart/mixed|<text/plain|" + far + ">>");
}

TEST(MimeParser, ARawPartIsGivenToTheOctet) {
    const std::string part = "Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\n\r\ntext \r\n--in--\r\n\r\n";
    const std::string message = multipart("b", "--b\r\n" + part + "\r\n--b\r\nContent-Type: a/b\r\n\r\nsig\r\n--b--\r\n");
    EXPECT_EQ(record(message, true), "<multipart/mixed|<raw|" + part + "><a/b|sig>>");
}

TEST(MimeParser, AnOuterDelimiterEndsInnerParts) {
    const std::string inner = "Content-Type: multipart/mixed; boundary=in\n\n--in\n\none\n";
    EXPECT_EQ(record(multipart("out", "--out\n" + inner + "--out\n\ntwo\n--out--\n")),
              "<multipart/mixed|<multipart/mixed|<text/plain|one>!<text/plain|two>>");
    // A delimiter of a multipart that was closed is a text of the epilogue.
    EXPECT_EQ(record(multipart("b", "--b\n\none\n--b--\n--b\n\ntwo\n")), "<multipart/mixed|<text/plain|one>>");
}

TEST(MimeParser, MultipartsInEachOtherHaveDifferentBoundaries) {
    for (const std::string_view inner : {"b", "b--"})
        EXPECT_THAT(record(multipart("b", "--b\n" + multipart(inner, "--" + std::string(inner) + "\n\none\n"))),
                    HasSubstr("same boundary"));
    EXPECT_THAT(record(multipart("b", "--b\n\none\n--b--\n")), HasSubstr("one"));
}

TEST(MimeParser, APartMayEndInItsHeader) {
    EXPECT_EQ(record(multipart("b", "--b\nContent-Type: a/b\n--b--\n")), "<multipart/mixed|<a/b|>>");
}

TEST(MimeParser, SaysWhatWasCutOff) {
    EXPECT_EQ(record(multipart("b", "--b\n\none")), "<multipart/mixed|<text/plain|one!!");
    EXPECT_EQ(record(multipart("b", "nothing")), "<multipart/mixed|!");
}

TEST(MimeParser, ReadsMessagesInMessages) {
    EXPECT_EQ(record("Content-Type: message/rfc822\n\nContent-Type: message/rfc822\n\nA: b\n\ntext"),
              "<message/rfc822|<message/rfc822|<text/plain|text>>>");
}

std::string nested(std::size_t depth) {
    std::string text;
    for (std::size_t i = 1; i < depth; ++i)
        text += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\n\n--b" + std::to_string(i) + "\n";
    return text + "\ntext\n";
}

TEST(MimeParser, HasLimitsOfDepthPartsHeaderAndBoundary) {
    EXPECT_THAT(record(nested(100)), HasSubstr("|text"));
    EXPECT_THAT(record(nested(101)), HasSubstr("more than 100 deep"));
    EXPECT_THAT(record(nested(10'000)), HasSubstr("more than 100 deep"));
    std::string messages;
    for (int i = 0; i < 10'000; ++i) messages += "Content-Type: message/rfc822\n\n";
    EXPECT_THAT(record(messages), HasSubstr("more than 100 deep"));
    std::string parts;
    for (int i = 0; i < 10'000; ++i) parts += "--b\n\n\n";
    EXPECT_THAT(record(multipart("b", parts)), HasSubstr("<multipart/mixed|"));
    EXPECT_THAT(record(multipart("b", parts + "--b\n\n\n")), HasSubstr("more than 10000 parts"));
    EXPECT_THAT(record("A: " + std::string(kMaxHeader, 'x')), HasSubstr("longer than 256 KB"));
    EXPECT_THAT(record(multipart(std::string(70, 'b'), "")), HasSubstr("<multipart/mixed|"));
    EXPECT_THAT(record(multipart(std::string(71, 'b'), "")), HasSubstr("boundary is missing, or longer"));
    EXPECT_THAT(record("Content-Type: multipart/mixed\n\n"), HasSubstr("boundary is missing"));
}

}  // namespace
}  // namespace truename::mail
