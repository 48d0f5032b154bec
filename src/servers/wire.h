#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "finding/failure.h"
#include "net/tls_report.h"
#include "servers/place.h"
#include "servers/server.h"

namespace truename::servers {

/// One port asked under one name.
struct WireQuestion {
    Listener listener;
    std::string name;  ///< in the hello; empty: none
    net::KeyOffer keys = net::KeyOffer::any;
    unsigned connections = 1;  ///< so many, open at once
};

/// So many connections to one port, open at once, reach several processes of a server.
inline constexpr unsigned kConnectionsToProve = 8;

/// Has each port asked by kConnectionsToProve connections or more, by as many under each of its names: a process has the files of all names
/// from the same moment, so it does not matter under which of them it is found.
void ask_processes(std::vector<WireQuestion>& questions);

/// The kind of keys to offer to be shown this pair, where a server has pairs of several kinds. Its chain is not empty.
net::KeyOffer offer_for(const PairOnDisk& pair);

/// `imaps 127.0.0.1 port 993 as mail.example.com`.
std::string to_string(const WireQuestion& question);

/// What all connections of one question showed.
struct WireAnswer {
    bool asked = false;                   ///< false: the time was over before it was answered
    std::vector<ByteString> leaves;       ///< the first certificate of each that completed its handshake
    std::size_t failed = 0;               ///< so many did not
    bool closed = false;                  ///< nothing listens there
    std::optional<Failure> failure = {};  ///< why the first of those that failed did
};

/// How asking goes on and when it ends.
struct Asking {
    const Clock* clock = nullptr;
    std::stop_token stop = {};
    std::chrono::steady_clock::time_point until = std::chrono::steady_clock::time_point::max();
    std::function<void(std::size_t done, std::size_t all)> progress = {};  ///< called now and then; may be empty
};

/// Asks each question by its number of connections. Those to one port are open at once, up to 48 of them: a server of several processes
/// shows only then what each of them has, and no limit of processes is met. Fails with `local`.
Result<std::vector<WireAnswer>, Failure> ask(const std::vector<WireQuestion>& questions, const Asking& asking);

/// A question with the certificate that must be shown.
struct Expectation {
    WireQuestion question;
    ByteString leaf;      ///< DER
    bool changed = true;  ///< false: nothing was done to it, so one connection is enough to see that it is as it was
};

/// How long proving waits.
struct Patience {
    /// Before the first connection after a reload. A Postfix 3.7 that is asked within some 30 ms of one, while processes from before it
    /// still take connections, may start no new process for over ten seconds (seen in 2 of 5 reloads with 16 idle processes; from 50 ms on
    /// in none of 25).
    std::chrono::milliseconds settle{300};
    std::chrono::milliseconds whole{120'000};     ///< until every process of a server has the new files
    std::chrono::milliseconds come_back{10'000};  ///< until a port that does not answer with TLS answers again
    std::chrono::milliseconds pause{200};         ///< between two rounds
};

/// What was seen in the end.
struct Proof {
    bool proved = false;
    unsigned rounds = 0;
    std::size_t connections = 0;
    std::vector<std::string> wrong;  ///< a sentence for each question that was not answered as expected
};

/// Waits for the servers to settle, then asks until two rounds in a row show nothing but what is expected, eight connections a port or more
/// open at once; gives up when patience ends. What it cannot show: connections that were open before, and other machines behind the same
/// name. Fails with `local`.
Result<Proof, Failure> prove(const std::vector<Expectation>& expectations, const Patience& patience, const Asking& asking);

}  // namespace truename::servers
