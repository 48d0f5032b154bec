#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace truename::servers {

/// `-o name=value` or `-o { name = value }` in the joined text of an entry of master.cf.
struct PostfixOption {
    std::string name, value;
    std::size_t begin = 0;                       ///< of `-o`, or of the `o` in `-vo`
    std::size_t argument = 0, end = 0;           ///< the argument with its braces
    std::size_t value_begin = 0, value_end = 0;  ///< inside of it
    bool has_braces = false;
};

/// The words of an entry of master.cf.
struct PostfixEntry {
    bool is_right = false;  ///< eight fields, braces that close, overrides that assign
    std::string name, type, command;
    std::vector<PostfixOption> options;
    std::vector<std::string> arguments;  ///< of the command, behind its options
    std::size_t options_end = 0;         ///< behind the last option, or the command
};

/// Reads the joined text of an entry. Options end, as getopt has it, at the first word that is none; `-o` behind it is the command's own.
PostfixEntry read_postfix_entry(std::string_view text);

}  // namespace truename::servers
