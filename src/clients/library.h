#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "clients/dialog.h"
#include "clients/profile.h"
#include "finding/failure.h"

namespace truename::clients {

/// A named list of clients, of sets.toml.
struct ClientSet {
    std::string_view name;
    std::span<const Profile* const> profiles;
};

/// All that is known of clients. Everything in it lives as long as it does.
struct Library {
    std::span<const Profile> profiles;  ///< by product; of one product the default first
    std::span<const Dialog> dialogs;    ///< by id
    std::span<const ClientSet> sets;    ///< by name, `all` not among them
};

/// What was compiled in: no reading, no allocation, lives for ever.
const Library& compiled();

/// A file of data, as `clients/outlook-2007.toml`: with `/` and without the folder that holds `clients/` and `dialogs/`.
struct DataFile {
    std::string path, text;
};

/// What is wrong with a file, and where (lines and columns from 1; 0 when it is about the whole file).
struct DataProblem {
    std::string file;
    unsigned line = 0, column = 0;
    std::string reason;

    friend bool operator==(const DataProblem&, const DataProblem&) = default;
};

/// `clients/x.toml:12:3: "first" is no value of compares; ...`
std::string to_string(const DataProblem& problem);

/// Beyond this a file of data is not read.
inline constexpr std::size_t kMaxDataFileSize = 1U << 20;

/// Reads what docs/profile-format.md describes. Problems are added to `problems`, in the order of files and lines; the library is only
/// there when there are none. What builds on a wrong file seems to be wrong, too, so files that are no TOML are told alone; else wrong
/// dialogs; else wrong profiles and bases; else wrong sets. Files under other paths than clients/ and dialogs/ are none of its business and
/// skipped.
std::shared_ptr<const Library> read_library(std::span<const DataFile> files, std::vector<DataProblem>& problems);

/// Reads `folder`/clients and `folder`/dialogs. Fails with `input` for the first thing that is wrong (and says how many more there are),
/// with `local` for what cannot be read. Nothing (a null pointer) when `folder` has no clients/.
Result<std::shared_ptr<const Library>, Failure> load_library(const std::string& folder);

/// The files that load_library() would read, in the order of their paths.
Result<std::vector<DataFile>, Failure> data_files(const std::string& folder);

/// The profiles that `ids` name, each once, in the order of the ids: `product[@version][/platform]`, sets, `all`. No ids mean the set
/// `usual`. Fails with `usage` for an id that does not exist, and says which is nearest.
Result<std::vector<const Profile*>, Failure> select(const Library& library, std::span<const std::string> ids);

}  // namespace truename::clients
