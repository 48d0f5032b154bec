#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "sql/database.h"

namespace truename::sql {

/// Lets many threads write to one database: what they hand in while a transaction goes to the disk becomes the next transaction, so that
/// all of them wait for one write of the disk together.
class GroupCommit {
  public:
    /// What a thread wants written. It is run inside of a transaction, on some thread, while its own one waits.
    using Job = std::function<Result<void, Error>(Database&)>;

    /// Borrows the database, which nobody else uses from now on.
    explicit GroupCommit(Database& database) : database_(database) {}

    /// Comes back when what `job` did is on the disk. A job that fails is undone and tells its own error; those beside it stand. When the
    /// transaction fails, all of them do.
    Result<void, Error> commit(const Job& job);

  private:
    struct Waiting;
    using Group = std::deque<std::shared_ptr<Waiting>>;
    void run_group(const Group& group);

    Database& database_;
    std::mutex mutex_;
    Group queue_;  // the first one leads: it runs the jobs of the others with its own
};

}  // namespace truename::sql
