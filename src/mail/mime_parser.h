#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "mail/header.h"
#include "mail/sink.h"

namespace truename::mail {

/// What a message may be at most; what is beyond it is refused.
struct MimeLimits {
    std::size_t depth = 100;     ///< entities in each other, the message itself being the first (Postfix's mime_nesting_limit)
    std::size_t parts = 10'000;  ///< in the whole message
};

/// The longest boundary (RFC 2046 5.1.1).
inline constexpr std::size_t kMaxBoundary = 70;

/// What is to be done with the body of an entity whose header was read.
enum class BodyView : std::uint8_t {
    content,  ///< give its octets as they are
    parts,    ///< it is a multipart: part it
    message,  ///< it is a message of its own, with a header
};

/// What is to be done with a part of a multipart.
enum class PartView : std::uint8_t {
    parsed,  ///< read its header
    raw,     ///< give its octets, header included, as they are: what a signature covers (RFC 1847 2.1)
};

/// How an entity ends.
enum class EntityEnd : std::uint8_t {
    whole,    ///< where its delimiter, or that of what holds it, says
    cut_off,  ///< a multipart whose closing delimiter never came, and what was open in it
};

/// What a MimeParser tells. `depth` is 0 for the message itself.
class MimeHandler {
  public:
    MimeHandler() = default;
    MimeHandler(const MimeHandler&) = delete;
    MimeHandler& operator=(const MimeHandler&) = delete;
    virtual ~MimeHandler() = default;

    /// An entity's header is complete. `parts` is only for a multipart with a boundary.
    virtual Result<BodyView, Failure> on_header(std::size_t depth, HeaderBlock header, const ContentType& type) = 0;
    /// An entity's header cannot be read. Success goes on with its body as content; unless overridden the failure ends the parse.
    virtual Outcome on_bad_header(std::size_t /*depth*/, Failure failure) { return Unexpected{std::move(failure)}; }
    /// A part begins, the `index`th of its multipart, from 0, behind `offset` octets of the message.
    virtual Result<PartView, Failure> on_part(std::size_t depth, std::size_t index, std::uint64_t offset) = 0;
    /// Octets of the entity or raw part that began last; borrowed for the call.
    virtual Outcome on_content(Bytes piece) = 0;
    /// The entity or raw part ends.
    virtual Outcome on_end(std::size_t depth, EntityEnd end) = 0;
};

/// Takes a message apart (RFC 5322, RFC 2045, RFC 2046) while it comes, without changing an octet: the line end before a delimiter belongs
/// to the delimiter, every other octet to exactly one entity, to a preamble or to an epilogue. Lines end in LF or CRLF. A delimiter of an
/// outer multipart ends the inner ones. Memory is bounded: one header, the boundaries that are open and a line of 1,000 octets.
class MimeParser : public Sink {
  public:
    /// Borrows `handler`.
    explicit MimeParser(MimeHandler& handler, const MimeLimits& limits = {});
    Outcome write(Bytes piece) override;
    Outcome finish() override;

  private:
    enum class State : std::uint8_t { header, content, skipped };
    struct Entity {
        std::string boundary;  // of a multipart; empty for others
        std::size_t parts = 0;
        bool is_closed = false;
    };
    struct Delimiter {
        std::size_t level = 0;  // its multipart among entities_
        bool closes = false;
    };

    Result<std::size_t, Failure> take(Bytes data, bool is_last);
    Result<std::size_t, Failure> take_header(Bytes data);
    Result<std::size_t, Failure> take_body(Bytes data, bool is_last);
    Outcome end_header();
    Outcome begin_body(BodyView view, const ContentType& type);
    Outcome begin_entity(std::size_t level);
    Outcome emit(Bytes piece);
    Outcome delimit(const Delimiter& delimiter, std::uint64_t next);
    Outcome close_down_to(std::size_t level, EntityEnd end);
    [[nodiscard]] bool find_delimiter(std::string_view line, Delimiter& found) const;

    MimeHandler& handler_;
    MimeLimits limits_;
    State state_ = State::header;
    std::vector<Entity> entities_;  // those that are open, the message first
    std::size_t open_multiparts_ = 0;
    std::uint64_t taken_ = 0;  // octets before those that are looked at
    std::size_t parts_ = 0;
    ByteString header_;
    std::size_t line_start_ = 0;  // in header_
    bool at_line_start_ = true;   // of a body of which nothing was taken yet
    ByteString held_;             // what may be the beginning of a delimiter
};

}  // namespace truename::mail
