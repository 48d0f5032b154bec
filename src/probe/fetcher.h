#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "net/address.h"
#include "net/event_loop.h"
#include "net/http.h"
#include "net/resolver.h"
#include "probe/evidence.h"
#include "probe/probe.h"

namespace truename::probe {

/// One thing to fetch.
struct Order {
    Fetched fetched;                    ///< its address and what is known beforehand; what comes of it is filled in
    std::optional<net::HttpBody> body;  ///< nothing: a GET
    std::string media_type = {};        ///< that an answer which tells one must have; empty: any
    std::size_t max_bytes = 0;
    std::size_t tag = 0;  ///< for whoever orders
};

/// Fetches what certificates name. The addresses come from the server under test, so they are not trusted: plain http only, never to an
/// inner, loopback or link-local address unless the target itself has one of that kind, bounded in number, size, redirects and time.
class Fetcher {
  public:
    /// Is told of each order when it has ended; may give new ones.
    using OnEnd = std::function<void(const Order&)>;

    /// `on_idle` is called whenever nothing is under way any more, by the loop or by release().
    Fetcher(net::EventLoop& loop, net::Resolver& resolver, const Options& options, OnEnd on_end, std::function<void()> on_idle);
    Fetcher(const Fetcher&) = delete;
    Fetcher& operator=(const Fetcher&) = delete;
    ~Fetcher();

    /// Before the first order: where the target itself is.
    void begin(const Evidence& evidence);
    /// Starts to fetch; nothing when there were too many orders. The address must be one that net::parse_http_url() takes.
    void fetch(Order order);
    /// All orders that there are at first were given.
    void release();

    [[nodiscard]] bool is_done() const { return under_way_ == 0; }
    /// What was fetched so far, in the order of asking; what is still under way has a Failure.
    std::vector<Fetched> take_fetched();

  private:
    struct Trip;

    void go(Trip& trip);
    void connect(Trip& trip, const net::ResolverAnswer& answer);
    void on_answer(Trip& trip, net::HttpAnswer answer);
    void end(Trip& trip, std::optional<Failure> failure);
    [[nodiscard]] bool is_allowed(const net::SocketAddress& address) const;

    net::EventLoop& loop_;
    net::Resolver& resolver_;
    const Options& options_;
    OnEnd on_end_;
    std::function<void()> on_idle_;
    std::shared_ptr<Fetcher*> self_;
    std::set<net::AddressScope> scopes_;  // where the target itself is
    std::vector<std::unique_ptr<Trip>> trips_;
    std::size_t under_way_ = 0;
};

}  // namespace truename::probe
