#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "finding/finding.h"
#include "verify/graph.h"

namespace truename::verify {

/// How a client looks for a path.
enum class PathSearch : std::uint8_t {
    any_good_path,  ///< goes back when a path turns out bad, until one is good (mozilla::pkix, Go)
    trusted_first,  ///< at each step an issuer from the store if there is one, and never goes back (OpenSSL)
    as_sent,        ///< a trusted issuer, of several the last, else the first fitting one in the order sent; never goes back (GnuTLS)
    best,           ///< looks at all and takes the one with the least wrong (Windows)
    fittest_first,  ///< at each step the one that may issue for servers, is in time, is trusted, is the newest, comes last; never goes back
                    ///< (NSS)
    sent_chain,     ///< what was sent when it is a chain to a trusted issuer as it stands, else any_good_path (Java)
};

/// Down to which relation issuer and subject still count as equal.
enum class NamesEqual : std::uint8_t { bytes, string_type, ascii_folded, folded };

/// What an authority key identifier that does not fit means.
enum class KeyIdentifierUse : std::uint8_t {
    must_fit,             ///< the issuer is not seen at all
    must_fit_and_serial,  ///< the same, and for authorityCertIssuer with its serial number too
    must_fit_at_anchor,   ///< the same as must_fit_and_serial for what is trusted, ignored for others
    hint,                 ///< others are tried first
    ignored,
};

/// Whose findings count.
enum class Judges : std::uint8_t { path, all_sent };

/// When the findings on a certificate count: only on the path that was chosen, or already while choosing it.
enum class Reports : std::uint8_t { afterwards, while_searching };

/// The habit by which a client builds its one path. The verifier acts on it without an opinion.
struct Habit {
    PathSearch search = PathSearch::any_good_path;
    NamesEqual names_equal = NamesEqual::folded;
    KeyIdentifierUse key_identifier = KeyIdentifierUse::hint;
    Judges judges = Judges::path;
    Reports reports = Reports::afterwards;
    bool uses_presented = true;  ///< intermediates that the server sent
    bool uses_given = false;     ///< intermediates of a local store
    bool uses_fetched = false;   ///< intermediates fetched through AIA
    bool uses_seen = false;      ///< what was sent on other connections: no client's habit, but a way to find what should be sent

    friend bool operator==(const Habit&, const Habit&) = default;
};

/// The parts of a habit on which a search may hang; as bits.
enum class HabitPart : std::uint8_t { search = 1, names_equal = 2, key_identifier = 4, uses = 8 };

/// What a client thinks of a certificate as the end of a path.
enum class Trust : std::uint8_t {
    no,
    unknown,  ///< it is not known whether its store holds it
    yes,
    distrusted,  ///< it is on a list of those that nobody may trust
};

/// A path, leaf first. A path is a sequence of certificates and says nothing about who trusts its end.
struct Path {
    std::vector<NodeIndex> nodes;
    std::vector<EdgeIndex> edges;  ///< edges[i] leads from nodes[i] to nodes[i + 1]
};

/// How a path ends for one client.
enum class PathEnd : std::uint8_t {
    anchor,          ///< the last certificate is trusted, or it is not known whether it is
    self_signed,     ///< the leaf is its own issuer
    untrusted_root,  ///< the last certificate is its own issuer
    unknown_issuer,  ///< nobody at hand could have issued the last certificate
    distrusted,      ///< the last certificate is distrusted
    no_leaf,         ///< nothing was sent, or the first certificate cannot be read: there is no path
};

/// The path that a client would judge, and how it ends.
struct FoundPath {
    std::optional<PathIndex> path;  ///< nothing for no_leaf, and when the budget was used up before there was one
    PathEnd end = PathEnd::no_leaf;
    Trust trust = Trust::no;  ///< of the last certificate
    bool accepted = false;    ///< PathClient::accepts() said so
    /// Bits of HabitPart: the parts of which another value could have led elsewhere. A lone leaf under a root hangs on none.
    std::uint8_t hangs_on = 0;
};

/// The questions that a path search asks the client for whom it searches.
class PathClient {
  public:
    PathClient() = default;
    PathClient(const PathClient&) = delete;
    PathClient& operator=(const PathClient&) = delete;
    virtual ~PathClient() = default;

    /// Whether the path may end in `node`. Asked for any certificate, also for those that no store at hand has: a client whose anchors must
    /// be self-signed says no to others.
    virtual Trust trusts(NodeIndex node) = 0;

    /// Whether the client is content with a path that ends in an anchor. Asked only where the habit allows going back (any_good_path,
    /// sent_chain), and for `best`, which prefers what is accepted.
    virtual bool accepts(PathIndex path) = 0;
};

/// What a finding is about.
enum class Subject : std::uint8_t {
    certificate,  ///< the certificate by itself, in its role
    edge,         ///< a certificate and its issuer
    path,         ///< the path
    name,         ///< the leaf's names and the name asked for
    chain,        ///< everything that was sent
};

/// The part that a certificate plays in a path.
enum class Role : std::uint8_t { leaf, issuer, anchor };

/// A finding and where it stands.
struct Placed {
    const Finding* finding = nullptr;  ///< borrowed from the Verification
    Subject subject = Subject::certificate;
    NodeIndex node = 0;          ///< the certificate it is about; of an edge the issued one
    std::uint32_t position = 0;  ///< of that certificate in the path, from 0; of one that was only sent, its place in the chain
    Role role = Role::leaf;
};

}  // namespace truename::verify
