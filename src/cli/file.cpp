#include "cli/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

#include "base/text.h"
#include "crypto/secret.h"

namespace truename::cli {

namespace {

// The temporary files that exist now, with the names they are to get. Only abandon_files() reads it from another thread.
std::mutex g_open_files_mutex;
std::vector<std::pair<std::string, std::string>>& open_files() {
    static std::vector<std::pair<std::string, std::string>> files;
    return files;
}

void remember(const std::string& temporary, const std::string& target) {
    const std::lock_guard lock(g_open_files_mutex);
    open_files().emplace_back(temporary, target);
}

void forget(const std::string& temporary) {
    const std::lock_guard lock(g_open_files_mutex);
    std::erase_if(open_files(), [&](const auto& file) { return file.first == temporary; });
}

std::string error_text(int error) {
    // strerror is no trouble here: GNU's gives constant texts for known numbers.
    std::string text = std::strerror(error);
    if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
    return text;
}

Stop cannot_read(std::string_view path, std::string_view doing, ExitCode code, std::string reason, std::string next = {}) {
    return {code,
            {code == ExitCode::bad_input ? FailureKind::input : FailureKind::local, std::string(doing), input_name(path), std::move(reason),
             std::move(next)}};
}

/// What is opened by the number of a descriptor that we were given, as shells do for `<(command)`: somebody writes to its other end.
bool is_handed_over(std::string_view path) {
    return path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/") || path == "/dev/stdin";
}

std::string kind_in_words(mode_t mode) {
    return S_ISFIFO(mode) ? "a pipe" : S_ISSOCK(mode) ? "a socket" : "a device";
}

/// Closes a descriptor that is not standard input.
struct Closer {
    int fd;
    ~Closer() {
        if (fd > 2) ::close(fd);
    }
};

/// The name behind links, so that renaming replaces the file and not the link; the name itself where nothing exists yet.
std::string resolve_links(const std::string& path) {
    char* resolved = ::realpath(path.c_str(), nullptr);
    if (!resolved) return path;
    std::string result = resolved;
    std::free(resolved);
    return result;
}

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

/// 0666 without what umask takes away: what a file gets that any program creates.
mode_t usual_mode() {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return 0666 & ~mask;
}

int write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = ::write(fd, text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno;
        text.remove_prefix(static_cast<std::size_t>(n));
    }
    return 0;
}

/// Makes room for so many more. What is in it may be a private key, of which nothing is left where it was.
void make_room(ByteString& bytes, std::size_t more) {
    if (bytes.capacity() - bytes.size() >= more) return;
    ByteString larger;
    larger.reserve(std::max(bytes.capacity() * 2, bytes.size() + more));
    larger.assign(bytes.begin(), bytes.end());
    crypto::clear(bytes);
    bytes.swap(larger);
}

}  // namespace

std::string input_name(std::string_view path) {
    return path == "-" ? "standard input" : printable(path);
}

Result<ByteString, Stop> read_file(std::string_view path, std::string_view doing, std::size_t limit) {
    // Opening a pipe that nobody writes to would wait.
    const bool waits = path == "-" || is_handed_over(path);
    const int fd = path == "-" ? 0 : ::open(std::string(path).c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | (waits ? 0 : O_NONBLOCK));
    if (fd < 0) return Unexpected{cannot_read(path, doing, ExitCode::no_input, error_text(errno))};
    const Closer closer{fd};
    struct stat status {};
    if (::fstat(fd, &status) != 0) return Unexpected{cannot_read(path, doing, ExitCode::no_input, error_text(errno))};
    if (S_ISDIR(status.st_mode)) return Unexpected{cannot_read(path, doing, ExitCode::bad_input, "it is a folder", "Name a file in it")};

    if (!waits && !S_ISREG(status.st_mode))
        return Unexpected{cannot_read(path, doing, ExitCode::bad_input, "it is " + kind_in_words(status.st_mode) + ", no file",
                                      "Name a file, or let your shell hand it over: <(command)")};

    constexpr std::size_t kStep = 1U << 16;
    ByteString bytes;
    if (S_ISREG(status.st_mode)) bytes.reserve(std::min(static_cast<std::size_t>(status.st_size), limit) + kStep);
    for (;;) {
        const std::size_t size = bytes.size();
        make_room(bytes, kStep);
        bytes.resize(size + kStep);
        const ssize_t n = ::read(fd, bytes.data() + size, kStep);
        bytes.resize(size + (n > 0 ? static_cast<std::size_t>(n) : 0));
        if (n < 0 && errno != EINTR) return Unexpected{cannot_read(path, doing, ExitCode::no_input, error_text(errno))};
        if (n == 0) return bytes;
        if (bytes.size() > limit)
            return Unexpected{cannot_read(
                path, doing, ExitCode::bad_input,
                "it is larger than " + (limit >= (1U << 20) ? std::to_string(limit >> 20) + " MB" : std::to_string(limit >> 10) + " KB") +
                    ", which no such file is")};
    }
}

void AtomicFile::swap(AtomicFile& other) noexcept {
    std::swap(fd_, other.fd_);
    path_.swap(other.path_);
    target_.swap(other.target_);
    temporary_.swap(other.temporary_);
}

AtomicFile::~AtomicFile() {
    if (fd_ < 0) return;
    ::close(fd_);
    if (temporary_.empty()) return;
    ::unlink(temporary_.c_str());
    forget(temporary_);
}

Stop AtomicFile::failed(int error) const {
    std::string next;
    if (error == ENOSPC || error == EDQUOT) next = "Make room or name another place";
    if (error == EACCES || error == EROFS || error == ENOENT || error == ENOTDIR) next = "Name a place where you may write";
    return {ExitCode::no_write, {FailureKind::local, "writing", printable(path_), error_text(error), std::move(next)}};
}

Result<AtomicFile, Stop> AtomicFile::create(std::string_view path) {
    AtomicFile file;
    file.path_ = path;
    file.target_ = resolve_links(file.path_);
    struct stat status {};
    if (::stat(file.target_.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
        file.fd_ = ::open(file.target_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
        if (file.fd_ < 0) return Unexpected{file.failed(errno)};
        return file;
    }
    // A file that may not be written is not replaced either, although the folder would allow it.
    if (::access(file.target_.c_str(), F_OK) == 0 && ::access(file.target_.c_str(), W_OK) != 0) return Unexpected{file.failed(errno)};
    file.temporary_ = folder_of(file.target_) + "/.truename-XXXXXX";
    file.fd_ = ::mkostemp(file.temporary_.data(), O_CLOEXEC);
    if (file.fd_ < 0) return Unexpected{file.failed(errno)};
    remember(file.temporary_, file.target_);
    return file;
}

Result<void, Stop> AtomicFile::write(std::string_view text) {
    if (const int error = write_all(fd_, text)) return Unexpected{failed(error)};
    return {};
}

Result<void, Stop> AtomicFile::commit() {
    const int fd = std::exchange(fd_, -1);
    if (temporary_.empty()) {
        if (::close(fd) != 0) return Unexpected{failed(errno)};
        return {};
    }
    const bool written = ::fchmod(fd, usual_mode()) == 0 && ::fsync(fd) == 0;
    const int write_error = errno;
    ::close(fd);
    const bool renamed = written && ::rename(temporary_.c_str(), target_.c_str()) == 0;
    const int error = written ? errno : write_error;
    if (!renamed) ::unlink(temporary_.c_str());
    forget(temporary_);
    if (!renamed) return Unexpected{failed(error)};
    // The name is only safe from a power cut once the folder is on the disk too; a folder that cannot be flushed is no reason to fail.
    if (const int folder = ::open(folder_of(target_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    return {};
}

Result<void, Stop> write_file(std::string_view path, std::string_view text) {
    Result<AtomicFile, Stop> file = AtomicFile::create(path);
    if (!file) return forward_error(file);
    if (Result<void, Stop> written = file->write(text); !written) return written;
    return file->commit();
}

std::string abandon_files() {
    const std::lock_guard lock(g_open_files_mutex);
    std::string kept;
    for (const auto& [temporary, target] : open_files()) {
        struct stat status {};
        const std::string partial = target + ".partial";
        if (::stat(temporary.c_str(), &status) == 0 && status.st_size > 0 && ::rename(temporary.c_str(), partial.c_str()) == 0) {
            kept += (kept.empty() ? "" : ", ") + printable(partial);
        } else {
            ::unlink(temporary.c_str());
        }
    }
    open_files().clear();
    return kept;
}

}  // namespace truename::cli
