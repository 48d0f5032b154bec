#include "verify/graph.h"

#include <algorithm>

namespace truename::verify {

namespace {

/// The subject's key of nodes that cannot be read; they have no edges, so a name with the same key does no harm.
constexpr std::uint64_t kNoKey = 0;

KeyIdentifierFit fit(const x509::Certificate& subject, const x509::Certificate& issuer) {
    const auto& authority = subject.known.authority_key_identifier;
    const auto& own = issuer.known.subject_key_identifier;
    if (!authority || !authority->key_identifier || !own) return KeyIdentifierFit::not_said;
    return equal(*authority->key_identifier, *own) ? KeyIdentifierFit::fits : KeyIdentifierFit::differs;
}

bool serial_differs(const x509::Certificate& subject, const x509::Certificate& issuer) {
    const auto& authority = subject.known.authority_key_identifier;
    if (!authority) return false;
    if (authority->cert_serial_number && !equal(*authority->cert_serial_number, issuer.serial_number)) return true;
    for (const x509::GeneralName& name : authority->cert_issuer) {
        const auto directory_name = name.directory_name();
        if (directory_name) return x509::relation(*directory_name, issuer.issuer) == x509::NameRelation::different;
    }
    return false;
}

}  // namespace

bool is_authority(const Node& node) {
    const auto& constraints = node.certificate->known.basic_constraints;
    return constraints ? constraints->ca : node.certificate->version < 3 && node.self_issued;
}

bool Graph::Place::operator<(const Place& other) const {
    if (subject_key != other.subject_key) return subject_key < other.subject_key;
    return as_text(der) < as_text(other.der);
}

std::optional<NodeIndex> Graph::add(Bytes der, Origin origin) {
    const auto known = memory_.read(der);
    const std::uint64_t key = known ? (*known)->subject_key : kNoKey;
    const auto [place, is_new] = places_.try_emplace({key, der}, static_cast<NodeIndex>(nodes_.size()));
    const NodeIndex index = place->second;
    if (is_new) {
        if (!meter_.take_certificate()) {
            places_.erase(place);
            return std::nullopt;
        }
        lazy_.emplace_back();
        Node& node = nodes_.emplace_back();
        node.der = der;
        node.origin = origin;
        if (known) {
            with_subject_[key].push_back(index);
            node.known = *known;
            node.certificate = &node.known->certificate;
            node.self_issued = node.known->self_issued;
            node.anchor = trust_.find(der, key);
        } else {
            node.error = known.error();
        }
    }
    Node& node = nodes_[index];
    node.also_fetched = node.also_fetched || origin == Origin::fetched;
    node.also_given = node.also_given || origin == Origin::given;
    node.also_seen = node.also_seen || origin == Origin::seen;
    return index;
}

void Graph::mark_sent(NodeIndex index, std::uint32_t place) {
    if (!nodes_[index].sent_at) nodes_[index].sent_at = place;
}

const crypto::Sha256& Graph::fingerprint(NodeIndex index) {
    if (nodes_[index].known) return nodes_[index].known->fingerprint;
    auto& fingerprint = lazy_[index].fingerprint;
    if (!fingerprint) fingerprint = crypto::sha256(nodes_[index].der);
    return *fingerprint;
}

void Graph::add_edge(NodeIndex subject, NodeIndex issuer, std::vector<EdgeIndex>& edges) {
    const x509::Certificate& below = *nodes_[subject].certificate;
    const x509::Certificate& above = *nodes_[issuer].certificate;
    Edge edge{subject, issuer, x509::relation(below.issuer, above.subject), KeyIdentifierFit::not_said, false, {}};
    if (edge.names == x509::NameRelation::different) return;
    edge.key_identifier = fit(below, above);
    edge.issuer_serial_differs = serial_differs(below, above);
    edges.push_back(static_cast<EdgeIndex>(edges_.size()));
    edges_.push_back(edge);
}

std::span<const NodeIndex> Graph::nodes_with_subject(std::uint64_t subject_key) const {
    const auto found = with_subject_.find(subject_key);
    return found == with_subject_.end() ? std::span<const NodeIndex>() : found->second;
}

std::span<const EdgeIndex> Graph::issuers_of(NodeIndex index) {
    if (lazy_[index].issuers) return *lazy_[index].issuers;
    std::vector<EdgeIndex> edges;
    if (nodes_[index].certificate) {
        const std::uint64_t key = nodes_[index].known->issuer_key;
        const bool may_look = meter_.left().name_comparisons != 0;
        for (const Anchor* anchor : may_look ? trust_.find_by_subject_key(key) : std::vector<const Anchor*>()) {
            if (!places_.contains({key, anchor->der}) && !add(anchor->der, Origin::anchor)) break;
        }
        for (const NodeIndex issuer : nodes_with_subject(key)) {
            if (issuer == index) continue;
            const std::size_t octets = nodes_[index].certificate->issuer.tlv().size();
            if (!meter_.take_name_comparison(octets)) break;
            add_edge(index, issuer, edges);
        }
    }
    return lazy_[index].issuers.emplace(std::move(edges));
}

crypto::Sha256 Graph::key_fingerprint(NodeIndex index, const x509::SubjectPublicKeyInfo& key) const {
    const KnownCertificate& known = *nodes_[index].known;
    return &key == &known.certificate.subject_public_key_info ? known.key_fingerprint() : x509::fingerprint(key);
}

crypto::SignatureCheck Graph::signature(EdgeIndex index) {
    Edge& edge = edges_[index];
    if (!edge.signature) {
        const x509::Certificate& subject = *nodes_[edge.subject].certificate;
        const x509::SubjectPublicKeyInfo& key = key_of(edge.issuer, 0);
        if (!meter_.take_signature(x509::signature_cost(key, subject.tbs_certificate))) return crypto::SignatureCheck::unsupported;
        edge.signature = memory_.signatures.check(subject, nodes_[edge.subject].known->fingerprint, key, key_fingerprint(edge.issuer, key));
    }
    return *edge.signature;
}

crypto::SignatureCheck Graph::signature(const x509::CertificateList& crl, NodeIndex signer) {
    if (crl.signature_unused_bits != 0) return crypto::SignatureCheck::invalid;
    const x509::SubjectPublicKeyInfo& key = key_of(signer, 0);
    if (!meter_.take_signature(x509::signature_cost(key, crl.tbs_cert_list))) return crypto::SignatureCheck::unsupported;
    return memory_.signatures.check(crl.tbs_cert_list, crl.signature_algorithm, crl.signature_value, key);
}

CheckSignature Graph::signature_check() {
    return [this](Bytes signed_bytes, const x509::AlgorithmIdentifier& algorithm, Bytes signature, const x509::SubjectPublicKeyInfo& key) {
        if (!meter_.take_signature(x509::signature_cost(key, signed_bytes))) return crypto::SignatureCheck::unsupported;
        return memory_.signatures.check(signed_bytes, algorithm, signature, key);
    };
}

/// A certificate's key, with its issuer's parameters where it has none of its own (RFC 5280 6.1.4(e)). Looked for once, and while that goes
/// on it has none: certificates that could all have issued each other would else be followed along every way through them. Nor is it looked
/// for farther up than a path may be long.
const x509::SubjectPublicKeyInfo& Graph::key_of(NodeIndex index, std::size_t depth) {
    const x509::SubjectPublicKeyInfo& own = nodes_[index].certificate->subject_public_key_info;
    if (!x509::inherits_parameters(own) || depth == kMaxPathLength) return own;
    if (lazy_[index].key) return *lazy_[index].key;
    lazy_[index].key = own;
    for (const EdgeIndex edge : issuers_of(index)) {
        const x509::SubjectPublicKeyInfo& above = key_of(edges_[edge].issuer, depth + 1);
        if (above.kind != own.kind || above.dsa_parameters.empty() || signature(edge) != crypto::SignatureCheck::valid) continue;
        lazy_[index].key->dsa_parameters = above.dsa_parameters;
        break;
    }
    return *lazy_[index].key;
}

bool Graph::is_self_signed(NodeIndex index) {
    const Node& node = nodes_[index];
    if (!node.self_issued || !node.certificate) return false;
    const x509::Certificate& certificate = *node.certificate;
    if (fit(certificate, certificate) == KeyIdentifierFit::differs || serial_differs(certificate, certificate)) return false;
    // What a trust store holds is taken as it is (RFC 5280 6.1.1(d)): nobody checks its signature.
    if (node.anchor != nullptr) return true;
    auto& own_signature = lazy_[index].own_signature;
    if (!own_signature) {
        if (!meter_.take_signature(x509::signature_cost(certificate.subject_public_key_info, certificate.tbs_certificate))) return true;
        own_signature = memory_.signatures.check(certificate, node.known->fingerprint, certificate.subject_public_key_info,
                                                 node.known->key_fingerprint());
    }
    return *own_signature != crypto::SignatureCheck::invalid;
}

}  // namespace truename::verify
