#pragma once

#include <chrono>

#include "base/time.h"

namespace truename {

/// The only way by which a module learns what time it is: `cli` passes the real one in, tests a false one.
class Clock {
  public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;

    /// The wall clock, which may jump.
    [[nodiscard]] virtual Time now() const = 0;

    /// A clock that only runs forward; meaningful as a difference.
    [[nodiscard]] virtual std::chrono::steady_clock::time_point ticks() const = 0;
};

/// The machine's own clocks.
class SystemClock final : public Clock {
  public:
    [[nodiscard]] Time now() const override { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }
    [[nodiscard]] std::chrono::steady_clock::time_point ticks() const override { return std::chrono::steady_clock::now(); }
};

}  // namespace truename
