// Must reach: MimeParser, HeaderBlock::parse(), content_type_of(), parse_mailbox_list(), Base64Decoder, CanonicalLines, EntityWriter.
//
// A message comes from outside. However it is cut into pieces, the parser tells the same; what it tells is what a slow reader finds, which
// looks at whole lines; every octet of a raw part comes out; base64 is what the other decoder makes of it; canonical lines end in CRLF.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/text.h"
#include "fuzz/mail_sinks.h"
#include "fuzz/must.h"
#include "mail/address.h"
#include "mail/base64.h"
#include "mail/line_ends.h"
#include "mail/mime_parser.h"
#include "mail/smime.h"

namespace {

using namespace truename;
using namespace truename::mail;

constexpr std::size_t kMost = std::size_t{32} << 10;

bool is_parted(const ContentType& type) {
    const auto boundary = type.find("boundary");
    return type.type == "multipart" && boundary && !boundary->empty() && boundary->size() <= kMaxBoundary;
}

class Recorder : public MimeHandler {
  public:
    Result<BodyView, Failure> on_header(std::size_t, HeaderBlock, const ContentType& type) override {
        text += "<" + type.name() + "|";
        return is_parted(type) ? BodyView::parts : BodyView::content;
    }
    Result<PartView, Failure> on_part(std::size_t, std::size_t index, std::uint64_t) override {
        if (index != 0) return PartView::parsed;
        text += "<raw|";
        return PartView::raw;
    }
    Outcome on_content(Bytes piece) override {
        text.append(as_text(piece));
        return {};
    }
    Outcome on_end(std::size_t, EntityEnd) override {
        text += ">";
        return {};
    }
    std::string text;
};

/// What a Recorder writes, found out line by line and with everything at hand. Empty where the header cannot be read.
std::string slow_record(std::string_view message);

/// Where a line ends, its line end included.
std::size_t line_end(std::string_view text, std::size_t at) {
    const std::size_t end = text.find('\n', at);
    return end == std::string_view::npos ? text.size() : end + 1;
}

std::string_view without_line_end(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return text;
}

/// The parts of a multipart's body (RFC 2046 5.1.1), as they are.
std::vector<std::string_view> parts_of(std::string_view body, std::string_view boundary) {
    std::vector<std::string_view> parts;
    std::size_t begin = std::string_view::npos;
    for (std::size_t at = 0; at < body.size();) {
        const std::size_t next = line_end(body, at);
        std::string_view line = body.substr(at, next - at);
        const std::size_t length = line.size();
        while (!line.empty() && std::string_view("\r\n \t").find(line.back()) != std::string_view::npos) line.remove_suffix(1);
        const std::string delimiter = "--" + std::string(boundary);
        const bool closes = line == delimiter + "--";
        if (length <= 1'000 && (line == delimiter || closes)) {
            if (begin != std::string_view::npos) parts.push_back(at == begin ? "" : without_line_end(body.substr(begin, at - begin)));
            begin = closes ? std::string_view::npos : next;
            if (closes) return parts;
        }
        at = next;
    }
    if (begin != std::string_view::npos) parts.push_back(body.substr(begin));
    return parts;
}

std::string slow_record(std::string_view message) {
    const std::size_t body = find_body(message).value_or(message.size());
    const auto header = HeaderBlock::parse(as_bytes(message.substr(0, body)));
    const auto type = header ? content_type_of(*header) : Result<ContentType, Failure>(forward_error(header));
    if (!type) return {};
    std::string text = "<" + type->name() + "|";
    if (!is_parted(*type)) return text + std::string(message.substr(body)) + ">";
    std::size_t index = 0;
    for (const std::string_view part : parts_of(message.substr(body), *type->find("boundary"))) {
        if (index++ == 0) {
            text += "<raw|" + std::string(part) + ">";
            continue;
        }
        // Multiparts in multiparts: an outer delimiter may stand in an inner header, which this reader would not see.
        const std::string inner = slow_record(part);
        if (inner.empty()) return {};
        text += inner;
    }
    return text + ">";
}

void check_parser(Bytes message, std::size_t piece) {
    Recorder whole, cut;
    MimeParser whole_parser(whole), cut_parser(cut);
    const bool is_good = push(whole_parser, message, message.size());
    must(push(cut_parser, message, piece) == is_good, "pieces do not decide whether a message can be read");
    if (!is_good) return;
    must(whole.text == cut.text, "pieces do not change what is read");
    must(slow_record(as_text(message)) == whole.text, "a slow reader finds the same");
}

void check_base64(Bytes text, std::size_t piece) {
    Collector whole, cut;
    Base64Decoder whole_decoder(whole), cut_decoder(cut);
    const bool is_good = push(whole_decoder, text, text.size());
    must(push(cut_decoder, text, piece) == is_good, "pieces do not decide whether base64 can be read");
    const auto other = from_base64(as_text(text));
    must(!other || is_good || as_text(text).find_first_of("\v\f") != std::string_view::npos, "what the other decoder reads is read");
    if (!is_good) return;
    must(whole.text == cut.text, "pieces do not change what base64 says");
    must(!other || as_text(*other) == whole.text, "the other decoder reads the same");
    Collector encoded, again;
    Base64Encoder encoder(encoded, "\r\n");
    Base64Decoder decoder(again);
    must(push(encoder, as_bytes(whole.text), piece) && push(decoder, as_bytes(encoded.text), piece) && again.text == whole.text,
         "what is encoded is decoded");
}

void check_lines(Bytes text, std::size_t piece) {
    Collector out;
    CanonicalLines lines(out);
    must(push(lines, text, piece), "every text has canonical lines");
    std::string slow;
    for (const char c : as_text(text)) slow += c == '\n' && !slow.ends_with('\r') ? "\r\n" : std::string(1, c);
    must(out.text == slow, "only line ends change");
}

void check_header(Bytes message) {
    const auto header = HeaderBlock::parse(message);
    if (!header) return;
    std::string all;
    for (const HeaderField& field : header->fields()) all += field.raw;
    must(as_text(message).starts_with(all), "no octet of a field is lost");
    const auto from = from_address(*header);
    must(!from || (from->find('@') != std::string::npos && from->find_first_of("\r\n<>, \t") == std::string::npos) || from->front() == '"',
         "an address is one");
    const std::string fields = fields_of_message(*header) + header_of_content(*header, "\r\n");
    must(fields.ends_with("\r\n"), "the header of a content has an end");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2 || size > kMost) return 0;
    const std::size_t piece = 1 + data[0] % 64;
    const Bytes message(data + 1, size - 1);
    check_parser(message, piece);
    check_base64(message, piece);
    check_lines(message, piece);
    check_header(message);
    return 0;
}
