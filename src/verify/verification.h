#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "finding/finding.h"
#include "verify/budget.h"
#include "verify/graph.h"
#include "verify/memory.h"
#include "verify/names.h"
#include "verify/ocsp_findings.h"
#include "verify/path.h"
#include "verify/path_findings.h"
#include "verify/trust_store.h"

namespace truename::verify {

/// What is to be looked at. All bytes and the trust stores are borrowed until the Verification is gone.
struct Input {
    std::span<const Bytes> presented;       ///< what the server sent, in that order; the first is the leaf
    std::span<const Bytes> fetched;         ///< issuers got through AIA
    std::span<const Bytes> given;           ///< intermediates at hand otherwise: `--issuer`, the machine's own
    std::span<const Bytes> seen;            ///< sent by the server on other connections: told when it is missing here, used by no client
    std::string_view name;                  ///< host name or address as the user typed it; empty: names are not compared
    std::span<const std::string> services;  ///< what the server is asked for under it, for SRVNames: `imaps`, `submission`
    Time at{};
    bool stapled = false;                ///< an OCSP response came with the handshake
    std::span<const Bytes> staples;      ///< those responses, as far as they are at hand: what they say of the leaf is told
    std::span<const AskedSource> asked;  ///< who was asked whether certificates are revoked: what they said of those on a path is told
    /// Revocation lists (DER; those that cannot be read count for nothing). Nothing: whether a certificate is revoked is not looked at.
    std::optional<std::span<const Bytes>> crls;
    Budget budget;
};

/// Everything that is true of some certificates, a name and a time. It has no opinion: it neither accepts nor refuses, it tells what there
/// is (findings) and, for a client's habit, which path that client would look at.
///
///     verify::Memory memory;                                        // one per thread, kept
///     verify::Verification verification(input, trust, memory);
///     const auto found = verification.find_path(habit, client);
///     for (const verify::Placed& placed : verification.findings(found)) ...
///
/// Everything is found when it is first asked for and kept. No network, no clock, no exceptions for bad input. Not for several threads.
/// Policies are processed for any-policy, as TLS clients ask (policies.h). Revocation: what OCSP responses say, stapled or fetched, and
/// revocation lists, given or fetched.
class Verification {
  public:
    Verification(const Input& input, const TrustStores& trust, Memory& memory);
    ~Verification();
    Verification(const Verification&) = delete;
    Verification& operator=(const Verification&) = delete;

    /// The path that a client of this habit would judge. When nothing trusted is found: the path that it would complain about, which is the
    /// longest that it sees (by its first choice at each step). Never more than the budget of work; then the best seen so far.
    FoundPath find_path(const Habit& habit, PathClient& client);

    /// The path of that number; stays in its place.
    [[nodiscard]] const Path& path(PathIndex index) const;
    /// How many paths were found so far.
    [[nodiscard]] std::size_t path_count() const;

    /// All that is true on a path that ends so, for a client that judges the path: of each certificate from the leaf up (in its role), of
    /// its edge to the next, of the path, of its end, of the leaf's names, of the chain as sent. Made once for each path and end; borrowed.
    std::span<const Placed> findings(PathIndex path, PathEnd end);
    /// The same for what find_path() gave; without a path only what is true of the chain.
    std::span<const Placed> findings(const FoundPath& found);

    /// Who was asked whether the certificate at that position of a path is revoked, and who answered.
    [[nodiscard]] StatusSources status_sources(PathIndex path, std::size_t position);

    /// What is true of a certificate in a role, whatever the path. Borrowed.
    std::span<const Finding> node_findings(NodeIndex node, Role role);
    /// What is true of an edge: signature, key identifiers, form of names, nesting of validity. Checks the signature. Borrowed.
    std::span<const Finding> edge_findings(EdgeIndex edge);
    /// Whether the issuer's key made the signature of an edge. `unsupported` where that could not be checked: a key or an algorithm that is
    /// not known here, or the budget was used up.
    crypto::SignatureCheck signature(EdgeIndex edge);
    /// What is true of the leaf's names (names.h). Borrowed.
    std::span<const Finding> name_findings();
    /// What is true of all that was sent: path.empty, path.order, path.extra-certificate, path.root-sent, path.incomplete, and
    /// work.budget once the budget is used up. `node` says which certificate. Borrowed until the next call.
    std::span<const Placed> chain_findings();
    /// How a chain with an authority's certificate in front should have been sent (ChainReport::reordered); else empty.
    std::vector<NodeIndex> reordered();

    /// The leaf's number; nothing when none was sent or it cannot be read.
    [[nodiscard]] std::optional<NodeIndex> leaf() const;
    [[nodiscard]] const Node& node(NodeIndex index) const;
    [[nodiscard]] std::size_t node_count() const;
    /// SHA-256 of a certificate.
    const crypto::Sha256& fingerprint(NodeIndex node);
    /// The presented certificates in the order sent; one that was sent twice is there twice.
    [[nodiscard]] std::span<const NodeIndex> presented() const;
    [[nodiscard]] const Edge& edge(EdgeIndex index) const;
    /// Whether a certificate is signed with its own key.
    bool is_self_signed(NodeIndex node);
    /// The names of the leaf, for clients that compare in their own way; empty when there is no leaf.
    [[nodiscard]] const PresentedNames& names();
    /// The name asked for; nothing when there is none.
    [[nodiscard]] const std::optional<ReferenceName>& reference() const;
    [[nodiscard]] Time at() const;
    /// What is left of the budget.
    [[nodiscard]] const Meter& meter() const;

  private:
    struct State;
    const StatusTold& told_by_staples(const Path& path);
    const StatusTold& told_by_asked(const Path& path, std::size_t position);
    void add_told_by_lists(const Path& path, std::size_t position, StatusTold& told);
    std::span<const AtPosition> path_findings(PathIndex index);
    bool is_certified(NodeIndex signer, NodeIndex anchor);
    std::unique_ptr<State> state_;
};

}  // namespace truename::verify
