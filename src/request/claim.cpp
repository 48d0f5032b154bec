#include "request/claim.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/replace_file.h"
#include "base/text.h"
#include "servers/permission.h"

namespace truename::request {

Result<Descriptor, Failure> claim_orders(const std::string& state) {
    const auto failed = [&](const std::string& reason, std::string next) {
        if (const std::string root = servers::root_needed(reason); !root.empty()) next = root;
        return Unexpected{Failure{FailureKind::local, "ordering with the records in", printable(state), reason, std::move(next)}};
    };
    std::error_code error;
    if (!std::filesystem::exists(state, error) && !error) return Descriptor();
    if (const auto own = own_folder(state); !own) return failed(own.error(), "--state FOLDER names another place");
    Descriptor lock(::open((state + "/orders.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock) return failed(std::strerror(errno), "");
    while (::flock(lock.get(), LOCK_EX) != 0) {
        if (errno != EINTR) return failed(std::strerror(errno), "");
    }
    return lock;
}

}  // namespace truename::request
