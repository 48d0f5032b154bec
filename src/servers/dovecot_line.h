#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "servers/config_text.h"

namespace truename::servers {

/// What a line of a configuration of Dovecot 2.3 is.
enum class DovecotLineKind : std::uint8_t {
    nothing,      ///< empty
    comment,      ///< begins with #
    dropped,      ///< continued, but an empty line or a comment follows: the server forgets what was begun
    setting,      ///< name = value
    include,      ///< !include
    include_try,  ///< !include_try
    block_begin,  ///< type [name] {
    block_end,    ///< }
    broken,       ///< none of these, or the text ends where the line goes on
};

/// One logical line: a line and those that continue it.
struct DovecotLine {
    DovecotLineKind kind = DovecotLineKind::nothing;
    std::size_t begin = 0, next = 0;  ///< [begin, next) are its bytes, with the last line end
    std::size_t lines = 1;            ///< so many lines of the file
    std::string key;                  ///< of a setting, or the type of a block
    std::string value;                ///< as the server takes it: no quotes, no `<`; the pattern of an include, the name of a block
    bool is_file = false;             ///< `name = <file`: the value is the file's content
    std::vector<Piece> raw_value;     ///< where the value stands, with quotes and `<`; an empty value stands behind `=`
};

/// The logical line that begins at `begin`, read as Dovecot 2.3 does: `#` outside of quotes begins a comment, a backslash at the end goes
/// on in the next line. Not checked: whether there is such a setting or block.
DovecotLine read_dovecot_line(std::string_view text, std::size_t begin);

}  // namespace truename::servers
