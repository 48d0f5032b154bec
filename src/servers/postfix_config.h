#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "finding/failure.h"
#include "servers/config_files.h"

namespace truename::servers {

/// An assignment in main.cf.
struct PostfixParameter {
    std::string name;
    std::string value;  ///< `$name` as it stands; one blank where a line ends
    std::size_t line = 0;
    std::size_t begin = 0;  ///< where its first line begins
};

/// A line `#name = ...` in main.cf behind which a line may be put.
struct PostfixHint {
    std::string name;
    std::size_t end = 0;  ///< where the next line begins
};

/// main.cf with its bytes.
struct PostfixMain {
    std::string path, text;
    std::vector<PostfixParameter> parameters;  ///< in the order of the file
    std::vector<PostfixHint> hints;
};

/// `-o name=value` of a service.
struct PostfixOverride {
    std::string name, value;
    std::size_t line = 0;  ///< where its argument begins
};

/// An entry of master.cf.
struct PostfixService {
    std::string name, type, command;
    std::vector<PostfixOverride> overrides;  ///< in order; of two for one name the last holds
    std::size_t line = 0;
    std::size_t begin = 0;               ///< where its first line begins
    std::vector<std::string> arguments;  ///< of the command, behind its options
};

/// master.cf with its bytes.
struct PostfixMaster {
    std::string path, text;
    std::vector<PostfixService> services;
};

/// Reads main.cf as Postfix 3.7 does. A Failure says where Postfix would stop: a line without `=`, one that continues nothing; and what
/// goes beyond ConfigLimits. Not checked: whether there are such parameters.
Result<PostfixMain, Failure> read_postfix_main(const std::string& path, const ConfigFiles& files);

/// The assignment that holds, which is the last; null when the default does.
const PostfixParameter* find_parameter(const PostfixMain& main, std::string_view name);

/// `value` with `$name`, `${name}` and `$(name)` replaced by what main.cf says; names that it does not set stay, and so do conditions.
/// Nothing when a parameter is made of itself, or too much comes out.
std::optional<std::string> expand(const PostfixMain& main, std::string_view value);

/// Reads master.cf in the same way. Not checked: the fields between type and command.
Result<PostfixMaster, Failure> read_postfix_master(const std::string& path, const ConfigFiles& files);

/// The entry for `smtp`, `inet`: of two the last, which Postfix takes; null when there is none. Names are compared as they stand: `25` is
/// not `smtp`.
const PostfixService* find_service(const PostfixMaster& master, std::string_view name, std::string_view type);

/// The override that holds, which is the last; null when main.cf decides.
const PostfixOverride* find_override(const PostfixService& service, std::string_view name);

}  // namespace truename::servers
