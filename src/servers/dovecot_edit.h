#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "finding/failure.h"
#include "servers/config_files.h"
#include "servers/dovecot_config.h"

namespace truename::servers {

/// What a setting of Dovecot shall be.
struct DovecotValue {
    std::string text;
    bool is_file = false;  ///< `name = <text`: the content of that file
};

/// Sets `name` for everybody (`local_name` empty) or for the clients that ask for `local_name`, by changing the smallest stretch of bytes
/// of one file: the value where it stands; else a line behind a comment `# name = ...`, behind its relatives (`ssl_...`), in the block of
/// that name, or in a new block before the one that would win otherwise. Comments, order and line ends stay. An edit whose bytes are equal
/// says that nothing has to change.
///
/// A global value does not hold inside of filters that have their own: settings_in_filters().
///
/// The edit was read again: it gives that value, and every other setting is as before. A Failure says why there is no such edit: the value
/// cannot be written, another filter contradicts, a file outside of the folder of the main file, or one that is included twice, is in the
/// way. Not checked: whether Dovecot takes the setting inside of `local_name` (not `ssl_client_ca_dir`, for one). `files` must be those
/// that `config` was read from.
Result<FileEdit, Failure> set_dovecot_setting(const DovecotConfig& config, const ConfigFiles& files, std::string_view name,
                                              const DovecotValue& value, std::string_view local_name = {});

}  // namespace truename::servers
