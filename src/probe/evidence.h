#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "finding/failure.h"
#include "finding/finding.h"
#include "net/tls_report.h"
#include "probe/endpoint.h"
#include "probe/target.h"

namespace truename::probe {

/// What became of one endpoint.
enum class EndpointState : std::uint8_t {
    judged,     ///< the handshake was completed, so there is a chain to judge
    limited,    ///< the server turned us away for now (421, BYE, a greeting that does not end)
    refused,    ///< nothing listens
    timeout,    ///< nothing came within the deadline
    dropped,    ///< the other side hung up before it was TLS's turn
    no_tls,     ///< it does not offer TLS here, refuses it, or answers in plain text
    tls_failed  ///< TLS began and broke off; a chain may have been seen all the same
};

/// The word of the JSON contract: `no-tls`.
std::string_view name_of(EndpointState state);

/// Whether a question was put to a server, and what it said.
enum class Answer : std::uint8_t { not_asked, no, yes };

/// Which handshakes a server completes: for every version whether with an RSA key, with an ECDSA key and with one of another kind. `no` for
/// a version means that the server chose a lower one although it was offered, or failed where only this one was.
struct Reach {
    /// The row of `tls_1_0` is 0.
    static constexpr std::size_t row(net::TlsVersion version) {
        return static_cast<std::size_t>(version) - static_cast<std::size_t>(net::TlsVersion::tls_1_0);
    }
    [[nodiscard]] Answer rsa(net::TlsVersion version) const { return answers[row(version)][0]; }
    [[nodiscard]] Answer ecdsa(net::TlsVersion version) const { return answers[row(version)][1]; }
    [[nodiscard]] Answer other(net::TlsVersion version) const { return answers[row(version)][2]; }

    std::array<std::array<Answer, 3>, 4> answers{};  ///< [version][0 rsa, 1 ecdsa, 2 other]

    friend bool operator==(const Reach&, const Reach&) = default;
};

/// A question that one further connection asked; only when `deep` was wanted.
enum class Question : std::uint8_t {
    again,          ///< the same once more; asked several times, all open at once
    no_sni,         ///< without a name in the hello
    other_name,     ///< with another name in the hello: `hello.server_name`
    rsa_only,       ///< takes RSA keys only
    ecdsa_only,     ///< takes ECDSA keys only
    tls_1_2,        ///< speaks nothing newer than TLS 1.2
    tls_1_0_only,   ///< speaks TLS 1.0 only, as Windows XP does
    injection,      ///< sends a harmless command in plain text behind STARTTLS, and looks whether it is answered inside TLS
    no_certificate  ///< takes only ciphers without a certificate
};

/// `again`, `no-sni`, ...
std::string_view name_of(Question question);

/// What one further connection to an endpoint showed.
struct DeepAnswer {
    Question question = Question::again;
    net::TlsHello hello;
    net::TlsReport tls;
    std::string injected;          ///< the line that answered the command of `injection`; not safe for a terminal; empty: none did
    std::optional<Failure> error;  ///< when no handshake was completed

    friend bool operator==(const DeepAnswer&, const DeepAnswer&) = default;
};

/// One address and port that was asked, and everything it said.
struct Endpoint {
    std::string id;  ///< `imaps:993@192.0.2.10`, unique within its Evidence
    Protocol protocol = Protocol::imaps;
    std::uint16_t port = 0;
    TlsMode tls_mode = TlsMode::implicit;
    std::string address;  ///< IPv4 or IPv6 text, without brackets
    net::TlsHello hello;  ///< of the first connection; `hello.server_name` is the SNI, empty when none was sent
    EndpointState state = EndpointState::timeout;
    net::TlsReport tls;             ///< the first connection's handshake; `tls.chain` may be there although `state` is tls_failed
    std::string greeting;           ///< what the server said first, without the line end, at most 1 KB; not safe for a terminal
    std::string capabilities;       ///< capability words before TLS (STARTTLS ports only), separated by blanks, at most 4 KB
    bool login_before_tls = false;  ///< a login in plain text is offered before TLS
    Reach reach;
    std::vector<DeepAnswer> deep;
    std::vector<Finding> findings;  ///< tls.*, mail.*, server.* and others that only the wire shows; never of a certificate's contents
    std::optional<Failure> error;   ///< why `state` is not judged
    std::chrono::milliseconds elapsed{0};

    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// What DNS (or `--resolve`, `--connect`) said.
struct DnsAnswer {
    std::string name;                    ///< in A-labels
    std::vector<std::string> addresses;  ///< in the order of the answer
    std::string origin;                  ///< `dns`, `option`, `literal`
    std::optional<Failure> failure;

    friend bool operator==(const DnsAnswer&, const DnsAnswer&) = default;
};

/// What was fetched besides, because a certificate names its address.
enum class FetchedKind : std::uint8_t { issuer, ocsp, crl };

/// `issuer`, `ocsp`, `crl`.
std::string_view name_of(FetchedKind kind);

/// One thing fetched, or the reason why not.
struct Fetched {
    std::string url;
    FetchedKind kind = FetchedKind::issuer;
    ByteString bytes;     ///< as they came, unverified; empty when `failure` says why
    std::string address;  ///< where they came from: `192.0.2.7`
    std::optional<Failure> failure;
    std::chrono::milliseconds elapsed{0};
    std::string about = {};       ///< of `ocsp` and `crl`: SHA-256 of the certificate for which it was wanted, in hex
    ByteString nonce = {};        ///< of `ocsp`: what was sent to know the answer by
    std::optional<Time> at = {};  ///< of `ocsp` and `crl`: when it was asked for; before the target's own time where it was known already

    friend bool operator==(const Fetched&, const Fetched&) = default;
};

/// Everything that was seen of one target, and nothing that was thought about it. Owns all its bytes.
struct Evidence {
    Target target;
    Time at{};  ///< when asking began: the judging time unless `--at` names another
    std::chrono::milliseconds elapsed{0};
    unsigned connections = 0;      ///< TCP connections to the target, fetches not counted
    bool deep = false;             ///< whether more than one connection an endpoint was allowed
    bool fetched_issuers = false;  ///< whether fetching what certificates name was allowed
    std::vector<DnsAnswer> dns;
    std::vector<Endpoint> endpoints;  ///< by address, then in the order of Protocol
    std::vector<Fetched> fetched;
    std::optional<Failure> error;  ///< why there is no endpoint at all: a name that does not resolve

    friend bool operator==(const Evidence&, const Evidence&) = default;
};

/// The version of the evidence file's format: members are added under one number, a change of meaning makes a new one.
inline constexpr int kEvidenceVersion = 1;

/// The largest evidence file that is read.
inline constexpr std::size_t kMaxEvidenceSize = std::size_t{64} << 20;

/// Evidence as one JSON object on one line with its line end, DER in base64; read_evidence() gives the same Evidence again.
std::string write_evidence(const Evidence& evidence);

/// Reads what write_evidence() wrote. Fails with `input`: cut short or otherwise no JSON, not evidence, a newer version (says which program
/// is needed), a value of the wrong type (names the member). Members that are not known are skipped.
Result<Evidence, Failure> read_evidence(std::string_view text);

}  // namespace truename::probe
