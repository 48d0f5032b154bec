#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

#include "base/time.h"
#include "probe/evidence.h"

namespace truename::probe {

/// How long an OCSP answer is kept that does not say when the next one comes, or that says nothing, or a failure.
inline constexpr std::chrono::seconds kKeepUnsaid{60};

/// Until when what a responder said may be given to the next who asks: not longer than it says itself (nextUpdate, RFC 6960 2.4), and
/// kKeepUnsaid where it says nothing of that.
Time kept_until(const Fetched& fetched);

/// What OCSP responders said, for the other targets of a list. Bounded; knows no clock.
class StatusCache {
  public:
    explicit StatusCache(std::size_t most = 4096) : most_(most) {}

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
    std::size_t most_;
    std::map<std::string, Known> known_;
};

}  // namespace truename::probe
