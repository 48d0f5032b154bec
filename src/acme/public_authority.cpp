#include "acme/public_authority.h"

#include <algorithm>
#include <cstdlib>

#include "acme/data_files.h"

namespace truename::acme {

const std::vector<PublicAuthority>& public_authorities() {
    static const std::vector<PublicAuthority> authorities = [] {
        std::vector<PublicAuthority> made;
        for (const DataFile& file : authority_files()) {
            auto authority = read_public_authority(file.id, file.toml);
            if (!authority) std::abort();  // a test reads each of them
            made.push_back(std::move(*authority));
        }
        return made;
    }();
    return authorities;
}

PublicAuthority authority_at(std::string_view directory) {
    for (const PublicAuthority& authority : public_authorities()) {
        const auto begins = [&](const std::string& begin) { return directory.starts_with(begin); };
        if (std::ranges::any_of(authority.directories, begins)) return authority;
    }
    PublicAuthority unknown;
    unknown.title = directory;
    return unknown;
}

std::vector<std::vector<std::string>> orders_of(const PublicAuthority& authority, const std::vector<std::string>& names) {
    std::vector<std::string> sorted = names;
    std::ranges::sort(sorted);
    switch (authority.names) {
        case NameOrder::kept:
            return {names};
        case NameOrder::sorted:
            return {sorted};
        case NameOrder::unknown:
            break;
    }
    if (sorted == names) return {names};
    return {names, sorted};
}

}  // namespace truename::acme
