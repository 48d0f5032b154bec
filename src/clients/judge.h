#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "clients/handshake.h"
#include "clients/name_match.h"
#include "clients/profile.h"
#include "clients/verdict.h"
#include "verify/verification.h"

namespace truename::clients {

/// Whose roots the clients have.
enum class Roots : std::uint8_t {
    own,     ///< each client's own list at the judging time; this machine's bundle stands in where it is unknown
    system,  ///< this machine's bundle for all
    none,    ///< only what was added
};

/// What a verdict depends on besides profile and certificates. All of it is borrowed.
struct Context {
    std::string_view host;           ///< for the texts of dialogs: what the user typed
    std::uint16_t port = 0;          ///< the same; 0 when there is none
    std::span<const ServerTls> tls;  ///< of the endpoints that showed this chain; none: `reaches` is not asked
    Roots roots = Roots::own;
    /// The addresses (AIA) that issuers came from; a client that fetches is not judged for one that is missing and has another address.
    std::span<const std::string> fetched_from;
    bool issuers_were_fetched = false;  ///< or all that can be had is there
};

/// Judges one chain under one name for any number of clients: a pure function of what it is given, which shares between clients what they
/// have in common (the graph, its findings, the comparison of names).
///
///     clients::Judge judge(verification, context);
///     for (const Profile* profile : profiles) use(judge.judge(*profile));
///
/// Verification and context are borrowed, also by the verdicts.
class Judge {
  public:
    Judge(verify::Verification& verification, const Context& context);

    /// What the client says. Never throws for anything that certificates or profiles hold.
    Verdict judge(const Profile& profile);

  private:
    Verdict judge_chain(const Profile& profile);
    /// The verdict of a client of which nobody knows whether it uses added roots; nothing where that decides.
    std::optional<Verdict> judge_either_way(const Profile& profile);
    [[nodiscard]] Reaches reaches_with_this_key(const TlsRule& rule) const;

    verify::Verification& verification_;
    Context context_;
    std::optional<NameMatcher> names_;  ///< nothing when no name was asked for or there is no certificate
};

}  // namespace truename::clients
