#include "cli/dns_options.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/text.h"
#include "cli/judging.h"
#include "net/dns_client.h"
#include "servers/command.h"

namespace truename::cli {

Result<std::string, Stop> read_server(std::string_view option, std::string_view text) {
    auto server = net::parse_resolver(text);
    if (!server) {
        Stop stop = stop_for(server.error());
        stop.failure.object = option;
        return Unexpected{std::move(stop)};
    }
    return std::move(*server);
}

Result<std::optional<net::UpdateServer>, Stop> read_update_server(const Arguments& arguments, const std::string& option) {
    const auto text = arguments.get(option), file = arguments.get(option + "-key");
    if (!text && file)
        return Unexpected{usage_stop("--" + option + "-key", "the server is missing that knows the key", "Name it with --" + option)};
    if (!text) return std::optional<net::UpdateServer>();
    auto server = read_server("--" + option, *text);
    if (!server) return forward_error(server);
    if (file && ::access(std::string(*file).c_str(), R_OK) != 0)
        return Unexpected{Stop{ExitCode::no_input, {FailureKind::local, "reading the key in", printable(*file), std::strerror(errno), ""}}};
    std::error_code error;
    if (file && (!std::filesystem::is_regular_file(*file, error) || std::filesystem::file_size(*file, error) == 0))
        return Unexpected{
            Stop{ExitCode::bad_input,
                 {FailureKind::input, "reading the key in", printable(*file), "there is no key in it", "As tsig-keygen writes it"}}};
    return std::optional(net::UpdateServer{std::move(*server), file ? std::filesystem::absolute(*file).string() : std::string()});
}

net::RunProgram run_program(std::chrono::seconds deadline, std::stop_token stop) {
    return [deadline, stop = std::move(stop)](const std::vector<std::string>& command) -> Result<void, Failure> {
        const auto done = servers::run_successfully(command, deadline, stop);
        if (!done) return forward_error(done);
        return {};
    };
}

}  // namespace truename::cli
