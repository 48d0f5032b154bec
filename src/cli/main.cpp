#include <sys/resource.h>

#include <csignal>
#include <exception>
#include <new>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "cli/program.h"
#include "cli/run.h"
#include "cli/watch.h"

int main(int argc, char** argv) {
    using namespace truename;
    // A core file would hold whatever keys were in memory.
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    // A peer or a reader that goes away is a value from write(), not an end of the program.
    std::signal(SIGPIPE, SIG_IGN);

    const std::vector<std::string_view> words(argv + (argc > 0 ? 1 : 0), argv + argc);
    const SystemClock clock;
    cli::Program program(clock);
    try {
        const cli::Watch watch(program);
        return static_cast<int>(cli::run(words, program));
    } catch (const std::bad_alloc&) {
        program.complain({cli::ExitCode::internal, {FailureKind::local, "working", "", "out of memory", ""}});
    } catch (const std::exception& error) {
        program.complain(
            {cli::ExitCode::internal, {FailureKind::local, "working", "", error.what(), "This is a bug of truename; please report it"}});
    }
    return static_cast<int>(cli::ExitCode::internal);
}
