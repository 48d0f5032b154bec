#pragma once

#include <vector>

#include "mail/sink.h"

namespace truename::mail {

/// Hands on what comes with CRLF at the end of every line, which is the form that signatures cover (RFC 8551 3.1.1). A lone CR stays as it
/// is. Text that has CRLF already is handed on as it is, without a copy.
class CanonicalLines : public Sink {
  public:
    /// Borrows `next`.
    explicit CanonicalLines(Sink& next) : next_(next) {}
    Outcome write(Bytes piece) override;
    Outcome finish() override { return next_.finish(); }

  private:
    Sink& next_;
    bool after_cr_ = false;
    std::vector<std::uint8_t> changed_;
};

}  // namespace truename::mail
