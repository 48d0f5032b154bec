#pragma once

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

/// The certificate of `chain` whose issuer is missing in it, following issuers from the first certificate on; nothing when the way ends in
/// a self-issued one, runs in a circle, or cannot be read. The view is into `chain`.
std::optional<Bytes> missing_issuer(const std::vector<ByteString>& chain);

/// The http addresses that a certificate gives for its issuer (RFC 5280 4.2.2.1), at most 4; none when it cannot be read.
std::vector<std::string> issuer_urls(Bytes certificate);

/// Fetches the issuers that are missing in the chains of one target, and theirs, as deep as the limits allow. The addresses come from the
/// server under test, so they are not trusted: plain http only, never to an inner, loopback or link-local address unless the target itself
/// has one of that kind, bounded in number, size, redirects and time. An address is fetched once.
class IssuerWalk {
  public:
    /// `on_done` is called by the loop, or by start() when there is nothing to fetch.
    IssuerWalk(net::EventLoop& loop, net::Resolver& resolver, const Options& options, std::function<void()> on_done);
    IssuerWalk(const IssuerWalk&) = delete;
    IssuerWalk& operator=(const IssuerWalk&) = delete;
    ~IssuerWalk();

    void start(const Evidence& evidence);
    [[nodiscard]] bool is_done() const { return under_way_ == 0; }
    /// What was fetched so far, in the order of asking; what is still under way has a Failure.
    std::vector<Fetched> take_fetched();

  private:
    struct Trip;

    void want_issuer_of(Bytes certificate, unsigned depth);
    void go(Trip& trip);
    void connect(Trip& trip, const net::ResolverAnswer& answer);
    void on_answer(Trip& trip, net::HttpAnswer answer);
    void end(Trip& trip, std::optional<Failure> failure);
    [[nodiscard]] bool is_allowed(const net::SocketAddress& address) const;

    net::EventLoop& loop_;
    net::Resolver& resolver_;
    const Options& options_;
    std::function<void()> on_done_;
    std::shared_ptr<IssuerWalk*> self_;
    std::set<net::AddressScope> scopes_;  // where the target itself is
    std::set<std::string> urls_;
    std::vector<std::unique_ptr<Trip>> trips_;
    std::size_t under_way_ = 0;
};

}  // namespace truename::probe
