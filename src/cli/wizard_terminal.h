#pragma once

#include "cli/arguments.h"
#include "cli/exit_code.h"
#include "wizard/wizard.h"

namespace truename::cli {

class Program;

namespace option {

inline constexpr Option kPage = {.name = "page",
                                 .help = "Write the next page of questions as JSON, for a program that shows it, and ask nothing."};

inline constexpr Option kAnswer = {
    .name = "answer",
    .argument = "ID=TEXT",
    .help = "With `--page`: the answer to a page, in the order of the pages; the last page is the list of what is to be done.",
    .repeatable = true,
};

}  // namespace option

/// Writes the page that follows the answers of `--answer`: `silent` when they were taken, `usage` when one was not.
[[nodiscard]] ExitCode print_page(const wizard::Wizard& wizard, const Arguments& arguments, Program& program);

/// Shows the pages of a wizard in the terminal, then what would be done, and does it. Answers are kept in the user's own folder until it is
/// done, so that whatever ends the program, the next run goes on there.
[[nodiscard]] ExitCode run_wizard(const wizard::Wizard& wizard, Program& program);

}  // namespace truename::cli
