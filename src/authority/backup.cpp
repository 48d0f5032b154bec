#include "authority/backup.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "authority/audit_check.h"
#include "authority/authority.h"
#include "base/read_file.h"
#include "base/replace_file.h"
#include "base/text.h"

namespace truename::authority {

namespace {

namespace fs = std::filesystem;

Failure copy_failure(const std::string& path, std::string reason) {
    return {FailureKind::local, "copying the authority to", printable(path), std::move(reason), ""};
}

Result<void, Failure> make_empty(const std::string& folder) {
    const fs::path path(folder);
    std::error_code error;
    fs::create_directories(fs::absolute(path.has_filename() ? path : path.parent_path()).parent_path(), error);
    const auto made = make_folder(folder, 0700);
    if (made) return {};
    if (made.error() == EEXIST)
        return Unexpected{
            Failure{FailureKind::usage, "copying the authority to", printable(folder), "it is there already", "Name a folder that is not"}};
    return Unexpected{copy_failure(folder, std::strerror(made.error()))};
}

/// The certificates, and the encrypted keys or the addresses of those in a token: small, and written once.
Result<void, Failure> copy_key_files(const std::string& from, const std::string& to) {
    std::error_code error;
    for (fs::directory_iterator it(from, error), end; !error && it != end; it.increment(error)) {
        if (it->path().extension() != ".pem" && it->path().extension() != ".uri") continue;
        const std::string name = it->path().filename().string();
        const auto contents = read_own_file(it->path().string());
        if (!contents)
            return Unexpected{Failure{FailureKind::local, "reading", printable(it->path().string()), "it is empty, or cannot be read",
                                      "Mend it, or take it out of the folder"}};
        const Readers readers = name.find(".key.") != std::string::npos ? Readers::owner : Readers::everybody;
        if (const auto written = replace_file(to + "/" + name, *contents, readers); !written)
            return Unexpected{copy_failure(to + "/" + name, std::strerror(written.error()))};
    }
    if (error) return Unexpected{copy_failure(from, error.message())};
    return {};
}

Result<void, Failure> look_through(const std::string& folder) {
    auto copy = Store::open(folder);
    if (!copy) return forward_error(copy);
    const auto report = check_audit(*copy, ListFiles::not_there);
    if (!report) return forward_error(report);
    if (report->is_good()) return {};
    return Unexpected{Failure{FailureKind::input, "looking through", printable(folder), report->problems.front(),
                              "Take an older backup; truename ca audit tells all that is wrong with it"}};
}

}  // namespace

Result<void, Failure> make_backup(Store& store, const std::string& folder) {
    if (auto made = make_empty(folder); !made) return made;
    // The files last: what cannot be copied leaves a folder without keys, which nobody takes for a backup.
    if (auto copied = store.copy_to(folder + "/authority.db"); !copied) return copied;
    if (auto copied = copy_key_files(store.folder(), folder); !copied) return copied;
    return look_through(folder);
}

Result<void, Failure> restore_backup(const std::string& backup, const std::string& folder, const crypto::Secret& passphrase, Time now,
                                     const crypto::Secret& pin) {
    if (auto good = look_through(backup); !good) return good;
    {
        auto source = Authority::open(backup);
        if (!source) return forward_error(source);
        // A wrong passphrase would show only when all is copied.
        if (auto unlocked = source->unlock(passphrase, pin); !unlocked) return unlocked;
        if (auto copied = make_backup(source->store(), folder); !copied) return copied;
        auto restored = Store::open(folder);
        if (!restored) return forward_error(restored);
        // Lists were perhaps made since the backup, with numbers that count from 1; seconds since 1970 are larger than all of them.
        if (auto set = restored->set(now, {std::string(kListsFrom), std::to_string(to_seconds(now))}); !set) return set;
    }
    auto authority = Authority::open(folder);
    if (!authority) return forward_error(authority);
    if (auto unlocked = authority->unlock(passphrase, pin); !unlocked) return unlocked;
    if (auto published = authority->publish_lists(now, true); !published) return forward_error(published);
    return {};
}

}  // namespace truename::authority
