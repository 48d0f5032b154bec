#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "authority/store.h"
#include "finding/failure.h"

namespace truename::authority {

/// What came of looking through the log and all that it vouches for.
struct AuditReport {
    std::int64_t entries = 0;           ///< of the log
    std::string head;                   ///< hash of the newest entry, in hexadecimal: kept elsewhere it shows that none was taken away
    std::int64_t known_head_at = 0;     ///< the number of the entry with the hash that was asked for; 0 when there is none
    std::vector<std::string> problems;  ///< one sentence each, the first hundred; none: every byte is as it was written
    [[nodiscard]] bool is_good() const { return problems.empty(); }
};

/// Whether the files of revocation lists are beside the database: not in a backup.
enum class ListFiles : std::uint8_t { there, not_there };

/// Recomputes the hash of every entry of the log and compares every row of the tables, the authority's certificates and its revocation
/// lists with the entry that was written with them. `known_head` is looked for among all hashes. Fails only when the database cannot be
/// read at all. Not noticed: that the whole was replaced by another that is right in itself; `head` is for that.
Result<AuditReport, Failure> check_audit(Store& store, ListFiles list_files = ListFiles::there, std::string_view known_head = {});

}  // namespace truename::authority
