#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "finding/failure.h"
#include "servers/config_files.h"
#include "servers/postfix_tables.h"

namespace truename::servers {

/// Settings by name, as postconf has them.
using PostfixValues = std::map<std::string, std::string, std::less<>>;

/// How long a program of Postfix may take.
inline constexpr std::chrono::seconds kPostfixDeadline{30};

/// The value of a setting; empty where there is none.
std::string_view value_of(const PostfixValues& values, std::string_view name);

/// What counts for everybody, and the services that listen with what they have in its place.
struct PostfixSettings {
    PostfixValues values;
    std::vector<PostfixListener> services;
};

/// Asks postconf for the settings of TLS of the Postfix whose main.cf is in that folder.
Result<PostfixSettings, Failure> ask_postconf(const std::string& config);

/// The values that count for one service.
PostfixValues effective(const PostfixValues& main, const PostfixListener& service);

/// Whether it offers TLS with these values.
bool speaks_tls(const PostfixValues& values);

/// The edits of main.cf that make these parameters hold, each made on top of those before it.
Result<std::vector<FileEdit>, Failure> main_edits(const std::string& config,
                                                  const std::vector<std::pair<std::string, std::string>>& wanted);

}  // namespace truename::servers
