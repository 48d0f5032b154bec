#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "cli/exit_code.h"

namespace truename::cli {

/// The largest file that a command reads into memory (evidence of a large check is a few hundred kilobytes).
inline constexpr std::size_t kLargestInput = 64U << 20;

/// What messages call an input: `standard input` for `-`, else its path, safe to print.
[[nodiscard]] std::string input_name(std::string_view path);

/// All bytes of a file; `-` is standard input. `doing` begins the sentence of an error ("reading the certificate"). Stops with no_input
/// when it is missing or may not be read, with bad_input when it is larger than `limit` or no regular file; what a shell hands over under
/// `/dev/fd/` may be a pipe.
[[nodiscard]] Result<ByteString, Stop> read_file(std::string_view path, std::string_view doing, std::size_t limit = kLargestInput);

/// A file that appears under its name whole or not at all: written beside it, flushed to the disk, then renamed. What existed under the
/// name stays until then. A name that is no ordinary file (/dev/stdout, a pipe) is written directly. `-` is not known here.
class AtomicFile {
  public:
    AtomicFile() = default;
    AtomicFile(AtomicFile&& other) noexcept { swap(other); }
    AtomicFile& operator=(AtomicFile&& other) noexcept {
        swap(other);
        return *this;
    }
    /// Removes what was written if commit() was never reached.
    ~AtomicFile();

    /// Creates the temporary file, so that a name that cannot be written is known before any work is done. Stops with no_write.
    [[nodiscard]] static Result<AtomicFile, Stop> create(std::string_view path);

    /// Adds bytes. After an error nothing more is written; the first error is kept.
    [[nodiscard]] Result<void, Stop> write(std::string_view text);
    /// Gives the file its name.
    [[nodiscard]] Result<void, Stop> commit();
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    void swap(AtomicFile& other) noexcept;
    [[nodiscard]] Stop failed(int error) const;

    int fd_ = -1;
    std::string path_;       // as it was given, for messages
    std::string target_;     // links resolved
    std::string temporary_;  // empty when written directly
};

/// Writes a whole file by AtomicFile.
[[nodiscard]] Result<void, Stop> write_file(std::string_view path, std::string_view text);

/// Removes the temporary files of every AtomicFile that is not committed, or keeps them as `<name>.partial` when they hold something.
/// For the end by a signal; other threads may be anywhere. Gives the names that were kept, for the message.
[[nodiscard]] std::string abandon_files();

}  // namespace truename::cli
