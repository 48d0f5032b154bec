#include "servers/command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "base/descriptor.h"
#include "base/text.h"
#include "servers/permission.h"

namespace truename::servers {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxOutput = std::size_t{4} << 20;
constexpr const char* kFolders[] = {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"};

Failure failure(FailureKind kind, const std::vector<std::string>& arguments, std::string reason, std::string next = {}) {
    return {kind, "running", printable(join(arguments, " ")), std::move(reason), std::move(next)};
}

/// A pipe whose ends do not reach other programs by themselves.
struct Pipe {
    Descriptor read_end, write_end;

    static std::optional<Pipe> make() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
        return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
    }
};

std::string find_program(const std::string& name) {
    if (name.find('/') != std::string::npos) return name;
    for (const char* folder : kFolders) {
        std::string path = std::string(folder) + "/" + name;
        if (::access(path.c_str(), X_OK) == 0) return path;
    }
    return {};
}

/// Starts the program as the leader of a process group of its own. Gives 0 or an errno.
int start(const std::string& program, const std::vector<std::string>& arguments, const Pipe& out, const Pipe& err, pid_t& process) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, out.write_end.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, err.write_end.get(), STDERR_FILENO);
    ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);  // what libraries have open is nobody's business
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", locale[] = "LC_ALL=C";
    char* environment[] = {path, locale, nullptr};
    const int error = ::posix_spawn(&process, program.c_str(), &actions, &attributes, argv.data(), environment);
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    return error;
}

/// What can be read when the process has ended; nothing where the kernel has no such thing (before Linux 5.3).
Descriptor end_of(pid_t process) {
    return Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));  // glibc 2.36 declares its function for C alone
}

/// Reads what there is; false at the end.
bool read_some(int descriptor, std::string& text) {
    char buffer[16384];
    const ssize_t size = ::read(descriptor, buffer, sizeof buffer);
    if (size < 0) return errno == EINTR || errno == EAGAIN;
    text.append(buffer, static_cast<std::size_t>(size));
    return size > 0;
}

enum class Reading { ended, late, too_much, stopped };

/// Until it has ended and nobody has its output open any more: one may go on for long after it has closed that, and others have it, too.
Reading read_to_end(Descriptor process, Pipe& out, Pipe& err, CommandOutput& output, Clock::time_point end, const std::stop_token& stop) {
    constexpr long long kLook = 100;  // how often, in ms, it is looked for somebody who wants to stop
    while (out.read_end.get() >= 0 || err.read_end.get() >= 0 || process.get() >= 0) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
        if (left <= 0) return Reading::late;
        if (stop.stop_requested()) return Reading::stopped;
        const long long patience = stop.stop_possible() ? std::min<long long>(left, kLook) : left;
        pollfd descriptors[] = {{out.read_end.get(), POLLIN, 0}, {err.read_end.get(), POLLIN, 0}, {process.get(), POLLIN, 0}};
        if (::poll(descriptors, 3, static_cast<int>(patience)) < 0 && errno != EINTR) return Reading::late;
        if (descriptors[0].revents != 0 && !read_some(out.read_end.get(), output.out)) out.read_end.reset();
        if (descriptors[1].revents != 0 && !read_some(err.read_end.get(), output.err)) err.read_end.reset();
        if (descriptors[2].revents != 0) process.reset();
        if (output.out.size() + output.err.size() > kMaxOutput) return Reading::too_much;
    }
    return Reading::ended;
}

int wait_for(pid_t process) {
    int status = 0;
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR) continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

bool has_program(const std::string& name) {
    const std::string path = find_program(name);
    return !path.empty() && ::access(path.c_str(), X_OK) == 0;
}

Result<CommandOutput, Failure> run_command(const std::vector<std::string>& arguments, std::chrono::seconds deadline,
                                           const std::stop_token& stop) {
    const std::string program = find_program(arguments.front());
    if (program.empty()) {
        const bool is_of_dns = arguments.front() == "nsupdate";
        return Unexpected{failure(FailureKind::local, arguments, "there is no program " + printable(arguments.front()) + " on this machine",
                                  is_of_dns ? "Install it: apt-get install bind9-dnsutils" : "Run truename on the mail server itself")};
    }
    auto out = Pipe::make(), err = Pipe::make();
    if (!out || !err) return Unexpected{failure(FailureKind::local, arguments, std::strerror(errno))};
    pid_t process = 0;
    if (const int error = start(program, arguments, *out, *err, process); error != 0)
        return Unexpected{failure(FailureKind::local, arguments, std::strerror(error))};
    out->write_end.reset();
    err->write_end.reset();
    CommandOutput output;
    const Reading reading = read_to_end(end_of(process), *out, *err, output, Clock::now() + deadline, stop);
    if (reading != Reading::ended) ::kill(-process, SIGKILL);
    output.status = wait_for(process);
    if (reading == Reading::late)
        return Unexpected{failure(FailureKind::timeout, arguments,
                                  "it did not end within " + counted(static_cast<std::size_t>(deadline.count()), "second"))};
    if (reading == Reading::stopped) return Unexpected{failure(FailureKind::local, arguments, "it was interrupted")};
    if (reading == Reading::too_much) return Unexpected{failure(FailureKind::protocol, arguments, "it wrote more than 4 MB")};
    return output;
}

std::string last_line(const CommandOutput& output) {
    for (const std::string* text : {&output.err, &output.out}) {
        const std::string_view trimmed = trim(*text);
        if (trimmed.empty()) continue;
        std::string line = printable(trimmed.substr(trimmed.find_last_of('\n') + 1));
        clip(line, 400);
        return line;
    }
    return "exit status " + std::to_string(output.status);
}

Result<CommandOutput, Failure> run_successfully(const std::vector<std::string>& arguments, std::chrono::seconds deadline,
                                                const std::stop_token& stop) {
    auto output = run_command(arguments, deadline, stop);
    if (output && output->status != 0)
        return Unexpected{failure(FailureKind::protocol, arguments, last_line(*output), root_needed(output->err))};
    return output;
}

}  // namespace truename::servers
