#pragma once

#include <string_view>

#include "base/result.h"
#include "finding/failure.h"
#include "servers/config_files.h"
#include "servers/postfix_config.h"

namespace truename::servers {

/// Sets a parameter in main.cf by changing the smallest stretch of bytes: the value of the assignment that holds; else a line behind a
/// comment
/// `#name = ...`, or at the end. Comments, order and line ends stay, also comments inside of a value of several lines. An edit whose bytes
/// are equal says that nothing has to change. The edit was read again: it gives that value and leaves every other parameter. A Failure says
/// that main.cf has no form for the value.
Result<FileEdit, Failure> set_postfix_parameter(const PostfixMain& main, std::string_view name, std::string_view value);

/// Sets `-o name=value` of one service in master.cf (`-o { name = value }` for a value with blanks): in the place of the one that holds,
/// else behind the last option. A Failure says that there is no such service, or no form for the value.
Result<FileEdit, Failure> set_postfix_override(const PostfixMaster& master, std::string_view service, std::string_view type,
                                               std::string_view name, std::string_view value);

/// Takes every `-o name=...` of one service out of master.cf, so that main.cf decides. An edit whose bytes are equal says that there is
/// none.
Result<FileEdit, Failure> remove_postfix_override(const PostfixMaster& master, std::string_view service, std::string_view type,
                                                  std::string_view name);

}  // namespace truename::servers
