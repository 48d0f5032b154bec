#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory_resource>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"
#include "finding/finding.h"
#include "verify/budget.h"
#include "verify/memory.h"
#include "verify/ocsp.h"
#include "verify/trust_store.h"
#include "x509/certificate.h"
#include "x509/crl.h"
#include "x509/parse_error.h"
#include "x509/signature.h"

namespace truename::verify {

/// The number of a certificate, an edge or a path in one verification.
using NodeIndex = std::uint32_t;
using EdgeIndex = std::uint32_t;
using PathIndex = std::uint32_t;

/// How a certificate came to hand. One that came by several ways has the first of these.
enum class Origin : std::uint8_t {
    presented,  ///< sent by the server
    fetched,    ///< got through an address that a certificate names (AIA)
    given,      ///< an intermediate from the user or from this machine
    seen,       ///< sent on another connection
    anchor,     ///< only known from a trust store
};

/// One certificate at hand.
struct Node {
    Bytes der;  ///< borrowed
    std::shared_ptr<const KnownCertificate> known;
    const x509::Certificate* certificate = nullptr;  ///< null when it cannot be read: then it takes part in no path
    x509::ParseError error;                          ///< why it cannot be read
    Origin origin = Origin::presented;
    std::optional<std::uint32_t> sent_at;                              ///< its (first) place among the presented ones, from 0
    bool also_fetched = false, also_given = false, also_seen = false;  ///< it came that way too
    const Anchor* anchor = nullptr;  ///< its entry in the trust stores; nothing when no store at hand has it
    bool self_issued = false;        ///< KnownCertificate::self_issued
};

/// Whether a certificate that can be read is marked as an authority's, or is a root of the time before there were marks (version 1).
bool is_authority(const Node& node);

/// What the authority key identifier says of a possible issuer (RFC 5280 4.2.1.1).
enum class KeyIdentifierFit : std::uint8_t {
    fits,
    not_said,  ///< the certificate names no key identifier, or the issuer has none
    differs,
};

/// "Could have issued": the issuer's subject is the issuer named in the certificate, at least when folded.
struct Edge {
    NodeIndex subject = 0, issuer = 0;
    x509::NameRelation names = x509::NameRelation::different;
    KeyIdentifierFit key_identifier = KeyIdentifierFit::not_said;
    bool issuer_serial_differs = false;               ///< the identifier's authorityCertIssuer and serial number are of another certificate
    std::optional<crypto::SignatureCheck> signature;  ///< when somebody asked
};

/// The certificates at hand and who could have issued whom. Edges are found when they are asked for, signatures checked when a path needs
/// them; both once.
class Graph {
  public:
    /// The trust stores and the memory are borrowed, as are all bytes, and so is the room in which the graph is kept.
    Graph(const TrustStores& trust, Memory& memory, const Budget& budget, std::pmr::memory_resource& room)
        : trust_(trust),
          memory_(memory),
          meter_(budget),
          nodes_(&room),
          lazy_(&room),
          edges_(&room),
          places_(&room),
          with_subject_(&room) {}

    /// Adds a certificate; one with the same bytes becomes one node with it. Nothing when the budget of certificates is used up.
    std::optional<NodeIndex> add(Bytes der, Origin origin);

    /// Notes that a node was sent as the `place`th certificate, from 0; the first place counts.
    void mark_sent(NodeIndex index, std::uint32_t place);

    [[nodiscard]] const Node& node(NodeIndex index) const { return nodes_[index]; }
    /// How many nodes there are by now; anchors are added when an edge leads to them.
    [[nodiscard]] std::size_t size() const { return nodes_.size(); }
    /// SHA-256 of the certificate, made once.
    const crypto::Sha256& fingerprint(NodeIndex index);

    /// The nodes whose subject may be the name of that key, as they came. The caller compares. Borrowed until a node is added.
    [[nodiscard]] std::span<const NodeIndex> nodes_with_subject(std::uint64_t subject_key) const;
    /// The edges to all possible issuers of a node, itself excepted: presented ones in the order sent, then fetched, given, seen, anchors.
    std::span<const EdgeIndex> issuers_of(NodeIndex index);
    [[nodiscard]] const Edge& edge(EdgeIndex index) const { return edges_[index]; }
    /// Whether the issuer's key made the signature; unsupported, too, when the budget of signatures is used up.
    crypto::SignatureCheck signature(EdgeIndex index);
    /// Whether a node's key made the signature of a CRL.
    crypto::SignatureCheck signature(const x509::CertificateList& crl, NodeIndex signer);
    /// Checks any other signature within the same budget; borrows the graph.
    CheckSignature signature_check();
    /// A certificate's key, with its issuer's parameters where it has none of its own (RFC 5280 6.1.4(e)); borrowed.
    const x509::SubjectPublicKeyInfo& key(NodeIndex index) { return key_of(index, 0); }
    /// Whether a node is signed with its own key; false at once when it is not self-issued. The signature of an anchor is not checked, and
    /// one of an unknown algorithm counts as right.
    bool is_self_signed(NodeIndex index);

    [[nodiscard]] Meter& meter() { return meter_; }
    [[nodiscard]] const Meter& meter() const { return meter_; }

  private:
    struct Lazy {
        std::optional<crypto::Sha256> fingerprint;  ///< of what cannot be read
        std::optional<std::vector<EdgeIndex>> issuers;
        std::optional<crypto::SignatureCheck> own_signature;
        std::optional<x509::SubjectPublicKeyInfo> key;  ///< with inherited parameters; only of keys that have none of their own
    };
    void add_edge(NodeIndex subject, NodeIndex issuer, std::vector<EdgeIndex>& edges);
    const x509::SubjectPublicKeyInfo& key_of(NodeIndex index, std::size_t depth);
    /// x509::fingerprint() of `key`, which is key_of() that node.
    [[nodiscard]] crypto::Sha256 key_fingerprint(NodeIndex index, const x509::SubjectPublicKeyInfo& key) const;

    /// Certificates by their subjects, and by their octets those of one subject.
    struct Place {
        std::uint64_t subject_key;
        Bytes der;
        bool operator<(const Place& other) const;
    };

    const TrustStores& trust_;
    Memory& memory_;
    Meter meter_;
    std::pmr::deque<Node> nodes_;
    std::pmr::deque<Lazy> lazy_;
    std::pmr::deque<Edge> edges_;
    std::pmr::map<Place, NodeIndex> places_;
    std::pmr::unordered_map<std::uint64_t, std::pmr::vector<NodeIndex>> with_subject_;
};

}  // namespace truename::verify
