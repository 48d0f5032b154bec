#include "base/read_file.h"

#include <fstream>
#include <sstream>

namespace truename {

std::optional<std::string> read_own_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream contents;
    if (!in || !(contents << in.rdbuf())) return std::nullopt;
    return std::move(contents).str();
}

}  // namespace truename
