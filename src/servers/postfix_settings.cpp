#include "servers/postfix_settings.h"

#include "servers/command.h"
#include "servers/postfix_config.h"
#include "servers/postfix_edit.h"

namespace truename::servers {

namespace {

constexpr std::string_view kParameters[] = {
    "smtpd_tls_chain_files", "smtpd_tls_cert_file", "smtpd_tls_key_file",  "smtpd_tls_eccert_file", "smtpd_tls_eckey_file",
    "smtpd_tls_dcert_file",  "smtpd_tls_dkey_file", "tls_server_sni_maps", "inet_interfaces",       "smtpd_tls_security_level",
    "smtpd_tls_wrappermode", "smtpd_use_tls",       "smtpd_enforce_tls",
};

}  // namespace

std::string_view value_of(const PostfixValues& values, std::string_view name) {
    const auto found = values.find(name);
    return found == values.end() ? std::string_view() : std::string_view(found->second);
}

PostfixValues effective(const PostfixValues& main, const PostfixListener& service) {
    PostfixValues values = main;
    for (const auto& [name, value] : service.overrides) values[name] = value;
    return values;
}

bool speaks_tls(const PostfixValues& values) {
    const std::string_view level = value_of(values, "smtpd_tls_security_level");
    if (value_of(values, "smtpd_tls_wrappermode") == "yes") return true;
    if (!level.empty()) return level != "none";
    return value_of(values, "smtpd_use_tls") == "yes" || value_of(values, "smtpd_enforce_tls") == "yes";
}

Result<PostfixSettings, Failure> ask_postconf(const std::string& config) {
    std::vector<std::string> command = {"postconf", "-c", config, "-x"};
    for (const std::string_view name : kParameters) command.emplace_back(name);
    const auto main = run_successfully(command, kPostfixDeadline);
    if (!main) return forward_error(main);
    const auto services = run_successfully({"postconf", "-c", config, "-M"}, kPostfixDeadline);
    if (!services) return forward_error(services);
    const auto overrides = run_successfully({"postconf", "-c", config, "-x", "-P"}, kPostfixDeadline);
    if (!overrides) return forward_error(overrides);
    return PostfixSettings{read_postfix_values(main->out), read_postfix_listeners(services->out, overrides->out)};
}

Result<std::vector<FileEdit>, Failure> main_edits(const std::string& config,
                                                  const std::vector<std::pair<std::string, std::string>>& wanted) {
    std::vector<FileEdit> edits;
    for (const auto& [name, value] : wanted) {
        const auto main = read_postfix_main(config + "/main.cf", with_edits(disk_files(), edits));
        if (!main) return forward_error(main);
        auto edit = set_postfix_parameter(*main, name, value);
        if (!edit) return forward_error(edit);
        add_edit(edits, std::move(*edit));
    }
    return edits;
}

}  // namespace truename::servers
