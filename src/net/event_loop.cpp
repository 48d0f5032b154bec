#include "net/event_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace truename::net {

Result<std::unique_ptr<EventLoop>, Failure> EventLoop::make() {
    Descriptor epoll(::epoll_create1(EPOLL_CLOEXEC));
    Descriptor wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = nullptr;
    if (!epoll || !wake || ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, wake.get(), &event) != 0) {
        return Unexpected{Failure{FailureKind::local, "starting the event loop", "this machine", std::strerror(errno),
                                  "Raise the limit of open files (ulimit -n)."}};
    }
    return std::unique_ptr<EventLoop>(new EventLoop(std::move(epoll), std::move(wake)));
}

EventLoop::EventLoop(Descriptor epoll, Descriptor wake)
    : epoll_(std::move(epoll)), wake_(std::move(wake)), now_(std::chrono::steady_clock::now()) {}

EventLoop::~EventLoop() = default;

bool EventLoop::watch(int fd, EventHandler& handler) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.ptr = &handler;
    return ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

void EventLoop::put(std::size_t place, EventHandler* handler) {
    deadlines_[place] = handler;
    handler->place_ = place;
}

void EventLoop::sift_up(std::size_t place) {
    EventHandler* const handler = deadlines_[place];
    while (place > 0 && handler->deadline_ < deadlines_[(place - 1) / 2]->deadline_) {
        put(place, deadlines_[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    put(place, handler);
}

void EventLoop::sift_down(std::size_t place) {
    EventHandler* const handler = deadlines_[place];
    for (;;) {
        std::size_t child = 2 * place + 1;
        if (child >= deadlines_.size()) break;
        if (child + 1 < deadlines_.size() && deadlines_[child + 1]->deadline_ < deadlines_[child]->deadline_) ++child;
        if (handler->deadline_ <= deadlines_[child]->deadline_) break;
        put(place, deadlines_[child]);
        place = child;
    }
    put(place, handler);
}

void EventLoop::set_deadline(EventHandler& handler, Ticks at) {
    handler.deadline_ = at;
    if (handler.place_ == EventHandler::kNoPlace) {
        deadlines_.push_back(&handler);
        handler.place_ = deadlines_.size() - 1;
    }
    sift_up(handler.place_);
    sift_down(handler.place_);
}

void EventLoop::clear_deadline(EventHandler& handler) {
    const std::size_t place = handler.place_;
    if (place == EventHandler::kNoPlace) return;
    handler.place_ = EventHandler::kNoPlace;
    EventHandler* const last = deadlines_.back();
    deadlines_.pop_back();
    if (last == &handler) return;
    put(place, last);
    sift_up(place);
    sift_down(last->place_);
}

void EventLoop::expire() {
    while (!deadlines_.empty() && deadlines_.front()->deadline_ <= now_) {
        EventHandler* const handler = deadlines_.front();
        clear_deadline(*handler);
        handler->on_deadline();
    }
}

void EventLoop::run_posted() {
    std::vector<std::function<void()>> calls;
    {
        const std::lock_guard lock(mutex_);
        calls.swap(posted_);
    }
    for (const auto& call : calls) call();
}

void EventLoop::run_once(std::chrono::milliseconds longest) {
    now_ = std::chrono::steady_clock::now();
    if (!deadlines_.empty()) {
        const auto first = std::chrono::ceil<std::chrono::milliseconds>(deadlines_.front()->deadline_ - now_);
        longest = std::max(std::chrono::milliseconds(0), std::min(longest, first));
    }
    std::array<epoll_event, 128> events;
    const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), static_cast<int>(longest.count()));
    now_ = std::chrono::steady_clock::now();
    bool woken = false;
    for (int i = 0; i < count; ++i) {
        if (auto* const handler = static_cast<EventHandler*>(events[static_cast<std::size_t>(i)].data.ptr)) {
            handler->on_ready();
        } else {
            woken = true;
        }
    }
    expire();
    if (woken) {
        std::uint64_t ignored = 0;
        [[maybe_unused]] const auto size = ::read(wake_.get(), &ignored, sizeof ignored);
        run_posted();
    }
}

void EventLoop::post(std::function<void()> call) {
    {
        const std::lock_guard lock(mutex_);
        posted_.push_back(std::move(call));
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto size = ::write(wake_.get(), &one, sizeof one);
}

}  // namespace truename::net
