#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "finding/failure.h"
#include "servers/config_files.h"
#include "servers/dovecot_filter.h"

namespace truename::servers {

/// A file of a configuration of Dovecot, once, however often it is included.
struct DovecotFile {
    std::string path, text;
    std::size_t times = 0;  ///< so often it is included
};

/// A block `type name { }`, each time that its file is included. Block 0 is the whole configuration.
struct DovecotBlock {
    std::string type, name;
    std::size_t outside = 0;  ///< the block around it
    bool is_section = false;  ///< it, or one around it, is no filter: `service`, `plugin`, `namespace` ...
    std::size_t first = 0;    ///< the first block whose filter is the same: to Dovecot they are one
    std::size_t file = 0, line = 0;
    std::size_t begin = 0, end = 0;  ///< the bytes of its lines, from `type name {` to `}`
    std::size_t inside_end = 0;      ///< where the line of `}` begins
};

/// An assignment, in the order in which Dovecot reads them.
struct DovecotSetting {
    std::string name;
    std::string value;     ///< as Dovecot takes it, but with `$name` at its begin as it stands
    bool is_file = false;  ///< `name = <value`: the content of the file, relative to the folder of the configuration file
    std::size_t block = 0, file = 0, line = 0;
    std::size_t begin = 0, end = 0;  ///< the bytes of its lines
};

/// A line `# name = ...`: mostly a default, as packages show it.
struct DovecotHint {
    std::string name;
    std::size_t block = 0, file = 0;
    std::size_t begin = 0, end = 0;  ///< its line; `end` is where the next line begins
};

/// A configuration of Dovecot 2.3 with its bytes. The numbers in blocks, settings and hints are places in these lists.
struct DovecotConfig {
    std::vector<DovecotFile> files;  ///< the main file first
    std::vector<DovecotBlock> blocks;
    std::vector<DovecotSetting> settings;
    std::vector<DovecotHint> hints;
};

/// What the filters around the settings of that block say together; borrows from `config`.
DovecotFilter filter_of(const DovecotConfig& config, std::size_t block);

/// Reads the configuration whose main file is `path` with everything that it includes, in Dovecot's order. A Failure says file and line of
/// what Dovecot 2.3 would not read, what goes beyond ConfigLimits, and that a configuration is written for Dovecot 2.4 or for a version
/// that is not known. Not checked: whether settings exist, and what the server alone knows (`$name`, host names in blocks).
Result<DovecotConfig, Failure> read_dovecot_config(const std::string& path, const ConfigFiles& files);

/// The assignment of `name` (outside of sections such as `service`) that decides under the circumstances `asked`; null when none does and
/// the default holds. As Dovecot decides: the most special filter first, of equal ones the first in the text, in one the last assignment.
/// Where two filters do not lie in each other, Dovecot refuses the connection instead; see contradicting().
const DovecotSetting* find_setting(const DovecotConfig& config, std::string_view name, const DovecotFilter& asked = {});

/// Every assignment of `name` inside of filters: where a global value does not hold.
std::vector<const DovecotSetting*> settings_in_filters(const DovecotConfig& config, std::string_view name);

/// An assignment of `name` that Dovecot would find in contradiction to one for a local name: in a filter by protocol or address without a
/// name. Null when there is none.
const DovecotSetting* contradicting(const DovecotConfig& config, std::string_view name);

}  // namespace truename::servers
