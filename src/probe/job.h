#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "net/connection.h"
#include "net/event_loop.h"
#include "net/resolver.h"
#include "probe/deep.h"
#include "probe/issuers.h"
#include "probe/probe.h"
#include "probe/status_walk.h"

namespace truename::probe {

class Engine;

/// What one connection of a job is for: an endpoint's first, or a question about it.
struct Errand {
    std::size_t endpoint = 0;
    std::optional<DeepQuestion> question;
};

/// One target under way: resolving, asking its endpoints, asking deeper, fetching issuers, asking who knows of revocation.
class Job final : private net::EventHandler {
  public:
    Job(Engine& engine, Target target);
    ~Job() override;

    void start();
    /// One of its connections has ended.
    void on_report(const Errand& errand, net::ConnectionReport&& report);
    /// Goes on after something that it waited for; asks for it by Engine::wake().
    void go_on();

    [[nodiscard]] bool is_done() const { return stage_ == Stage::done; }
    /// True while connections of it are open or waiting.
    [[nodiscard]] bool has_connections() const { return outstanding_ > 0; }
    /// What was seen; only once, when done.
    Evidence take_evidence() { return std::move(evidence_); }

    std::size_t place = 0;  ///< in the engine's list

  private:
    enum class Stage : std::uint8_t { resolving, asking, fetching, asking_status, done };

    void on_ready() override {}
    void on_deadline() override;
    void take_answer(net::ResolverAnswer answer, std::string_view origin);
    void ask_endpoints();
    void add_endpoint(const std::string& address, Port port);
    void send(std::size_t endpoint, std::optional<DeepQuestion> question);
    /// Whether an endpoint is asked more than one question, so that its connections are kept open.
    [[nodiscard]] bool asks_more() const;
    void ask_more(std::size_t endpoint);
    void end_asking();
    void end_fetching();
    void take_fetched();
    void give_up();
    void finish();
    [[nodiscard]] std::vector<Port> ports() const;
    /// Says for Options::tell what is being done about this target.
    void tell(const std::string& what) const;

    Engine& engine_;
    Evidence evidence_;
    Stage stage_ = Stage::resolving;
    net::Ticks started_{};
    std::shared_ptr<Job*> self_;  // what callbacks hold weakly: it dies with the job
    std::optional<net::ResolverAnswer> answer_;
    struct Progress {
        bool asked = false;    // its first connection has ended
        std::size_t open = 0;  // connections that have not told yet
    };
    std::vector<Progress> progress_;  // by endpoint
    std::size_t outstanding_ = 0;
    std::unique_ptr<IssuerWalk> walk_;
    std::unique_ptr<StatusWalk> status_walk_;
    bool timed_out_ = false;
};

}  // namespace truename::probe
