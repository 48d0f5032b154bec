#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "finding/failure.h"
#include "servers/journal.h"

namespace truename::servers {

/// What has become of an installation.
enum class Standing : std::uint8_t {
    installed,        ///< its files are there, proved
    unproved,         ///< its files are there, but not proved
    partly_replaced,  ///< a later installation has written some of its files
    replaced,         ///< later ones have written all of them
    changed,          ///< somebody else has written one of them since
    rolled_back,      ///< it did not work, and what was there before was put back
    undone,           ///< it was put back because somebody wanted it
    broken_off,       ///< to be resumed or undone
};

/// `installed`, `partly-replaced`, ...: the word in JSON.
std::string_view name_of(Standing standing);

/// The standing of one installation.
struct Stands {
    Standing standing = Standing::installed;
    std::int64_t replaced_by = 0;  ///< the number of the newest that has written a file of it; 0: none has
};

/// What has become of each of them, by the record and by the files as they are now; files that cannot be read count as they were written.
/// `list` is Journal::installations(). Fails with `local`.
Result<std::vector<Stands>, Failure> standings(Journal& journal, const std::vector<Installation>& list);

}  // namespace truename::servers
