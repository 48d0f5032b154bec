#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "mail/sink.h"

namespace truename::mail {

/// The most octets that a header block may have (Postfix takes 100 KB).
inline constexpr std::size_t kMaxHeader = std::size_t{256} << 10;

/// The most fields of a header, and parameters of a field.
inline constexpr std::size_t kMaxFields = 2'000, kMaxParameters = 100;

/// One field of a header (RFC 5322 2.2); borrows from its HeaderBlock.
struct HeaderField {
    std::string_view name;
    std::string_view raw;    ///< the whole as it stands, with its line ends
    std::string_view value;  ///< behind the colon, folded as it stands, without the last line end
};

/// The header of a message or of a part of it, every octet as it came.
class HeaderBlock {
  public:
    HeaderBlock() = default;
    HeaderBlock(HeaderBlock&&) = default;
    HeaderBlock& operator=(HeaderBlock&&) = default;
    HeaderBlock(const HeaderBlock&) = delete;
    HeaderBlock& operator=(const HeaderBlock&) = delete;
    ~HeaderBlock() = default;
    /// Reads what stands before the empty line. Failure for what programs would read in different ways: a line that is no field and
    /// continues none, NUL, a CR that ends no line; and beyond kMaxFields.
    static Result<HeaderBlock, Failure> parse(Bytes raw);

    [[nodiscard]] const std::vector<HeaderField>& fields() const { return fields_; }
    /// How many fields have that name, whatever the case of its letters.
    [[nodiscard]] std::size_t count(std::string_view name) const;
    /// The value of the first field of that name, unfolded (RFC 5322 2.2.3) and trimmed; nothing when there is none.
    [[nodiscard]] std::optional<std::string> find(std::string_view name) const;
    /// CRLF or LF, as its first line has it; lives for ever.
    [[nodiscard]] std::string_view line_end() const;

  private:
    ByteString raw_;
    std::vector<HeaderField> fields_;  // of raw_, whose octets stay where they are when it is moved
};

/// Where the body begins in a text that begins with a header: behind the first empty line; nothing when there is none.
std::optional<std::size_t> find_body(std::string_view text);

/// A Content-Type (RFC 2045 5.1).
struct ContentType {
    std::string type = "text", subtype = "plain";  ///< in lower case
    std::vector<std::pair<std::string, std::string>> parameters;

    /// `multipart/signed`
    [[nodiscard]] std::string name() const { return type + "/" + subtype; }
    [[nodiscard]] bool is(std::string_view wanted) const { return name() == wanted; }
    /// The value of a parameter, whose name is in lower case; nothing when there is none.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view parameter) const;
};

/// The Content-Type of a header; text/plain when it has none (RFC 2045 5.2). Failure when there are two, when it cannot be read, or when
/// one of its parameters stands there twice: programs differ in which they take. Also beyond kMaxParameters.
Result<ContentType, Failure> content_type_of(const HeaderBlock& header);

/// Whether a field belongs to the content that it stands above (`Content-Type` and its like), not to the message (RFC 2045 3).
bool is_content_field(std::string_view name);

}  // namespace truename::mail
