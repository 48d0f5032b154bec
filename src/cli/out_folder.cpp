#include "cli/out_folder.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "authority/authority.h"
#include "base/text.h"

namespace truename::cli {

namespace {

Stop cannot_write(const std::string& path, int error) {
    return {ExitCode::no_write, {FailureKind::local, "writing", printable(path), std::strerror(error), ""}};
}

/// What killed programs have left of that file, a private key perhaps: so old that none of them can still be at work.
void remove_leftovers(const std::string& folder, std::string_view name) {
    namespace fs = std::filesystem;
    std::error_code error, ignored;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        if (leftover_of(it->path().filename().string()) != name) continue;
        if (it->last_write_time(ignored) < fs::file_time_type::clock::now() - std::chrono::hours(1)) fs::remove(it->path(), ignored);
    }
}

}  // namespace

Result<OutFolder, Stop> OutFolder::open(std::string_view path) {
    if (path.empty()) return Unexpected{usage_stop("the command line", "--out is missing", "Name the folder for the files: --out ./files")};
    OutFolder out;
    out.path_ = path;
    const auto made = make_folder(out.path_, 0755);
    struct stat status {};
    if (!made && made.error() == ENOENT)
        return Unexpected{Stop{ExitCode::no_write,
                               {FailureKind::local, "making the folder", printable(out.path_), "the one that it is to be in is not there",
                                "Make that first, or name another one"}}};
    if (!made && made.error() != EEXIST) return Unexpected{cannot_write(out.path_, made.error())};
    if (::stat(out.path_.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return Unexpected{cannot_write(out.path_, ENOTDIR)};
    if (authority::Authority::is_in(out.path_))
        return Unexpected{
            usage_stop("--out " + printable(path), "an authority is in that folder", "Name another one, that only these files are in")};
    return out;
}

Result<void, Stop> OutFolder::write(std::string_view name, std::string_view contents, Readers readers) const {
    const std::string path = path_ + "/" + std::string(name);
    remove_leftovers(path_, name);
    if (const auto done = replace_file(path, contents, readers); !done) return Unexpected{cannot_write(path, done.error())};
    return {};
}

Result<void, Stop> OutFolder::write_together(std::vector<NewFile> files) const {
    for (NewFile& file : files) {
        remove_leftovers(path_, file.path);
        file.path.insert(0, path_ + "/");
    }
    if (const auto done = replace_files(files); !done) return Unexpected{cannot_write(path_, done.error())};
    return {};
}

}  // namespace truename::cli
