#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/replace_file.h"
#include "base/result.h"
#include "cli/exit_code.h"

namespace truename::cli {

/// A folder for files that belong together. It is made when it is not there; each file appears whole or not at all.
class OutFolder {
  public:
    /// `path` is the value of `--out`. Stops with usage when it is empty, with no_write when it cannot be made.
    [[nodiscard]] static Result<OutFolder, Stop> open(std::string_view path);
    [[nodiscard]] Result<void, Stop> write(std::string_view name, std::string_view contents, Readers readers) const;
    /// Files that belong together (replace_files()); the path of each is its name in the folder.
    [[nodiscard]] Result<void, Stop> write_together(std::vector<NewFile> files) const;
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

}  // namespace truename::cli
