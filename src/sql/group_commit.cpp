#include "sql/group_commit.h"

#include <algorithm>
#include <condition_variable>

namespace truename::sql {

namespace {

/// So that nobody waits long for those that came with him.
constexpr std::size_t kMaxGroup = 256;

}  // namespace

struct GroupCommit::Waiting {
    explicit Waiting(const Job& j) : job(j) {}
    const Job& job;
    Result<void, Error> result = {};
    bool done = false;
    std::condition_variable wake = {};
};

Result<void, Error> GroupCommit::commit(const Job& job) {
    const auto mine = std::make_shared<Waiting>(job);
    std::unique_lock lock(mutex_);
    queue_.push_back(mine);
    mine->wake.wait(lock, [&] { return mine->done || queue_.front() == mine; });
    if (mine->done) return std::move(mine->result);

    const std::size_t size = std::min(queue_.size(), kMaxGroup);
    const Group group(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(size));
    lock.unlock();
    run_group(group);
    lock.lock();
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(size));
    for (const auto& one : group) one->done = true;
    const auto next = queue_.empty() ? nullptr : queue_.front();
    lock.unlock();
    // Without the lock: who wakes up wants it, and would go back to sleep.
    if (next) next->wake.notify_one();
    for (const auto& one : group) {
        if (one != mine) one->wake.notify_one();
    }
    return std::move(mine->result);
}

void GroupCommit::run_group(const Group& group) {
    const auto committed = database_.transact([&]() -> Result<void, Error> {
        for (const auto& one : group) {
            one->result = database_.attempt([&] { return one->job(database_); });
            if (!database_.is_in_transaction())
                return one->result ? Unexpected{Error{ErrorKind::io, "the transaction ended"}} : one->result;
        }
        return {};
    });
    if (committed) return;
    for (const auto& one : group) {
        if (one->result) one->result = forward_error(committed);
    }
}

}  // namespace truename::sql
