#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace truename {

/// Writes JSON text member by member, in the order of the calls: no tree, no exceptions, flat memory.
///
///     JsonWriter json;
///     json.begin_object().member("name", "example.com").key("ports").begin_array().value(993).end_array().end_object();
///     use(json.text());
///
/// Text that is not UTF-8 is written with every wrong byte as U+FFFD, because JSON cannot carry it (RFC 8259 section 8.1).
/// Calls that do not fit (a value without a key in an object) are bugs and stop the program in debug builds.
class JsonWriter {
  public:
    /// `indent` blanks a level; 0 writes everything on one line.
    explicit JsonWriter(unsigned indent = 0) : indent_(indent) {}

    JsonWriter& begin_object();
    JsonWriter& end_object();
    JsonWriter& begin_array();
    JsonWriter& end_array();
    JsonWriter& key(std::string_view name);

    JsonWriter& value(std::string_view text);
    JsonWriter& value(const char* text) { return value(std::string_view(text)); }
    JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
    JsonWriter& value(bool flag);
    JsonWriter& value(std::integral auto number) {
        if constexpr (std::signed_integral<decltype(number)>)
            return signed_value(number);
        else
            return unsigned_value(number);
    }
    /// Finite numbers only; written shortest so that it reads back the same.
    JsonWriter& value(double number);
    JsonWriter& null();

    /// A key and its value.
    template <class T>
    JsonWriter& member(std::string_view name, const T& v) {
        return key(name).value(v);
    }
    /// A key and its value, or nothing at all when there is none.
    template <class T>
    JsonWriter& member_if(std::string_view name, const std::optional<T>& v) {
        return v ? key(name).value(*v) : *this;
    }

    /// What has been written so far; complete when every object and array has ended.
    [[nodiscard]] const std::string& text() const { return text_; }

    /// Gives the text away and starts anew.
    std::string take();

  private:
    JsonWriter& signed_value(std::int64_t number);
    JsonWriter& unsigned_value(std::uint64_t number);
    void before_value();
    void open(char bracket, bool object);
    void close(char bracket);
    void new_line();

    struct Level {
        bool object;
        bool empty = true;
    };
    unsigned indent_;
    bool after_key_ = false;
    std::vector<Level> levels_;
    std::string text_;
};

/// `text` as a JSON string with its quotes.
std::string json_quoted(std::string_view text);

}  // namespace truename
