#include "request/claim.h"

#include <cstring>
#include <filesystem>
#include <utility>

#include "base/file_lock.h"
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
    auto lock = lock_file(state + "/orders.lock", WhenTaken::wait);
    if (!lock) return failed(std::strerror(lock.error()), "");
    return std::move(*lock);
}

}  // namespace truename::request
