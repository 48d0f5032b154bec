#include "address/dns_update.h"

#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/descriptor.h"
#include "base/replace_file.h"
#include "base/text.h"
#include "servers/command.h"

namespace truename::address {

namespace {

constexpr int kTtl = 3600;
constexpr std::chrono::seconds kDeadline{30};

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

std::string update_script(const std::vector<Record>& records, const UpdateServer& server) {
    const std::size_t at = server.resolver.find('@');
    std::string script = "server " + server.resolver.substr(0, at) + " " + server.resolver.substr(at + 1) + "\n";
    for (const Record& record : records) {
        if (record.data.empty()) continue;
        script += "update add " + record.owner + ". " + std::to_string(kTtl) + " IN " + std::string(net::name_of(record.type)) + " " +
                  record.data + "\n";
    }
    return script + "send\n";
}

Result<void, Failure> add_to_zone(const std::vector<Record>& records, const UpdateServer& server) {
    const TemporaryFile script(update_script(records, server));
    if (script.error() != 0) return Unexpected{Failure{FailureKind::local, "writing", script.path(), std::strerror(script.error()), ""}};
    std::vector<std::string> command = {"nsupdate"};
    if (!server.key_file.empty()) command.insert(command.end(), {"-k", server.key_file});
    command.push_back(script.path());
    auto done = servers::run_successfully(command, kDeadline);
    if (done) return {};
    Failure failure = done.error();
    failure.doing = "adding records by";
    if (failure.kind == FailureKind::local) failure.next = "Install it: apt-get install bind9-dnsutils";
    if (failure.kind == FailureKind::protocol)
        failure.next = "The server must be the primary one of the zone, and allow changes to whoever has this key";
    return Unexpected{std::move(failure)};
}

}  // namespace truename::address
