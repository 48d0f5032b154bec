#include "servers/postfix_maps.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/replace_file.h"
#include "base/text.h"
#include "servers/command.h"
#include "servers/file_state.h"
#include "servers/postfix_settings.h"
#include "servers/postfix_tables.h"
#include "servers/setting_words.h"

namespace truename::servers {

namespace {

/// How postmap calls the files that it makes of a text; dbm has two.
constexpr const char* kCopies[] = {".db", ".lmdb", ".cdb", ".dir", ".pag"};

/// Puts what postmap made of `scratch` in the place of the copies of `path`, closed to others as those are, or to all but us.
Result<void, Failure> put_copies(const std::string& scratch, const std::string& path) {
    for (const char* const ending : kCopies) {
        const std::string made = scratch + ending, copy = path + ending;
        struct stat before {};
        if (::access(made.c_str(), F_OK) != 0) continue;
        const bool is_there = ::stat(copy.c_str(), &before) == 0;
        const bool is_closed = ::chmod(made.c_str(), is_there ? before.st_mode & 07770 : 0600) == 0 &&
                               (!is_there || ::chown(made.c_str(), before.st_uid, before.st_gid) == 0 || ::geteuid() != 0);
        if (!is_closed || ::rename(made.c_str(), copy.c_str()) != 0)
            return Unexpected{Failure{FailureKind::local, "writing", printable(copy), std::strerror(errno), ""}};
    }
    if (const auto flushed = flush_folder_of(path); !flushed)
        return Unexpected{Failure{FailureKind::local, "writing", printable(path), std::strerror(flushed.error()), ""}};
    return {};
}

void remove_with_copies(const std::string& path) {
    ::unlink(path.c_str());
    for (const char* const ending : kCopies) ::unlink((path + ending).c_str());
}

Unexpected<Failure> no_entry(const std::string& map, std::string reason, std::string next) {
    return Unexpected{Failure{FailureKind::input, "adding a server name to", printable(map), std::move(reason), std::move(next)}};
}

bool can_be_changed(const std::string& map) {
    return is_compiled(split_map(map)) || split_map(map).type == "texthash";
}

}  // namespace

MapName split_map(std::string_view map) {
    const std::size_t colon = map.find(':');
    return {std::string(map.substr(0, colon)), colon == std::string_view::npos ? "" : std::string(map.substr(colon + 1))};
}

bool is_compiled(const MapName& map) {
    return map.type == "hash" || map.type == "btree" || map.type == "lmdb" || map.type == "cdb" || map.type == "dbm";
}

Result<void, Failure> make_copy(const std::string& config, const std::string& map) {
    // postmap empties the copy that is served before it writes to it, and leaves names out whose files it cannot read: it makes another
    // one.
    const MapName name = split_map(map);
    const auto text = read_file_state(name.path);
    if (!text) return forward_error(text);
    if (!text->exists) return Unexpected{Failure{FailureKind::local, "reading", printable(name.path), "it is not there", ""}};
    const std::string scratch = name.path + ".truename-new";
    remove_with_copies(scratch);
    auto made = [&]() -> Result<void, Failure> {
        if (const auto written = replace_file(scratch, text->bytes.view(), Readers::owner); !written)
            return Unexpected{Failure{FailureKind::local, "writing", printable(scratch), std::strerror(written.error()), ""}};
        const auto output = run_successfully({"postmap", "-c", config, "-F", name.type + ":" + scratch}, kPostfixDeadline);
        if (!output) return forward_error(output);
        // The exit status says nothing of names that are left out.
        if (output->err.find("skipping this entry") != std::string::npos)
            return Unexpected{
                Failure{FailureKind::protocol, "running", "postmap -F " + printable(map), last_line({0, "", output->err}), ""}};
        return put_copies(scratch, name.path);
    }();
    remove_with_copies(scratch);
    return made;
}

void remove_copies(const std::string& map) {
    const std::string path = split_map(map).path;
    for (const char* const ending : kCopies) ::unlink((path + ending).c_str());
}

std::string table_for(std::string_view maps, const std::vector<std::string>& names) {
    std::string first;
    if (maps.find('{') != std::string_view::npos) return first;  // tables made of tables
    for (const std::string& map : setting_words(maps)) {
        if (!can_be_changed(map)) continue;
        if (first.empty()) first = map;
        const auto state = read_file_state(split_map(map).path);
        const auto lines = state ? read_sni_lines(state->bytes.view()) : std::vector<SniLine>();
        if (std::ranges::any_of(lines, [&](const SniLine& line) { return std::ranges::find(names, line.name) != names.end(); })) return map;
    }
    return first;
}

Result<FileEdit, Failure> table_edit(const std::string& map, const Place& place, const std::vector<std::string>& names, bool is_new) {
    const std::string path = split_map(map).path;
    const auto state = read_file_state(path);
    if (!state) return forward_error(state);
    if (state->link) return no_entry(map, "it is a link to " + printable(*state->link), "Name the file itself in tls_server_sni_maps");
    const std::string before(state->bytes.view());
    // postmap would make a copy without the names that the present one has.
    if (!is_new && read_sni_lines(before).empty())
        return no_entry(map, state->exists ? "its text has no name in it" : "its text is not there",
                        "Put it there again, or take it out of tls_server_sni_maps");
    std::string text = is_new ? std::string() : before;
    for (const std::string& name : names) {
        auto with_line = with_sni_line(text, {name, {place.key_file, place.certificate_file}});
        if (!with_line) return no_entry(map, "it has no form for the file " + printable(place.key_file), "Choose a folder without blanks");
        text = std::move(*with_line);
    }
    return FileEdit{path, before, std::move(text)};
}

}  // namespace truename::servers
