#pragma once

#include "finding/failure.h"

namespace truename::cli {

/// What the program tells its caller. 0 to 3 are verdicts in the convention of monitoring plugins, the rest are those of sysexits.h.
enum class ExitCode : int {
    silent = 0,        ///< every selected client connects silently
    warns = 1,         ///< at least one warns, or expiry is near
    refuses = 2,       ///< at least one refuses
    not_judged = 3,    ///< nothing could be judged
    usage = 64,        ///< the command line makes no sense
    bad_input = 65,    ///< an input is there but is not what it should be
    no_input = 66,     ///< an input is missing or cannot be opened
    internal = 70,     ///< a bug of this program
    no_write = 73,     ///< an output cannot be written
    interrupted = 130  ///< Ctrl-C, or told to end
};

/// The code for several verdicts together: the worst, in the order refuses, warns, not judged, silent. Only for verdicts.
[[nodiscard]] constexpr ExitCode worst(ExitCode a, ExitCode b) {
    constexpr auto rank = [](ExitCode code) {
        return code == ExitCode::refuses ? 3 : code == ExitCode::warns ? 2 : code == ExitCode::not_judged ? 1 : 0;
    };
    return rank(a) >= rank(b) ? a : b;
}

/// The code for several things that were done one after the other: a failure before every verdict, the first of them.
[[nodiscard]] constexpr ExitCode graver(ExitCode a, ExitCode b) {
    if (a > ExitCode::not_judged) return a;
    return b > ExitCode::not_judged ? b : worst(a, b);
}

/// Why a command ends early: the code for the caller and the sentence for the person.
struct Stop {
    ExitCode code = ExitCode::internal;
    Failure failure;
};

/// A Stop for a command line that makes no sense: what is wrong with which argument, and what to type instead.
[[nodiscard]] inline Stop usage_stop(std::string object, std::string reason, std::string next = {}) {
    return {ExitCode::usage, {FailureKind::usage, "reading", std::move(object), std::move(reason), std::move(next)}};
}

}  // namespace truename::cli
