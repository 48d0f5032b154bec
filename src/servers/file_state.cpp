#include "servers/file_state.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/descriptor.h"
#include "base/replace_file.h"
#include "base/text.h"
#include "servers/permission.h"

namespace truename::servers {

namespace {

Unexpected<Failure> failed(const char* doing, const std::string& path, const std::string& reason, std::string next = {}) {
    if (next.empty()) next = root_needed(reason);
    return Unexpected{Failure{FailureKind::local, doing, printable(path), reason, std::move(next)}};
}

Result<std::string, int> read_all(int file, std::size_t size) {
    std::string text;
    text.reserve(size);  // so that no piece of a key stays where the text grew out of
    std::array<char, 16384> buffer{};
    while (true) {
        const ssize_t got = ::read(file, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return Unexpected{errno};
        if (got == 0) break;
        if (text.size() + static_cast<std::size_t>(got) > kMaxServerFile) return Unexpected{EFBIG};
        text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    ::explicit_bzero(buffer.data(), buffer.size());
    return text;
}

Result<std::optional<std::string>, int> link_target(const std::string& path) {
    std::string target(PATH_MAX, '\0');
    const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
    if (size < 0 && errno == EINVAL) return std::optional<std::string>();
    if (size < 0) return Unexpected{errno};
    target.resize(static_cast<std::size_t>(size));
    return std::optional(std::move(target));
}

/// Where a new file lies until it is put in place: always the same, so that it can be found again.
std::string leftover_name(const std::string& path) {
    return path + ".truename-new";
}

int write_file(const std::string& path, const FileState& state) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (file.get() < 0) return errno;
    if (::fchown(file.get(), state.owner, state.group) != 0 || ::fchmod(file.get(), state.mode) != 0) return errno;
    if (const auto written = write_all(file.get(), state.bytes.view()); !written) return written.error();
    return ::fsync(file.get()) == 0 ? 0 : errno;
}

}  // namespace

Result<FileState, Failure> read_file_state(const std::string& path) {
    constexpr const char* kDoing = "reading";
    FileState state;
    const auto link = link_target(path);
    if (!link && link.error() == ENOENT) return state;
    if (!link) return failed(kDoing, path, std::strerror(link.error()));
    state.link = *link;
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    state.exists = true;
    if (file.get() < 0 && errno == ENOENT) return state;  // a link to nothing
    struct stat about {};
    if (file.get() < 0 || ::fstat(file.get(), &about) != 0) return failed(kDoing, path, std::strerror(errno));
    if (!S_ISREG(about.st_mode)) return failed(kDoing, path, "it is no file");
    auto text = read_all(file.get(), static_cast<std::size_t>(about.st_size));
    if (!text) return failed(kDoing, path, std::strerror(text.error()));
    state.bytes = crypto::Secret(std::move(*text));
    state.mode = about.st_mode & 07777;
    state.owner = about.st_uid;
    state.group = about.st_gid;
    return state;
}

std::string mode_in_words(mode_t mode) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode));
    return text.data();
}

bool same_state(const FileState& a, const FileState& b) {
    if (a.exists != b.exists || a.link != b.link) return false;
    return a.bytes.view() == b.bytes.view() && a.mode == b.mode && a.owner == b.owner && a.group == b.group;
}

void remove_leftover(const std::string& path) {
    ::unlink(leftover_name(path).c_str());
}

Result<StagedFile, Failure> StagedFile::write(const std::string& path, const FileState& state) {
    StagedFile staged(path, !state.exists);
    if (!state.exists) return staged;
    const std::string name = leftover_name(path);
    remove_leftover(path);
    const int error = state.link ? (::symlink(state.link->c_str(), name.c_str()) == 0 ? 0 : errno) : write_file(name, state);
    if (error == 0) return staged;
    // What the destructor of `staged` takes away is all that there is.
    return failed("writing", name, std::strerror(error), error == ENOSPC ? "Make room on that disk; nothing was changed" : "");
}

StagedFile::StagedFile(StagedFile&& other) noexcept
    : path_(std::move(other.path_)), removes_(other.removes_), waits_(std::exchange(other.waits_, false)) {}

StagedFile::~StagedFile() {
    if (waits_ && !removes_) remove_leftover(path_);
}

Result<void, Failure> StagedFile::put_in_place() {
    const int done = removes_ ? ::unlink(path_.c_str()) : ::rename(leftover_name(path_).c_str(), path_.c_str());
    if (done != 0 && !(removes_ && errno == ENOENT)) return failed("replacing", path_, std::strerror(errno));
    waits_ = false;
    if (const auto flushed = flush_folder_of(path_); !flushed) return failed("replacing", path_, std::strerror(flushed.error()));
    return {};
}

}  // namespace truename::servers
