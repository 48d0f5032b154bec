#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/descriptor.h"
#include "base/result.h"
#include "cli/arguments.h"
#include "cli/exit_code.h"
#include "mail/signature.h"
#include "mail/sink.h"

namespace truename::cli {

/// The message that a command works on: the file that is named, or standard input.
///
/// A regular file of a local disk need not be kept a second time while it is checked: a read lease (fcntl(2)) makes whoever wants to write
/// to it wait, and the kernel says when it could hold him up no longer. Only for files of one's own that nobody has open for writing.
class MessageInput : public mail::Source {
  public:
    /// Stops with no_input when the file cannot be opened.
    static Result<std::unique_ptr<MessageInput>, Stop> open(const Arguments& arguments);
    ~MessageInput() override;

    /// Pushes all of it through, and finishes the sink.
    [[nodiscard]] Result<void, Stop> push(mail::Sink& sink);
    /// This, when it can be read again and nobody can change it; else null. Ask before push().
    [[nodiscard]] mail::Source* source() { return is_leased_ ? this : nullptr; }

    mail::Outcome replay(std::uint64_t offset, std::uint64_t size, mail::Sink& sink) override;

  private:
    MessageInput() = default;
    void take_lease();
    [[nodiscard]] int fd() const;

    std::string path_;
    Descriptor file_;  // none for standard input
    std::int64_t start_ = 0;
    bool is_leased_ = false;
};

/// Whether a file begins with the header of a message: it says who it is from, or that it is MIME (RFC 5322 2.2, RFC 2045 4).
[[nodiscard]] bool is_message(Bytes file);

}  // namespace truename::cli
