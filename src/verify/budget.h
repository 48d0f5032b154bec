#pragma once

#include <cstddef>
#include <cstdint>

namespace truename::verify {

/// A path with more certificates than this is not followed; no client goes so far.
inline constexpr std::size_t kMaxPathLength = 32;

/// How much work one verification may cost, whatever the certificates are: listing all paths of a hostile chain would be exponential.
/// When one of them is used up nothing more is looked for, what was found stands, and work.budget is a finding of the chain.
struct Budget {
    std::uint32_t certificates = 16'384;       ///< read as nodes, anchors among them; more are not looked at
    std::uint32_t signatures = 2'000;          ///< public key operations and answers from memory alike; costly ones count for several
    std::uint32_t name_comparisons = 100'000;  ///< issuer with subject, and names with constraints; long ones count for several
    std::uint32_t candidates = 10'000;         ///< steps of all path searches together
    std::uint32_t paths = 1'024;               ///< paths that are kept with their findings
    std::uint32_t path_octets = 16U << 20;     ///< of the certificates in these paths, each as often as it is in one
};

/// What is left of a Budget. Each take_...() gives false, and goes on doing so, once there is nothing left.
class Meter {
  public:
    explicit Meter(const Budget& budget) : left_(budget) {}

    bool take_certificate() { return take(left_.certificates); }
    /// `cost` is that of x509::signature_cost().
    bool take_signature(std::uint32_t cost) { return take(left_.signatures, cost); }
    /// `octets` of names are gone through: up to 255 cost one, as nearly all names do, and each further 256 one more.
    bool take_name_comparison(std::size_t octets) { return take(left_.name_comparisons, 1 + octets / 256); }
    bool take_candidate() { return take(left_.candidates); }
    bool take_path(std::size_t octets) { return take(left_.path_octets, octets) && take(left_.paths); }

    /// True once something that was wanted could not be had.
    [[nodiscard]] bool is_exhausted() const { return exhausted_; }
    /// What is left.
    [[nodiscard]] const Budget& left() const { return left_; }

  private:
    bool take(std::uint32_t& amount, std::size_t cost = 1) {
        if (amount < cost) {
            amount = 0;
            exhausted_ = true;
            return false;
        }
        amount -= static_cast<std::uint32_t>(cost);
        return true;
    }

    Budget left_;
    bool exhausted_ = false;
};

}  // namespace truename::verify
