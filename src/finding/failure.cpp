#include "finding/failure.h"

namespace truename {

std::string_view name_of(FailureKind kind) {
    switch (kind) {
        case FailureKind::refused:
            return "refused";
        case FailureKind::limited:
            return "limited";
        case FailureKind::timeout:
            return "timeout";
        case FailureKind::dropped:
            return "dropped";
        case FailureKind::protocol:
            return "protocol";
        case FailureKind::local:
            return "local";
        case FailureKind::usage:
            return "usage";
        case FailureKind::input:
            return "input";
    }
    return "local";
}

std::string to_sentence(const Failure& failure) {
    std::string text = failure.doing;
    if (!failure.object.empty()) text += (text.empty() ? "" : " ") + failure.object;
    if (!failure.reason.empty()) text += (text.empty() ? "" : ": ") + failure.reason;
    if (!failure.next.empty()) text += ". " + failure.next;
    return text;
}

}  // namespace truename
