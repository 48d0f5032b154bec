#pragma once

#include <cstdint>

namespace truename::verify {

/// How much work one verification may cost, whatever the certificates are: listing all paths of a hostile chain would be exponential.
/// When one of them is used up nothing more is looked for, what was found stands, and work.budget is a finding of the chain.
struct Budget {
    std::uint32_t certificates = 256;          ///< read as nodes, anchors among them; more are not looked at
    std::uint32_t signatures = 2'000;          ///< public key operations and answers from memory alike
    std::uint32_t name_comparisons = 100'000;  ///< issuer with subject, and names with constraints
    std::uint32_t candidates = 10'000;         ///< steps of all path searches together
    std::uint32_t paths = 1'024;               ///< paths that are kept with their findings
};

/// What is left of a Budget. Each take_...() gives false, and goes on doing so, once there is nothing left.
class Meter {
  public:
    explicit Meter(const Budget& budget) : left_(budget) {}

    bool take_certificate() { return take(left_.certificates); }
    bool take_signature() { return take(left_.signatures); }
    bool take_name_comparison() { return take(left_.name_comparisons); }
    bool take_candidate() { return take(left_.candidates); }
    bool take_path() { return take(left_.paths); }

    /// True once something that was wanted could not be had.
    [[nodiscard]] bool is_exhausted() const { return exhausted_; }
    /// What is left.
    [[nodiscard]] const Budget& left() const { return left_; }

  private:
    bool take(std::uint32_t& amount) {
        if (amount == 0) {
            exhausted_ = true;
            return false;
        }
        --amount;
        return true;
    }

    Budget left_;
    bool exhausted_ = false;
};

}  // namespace truename::verify
