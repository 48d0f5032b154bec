#include "servers/server.h"

#include <unistd.h>

#include <filesystem>

#include "base/text.h"
#include "servers/dovecot.h"
#include "servers/postfix.h"

namespace truename::servers {

namespace {

std::string plain_path(const std::string& given) {
    return without_end_slashes(std::filesystem::path(given).lexically_normal().string());
}

}  // namespace

std::unique_ptr<Server> make_server(std::string_view id, std::string config) {
    config = plain_path(config);
    if (id == "dovecot") return std::make_unique<Dovecot>(config.empty() ? "/etc/dovecot" : std::move(config));
    if (id == "postfix") return std::make_unique<Postfix>(config.empty() ? "/etc/postfix" : std::move(config));
    return nullptr;
}

std::vector<std::unique_ptr<Server>> installed_servers() {
    std::vector<std::unique_ptr<Server>> servers;
    if (::access("/etc/dovecot/dovecot.conf", R_OK) == 0) servers.push_back(make_server("dovecot", ""));
    if (::access("/etc/postfix/main.cf", R_OK) == 0) servers.push_back(make_server("postfix", ""));
    return servers;
}

}  // namespace truename::servers
