#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/program.h"
#include "doctor/render.h"

namespace truename::cli {

namespace {

ExitCode run_schema(const Arguments&, Program& program) {
    program.print(doctor::json_schema());
    return ExitCode::silent;
}

}  // namespace

const Command kSchemaCommand = {
    .name = "schema",
    .summary = "Print the JSON Schema of what -o json and -o jsonl write",
    .run = run_schema,
};

}  // namespace truename::cli
