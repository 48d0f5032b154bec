#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "acme/solver.h"
#include "base/replace_file.h"
#include "base/text.h"
#include "crypto/digest.h"

namespace truename::acme {

namespace {

constexpr std::string_view kFolder = "/.well-known/acme-challenge";

class Webroot final : public Solver {
  public:
    explicit Webroot(std::string folder) : folder_(std::move(folder)) {}
    [[nodiscard]] std::string_view type() const override { return "http-01"; }

    Result<void, Failure> show(const Answer& answer) override {
        for (const std::string& folder : {folder_ + "/.well-known", folder_ + std::string(kFolder)}) {
            const auto made = make_folder(folder, 0755);
            if (!made && made.error() != EEXIST) return Unexpected{failed("making", folder, made.error())};
            if (made) made_.push_back(folder);
        }
        const std::string path = folder_ + path_of(answer);
        if (auto written = replace_file(path, answer.key_authorization, Readers::everybody); !written)
            return Unexpected{failed("writing", path, written.error())};
        return {};
    }
    Result<void, Failure> take_away(const Answer& answer) override {
        const std::string path = folder_ + path_of(answer);
        if (::unlink(path.c_str()) != 0 && errno != ENOENT) return Unexpected{failed("removing", path, errno)};
        // Folders that were made for it go with the last of the files; one that something else is in stays.
        while (!made_.empty() && ::rmdir(made_.back().c_str()) == 0) made_.pop_back();
        return {};
    }

  private:
    static Failure failed(std::string_view doing, const std::string& path, int error) {
        return {FailureKind::local, std::string(doing), printable(path), std::strerror(error),
                "--webroot is the folder from which a web server serves the name"};
    }
    std::string folder_;
    std::vector<std::string> made_;
};

/// The record of an answer (RFC 8555 8.4).
std::string record_name(const Answer& answer) {
    return "_acme-challenge." + answer.name + ".";
}
std::string record_value(const Answer& answer) {
    return to_base64url(crypto::sha256(as_bytes(answer.key_authorization)));
}

class DnsHook final : public Solver {
  public:
    DnsHook(std::string program, RunProgram run, RunProgram clean, std::function<Result<void, Failure>()> pause)
        : program_(std::move(program)), run_(std::move(run)), clean_(std::move(clean)), pause_(std::move(pause)) {}
    [[nodiscard]] std::string_view type() const override { return "dns-01"; }

    Result<void, Failure> show(const Answer& answer) override { return run_(command("present", answer)); }
    Result<void, Failure> settle() override { return pause_(); }
    Result<void, Failure> take_away(const Answer& answer) override { return clean_(command("cleanup", answer)); }

  private:
    [[nodiscard]] std::vector<std::string> command(std::string_view what, const Answer& answer) const {
        return {program_, std::string(what), record_name(answer), record_value(answer)};
    }
    std::string program_;
    RunProgram run_, clean_;
    std::function<Result<void, Failure>()> pause_;
};

class DnsUpdate final : public Solver {
  public:
    DnsUpdate(net::UpdateServer server, RunProgram run, RunProgram clean, std::function<Result<void, Failure>()> pause)
        : server_(std::move(server)), run_(std::move(run)), clean_(std::move(clean)), pause_(std::move(pause)) {}
    [[nodiscard]] std::string_view type() const override { return "dns-01"; }

    Result<void, Failure> show(const Answer& answer) override { return change("add " + record_name(answer) + " 60 IN TXT ", answer, run_); }
    Result<void, Failure> settle() override { return pause_(); }
    Result<void, Failure> take_away(const Answer& answer) override {
        return change("delete " + record_name(answer) + " IN TXT ", answer, clean_);
    }

  private:
    Result<void, Failure> change(const std::string& what, const Answer& answer, const RunProgram& run) {
        return net::update_dns(server_, {what + "\"" + record_value(answer) + "\""}, run);
    }
    net::UpdateServer server_;
    RunProgram run_, clean_;
    std::function<Result<void, Failure>()> pause_;
};

}  // namespace

std::string path_of(const Answer& answer) {
    return std::string(kFolder) + "/" + answer.token;
}

std::unique_ptr<Solver> make_webroot(std::string folder) {
    return std::make_unique<Webroot>(std::move(folder));
}

std::unique_ptr<Solver> make_dns_hook(std::string program, RunProgram run, RunProgram clean, std::function<Result<void, Failure>()> pause) {
    return std::make_unique<DnsHook>(std::move(program), std::move(run), std::move(clean), std::move(pause));
}

std::unique_ptr<Solver> make_dns_update(net::UpdateServer server, RunProgram run, RunProgram clean,
                                        std::function<Result<void, Failure>()> pause) {
    return std::make_unique<DnsUpdate>(std::move(server), std::move(run), std::move(clean), std::move(pause));
}

}  // namespace truename::acme
