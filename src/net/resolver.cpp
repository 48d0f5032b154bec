#include "net/resolver.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "net/address.h"

namespace truename::net {

namespace {

ResolverAnswer ask_system(const std::string& name) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    ResolverAnswer answer;
    if (const int error = ::getaddrinfo(name.c_str(), nullptr, &hints, &list); error != 0) {
        answer.error = error == EAI_SYSTEM ? std::strerror(errno) : ::gai_strerror(error);
        return answer;
    }
    for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
        const auto address = SocketAddress::from_native(entry->ai_addr, entry->ai_addrlen);
        if (!address) continue;
        std::string text = address->text();
        if (std::find(answer.addresses.begin(), answer.addresses.end(), text) == answer.addresses.end()) {
            answer.addresses.push_back(std::move(text));
        }
    }
    ::freeaddrinfo(list);
    if (answer.addresses.empty()) answer.error = "the name has no address";
    return answer;
}

constexpr std::chrono::seconds kIdle{5};

}  // namespace

/// Outlives the resolver as long as a thread hangs in the system's function.
struct SystemResolver::Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::pair<std::string, Callback>> queue;
    EventLoop* loop = nullptr;  // nullptr: the resolver is dead
    unsigned threads = 0, idle = 0, max_threads = 1;
};

SystemResolver::SystemResolver(EventLoop& loop, unsigned max_threads) : shared_(std::make_shared<Shared>()) {
    shared_->loop = &loop;
    shared_->max_threads = std::max(1U, max_threads);
}

SystemResolver::~SystemResolver() {
    const std::lock_guard lock(shared_->mutex);
    shared_->loop = nullptr;
    shared_->queue.clear();
    shared_->changed.notify_all();
}

void SystemResolver::resolve(std::string name, Callback done) {
    const std::lock_guard lock(shared_->mutex);
    shared_->queue.emplace_back(std::move(name), std::move(done));
    if (shared_->idle < shared_->queue.size() && shared_->threads < shared_->max_threads) {
        ++shared_->threads;
        // Detached: a thread that hangs in the system's function must not keep the program from ending.
        std::thread([shared = shared_] { work(shared); }).detach();
    } else {
        shared_->changed.notify_one();
    }
}

void SystemResolver::work(const std::shared_ptr<Shared>& shared) {
    std::unique_lock lock(shared->mutex);
    for (;;) {
        ++shared->idle;
        shared->changed.wait_for(lock, kIdle, [&] { return !shared->queue.empty() || shared->loop == nullptr; });
        --shared->idle;
        if (shared->loop == nullptr || shared->queue.empty()) break;
        auto [name, done] = std::move(shared->queue.front());
        shared->queue.pop_front();
        lock.unlock();
        ResolverAnswer answer = ask_system(name);
        lock.lock();
        if (shared->loop == nullptr) break;
        shared->loop->post([call = std::move(done), found = std::move(answer)] { call(found); });
    }
    --shared->threads;
}

}  // namespace truename::net
