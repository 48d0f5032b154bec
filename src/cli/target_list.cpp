#include "cli/target_list.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/text.h"
#include "cli/file.h"

namespace truename::cli {

namespace {

/// FNV-1a with a last mix (the one of MurmurHash3), so that the low bits are good enough for a table; never 0, which marks a free slot.
std::uint64_t fingerprint(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdU;
    hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53U;
    hash ^= hash >> 33;
    return hash == 0 ? 1 : hash;
}

/// The line without its comment and the white space at both ends.
std::string_view without_comment(std::string_view line) {
    for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
        if (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t') {
            line = line.substr(0, at);
            break;
        }
    }
    return trim(line);
}

}  // namespace

RecentLines::RecentLines() : tables_{Table(kSlots), Table(kSlots)} {}

bool RecentLines::contains(const Table& table, std::uint64_t print) {
    for (std::size_t slot = print % kSlots; table[slot] != 0; slot = (slot + 1) % kSlots) {
        if (table[slot] == print) return true;
    }
    return false;
}

void RecentLines::insert(Table& table, std::uint64_t print) {
    std::size_t slot = print % kSlots;
    while (table[slot] != 0) slot = (slot + 1) % kSlots;
    table[slot] = print;
}

bool RecentLines::seen(std::string_view text) {
    const std::uint64_t print = fingerprint(text);
    if (contains(tables_[0], print) || contains(tables_[1], print)) return true;
    if (filled_ == kSlots / 2) {
        std::swap(tables_[0], tables_[1]);
        std::fill(tables_[0].begin(), tables_[0].end(), 0);
        filled_ = 0;
    }
    insert(tables_[0], print);
    ++filled_;
    return false;
}

Result<TargetList, Stop> TargetList::open(std::string_view path) {
    const auto stop = [&](ExitCode code, std::string reason) {
        return Unexpected{Stop{code, {FailureKind::input, "reading the targets in", input_name(path), std::move(reason), ""}}};
    };
    const int fd = path == "-" ? STDIN_FILENO : ::open(std::string(path).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return stop(ExitCode::no_input, std::strerror(errno));
    TargetList list(fd, path);
    struct stat status {};
    if (::fstat(fd, &status) == 0 && S_ISDIR(status.st_mode)) return stop(ExitCode::bad_input, "it is a folder");
    return list;
}

TargetList::TargetList(TargetList&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      path_(std::move(other.path_)),
      buffer_(std::move(other.buffer_)),
      taken_(other.taken_),
      line_(std::move(other.line_)),
      line_too_long_(other.line_too_long_),
      line_number_(other.line_number_),
      duplicates_(other.duplicates_),
      recent_(std::move(other.recent_)) {}

TargetList::~TargetList() {
    if (fd_ > STDERR_FILENO) ::close(fd_);
}

Result<bool, Stop> TargetList::read_line() {
    line_.clear();
    line_too_long_ = false;
    for (;;) {
        const std::string_view rest = std::string_view(buffer_).substr(taken_);
        const std::size_t end = rest.find('\n');
        const std::string_view piece = rest.substr(0, end);
        const std::size_t fits = std::min(piece.size(), kLongestLine - line_.size());
        line_.append(piece.substr(0, fits));
        line_too_long_ = line_too_long_ || fits < piece.size();
        if (end != std::string_view::npos) {
            taken_ += end + 1;
            ++line_number_;
            return true;
        }
        buffer_.resize(1U << 16);
        taken_ = 0;
        ssize_t n = 0;
        do {
            n = ::read(fd_, buffer_.data(), buffer_.size());
        } while (n < 0 && errno == EINTR);
        const int error = errno;
        buffer_.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
        if (n < 0) {
            return Unexpected{
                Stop{ExitCode::no_input, {FailureKind::local, "reading the targets in", input_name(path_), std::strerror(error), ""}}};
        }
        if (n == 0) {
            ++line_number_;
            return !line_.empty();
        }
    }
}

Result<std::optional<TargetList::Entry>, Stop> TargetList::next() {
    for (;;) {
        const Result<bool, Stop> more = read_line();
        if (!more) return forward_error(more);
        if (!*more) return std::optional<Entry>{};
        std::string_view line = line_;
        if (line_number_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
        line = without_comment(line);
        if (line.empty()) continue;
        auto target = probe::parse_target(line, "list");
        if (recent_.seen(target ? probe::question_of(*target) : std::string(line))) {
            ++duplicates_;
            continue;
        }
        return std::optional<Entry>{Entry{line_number_, line, line_too_long_, std::move(target)}};
    }
}

}  // namespace truename::cli
