#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

#include "base/time.h"
#include "probe/evidence.h"

namespace truename::probe {

/// How long an OCSP answer or a revocation list is kept that does not say when the next one comes, or that says nothing, or a failure.
inline constexpr std::chrono::seconds kKeepUnsaid{60};

/// Until when an OCSP answer or a revocation list may be given to the next who asks: not longer than it says itself (nextUpdate: RFC 6960
/// 2.4, RFC 5280 5.1.2.5), and kKeepUnsaid where it says nothing of that.
Time kept_until(const Fetched& fetched);

/// What OCSP responders and revocation lists said, for the other targets of a list. Bounded in number and bytes; knows no clock.
class StatusCache {
  public:
    explicit StatusCache(std::size_t most = 4096, std::size_t most_bytes = std::size_t{32} << 20) : most_(most), most_bytes_(most_bytes) {}

    /// What was said to that question, if it still counts; borrowed until the next call.
    const Fetched* find(const std::string& question, Time now);
    /// Keeps an answer; `fetched.at` says since when.
    void put(const std::string& question, const Fetched& fetched);

    [[nodiscard]] std::size_t size() const { return known_.size(); }

  private:
    struct Known {
        Fetched fetched;
        Time until{};
    };
    void forget_ended(Time now);
    [[nodiscard]] bool is_full(std::size_t more) const { return known_.size() >= most_ || bytes_ + more > most_bytes_; }

    std::size_t most_, most_bytes_, bytes_ = 0;
    std::map<std::string, Known> known_;
};

}  // namespace truename::probe
