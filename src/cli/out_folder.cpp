#include "cli/out_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/text.h"

namespace truename::cli {

namespace {

Stop cannot_write(const std::string& path, int error) {
    return {ExitCode::no_write, {FailureKind::local, "writing", printable(path), std::strerror(error), ""}};
}

}  // namespace

Result<OutFolder, Stop> OutFolder::open(std::string_view path) {
    if (path.empty()) return Unexpected{usage_stop("the command line", "--out is missing", "Name the folder for the files: --out ./files")};
    OutFolder out;
    out.path_ = path;
    const auto made = make_folder(out.path_, 0755);
    struct stat status {};
    if (!made && made.error() != EEXIST) return Unexpected{cannot_write(out.path_, made.error())};
    if (::stat(out.path_.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return Unexpected{cannot_write(out.path_, ENOTDIR)};
    if (::access((out.path_ + "/authority.db").c_str(), F_OK) == 0)
        return Unexpected{
            usage_stop("--out " + printable(path), "an authority is in that folder", "Name another one, that only these files are in")};
    return out;
}

Result<void, Stop> OutFolder::write(std::string_view name, std::string_view contents, Readers readers) const {
    const std::string path = path_ + "/" + std::string(name);
    if (const auto done = replace_file(path, contents, readers); !done) return Unexpected{cannot_write(path, done.error())};
    return {};
}

}  // namespace truename::cli
