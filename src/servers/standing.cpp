#include "servers/standing.h"

#include <algorithm>
#include <map>
#include <string>

#include "servers/file_state.h"
#include "servers/pem_text.h"

namespace truename::servers {

namespace {

bool is_in_place(const Installation& installation) {
    return installation.stage == Stage::installed || installation.stage == Stage::unproved;
}

Standing of_stage(Stage stage) {
    switch (stage) {
        case Stage::installed:
            return Standing::installed;
        case Stage::unproved:
            return Standing::unproved;
        case Stage::undone:
            return Standing::undone;
        case Stage::rolled_back:
            return Standing::rolled_back;
        case Stage::writing:
        case Stage::undoing:
            return Standing::broken_off;
    }
    return Standing::broken_off;
}

/// The files with certificates and keys; configurations are changed for other reasons, too.
std::vector<FileChange> pem_files(std::vector<FileChange> changes) {
    std::erase_if(changes, [](const FileChange& change) { return pem_spans(change.after.bytes.view()).empty(); });
    return changes;
}

bool is_as_written(const FileChange& change) {
    const auto now = read_file_state(change.path);
    return !now || (now->exists && now->bytes.view() == change.after.bytes.view());
}

/// The newest that took the place of one that had nothing to write, because its files were there already.
std::int64_t successor(const std::vector<Installation>& list, std::size_t number) {
    for (std::size_t later = list.size(); --later > number;) {
        const bool same = list[later].servers == list[number].servers && list[later].names == list[number].names;
        if (same && list[later].has_certificate() && is_in_place(list[later]) && list[later].fingerprint != list[number].fingerprint)
            return list[later].number;
    }
    return 0;
}

}  // namespace

std::string_view name_of(Standing standing) {
    constexpr std::string_view kNames[] = {"installed", "unproved",    "partly-replaced", "replaced",
                                           "changed",   "rolled-back", "undone",          "broken-off"};
    return kNames[static_cast<std::size_t>(standing)];
}

Result<std::vector<Stands>, Failure> standings(Journal& journal, const std::vector<Installation>& list) {
    std::vector<Stands> all(list.size());
    std::map<std::string, std::int64_t> writers;  // of each file, the newest
    for (std::size_t i = list.size(); i-- > 0;) {
        all[i].standing = of_stage(list[i].stage);
        if (!is_in_place(list[i])) continue;
        auto changes = journal.changes(list[i].number);
        if (!changes) return forward_error(changes);
        const std::vector<FileChange> files = list[i].has_certificate() ? pem_files(std::move(*changes)) : std::move(*changes);
        std::size_t replaced = 0;
        bool as_written = true;
        for (const FileChange& file : files) {
            const auto [writer, is_newest] = writers.try_emplace(file.path, list[i].number);
            if (is_newest) as_written = as_written && is_as_written(file);
            if (is_newest) continue;
            ++replaced;
            all[i].replaced_by = std::max(all[i].replaced_by, writer->second);
        }
        if (files.empty() && list[i].has_certificate()) all[i].replaced_by = successor(list, i);
        if (all[i].replaced_by != 0)
            all[i].standing = replaced == files.size() ? Standing::replaced : Standing::partly_replaced;
        else if (!as_written)
            all[i].standing = Standing::changed;
    }
    return all;
}

}  // namespace truename::servers
