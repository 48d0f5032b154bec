#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "finding/failure.h"

namespace truename::net {

/// Types of DNS records, by their numbers on the wire (RFC 1035 3.2.2, 2782, 3596, 6698, 8659).
enum class DnsType : std::uint16_t { a = 1, cname = 5, ptr = 12, mx = 15, txt = 16, aaaa = 28, srv = 33, tlsa = 52, caa = 257 };

/// `A`, `MX`, ...: as zone files have it.
std::string_view name_of(DnsType type);

/// What became of a question.
enum class DnsOutcome : std::uint8_t {
    found,
    no_record,  ///< the name is there, and nothing of that type
    no_name,    ///< there is no such name (NXDOMAIN)
    failed,     ///< the servers said that they cannot answer, or nothing that makes sense
    timeout,    ///< nobody answered within the deadline
    bogus,      ///< the answer is not what the zone has signed (RFC 4035 4.3)
};

/// Whether DNSSEC vouches for an answer (RFC 4035 4.3), also for one that there is nothing.
enum class DnsProof : std::uint8_t {
    not_checked,  ///< there is no trust anchor, or the resolver hands no signatures on
    insecure,     ///< the zone is not signed
    secure,
};

/// What is asked.
struct DnsQuestion {
    std::string name;  ///< in A-labels, without the last dot
    DnsType type = DnsType::a;

    friend auto operator<=>(const DnsQuestion&, const DnsQuestion&) = default;
};

/// What came of it.
struct DnsReply {
    DnsQuestion question;
    DnsOutcome outcome = DnsOutcome::timeout;
    DnsProof proof = DnsProof::not_checked;
    std::vector<ByteString> data = {};  ///< the RDATA of each record, names in it not compressed; in the order of the answer
    std::string alias_of = {};          ///< where aliases (CNAME) led, not safe for a terminal; empty: there were none
    std::uint32_t ttl = 0;              ///< in seconds
    std::string reason = {};            ///< of `failed`, `timeout` and `bogus`; not safe for a terminal
};

/// Whom to ask, and for how long.
struct DnsOptions {
    std::string resolver = {};     ///< what parse_resolver() gave; empty: those of this machine (/etc/resolv.conf)
    std::string anchor_file = {};  ///< DNSKEY or DS records of the keys that are believed; empty: the root's, from Debian's dns-root-data
    std::chrono::milliseconds deadline = std::chrono::seconds(5);  ///< for all questions of one call
    std::stop_token stop = {};
};

/// Reads `--resolver`: `192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]:5353`. Fails with `usage`.
Result<std::string, Failure> parse_resolver(std::string_view text);

/// Asks the DNS, by libunbound, which is loaded when the first client is made. Checks DNSSEC itself, so the way to the resolver need not be
/// trusted. What was once asked is remembered as long as the client lives.
class DnsClient {
  public:
    /// Fails with `local` when this machine has no libunbound, and with `input` for an anchor file that cannot be read.
    static Result<DnsClient, Failure> create(DnsOptions options);
    DnsClient(DnsClient&& other) noexcept;
    DnsClient& operator=(DnsClient&& other) noexcept;
    ~DnsClient();

    /// Puts all questions at once and gives the answers in their order. A question that has none in time, or when somebody asked to stop,
    /// is `timeout`. At most 500 questions.
    std::vector<DnsReply> ask(const std::vector<DnsQuestion>& questions);

    /// Why nothing is checked, a sentence; empty when DNSSEC is.
    [[nodiscard]] const std::string& unchecked_because() const;

  private:
    struct Impl;
    explicit DnsClient(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace truename::net
