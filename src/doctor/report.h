#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "finding/failure.h"
#include "finding/field.h"
#include "finding/finding.h"

namespace truename::doctor {

/// The version of the JSON contract: members are only ever added under one number.
inline constexpr int kSchemaVersion = 1;

/// What a client says to a certificate. `not_judged` is never shown as good.
enum class Outcome : std::uint8_t { silent, warns, refuses, not_judged };

/// Whether a client's TLS can meet the server's at all.
enum class Reaches : std::uint8_t { yes, no, not_asked, not_judged };

/// What a client that says nothing has checked.
enum class Verifies : std::uint8_t { all, no_name, nothing };

/// How well a statement about a client is known, best first.
enum class Confidence : std::uint8_t { observed, source, documented, reported, inferred };

/// What became of one endpoint.
enum class EndpointState : std::uint8_t { judged, limited, refused, timeout, dropped, no_tls, tls_failed };

/// Whether TLS begins with the connection or by a command.
enum class TlsMode : std::uint8_t { implicit, starttls };

/// How far the TLS handshake came; a certificate that was sent is not yet a handshake that worked.
enum class Handshake : std::uint8_t { completed, failed, none };

/// Where a root comes from: the client's maker, the administrator (`--trust FILE`), or nowhere.
enum class AnchorOrigin : std::uint8_t { shipped, added, none };

/// The words of the JSON contract.
std::string_view name_of(Outcome value);
std::string_view name_of(Reaches value);
std::string_view name_of(Verifies value);
std::string_view name_of(Confidence value);
std::string_view name_of(EndpointState value);
std::string_view name_of(TlsMode value);
std::string_view name_of(Handshake value);
std::string_view name_of(AnchorOrigin value);

/// What was asked about.
struct Target {
    std::string name;                   ///< the name that a user types; UTF-8, from outside: not safe for a terminal
    std::optional<std::uint16_t> port;  ///< only when the target named one
    std::string source;                 ///< how it came here: `argument`, `list`, `evidence`, `file`
};

/// One address and port that was asked.
struct Endpoint {
    std::string id;        ///< `imaps:993@192.0.2.10`
    std::string protocol;  ///< `imaps`, `imap`, `pop3s`, ...
    std::uint16_t port = 0;
    TlsMode tls = TlsMode::implicit;
    std::string address;
    std::string sni;  ///< the name in the hello; empty when none was sent
    EndpointState state = EndpointState::timeout;
    std::optional<std::string> chain;  ///< the id of what it showed
    Handshake handshake = Handshake::none;
    std::optional<std::string> tls_version;  ///< `TLS 1.3`
    std::optional<bool> asks_client_certificate;
    std::optional<Failure> error;             ///< what was wanted and did not come about
    std::vector<std::string> shuts_out = {};  ///< the selected clients that cannot come in here, though it speaks; see find_shut_out
};

/// One certificate as an administrator knows it.
struct Certificate {
    std::string sha256;              ///< lower-case hexadecimal of the whole certificate
    std::string subject, issuer;     ///< in the form of RFC 4514; "" when empty
    std::vector<std::string> names;  ///< in the order of the certificate: DNS names bare, others with their kind (`IP:192.0.2.1`)
    std::optional<Time> not_before, not_after;  ///< nothing when the certificate cannot be read
    std::string key;                            ///< `RSA 2048`, `EC P-256`
    std::string signature;                      ///< `sha256WithRSAEncryption`
};

/// What a server showed, in the order in which it was sent. Equal chains of several endpoints are one.
struct Chain {
    std::string id;  ///< `A`, `B`, ...
    std::vector<Certificate> certificates;
    std::optional<std::int64_t> days_left;    ///< until the first certificate ends, at the judging time; negative once it has
    std::vector<std::string> questions = {};  ///< what brought it out (`no-sni`, `rsa-only`) when no first connection did; else empty
};

/// The end of a path.
struct Anchor {
    std::string sha256, subject;
    AnchorOrigin origin = AnchorOrigin::none;
};

/// A path that some client takes, server's certificate first.
struct Path {
    std::string id;  ///< `1`, `2`, ...
    std::string chain;
    std::vector<std::string> certificates;  ///< SHA-256
    std::optional<Anchor> anchor;
};

/// A Finding with what it is about.
struct ReportFinding {
    FindingId id = FindingId::name_mismatch;
    std::optional<std::string> chain, path, endpoint;
    std::optional<std::string> certificate;  ///< SHA-256
    Field field = Field::none;
    std::string expected, found;
    std::optional<std::string> name;  ///< the name it was compared with, for findings about names
};

/// One window or message of a dialog.
struct DialogStep {
    std::optional<std::string> title;
    std::string text;                                           ///< the line that says what is wrong
    std::vector<std::string> lines;                             ///< every line, top to bottom, `text` among them
    std::vector<std::string> buttons;                           ///< a label that nobody knows is empty
    std::vector<std::pair<std::string, bool>> checkboxes = {};  ///< label, checked when the window appears
    bool complete = true;                                       ///< false when some of its text is not known
    std::string looks = "window";                               ///< `window`, `notification`, `page`, `log`
};

/// What a client shows, filled in.
struct Dialog {
    std::string id, lang;
    std::vector<std::pair<std::string, std::string>> values;  ///< HOST, PORT, ... as they were filled in
    std::vector<DialogStep> steps;                            ///< at least one; the second and later ones follow a button
};

/// What the "Yes" that lasts longest does.
struct Yes {
    std::string lasts;                  ///< `connection`, `session`, `forever`, ...
    std::vector<std::string> bound_to;  ///< `host`, `port`, `certificate`, ...
    std::string covers;                 ///< `shown` or `all`
    std::string choice = {};            ///< the button or box that makes it last so; empty when nothing has to be chosen
    std::string otherwise = {};         ///< with a choice: how long the "Yes" that comes to hand first lasts
};

/// What one client says to one chain under one name.
struct Verdict {
    std::string id;                         ///< the shortest form that names it: `outlook-2007`, `outlook-2007/xp`; causes and mends use it
    std::string client, version, platform;  ///< `outlook-2007`, `12.0`, `win10`
    std::string title;                      ///< the name for people: `Outlook 2007`
    std::string name, chain;
    std::optional<std::string> path;
    std::vector<std::string> endpoints;  ///< ids of all endpoints that showed this chain
    Outcome outcome = Outcome::not_judged;
    Reaches reaches = Reaches::not_asked;
    std::string barrier = {};  ///< the cause (its id in data/causes) of not reaching the server; empty when the certificate is it, or none
    Verifies verifies = Verifies::all;
    std::optional<Dialog> dialog;
    std::vector<std::string> codes;  ///< `CERT_E_CN_NO_MATCH`, `SSL_ERROR_BAD_CERT_DOMAIN`: of all that it tells
    std::optional<bool> asks_again;  ///< true when no "Yes" outlives a restart
    std::optional<Yes> yes;
    std::vector<FindingId> findings;  ///< those that led to the outcome, in the client's order
    std::optional<std::string> why;   ///< why it could not be judged, or what a reader should know
    Confidence confidence = Confidence::inferred;
    bool retired = false;  ///< no longer made; counts for nothing where its TLS cannot reach the server
};

/// What explains verdicts.
struct Cause {
    std::string id;                    ///< `N1`, `T1`: a letter for the kind, counted in this report
    std::string kind;                  ///< the id of the row in data/causes: `name-not-first`
    std::string text;                  ///< in plain words, values filled in
    std::string headline = {};         ///< the second half of the report's first sentence, should this be the first cause
    std::vector<std::string> clients;  ///< whom it touches, as `id` in the verdicts
    std::vector<FindingId> findings;
    std::vector<std::string> chains = {};  ///< the ids of those that it is about; empty for what hangs on no chain
    std::string others;                    ///< why the other clients are silent; may be empty
    std::string shortcut;                  ///< what it costs to switch the check off instead; may be empty
    std::optional<std::string> assuming;   ///< set when it holds only under another assumption than this report's: `--trust system`
};

/// Who has to act.
enum class Who : std::uint8_t { nobody, server, user, ca, provider, unknown };

/// `server`, `user`, `ca`, `provider`, ...: the word in JSON.
std::string_view name_of(Who who);

/// What would help, shown to work: the clients in `helps` were judged again as if it were done.
struct Mend {
    std::string id;  ///< `1`, `2`, ...
    std::string kind;
    std::string text;
    Who who = Who::unknown;
    std::vector<std::string> steps;           ///< lines to paste or to do, in order
    std::vector<std::string> causes;          ///< ids of the causes that it takes away
    std::vector<std::string> helps;           ///< clients that are silent once all mends up to this one are done
    std::vector<std::string> left;            ///< clients that still warn or refuse then
    std::vector<std::string> not_judged;      ///< clients of which nobody can say what they do then
    std::vector<std::string> asks_once_more;  ///< clients that had said "Yes" to the old certificate and would ask anew
    bool rejudged = false;                    ///< true when `helps` comes from judging a changed certificate, not from reactions
};

/// A client that was selected, whether or not it got as far as a verdict.
struct Client {
    std::string id;     ///< as in verdicts
    std::string title;  ///< the name for people
};

/// Everything that is said about one target. It owns all it holds, and all rendering is a pure function of it.
struct Report {
    Target target;
    Time at{};
    std::optional<std::chrono::milliseconds> elapsed;
    unsigned connections = 0;
    bool predicted = false;                  ///< no server was asked
    std::vector<std::string> uncertifiable;  ///< names of a request that no public authority certifies, where one is to sign it
    bool from_request = false;               ///< predicted for a request: the certificate and its authority are imagined

    Who who = Who::unknown;
    std::string headline;                  ///< one sentence: who has to act and why
    std::vector<std::string> differences;  ///< how the endpoints differ, a sentence each; empty when they do not
    std::vector<std::string> hints;        ///< a free way out: "type mail.example.com instead"

    std::vector<Client> clients;
    std::vector<Endpoint> endpoints;
    std::vector<Chain> chains;
    std::vector<Path> paths;
    std::vector<ReportFinding> findings;
    std::vector<Verdict> verdicts;
    std::vector<Cause> causes;
    std::vector<Mend> mends;
    std::vector<Cause> also;  ///< causes that hang on an assumption; in JSON they stand among `causes`, with `assuming`

    std::vector<std::string> missing;  ///< what `--require` named and could not be judged: `submission`
    bool near_expiry = false;
    int exit = 3;  ///< 0 all silent, 1 some warn, 2 some refuse, 3 nothing judged
};

/// The chain with that id; null when there is none.
const Chain* chain_named(const Report& report, std::string_view id);

/// How many clients have each outcome, of several chains and names the worst, in the order of Outcome; retired clients that cannot reach
/// the server are left out.
std::array<unsigned, 4> count_outcomes(const Report& report);

/// True when the verdict counts in the exit code: a retired client whose TLS cannot reach the server does not.
bool counts(const Verdict& verdict);

}  // namespace truename::doctor
