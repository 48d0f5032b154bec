#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace truename {

/// Why something that the program wanted did not come about; decides how it counts in the exit code.
enum class FailureKind : std::uint8_t {
    refused,   ///< the port is closed
    limited,   ///< the server turned us away for now (421, a late greeting): never the same as "has no STARTTLS"
    timeout,   ///< nothing came within the deadline
    dropped,   ///< the other side hung up
    protocol,  ///< the other side said what its protocol does not allow
    local,     ///< this machine's own trouble: no such name, no route, no right to write
    usage,     ///< what was asked for makes no sense
    input,     ///< a file or text that is there is not what it should be
};

/// `refused`, `limited`, ...: the word in JSON.
std::string_view name_of(FailureKind kind);

/// What the program wanted and could not, in four parts, so that text and JSON say the same and tests can look at each part.
struct Failure {
    FailureKind kind = FailureKind::local;
    std::string doing;   ///< "connecting", "reading the evidence"
    std::string object;  ///< to or from what: "192.0.2.1 port 993", a file name
    std::string reason;  ///< what was wrong
    std::string next;    ///< what to do now; empty when there is nothing useful to say

    friend bool operator==(const Failure&, const Failure&) = default;
};

/// One sentence or two: `connecting to 192.0.2.1 port 993: connection refused. Is the service running?`
std::string to_sentence(const Failure& failure);

}  // namespace truename
