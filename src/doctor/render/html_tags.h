#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace truename::doctor {

/// Writes HTML element by element; every text and every attribute value is escaped here and nowhere else.
///
///     Html html;
///     html.open("p", {{"class", "hint"}}).text(name).close("p");
///
/// Text from outside is cut at 600 bytes and freed of control and direction-changing characters first.
class Html {
  public:
    using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    Html& open(std::string_view tag, Attributes attributes = {});
    Html& close(std::string_view tag);
    Html& text(std::string_view text);
    /// An element with nothing but text in it.
    Html& element(std::string_view tag, std::string_view text, Attributes attributes = {});
    /// Markup of our own, as it is: style sheets and drawings, never anything that holds a value.
    Html& raw(std::string_view markup);

    /// True when the page is so large that lists have to end, so that a page stays under 300 KB.
    [[nodiscard]] bool is_full() const { return out_.size() > kRoom; }
    [[nodiscard]] std::size_t size() const { return out_.size(); }
    [[nodiscard]] std::string take() { return std::move(out_); }

  private:
    static constexpr std::size_t kRoom = std::size_t{270} * 1024;
    std::string out_;
};

/// `text` for a place between tags or in a quoted attribute; also made safe and cut, as Html does.
std::string html_escaped(std::string_view text);

}  // namespace truename::doctor
