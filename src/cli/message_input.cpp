#include "cli/message_input.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>

#include "base/text.h"
#include "cli/file.h"
#include "cli/mail.h"

#ifndef XFS_SUPER_MAGIC
#define XFS_SUPER_MAGIC 0x58465342
#endif

namespace truename::cli {

namespace {

constexpr std::size_t kPiece = std::size_t{64} << 10;

/// File systems whose files change by this machine's kernel alone, which then knows of every writer.
bool is_local(int fd) {
    struct statfs status {};
    if (::fstatfs(fd, &status) != 0) return false;
    constexpr std::uint32_t kLocal[] = {EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC, TMPFS_MAGIC};
    return std::ranges::find(kLocal, static_cast<std::uint32_t>(status.f_type)) != std::end(kLocal);
}

}  // namespace

Result<std::unique_ptr<MessageInput>, Stop> MessageInput::open(const Arguments& arguments) {
    std::unique_ptr<MessageInput> input(new MessageInput);
    input->path_ = arguments.positionals().empty() ? "-" : arguments.positionals().front();
    if (input->path_ != "-") {
        input->file_ = Descriptor(::open(input->path_.c_str(), O_RDONLY | O_CLOEXEC));
        if (!input->file_)
            return Unexpected{Stop{ExitCode::no_input,
                                   {FailureKind::local, "reading the message in", input_name(input->path_), std::strerror(errno), ""}}};
    }
    input->take_lease();
    return input;
}

MessageInput::~MessageInput() {
    if (is_leased_) (void)::fcntl(fd(), F_SETLEASE, F_UNLCK);
}

int MessageInput::fd() const {
    return file_ ? file_.get() : STDIN_FILENO;
}

void MessageInput::take_lease() {
    struct stat status {};
    start_ = ::lseek(fd(), 0, SEEK_CUR);
    if (start_ < 0 || ::fstat(fd(), &status) != 0 || !S_ISREG(status.st_mode) || !is_local(fd())) return;
    // Who waits for us to end is told to us by this signal, which would end us.
    std::signal(SIGIO, SIG_IGN);
    is_leased_ = ::fcntl(fd(), F_SETLEASE, F_RDLCK) == 0;
}

Result<void, Stop> MessageInput::push(mail::Sink& sink) {
    ByteString buffer(kPiece);
    for (bool is_empty = true;;) {
        const ssize_t got = ::read(fd(), buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            return Unexpected{
                Stop{ExitCode::no_input, {FailureKind::local, "reading the message in", input_name(path_), std::strerror(errno), ""}}};
        // What should have written it has failed, most likely: nothing is made of nothing.
        if (got == 0 && is_empty)
            return Unexpected{
                Stop{ExitCode::bad_input, {FailureKind::input, "reading the message in", input_name(path_), "there is nothing in it", ""}}};
        if (got == 0) break;
        is_empty = false;
        const mail::Outcome pushed = sink.write(Bytes(buffer).first(static_cast<std::size_t>(got)));
        if (!pushed) return Unexpected{stop_for_mail(pushed.error())};
    }
    const mail::Outcome finished = sink.finish();
    if (!finished) return Unexpected{stop_for_mail(finished.error())};
    return {};
}

mail::Outcome MessageInput::replay(std::uint64_t offset, std::uint64_t size, mail::Sink& sink) {
    ByteString buffer(kPiece);
    while (size > 0) {
        const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size));
        const ssize_t got = ::pread(fd(), buffer.data(), wanted, static_cast<off_t>(offset) + start_);
        if (got < 0 && errno == EINTR) continue;
        // Asked after reading: what was read while the lease held is what was read the first time.
        if (got <= 0 || ::fcntl(fd(), F_GETLEASE) != F_RDLCK)
            return Unexpected{Failure{FailureKind::local, "reading once more", input_name(path_), "somebody is changing it",
                                      "What was written so far is right; give it again when nobody writes to it"}};
        if (mail::Outcome written = sink.write(Bytes(buffer).first(static_cast<std::size_t>(got))); !written) return written;
        offset += static_cast<std::uint64_t>(got);
        size -= static_cast<std::uint64_t>(got);
    }
    return {};
}

bool is_message(Bytes file) {
    constexpr std::size_t kMostHeader = 102'400;  // as much as Postfix takes
    for (std::string_view rest = as_text(file).substr(0, kMostHeader); !rest.empty();) {
        const std::size_t size = std::min(rest.find('\n') + 1, rest.size());  // npos + 1 is 0
        const std::string_view line = rest.substr(0, size == 0 ? rest.size() : size);
        if (trim(line).empty()) return false;
        const std::string name = ascii_lower(trim(line.substr(0, std::min(line.find(':'), line.size()))));
        if (line.find(':') != std::string_view::npos && (name == "from" || name == "mime-version")) return true;
        rest.remove_prefix(line.size());
    }
    return false;
}

}  // namespace truename::cli
