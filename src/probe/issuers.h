#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "probe/fetcher.h"

namespace truename::probe {

/// The certificate of `chain` whose issuer is missing in it, following issuers from the first certificate on; nothing when the way ends in
/// a self-issued one, runs in a circle, or cannot be read. The view is into `chain`.
std::optional<Bytes> missing_issuer(const std::vector<ByteString>& chain);

/// The http addresses that a certificate gives for its issuer (RFC 5280 4.2.2.1), at most 4; none when it cannot be read.
std::vector<std::string> issuer_urls(Bytes certificate);

/// Fetches the issuers that are missing in the chains of one target, and theirs, as deep as the limits allow. An address is fetched once.
class IssuerWalk {
  public:
    /// `on_done` is called by the loop, or by start() when there is nothing to fetch.
    IssuerWalk(net::EventLoop& loop, net::Resolver& resolver, const Options& options, std::function<void()> on_done);

    void start(const Evidence& evidence);
    [[nodiscard]] bool is_done() const { return fetcher_.is_done(); }
    /// Fetcher::take_fetched()
    std::vector<Fetched> take_fetched() { return fetcher_.take_fetched(); }

  private:
    void want_issuer_of(Bytes certificate, std::size_t depth);
    void on_end(const Order& order);

    const Options& options_;
    std::set<std::string> urls_;
    Fetcher fetcher_;
};

/// Fetches what is missing at the end of a chain (DER, the first certificate first) as a check of a server at `address` would, and waits
/// for it. Fails with `local`: no descriptor for the loop.
Result<std::vector<Fetched>, Failure> fetch_issuers(const std::vector<ByteString>& chain, const std::string& address,
                                                    const Options& options);

}  // namespace truename::probe
