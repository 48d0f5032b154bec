#include "net/dns_update.h"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/descriptor.h"
#include "base/replace_file.h"
#include "base/text.h"

namespace truename::net {

namespace {

/// A file that is there as long as this is.
class TemporaryFile {
  public:
    explicit TemporaryFile(std::string_view contents) : file_(::mkostemp(path_, 0)) {
        const auto written = file_.get() < 0 ? Result<void, int>(Unexpected{errno}) : write_all(file_.get(), contents);
        error_ = written ? 0 : written.error();
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() {
        if (file_.get() >= 0) ::unlink(path_);
    }
    [[nodiscard]] std::string path() const { return path_; }
    [[nodiscard]] int error() const { return error_; }

  private:
    char path_[32] = "/tmp/truename-update-XXXXXX";
    Descriptor file_;
    int error_ = 0;
};

}  // namespace

std::string update_script(const UpdateServer& server, const std::vector<std::string>& changes) {
    const std::size_t at = server.resolver.find('@');
    std::string script = "server " + server.resolver.substr(0, at) + " " + server.resolver.substr(at + 1) + "\n";
    for (const std::string& change : changes) script += "update " + change + "\n";
    return script + "send\n";
}

namespace {

/// Its lines are commands: one that holds another would be two.
bool is_one_line(std::string_view change) {
    return std::ranges::none_of(change, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

Result<void, Failure> update_dns(const UpdateServer& server, const std::vector<std::string>& changes, const RunProgram& run) {
    for (const std::string& change : changes) {
        if (!is_one_line(change))
            return Unexpected{Failure{FailureKind::input, "changing the zone by", printable(change), "it is more than one line", ""}};
    }
    const TemporaryFile script(update_script(server, changes));
    if (script.error() != 0) return Unexpected{Failure{FailureKind::local, "writing", script.path(), std::strerror(script.error()), ""}};
    std::vector<std::string> command = {"nsupdate"};
    if (!server.key_file.empty()) command.insert(command.end(), {"-k", server.key_file});
    command.push_back(script.path());
    auto done = run(command);
    if (done) return {};
    Failure failure = done.error();
    failure.doing = "changing the zone by";
    if (failure.kind == FailureKind::protocol)
        failure.next = "The server must be the primary one of the zone, and allow changes to whoever has this key";
    return Unexpected{std::move(failure)};
}

}  // namespace truename::net
