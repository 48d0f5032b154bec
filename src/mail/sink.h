#pragma once

#include "base/bytes.h"
#include "base/result.h"
#include "finding/failure.h"

namespace truename::mail {

/// How a step of the way through a message ends.
using Outcome = Result<void, Failure>;

/// Takes bytes piece by piece. Every stage of this module is pushed: whoever has bytes gives them, in pieces of any size, so that a file, a
/// pipe and a mail server that hands out blocks are all the same. After a failure a sink is given nothing more.
class Sink {
  public:
    Sink() = default;
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;
    virtual ~Sink() = default;

    /// Takes the next piece; borrowed for the call.
    virtual Outcome write(Bytes piece) = 0;
    /// Says that there is no more.
    virtual Outcome finish() = 0;
};

/// Keeps what is written.
class ByteCollector : public Sink {
  public:
    Outcome write(Bytes piece) override {
        bytes.insert(bytes.end(), piece.begin(), piece.end());
        return {};
    }
    Outcome finish() override { return {}; }
    ByteString bytes;
};

/// A no of this program to something that could be read: it would mislead somebody.
[[nodiscard]] inline Unexpected<Failure> refuse(std::string doing, std::string reason, std::string next = {}) {
    return {Failure{FailureKind::refused, std::move(doing), "the message", std::move(reason), std::move(next)}};
}

/// A failure of a message that is not what it should be.
[[nodiscard]] inline Unexpected<Failure> bad_message(std::string reason, std::string next = {}) {
    return {Failure{FailureKind::input, "reading", "the message", std::move(reason), std::move(next)}};
}

}  // namespace truename::mail
