#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/exit_code.h"
#include "probe/target.h"

namespace truename::cli {

/// Remembers which texts have been seen, in memory that does not grow: at least the last 32,768 different ones, as 64-bit fingerprints.
/// Two of equal fingerprint (one pair in 10^13 of a million texts) would be taken for one.
class RecentLines {
  public:
    RecentLines();
    /// True when the text was seen before; remembers it.
    bool seen(std::string_view text);

  private:
    // Two generations of a hash table with open addressing: when the newer one is half full it becomes the older one.
    static constexpr std::size_t kSlots = 1U << 16;
    using Table = std::vector<std::uint64_t>;

    [[nodiscard]] static bool contains(const Table& table, std::uint64_t print);
    static void insert(Table& table, std::uint64_t print);

    std::array<Table, 2> tables_;
    std::size_t filled_ = 0;  // of tables_[0]
};

/// A list of targets, one a line, read piece by piece: blank lines, comments (`#` at the beginning or after a blank), CRLF and a byte-order
/// mark are nothing; a target that comes again, however it is written, is skipped (see RecentLines).
class TargetList {
  public:
    /// The longest line; no name or URL that means something is longer.
    static constexpr std::size_t kLongestLine = 2048;

    struct Entry {
        std::size_t line = 0;   ///< from 1
        std::string_view text;  ///< trimmed, not empty; borrowed until the next call of next()
        bool too_long = false;  ///< more than kLongestLine bytes; `text` is its beginning
        Result<probe::Target, Failure> target;
    };

    /// Opens a file, `-` for standard input. Stops with no_input when it cannot be opened, bad_input for a folder.
    [[nodiscard]] static Result<TargetList, Stop> open(std::string_view path);
    TargetList(TargetList&& other) noexcept;
    TargetList& operator=(TargetList&&) = delete;
    ~TargetList();

    /// The next target; nothing at the end. Stops with no_input when reading fails midway.
    [[nodiscard]] Result<std::optional<Entry>, Stop> next();

    /// Takes a target for one that came before: it is asked anyway.
    void skip(const probe::Target& target) { recent_.seen(probe::question_of(target)); }

    /// How many lines were skipped because they had come before.
    [[nodiscard]] std::size_t duplicates() const { return duplicates_; }

  private:
    TargetList(int fd, std::string_view path) : fd_(fd), path_(path) {}

    /// Puts the next line into line_; false at the end of the input.
    [[nodiscard]] Result<bool, Stop> read_line();

    int fd_ = -1;
    std::string path_;
    std::string buffer_;     // what was read and not yet taken
    std::size_t taken_ = 0;  // of buffer_
    std::string line_;
    bool line_too_long_ = false;
    std::size_t line_number_ = 0;
    std::size_t duplicates_ = 0;
    RecentLines recent_;
};

}  // namespace truename::cli
