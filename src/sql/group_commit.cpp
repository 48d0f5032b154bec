#include "sql/group_commit.h"

#include <condition_variable>

namespace truename::sql {

namespace {

/// So that nobody waits long for those that came with him.
constexpr std::size_t kMaxGroup = 256;

}  // namespace

struct GroupCommit::Waiting {
    const Job& job;
    Result<void, Error> result = {};
    bool done = false;
    std::condition_variable wake = {};
};

Result<void, Error> GroupCommit::commit(const Job& job) {
    Waiting mine{job};
    std::unique_lock lock(mutex_);
    queue_.push_back(&mine);
    mine.wake.wait(lock, [&] { return mine.done || queue_.front() == &mine; });
    if (mine.done) return std::move(mine.result);

    const std::size_t size = std::min(queue_.size(), kMaxGroup);
    std::deque<Waiting*> group(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(size));
    lock.unlock();
    run_group(group);
    lock.lock();
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(size));
    for (Waiting* one : group) {
        one->done = true;
        if (one != &mine) one->wake.notify_one();  // under the lock: with `done` it may be gone
    }
    if (!queue_.empty()) queue_.front()->wake.notify_one();
    return std::move(mine.result);
}

void GroupCommit::run_group(std::deque<Waiting*>& group) {
    const auto committed = database_.transact([&]() -> Result<void, Error> {
        for (Waiting* one : group) {
            one->result = database_.attempt([&] { return one->job(database_); });
            if (!database_.is_in_transaction())
                return one->result ? Unexpected{Error{ErrorKind::io, "the transaction ended"}} : one->result;
        }
        return {};
    });
    if (committed) return;
    for (Waiting* one : group) {
        if (one->result) one->result = forward_error(committed);
    }
}

}  // namespace truename::sql
