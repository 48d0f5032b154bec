#include "cli/watch.h"

#include <cerrno>
#include <ctime>

#include "cli/file.h"
#include "cli/program.h"

namespace truename::cli {

namespace {

// Asks the thread to end; a signal like the others, so that one wait serves both. Nobody else uses it.
constexpr int kEndSignal = SIGUSR2;

bool is_ignored(int signal) {
    struct sigaction action {};
    return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

Watch::Watch(Program& program) : program_(program) {
    sigemptyset(&waited_for_);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        if (!is_ignored(signal)) sigaddset(&waited_for_, signal);
    }
    sigaddset(&waited_for_, kEndSignal);
    ::pthread_sigmask(SIG_BLOCK, &waited_for_, nullptr);
    thread_ = std::thread([this] { run(); });
}

Watch::~Watch() {
    ::pthread_kill(thread_.native_handle(), kEndSignal);
    thread_.join();
}

void Watch::run() {
    for (;;) {
        constexpr timespec kRedraw{0, 200'000'000};
        const int signal =
            program_.shows_progress() ? ::sigtimedwait(&waited_for_, nullptr, &kRedraw) : ::sigwaitinfo(&waited_for_, nullptr);
        if (signal == kEndSignal) return;
        if (signal < 0) {
            if (errno == EAGAIN) program_.draw_progress();
            continue;
        }
        if (program_.request_stop()) {
            program_.note("Stopping; what was begun is put back. Once more ends at once.");
            continue;
        }
        program_.interrupt(abandon_files());
    }
}

}  // namespace truename::cli
