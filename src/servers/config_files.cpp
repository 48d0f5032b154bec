#include "servers/config_files.h"

#include <glob.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>

namespace truename::servers {
namespace {

Unexpected<Failure> unreadable(const std::string& path, std::string reason) {
    return {Failure{FailureKind::local, "reading the configuration", path, std::move(reason), ""}};
}

Result<std::optional<std::string>, Failure> read_from_disk(const std::string& path) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (status.type() == std::filesystem::file_type::not_found) return std::optional<std::string>();
    if (error) return unreadable(path, error.message());
    if (!std::filesystem::is_regular_file(status)) return unreadable(path, "it is not a file");
    std::ifstream in(path, std::ios::binary);
    if (!in) return unreadable(path, std::generic_category().message(errno));
    std::string bytes(ConfigLimits::kFileBytes + 1, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (in.bad()) return unreadable(path, "it cannot be read to its end");
    bytes.resize(static_cast<std::size_t>(in.gcount()));
    if (bytes.size() > ConfigLimits::kFileBytes) return unreadable(path, "it is too large for a configuration");
    return std::optional<std::string>(std::move(bytes));
}

Result<std::vector<std::string>, Failure> match_on_disk(const std::string& pattern) {
    glob_t found = {};
    const int result = ::glob(pattern.c_str(), GLOB_BRACE, nullptr, &found);
    const std::unique_ptr<glob_t, decltype(&globfree)> owner(&found, &globfree);
    if (result == GLOB_NOMATCH) return std::vector<std::string>();
    if (result != 0) return unreadable(pattern, "the files that it names cannot be listed");
    return std::vector<std::string>(found.gl_pathv, found.gl_pathv + found.gl_pathc);
}

}  // namespace

ConfigFiles disk_files() {
    return {read_from_disk, match_on_disk};
}

ConfigFiles with_edits(ConfigFiles files, std::vector<FileEdit> edits) {
    auto read = [below = std::move(files.read),
                 edits = std::move(edits)](const std::string& path) -> Result<std::optional<std::string>, Failure> {
        const auto edit = std::ranges::find(edits, path, &FileEdit::file);
        if (edit == edits.end()) return below(path);
        return std::optional<std::string>(edit->new_bytes);
    };
    return {std::move(read), std::move(files.match)};
}

void add_edit(std::vector<FileEdit>& edits, FileEdit edit) {
    const auto before = std::ranges::find(edits, edit.file, &FileEdit::file);
    if (before != edits.end()) {
        before->new_bytes = std::move(edit.new_bytes);
    } else {
        edits.push_back(std::move(edit));
    }
    std::erase_if(edits, [](const FileEdit& one) { return one.old_bytes == one.new_bytes; });
}

}  // namespace truename::servers
