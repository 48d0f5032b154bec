#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include "net/connection.h"
#include "net/event_loop.h"
#include "net/resolver.h"
#include "net/tls.h"
#include "probe/job.h"
#include "probe/probe.h"
#include "probe/status_cache.h"

namespace truename::probe {

/// The loop, the connections and their bounds: takes targets from the source, opens connections for them as there is room, and hands
/// evidence to the sink. For one thread. Jobs and connections are changed only between two rounds of the loop, so no callback ever destroys
/// what called it.
class Engine {
  public:
    static Result<std::unique_ptr<Engine>, Failure> make(const Options& options, const Clock& clock);
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    ~Engine();

    /// Runs until `source` is empty and all targets have ended, or `stop` is requested.
    void run(const TargetSource& source, const EvidenceSink& sink, const std::stop_token& stop);

    /// Opens a connection for `job` as soon as there is room; it is told by Job::on_report().
    void send(Job& job, Errand errand, net::ConnectionPlan plan);
    /// Closes all connections of `job` to that endpoint that were kept open. Where there is no room for a new connection, the engine closes
    /// kept ones by itself.
    void release(const Job& job, std::size_t endpoint);
    /// How many connections of `job` came about of which it has not been told yet.
    [[nodiscard]] unsigned count_untold(const Job& job) const;
    /// Has `job` looked at (Job::go_on()) before the next round.
    void wake(Job& job) { woken_.push_back(&job); }

    [[nodiscard]] const Options& options() const { return options_; }
    [[nodiscard]] const Clock& clock() const { return clock_; }
    [[nodiscard]] net::EventLoop& loop() { return *loop_; }
    [[nodiscard]] net::Resolver& resolver() { return resolver_; }
    [[nodiscard]] StatusCache& status_cache() { return status_cache_; }

  private:
    struct Slot final : net::Connection::Listener {
        Slot(Engine& e, Job& j, Errand what) : engine(e), job(&j), errand(std::move(what)) {}
        void on_end(net::Connection&) override { engine.ended_.push_back(this); }
        Engine& engine;
        Job* job;
        Errand errand;
        std::size_t place = 0;
        bool told = false;  // its job has the report
        std::optional<net::Connection> connection;
    };
    struct Waiting {
        Job* job;
        Errand errand;
        net::ConnectionPlan plan;
    };

    Engine(std::unique_ptr<net::EventLoop> loop, net::TlsContext tls, const Options& options, const Clock& clock);
    /// Does all that can be done without waiting.
    void work(const TargetSource& source, const EvidenceSink& sink);
    void take_reports();
    void go_on_with_jobs(const EvidenceSink& sink);
    void open_connections();
    void take_targets(const TargetSource& source);
    void remove_slot(Slot& slot);
    void release_if(const std::function<bool(const Slot&)>& wanted);
    void remove_job(Job& job);

    const Options& options_;
    const Clock& clock_;
    std::unique_ptr<net::EventLoop> loop_;
    net::TlsContext tls_;
    net::SystemResolver resolver_;
    net::ConnectionLimits connection_limits_;
    StatusCache status_cache_;
    std::vector<std::unique_ptr<Job>> jobs_;
    std::vector<std::unique_ptr<Slot>> slots_;
    std::vector<Slot*> ended_;
    std::deque<Slot*> kept_;  // their reports are taken; the oldest first
    std::vector<Job*> woken_;
    std::deque<Waiting> waiting_;
    bool source_empty_ = false;
};

}  // namespace truename::probe
