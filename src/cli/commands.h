#pragma once

#include "cli/command.h"
#include "cli/exit_code.h"

namespace truename::cli {

// One command a file; each defines its row, which commands.cpp lists.
extern const Command kCheckCommand;        ///< check.cpp
extern const Command kReplayCommand;       ///< replay.cpp
extern const Command kPredictCommand;      ///< predict.cpp
extern const Command kShowCommand;         ///< show.cpp
extern const Command kExplainCommand;      ///< explain.cpp
extern const Command kClientsCommand;      ///< clients.cpp
extern const Command kAddressCommand;      ///< address.cpp
extern const Command kCaCommand;           ///< ca.cpp
extern const Command kCertificateCommand;  ///< certificate.cpp
extern const Command kMailCommand;         ///< mail.cpp
extern const Command kKeysCommand;         ///< keys.cpp
extern const Command kSchemaCommand;       ///< schema.cpp
extern const Command kCompletionCommand;   ///< completion.cpp
extern const Command kHelpCommand;         ///< help_command.cpp
extern const Command kVersionCommand;      ///< version.cpp

/// A command that has subcommands was given none.
[[nodiscard]] Stop needs_another_word(const Command& command);

}  // namespace truename::cli
