#include "cli/out_folder.h"

#include <sys/stat.h>

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
    if (::mkdir(out.path_.c_str(), 0755) != 0 && errno != EEXIST) return Unexpected{cannot_write(out.path_, errno)};
    return out;
}

Result<void, Stop> OutFolder::write(std::string_view name, std::string_view contents, Readers readers) const {
    const std::string path = path_ + "/" + std::string(name);
    if (const auto done = replace_file(path, contents, readers); !done) return Unexpected{cannot_write(path, done.error())};
    return {};
}

}  // namespace truename::cli
