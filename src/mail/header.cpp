#include "mail/header.h"

#include <algorithm>

#include "base/text.h"

namespace truename::mail {

namespace {

/// What stands between blanks and comments of a structured field (RFC 2045 5.1).
class Tokens {
  public:
    explicit Tokens(std::string_view text) : rest_(text) { skip(); }

    [[nodiscard]] bool at_end() const { return rest_.empty() && !broken_; }
    /// Takes this character when it comes next.
    bool take(char wanted) {
        if (rest_.empty() || rest_.front() != wanted) return false;
        rest_.remove_prefix(1);
        skip();
        return true;
    }
    /// A token; empty when none comes next.
    std::string token() { return take_up_to(" \t()<>@,;:\\\"/[]?="); }
    /// A token or a quoted string; nothing when neither comes next. Many programs leave the quotes away where other characters would want
    /// them (`type=text/html`), and everybody reads that the same.
    std::optional<std::string> value() {
        if (rest_.empty() || rest_.front() != '"') {
            std::string text = take_up_to(" \t;()\"\\");
            return text.empty() ? std::nullopt : std::optional(std::move(text));
        }
        std::string text;
        for (std::size_t i = 1; i < rest_.size(); ++i) {
            if (rest_[i] == '"') {
                rest_.remove_prefix(i + 1);
                skip();
                return text;
            }
            if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
            text += rest_[i];
        }
        return std::nullopt;
    }

  private:
    std::string take_up_to(std::string_view ends) {
        std::string text(rest_.substr(0, rest_.find_first_of(ends)));
        rest_.remove_prefix(text.size());
        skip();
        return text;
    }
    void skip() {
        std::size_t depth = 0, i = 0;
        for (; i < rest_.size(); ++i) {
            const char c = rest_[i];
            if (c == '(') {
                ++depth;
            } else if (c == ')' && depth > 0) {
                --depth;
            } else if (c == '\\' && depth > 0) {
                ++i;
            } else if (depth == 0 && c != ' ' && c != '\t') {
                break;
            }
        }
        rest_.remove_prefix(std::min(i, rest_.size()));
        broken_ = broken_ || depth > 0;
    }
    std::string_view rest_;
    bool broken_ = false;  // a comment has no end
};

std::string unfold(std::string_view folded) {
    std::string text;
    for (const char c : folded) {
        if (c != '\r' && c != '\n') text += c;
    }
    return std::string(trim(text));
}

/// The octets of a line with its line end.
std::string_view first_line(std::string_view text) {
    const std::size_t end = text.find('\n');
    return text.substr(0, end == std::string_view::npos ? end : end + 1);
}

bool is_field_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](char c) { return c > ' ' && c < '\x7F' && c != ':'; });
}

}  // namespace

Result<HeaderBlock, Failure> HeaderBlock::parse(Bytes raw) {
    HeaderBlock block;
    block.raw_ = to_owned(raw);
    std::string_view rest = as_text(block.raw_);
    if (rest.find('\0') != std::string_view::npos) return bad_message("there is a NUL in its header");
    for (std::size_t at = rest.find('\r'); at != std::string_view::npos; at = rest.find('\r', at + 1)) {
        if (at + 1 == rest.size() || rest[at + 1] != '\n') return bad_message("there is a carriage return inside a line of its header");
    }
    while (!rest.empty()) {
        std::size_t size = first_line(rest).size();
        while (size < rest.size() && (rest[size] == ' ' || rest[size] == '\t')) size += first_line(rest.substr(size)).size();
        const std::string_view field = rest.substr(0, size);
        rest.remove_prefix(size);
        if (trim(field).empty() && rest.empty()) break;  // the empty line
        const std::size_t colon = field.find(':');
        const std::string_view name = trim(field.substr(0, colon));
        if (colon == std::string_view::npos || !is_field_name(name) || field.front() == ' ' || field.front() == '\t')
            return bad_message("its header has a line that is no field: \"" + printable(trim(field).substr(0, 60)) + "\"",
                               "Give the whole message, from its first header line on");
        std::string_view value = field.substr(colon + 1);
        while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) value.remove_suffix(1);
        if (block.fields_.size() == kMaxFields)
            return bad_message("a header of it has more than " + std::to_string(kMaxFields) + " fields");
        block.fields_.push_back({name, field, value});
    }
    return block;
}

std::size_t HeaderBlock::count(std::string_view name) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(fields_, [&](const HeaderField& field) { return equal_ignoring_ascii_case(field.name, name); }));
}

std::optional<std::string> HeaderBlock::find(std::string_view name) const {
    const auto found = std::ranges::find_if(fields_, [&](const HeaderField& field) { return equal_ignoring_ascii_case(field.name, name); });
    if (found == fields_.end()) return std::nullopt;
    return unfold(found->value);
}

std::string_view HeaderBlock::line_end() const {
    return first_line(as_text(raw_)).ends_with("\r\n") ? "\r\n" : "\n";
}

std::optional<std::size_t> find_body(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        if (end == std::string_view::npos) return std::nullopt;
        if (end == at || (end == at + 1 && text[at] == '\r')) return end + 1;
        at = end + 1;
    }
    return std::nullopt;
}

std::optional<std::string_view> ContentType::find(std::string_view parameter) const {
    const auto found = std::ranges::find(parameters, parameter, &std::pair<std::string, std::string>::first);
    if (found == parameters.end()) return std::nullopt;
    return found->second;
}

Result<ContentType, Failure> content_type_of(const HeaderBlock& header) {
    ContentType type;
    const auto text = header.find("Content-Type");
    if (!text) return type;
    const auto broken = bad_message("its Content-Type cannot be read: \"" + printable(text->substr(0, 80)) + "\"");
    if (header.count("Content-Type") > 1)
        return bad_message("it has two Content-Type fields in one header, which programs read differently");
    Tokens tokens(*text);
    type.type = ascii_lower(tokens.token());
    if (!tokens.take('/')) return broken;
    type.subtype = ascii_lower(tokens.token());
    if (type.type.empty() || type.subtype.empty()) return broken;
    while (!tokens.at_end()) {
        if (!tokens.take(';')) return broken;
        if (tokens.at_end()) break;  // a semicolon at the end: many programs write it
        std::string name = ascii_lower(tokens.token());
        if (name.empty() || !tokens.take('=') || type.parameters.size() == kMaxParameters) return broken;
        auto value = tokens.value();
        if (!value) return broken;
        if (type.find(name)) return bad_message("its Content-Type says \"" + printable(name) + "\" twice, which programs read differently");
        type.parameters.emplace_back(std::move(name), std::move(*value));
    }
    return type;
}

bool is_content_field(std::string_view name) {
    return ascii_lower(name).starts_with("content-");
}

}  // namespace truename::mail
