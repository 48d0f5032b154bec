#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/event_loop.h"

namespace truename::net {

/// What a name resolved to.
struct ResolverAnswer {
    std::vector<std::string> addresses;  ///< without doubles, in the order of the system's preference
    std::string error;                   ///< the system's words when there is none; empty otherwise
};

/// Turns names into addresses. For one thread: answers come by the loop.
class Resolver {
  public:
    using Callback = std::function<void(ResolverAnswer)>;

    virtual ~Resolver() = default;

    /// Asks for the addresses of `name`; `done` is called once, later, by the thread of the loop. There is no deadline here: whoever asks
    /// stops waiting. After the resolver's death nobody is called.
    virtual void resolve(std::string name, Callback done) = 0;
};

/// The machine's own way (hosts file, DNS, whatever nsswitch.conf says), in at most `max_threads` threads, which exist only when they are
/// needed: the system's function can block for half a minute, and one dead name must not hold up others.
class SystemResolver final : public Resolver {
  public:
    SystemResolver(EventLoop& loop, unsigned max_threads);
    SystemResolver(const SystemResolver&) = delete;
    SystemResolver& operator=(const SystemResolver&) = delete;
    ~SystemResolver() override;

    void resolve(std::string name, Callback done) override;

  private:
    struct Shared;
    static void work(const std::shared_ptr<Shared>& shared);
    std::shared_ptr<Shared> shared_;
};

}  // namespace truename::net
