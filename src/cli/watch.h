#pragma once

#include <csignal>
#include <thread>

namespace truename::cli {

class Program;

/// A thread that waits for Ctrl-C (SIGINT, SIGTERM, SIGHUP; not those that the caller ignores) and draws the progress line meanwhile. On a
/// signal it says what was going on, keeps half-written output files as `.partial`, and ends the program with code 130, whatever the
/// other threads are doing.
///
/// Make it before any other thread, so that all of them inherit the blocked signals.
class Watch {
  public:
    explicit Watch(Program& program);
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    /// Ends the thread.
    ~Watch();

  private:
    void run();

    Program& program_;
    sigset_t waited_for_{};
    std::thread thread_;
};

}  // namespace truename::cli
