#include "base/json.h"

#include <cassert>
#include <charconv>
#include <cmath>
#include <utility>

#include "base/text.h"

namespace truename {

namespace {

/// The size of the well-formed UTF-8 sequence at the front of `text`, 0 when there is none.
std::size_t utf8_size(std::string_view text) {
    for (std::size_t size = 1; size <= 4 && size <= text.size(); ++size) {
        if (is_utf8(text.substr(0, size))) return size;
    }
    return 0;
}

void append_quoted(std::string& out, std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out += '"';
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
            ++i;
        } else if (byte < 0x20 || byte == 0x7F) {
            out += "\\u00";
            out += kHex[byte >> 4];
            out += kHex[byte & 15];
            ++i;
        } else if (byte < 0x80) {
            out += c;
            ++i;
        } else if (const std::size_t size = utf8_size(text.substr(i)); size != 0) {
            out += text.substr(i, size);
            i += size;
        } else {
            out += "\xEF\xBF\xBD";
            ++i;
        }
    }
    out += '"';
}

}  // namespace

void JsonWriter::new_line() {
    if (indent_ == 0) return;
    text_ += '\n';
    text_.append(indent_ * levels_.size(), ' ');
}

void JsonWriter::before_value() {
    if (after_key_) {
        after_key_ = false;
        return;
    }
    if (levels_.empty()) return;
    assert(!levels_.back().object && "a value in an object needs a key");
    if (!levels_.back().empty) text_ += ',';
    levels_.back().empty = false;
    new_line();
}

void JsonWriter::open(char bracket, bool object) {
    before_value();
    text_ += bracket;
    levels_.push_back({object});
}

void JsonWriter::close(char bracket) {
    assert(!levels_.empty() && !after_key_);
    const bool empty = levels_.back().empty;
    levels_.pop_back();
    if (!empty) new_line();
    text_ += bracket;
}

JsonWriter& JsonWriter::begin_object() {
    open('{', true);
    return *this;
}

JsonWriter& JsonWriter::end_object() {
    close('}');
    return *this;
}

JsonWriter& JsonWriter::begin_array() {
    open('[', false);
    return *this;
}

JsonWriter& JsonWriter::end_array() {
    close(']');
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    assert(!levels_.empty() && levels_.back().object && !after_key_);
    if (!levels_.back().empty) text_ += ',';
    levels_.back().empty = false;
    new_line();
    append_quoted(text_, name);
    text_ += indent_ == 0 ? ":" : ": ";
    after_key_ = true;
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
    before_value();
    append_quoted(text_, text);
    return *this;
}

JsonWriter& JsonWriter::value(bool flag) {
    before_value();
    text_ += flag ? "true" : "false";
    return *this;
}

JsonWriter& JsonWriter::signed_value(std::int64_t number) {
    before_value();
    text_ += std::to_string(number);
    return *this;
}

JsonWriter& JsonWriter::unsigned_value(std::uint64_t number) {
    before_value();
    text_ += std::to_string(number);
    return *this;
}

JsonWriter& JsonWriter::value(double number) {
    assert(std::isfinite(number));
    before_value();
    char digits[32];
    const auto result = std::to_chars(digits, digits + sizeof digits, number);
    text_.append(digits, result.ptr);
    return *this;
}

JsonWriter& JsonWriter::null() {
    before_value();
    text_ += "null";
    return *this;
}

std::string JsonWriter::take() {
    assert(levels_.empty());
    return std::exchange(text_, {});
}

std::string json_quoted(std::string_view text) {
    std::string out;
    append_quoted(out, text);
    return out;
}

}  // namespace truename
