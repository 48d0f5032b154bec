#include "servers/dovecot_line.h"

#include <algorithm>

namespace truename::servers {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

/// [begin, end) without a comment and without blanks at its end; a `#` in quotes is none. An open quote goes to the end of the line.
std::size_t end_of_code(std::string_view text, std::size_t begin, std::size_t end) {
    for (std::size_t at = begin; at < end; ++at) {
        if (text[at] == '\'' || text[at] == '"') {
            const char quote = text[at];
            for (++at; at < end && text[at] != quote; ++at) {
                if (text[at] == '\\' && at + 1 < end) ++at;
            }
        } else if (text[at] == '#') {
            end = at;
        }
    }
    while (end > begin && is_blank(text[end - 1])) --end;
    return end;
}

/// A backslash before any character stands for that character.
std::string without_backslashes(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        result += text[at];
    }
    return result;
}

/// Reads the words of a logical line whose pieces are joined.
class LineReader {
  public:
    LineReader(std::string_view text, DovecotLine& line) : text_(text), line_(line) {}

    void read() {
        line_.key = word("=");
        blanks();
        if (line_.key == "!include" || line_.key == "!include_try") {
            line_.kind = line_.key == "!include" ? DovecotLineKind::include : DovecotLineKind::include_try;
            line_.value = text_.substr(at_);
        } else if (next() == '=') {
            ++at_;
            read_value();
        } else if (line_.key == "}" && at_ == text_.size()) {
            line_.kind = DovecotLineKind::block_end;
        } else {
            read_block();
        }
    }

    /// Where the raw value begins.
    [[nodiscard]] std::size_t value_begin() const { return value_begin_; }

  private:
    [[nodiscard]] char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    void blanks() {
        while (is_blank(next())) ++at_;
    }

    /// Up to the next blank or one of `stops`.
    std::string word(std::string_view stops) {
        const std::size_t begin = at_;
        while (at_ < text_.size() && !is_blank(text_[at_]) && stops.find(text_[at_]) == std::string_view::npos) ++at_;
        return std::string(text_.substr(begin, at_ - begin));
    }

    void read_value() {
        line_.kind = line_.key.empty() ? DovecotLineKind::broken : DovecotLineKind::setting;
        blanks();
        value_begin_ = at_;
        const std::string_view raw = text_.substr(at_);
        if (raw.starts_with('<')) {
            ++at_;
            blanks();
            line_.is_file = true;
            line_.value = text_.substr(at_);
        } else if (raw.size() > 1 && (raw.front() == '"' || raw.front() == '\'') && raw.back() == raw.front()) {
            line_.value = without_backslashes(raw.substr(1, raw.size() - 2));
        } else {
            line_.value = raw;
        }
    }

    void read_block() {
        line_.kind = DovecotLineKind::broken;
        if (next() == '"') {
            const std::size_t begin = ++at_, end = text_.find('"', begin);
            if (end == std::string_view::npos) return;
            line_.value = without_backslashes(text_.substr(begin, end - begin));
            at_ = end + 1;
        } else if (next() != '{') {
            line_.value = word("");
        }
        blanks();
        if (text_.substr(at_) == "{") line_.kind = DovecotLineKind::block_begin;
    }

    std::string_view text_;
    DovecotLine& line_;
    std::size_t at_ = 0, value_begin_ = 0;
};

}  // namespace

DovecotLine read_dovecot_line(std::string_view text, std::size_t begin) {
    DovecotLine line;
    line.begin = line.next = begin;
    std::vector<Piece> pieces;
    std::string joined;
    for (line.lines = 0; line.next < text.size();) {
        const TextLine physical = line_at(text, line.next);
        ++line.lines;
        line.next = physical.next;
        std::size_t from = physical.begin;
        while (from < physical.end && is_blank(text[from])) ++from;
        if (from == physical.end || text[from] == '#') {
            const auto kind = from == physical.end ? DovecotLineKind::nothing : DovecotLineKind::comment;
            line.kind = pieces.empty() ? kind : DovecotLineKind::dropped;
            return line;
        }
        const std::size_t end = end_of_code(text, from, physical.end);
        const bool goes_on = end > from && text[end - 1] == '\\';
        std::size_t code_end = goes_on ? end - 1 : end;
        while (goes_on && code_end > from && is_blank(text[code_end - 1])) --code_end;
        if (!pieces.empty()) joined += ' ';
        joined += text.substr(from, code_end - from);
        pieces.push_back({from, code_end - from, end});
        if (!goes_on) {
            LineReader reader(joined, line);
            reader.read();
            if (line.kind == DovecotLineKind::setting) line.raw_value = locate(pieces, reader.value_begin(), joined.size());
            return line;
        }
    }
    line.kind = pieces.empty() ? DovecotLineKind::nothing : DovecotLineKind::broken;
    return line;
}

}  // namespace truename::servers
