#pragma once

#include <string>
#include <vector>

#include "verify/verification.h"

namespace truename::mail {

/// Who reads mail, as the verifier asks it: trusts what was added and what is this machine's, and is content only with a path on which
/// everything was checked and nothing is wrong.
class MailReader : public verify::PathClient {
  public:
    /// Borrows it.
    explicit MailReader(verify::Verification& verification) : verification_(verification) {}

    verify::Trust trusts(verify::NodeIndex node) override;
    bool accepts(verify::PathIndex path) override { return doubts(path).empty(); }

    /// What is wrong with a path, or was not checked, in sentences that are safe to print.
    [[nodiscard]] std::vector<std::string> doubts(verify::PathIndex path) { return find_doubts(path, true); }
    /// Whether the path was good at some time, as far as it is now.
    [[nodiscard]] bool was_good(verify::PathIndex path) { return find_doubts(path, false).empty(); }

  private:
    std::vector<std::string> find_doubts(verify::PathIndex path, bool minds_time);

    verify::Verification& verification_;
};

}  // namespace truename::mail
