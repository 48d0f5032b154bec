#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "cli/exit_code.h"
#include "servers/also_named.h"
#include "servers/installer.h"

namespace truename::cli {

class Program;

/// How the result of an installation is written, and what was known before it.
struct Telling {
    bool json = false;
    bool issues = false;                     ///< the certificate is made for it
    std::string orders_from{};               ///< by this authority, which was not asked yet; empty: it is there
    std::vector<servers::AlsoNamed> also{};  ///< servers that are not told
    std::vector<std::string> notes{};        ///< what was said on standard error
};

/// A member that is an array of texts.
void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts);

/// The members that say which certificate it was; none where none was put anywhere.
void write_certificate(JsonWriter& json, const servers::Installation& installation);

/// Writes what would change in configurations, as `diff -u` does.
void tell_edits(const servers::Plan& plan, Program& program);

/// Writes what would be done.
void tell_plan(const servers::Plan& plan, const servers::Completed& completed, const Telling& telling, Program& program);

/// What the command ends with when it was rolled back.
[[nodiscard]] Stop stop_for_rollback(const servers::Outcome& outcome);

/// Writes how it went. 0: as wished; 2: rolled back; 3: in place, but not proved; 130: rolled back because somebody pressed Ctrl-C.
[[nodiscard]] ExitCode tell_outcome(const servers::Outcome& outcome, const servers::Installation& installation, const Telling& telling,
                                    Program& program);

}  // namespace truename::cli
