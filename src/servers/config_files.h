#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "finding/failure.h"

namespace truename::servers {

/// How much of a configuration is read. A server whose configuration goes beyond is left alone.
struct ConfigLimits {
    static constexpr std::size_t kFileBytes = 4U << 20U;    ///< of one file
    static constexpr std::size_t kTotalBytes = 16U << 20U;  ///< of all files, each as often as it is included
    static constexpr std::size_t kFiles = 2000;             ///< includes, also of the same file
    static constexpr std::size_t kDepth = 32;               ///< files that include files, and blocks in blocks
};

/// How the readers of configurations come to files: what a disk, or a test, has to answer.
struct ConfigFiles {
    /// The bytes of the file; nothing when there is none of that name; a Failure when it cannot be read.
    std::function<Result<std::optional<std::string>, Failure>(const std::string& path)> read;
    /// The files that a pattern of the shell (`*`, `?`, `[...]`, `{a,b}`) names, sorted as the server sorts them; none is no failure.
    std::function<Result<std::vector<std::string>, Failure>(const std::string& pattern)> match;
};

/// The files of this machine. Reads at most ConfigLimits::kFileBytes of regular files only.
ConfigFiles disk_files();

/// What a file of a configuration holds and what it shall hold. Nothing here writes it; putting the old bytes back undoes it.
struct FileEdit {
    std::string file, old_bytes, new_bytes;

    friend bool operator==(const FileEdit&, const FileEdit&) = default;
};

/// `files`, but that those of `edits` hold their new bytes already: to read a configuration before it is written.
ConfigFiles with_edits(ConfigFiles files, std::vector<FileEdit> edits);

/// Adds `edit`, which was made on top of `edits`: one entry a file, from its first old bytes to its last new ones. Edits that change
/// nothing are not kept.
void add_edit(std::vector<FileEdit>& edits, FileEdit edit);

}  // namespace truename::servers
