#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "finding/failure.h"
#include "servers/config_files.h"
#include "servers/place.h"

namespace truename::servers {

/// `hash:/etc/postfix/sni` in its two parts.
struct MapName {
    std::string type, path;
};
MapName split_map(std::string_view map);

/// Maps of which postmap makes a file that the server reads in the place of the text.
bool is_compiled(const MapName& map);

/// Has postmap make the copy of a map beside the one that is served, with the files that its text names, and puts it in its place: closed
/// to others as that one is, or to all but us. `config` is the folder of main.cf. Fails with `protocol` where a name would be left out.
Result<void, Failure> make_copy(const std::string& config, const std::string& map);

/// Takes the copies of a map away.
void remove_copies(const std::string& map);

/// Of the tables of one service, as tls_server_sni_maps has them, that which has one of the names, or else the first; empty where there is
/// none that can be changed.
std::string table_for(std::string_view maps, const std::vector<std::string>& names);

/// The edit of the text of a map that names the files of `place` for these names; a new one begins with nothing, whatever is there. Fails
/// with `input` where names would be lost or the text is a link.
Result<FileEdit, Failure> table_edit(const std::string& map, const Place& place, const std::vector<std::string>& names, bool is_new);

}  // namespace truename::servers
