#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "probe/fetcher.h"
#include "probe/status_cache.h"

namespace truename::probe {

/// Asks the OCSP responders that the certificates of one target name about them: of each server's certificate and of the issuers above it,
/// as far as their issuer is at hand (sent, fetched, or among the roots that Options::issuers_at_hand gives), the first http address. By
/// POST, with a nonce (RFC 6960 A.1, RFC 9654). Of a certificate that names none the revocation list is fetched, where it is a simple one:
/// for all reasons, of the issuer itself, the first http address. What was asked for another target lately is not asked again.
class StatusWalk {
  public:
    /// `on_done` is called by the loop, or by start() when nobody has to be asked. All is borrowed.
    StatusWalk(net::EventLoop& loop, net::Resolver& resolver, const Options& options, StatusCache& cache, const Clock& clock,
               std::function<void()> on_done);

    void start(const Evidence& evidence);
    [[nodiscard]] bool is_done() const { return fetcher_.is_done(); }
    /// What was known and what was fetched so far; what is still under way has a Failure.
    std::vector<Fetched> take_fetched();

  private:
    void ask_about(const std::vector<ByteString>& chain, const std::vector<Fetched>& fetched);
    void ask(Bytes certificate, Bytes issuer);
    void fetch(const std::string& question, Order order);
    void on_end(const Order& order);

    const Options& options_;
    StatusCache& cache_;
    const Clock& clock_;
    std::set<std::string> questions_;
    std::vector<std::string> ordered_;  // the questions of the orders, by their tags
    std::size_t lists_ = 0;
    std::vector<Fetched> known_;
    Fetcher fetcher_;
};

}  // namespace truename::probe
