#include "base/replace_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "base/descriptor.h"
#include "base/text.h"

namespace truename {

namespace {

Unexpected<int> last_error() {
    return Unexpected{errno};
}

Result<void, int> write_new(Descriptor& file, std::string_view contents, Readers readers) {
    if (::fchmod(file.get(), static_cast<mode_t>(readers)) != 0) return last_error();
    if (auto written = write_all(file.get(), contents); !written) return written;
    if (::fsync(file.get()) != 0 || !file.close()) return last_error();
    return {};
}

/// Writes it beside its place; gives the name that it has there.
Result<std::string, int> write_beside(const NewFile& wanted) {
    std::string temporary = wanted.path + ".XXXXXX";
    Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));  // mode 0600
    if (file.get() < 0) return last_error();
    if (auto written = write_new(file, wanted.contents, wanted.readers); !written) {
        ::unlink(temporary.c_str());
        return forward_error(written);
    }
    return temporary;
}

Result<void, int> put_in_place(const std::string& temporary, const std::string& path) {
    if (::rename(temporary.c_str(), path.c_str()) != 0) return last_error();
    return flush_folder_of(path);
}

}  // namespace

Result<void, std::string> own_folder(const std::string& given) {
    const std::string path = without_end_slashes(given);  // of `a/b/` the parent_path() is `a/b`
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
    const auto made = make_folder(path, 0700);
    struct stat status {};
    if (made) return {};
    if (made.error() != EEXIST || ::stat(path.c_str(), &status) != 0) return Unexpected{std::string(std::strerror(made.error()))};
    if (!S_ISDIR(status.st_mode)) return Unexpected{std::string("it is no folder")};
    if (status.st_uid != ::geteuid())
        return Unexpected{std::string("it is somebody else's, and what is to be kept in it is for you alone")};
    if ((status.st_mode & 077) != 0)
        return Unexpected{std::string("others can enter it, and what is to be kept in it is for you alone: chmod 700 closes it to them")};
    return {};
}

Result<void, int> write_all(int file, std::string_view contents) {
    while (!contents.empty()) {
        const ssize_t written = ::write(file, contents.data(), contents.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return last_error();
        contents.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

Result<void, int> replace_file(const std::string& path, std::string_view contents, Readers readers) {
    const NewFile file{path, contents, readers};
    return replace_files({&file, 1});
}

Result<void, int> replace_files(std::span<const NewFile> files) {
    std::vector<std::string> written;
    Result<void, int> done;
    for (const NewFile& file : files) {
        auto temporary = write_beside(file);
        if (!temporary) {
            done = forward_error(temporary);
            break;
        }
        written.push_back(std::move(*temporary));
    }
    for (std::size_t i = 0; i < written.size(); ++i) {
        if (done) done = put_in_place(written[i], files[i].path);
        if (!done) ::unlink(written[i].c_str());
    }
    return done;
}

std::string_view leftover_of(std::string_view name) {
    constexpr std::size_t kAdded = 7;  // a dot and what mkostemp() puts there
    if (name.size() <= kAdded || name[name.size() - kAdded] != '.') return {};
    const bool is_made = std::ranges::all_of(name.substr(name.size() - kAdded + 1), is_alphanumeric);
    return is_made ? name.substr(0, name.size() - kAdded) : std::string_view();
}

Result<void, int> make_folder(const std::string& path, unsigned mode) {
    if (::mkdir(path.c_str(), mode) != 0 || ::chmod(path.c_str(), mode) != 0) return last_error();
    return flush_folder_of(path);
}

Result<void, int> flush_folder_of(const std::string& path) {
    const std::size_t slash = path.find_last_of('/', path.find_last_not_of('/'));
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const Descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.get() < 0 || ::fsync(opened.get()) != 0) return last_error();
    return {};
}

}  // namespace truename
