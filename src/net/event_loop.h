#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "base/descriptor.h"
#include "base/result.h"
#include "finding/failure.h"

namespace truename::net {

using Ticks = std::chrono::steady_clock::time_point;

class EventLoop;

/// Something that waits in a loop: for its descriptor, for its deadline, or both. It must not die while events are handed out; whoever ends
/// one inside on_ready() or on_deadline() keeps it until EventLoop::run_once() has returned.
class EventHandler {
  public:
    EventHandler() = default;
    EventHandler(const EventHandler&) = delete;
    EventHandler& operator=(const EventHandler&) = delete;
    virtual ~EventHandler() = default;

    /// The descriptor has become readable or writable, or broken; events are edges: read and write until the kernel says "not now". May
    /// come once more after the descriptor was closed in the same round.
    virtual void on_ready() = 0;

    /// The deadline has passed; it is no longer set.
    virtual void on_deadline() = 0;

  private:
    friend class EventLoop;
    static constexpr std::size_t kNoPlace = ~std::size_t{0};
    std::size_t place_ = kNoPlace;  // in the loop's heap of deadlines
    Ticks deadline_{};
};

/// One epoll and one heap of deadlines, for one thread. Nothing in it grows with the number of events that have been, only with what waits
/// now.
class EventLoop {
  public:
    /// Fails with `local` when the system gives no descriptors.
    static Result<std::unique_ptr<EventLoop>, Failure> make();
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;
    ~EventLoop();

    /// Waits for `fd` from now on until it is closed; false when the system refuses.
    [[nodiscard]] bool watch(int fd, EventHandler& handler);

    /// Sets the handler's only deadline, in the place of the one before.
    void set_deadline(EventHandler& handler, Ticks at);
    void clear_deadline(EventHandler& handler);

    /// The time as of this round: read once a round, so that it costs nothing.
    [[nodiscard]] Ticks now() const { return now_; }

    /// Waits for events and hands them out, then the deadlines that have passed, then what was posted. Returns at the latest when the first
    /// deadline passes, or after `longest`.
    void run_once(std::chrono::milliseconds longest);

    /// Has `call` called by the thread of the loop; any thread may.
    void post(std::function<void()> call);

  private:
    EventLoop(Descriptor epoll, Descriptor wake);
    void sift_up(std::size_t place);
    void sift_down(std::size_t place);
    void put(std::size_t place, EventHandler* handler);
    void expire();
    void run_posted();

    Descriptor epoll_, wake_;
    Ticks now_;
    std::vector<EventHandler*> deadlines_;  // a binary heap, earliest first
    std::mutex mutex_;
    std::vector<std::function<void()>> posted_;  // guarded by mutex_
};

}  // namespace truename::net
