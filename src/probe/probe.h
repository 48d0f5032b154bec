#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "finding/failure.h"
#include "probe/endpoint.h"
#include "probe/evidence.h"
#include "probe/target.h"

namespace truename::probe {

/// How much is fetched that certificates name.
enum class Fetch : std::uint8_t {
    none,
    issuers,     ///< missing issuers through AIA, by plain http, never to inner addresses unless the target itself is there
    revocation,  ///< these, and in the same way what OCSP responders and revocation lists say of the certificates that were shown
};

/// Every size and time that a hostile server could stretch; the defaults suit one host as well as a list.
struct Limits {
    std::chrono::milliseconds resolve{5000};             ///< one name
    std::chrono::milliseconds connect{5000};             ///< TCP
    std::chrono::milliseconds greeting{10000};           ///< the server's first lines: Postfix's postscreen waits 6 s before it speaks
    std::chrono::milliseconds step{8000};                ///< one answer, one flight of a handshake
    std::chrono::milliseconds connection{25000};         ///< one connection as a whole
    std::chrono::milliseconds target{60000};             ///< a target with all its connections and fetches
    std::chrono::milliseconds fetch{3000};               ///< one thing that a certificate names
    std::size_t greeting_bytes = std::size_t{64} << 10;  ///< one answer in plain text
    std::size_t chain_bytes = std::size_t{256} << 10;    ///< the Certificate message
    std::size_t issuer_bytes = std::size_t{64} << 10;    ///< one fetched issuer
    std::size_t ocsp_bytes = std::size_t{64} << 10;      ///< what one OCSP responder answers
    std::size_t crl_bytes = std::size_t{4} << 20;        ///< one fetched revocation list
    unsigned issuer_depth = 3;                           ///< issuers of issuers
    unsigned redirects = 3;                              ///< of one fetch
    unsigned addresses = 8;                              ///< of one name; more are not asked
};

/// One answer that the administrator gives in the place of DNS.
struct ResolveOption {
    std::string name;     ///< in A-labels, lower case
    std::string address;  ///< IPv4 or IPv6
};

/// Says of a certificate (DER) whether its issuer is at hand anyway, in a trust store for instance, so that it need not be fetched.
using IssuerKnown = std::function<bool(Bytes certificate)>;

/// Gives the roots at hand (DER) that may have issued a certificate; borrowed until asking ends.
using IssuersAtHand = std::function<std::vector<Bytes>(Bytes certificate)>;

/// Gives the names under which each endpoint of a target is asked besides; an empty one stands for no name in the hello.
using NamesBesides = std::function<std::vector<std::string>(const Target& target)>;

/// Is told what is being done, a line each; not safe for a terminal.
using Tell = std::function<void(const std::string& line)>;

/// What is asked of every target.
struct Options {
    std::vector<Port> ports;           ///< empty: usual_ports(), or what the target itself names
    std::optional<Protocol> starttls;  ///< how to speak to a port of the target that is no registered one
    std::string connect;               ///< the address to connect to instead of asking DNS; empty: none
    std::vector<ResolveOption> resolve;
    std::vector<std::string> other_names;  ///< names that `deep` asks for besides, in A-labels
    bool deep = false;
    NamesBesides names_besides;  ///< all these connections are open at once with the first; counts without `deep` only; empty: none
    net::KeyOffer keys = net::KeyOffer::any;  ///< of the first connection
    Fetch fetch = Fetch::none;
    IssuerKnown issuer_known;       ///< empty: no issuer is
    IssuersAtHand issuers_at_hand;  ///< empty: there are none
    Tell tell;                      ///< empty: nobody wants to know
    unsigned in_flight = 500;       ///< connections open at once, over all targets
    Limits limits;
};

/// Reads `--connect`: an address, brackets allowed. Fails with `usage`.
Result<std::string, Failure> parse_connect(std::string_view text);

/// Reads `--resolve NAME=ADDR`. Fails with `usage`.
Result<ResolveOption, Failure> parse_resolve(std::string_view text);

/// Gives the next target, nothing when there is no more. Called only as fast as targets end, so a list of a million is never held.
using TargetSource = std::function<std::optional<Target>()>;

/// Takes the evidence of one target when it has ended; targets end in any order. Called by the thread that called probe().
using EvidenceSink = std::function<void(Evidence&&)>;

/// Asks every target of `source` and hands each one's evidence to `sink` as it ends. One event loop, `in_flight` connections at a time; a
/// dead target takes a slot until its deadline and holds nobody else up. The plain run opens one connection for each address and port.
///
/// When `stop` is requested no new connection is opened, open ones are closed, and the targets under way are not handed out. Fails only
/// with `local`: no descriptor for the loop itself. Not safe to call twice at once in one thread; each thread may.
Result<void, Failure> probe(const TargetSource& source, const Options& options, const EvidenceSink& sink, const Clock& clock,
                            const std::stop_token& stop = {});

/// The same for one target.
Result<Evidence, Failure> probe_one(const Target& target, const Options& options, const Clock& clock, const std::stop_token& stop = {});

}  // namespace truename::probe
