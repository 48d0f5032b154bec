#include "verify/chain_findings.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace truename::verify {

namespace {

std::string subject_of(const Node& node) {
    return x509::to_string(node.certificate->subject);
}

}  // namespace

ChainReport::ChainReport(Graph& graph, std::span<const NodeIndex> presented) : graph_(graph), presented_(presented) {
    if (presented.empty()) {
        add(0, 0, {FindingId::path_empty});
        return;
    }
    for (std::uint32_t place = 0; place < presented.size(); ++place) {
        const Node& node = graph.node(presented[place]);
        if (!node.certificate)
            add(presented[place], place, {FindingId::cert_malformed, node.error.field, node.error.offset, "", x509::describe(node.error)});
    }
    const Node& first = graph.node(presented[0]);
    if (!first.certificate) return;
    misplaced_ = misplaced_leaf();
    const NodeIndex leaf = misplaced_.value_or(presented[0]);
    if (misplaced_) {
        add(presented[0], 0,
            {FindingId::path_order, Field::subject, first.certificate->subject.offset(), subject_of(graph.node(leaf)), subject_of(first)});
    }
    reachable_.clear();
    mark_reachable(leaf);
    mark_certifying();
    for (std::uint32_t place = misplaced_ ? 0 : 1; place < presented.size(); ++place) report_sent(place);
    report_incomplete(leaf);
    report_serials();
}

/// The first is the server's own for every client (RFC 5246 7.4.2). Where it is an authority's, and one that may not issue and comes later
/// leads up to it, that is the server's.
std::optional<NodeIndex> ChainReport::misplaced_leaf() {
    const NodeIndex first = presented_[0];
    if (!is_authority(graph_.node(first))) return std::nullopt;
    // What was reached from one does not lead to the first, and is not followed again from the next.
    for (const NodeIndex index : presented_.subspan(1)) {
        const Node& node = graph_.node(index);
        if (!node.certificate || node.self_issued || is_authority(node)) continue;
        mark_reachable(index);
        if (reachable_[first]) return index;
    }
    return std::nullopt;
}

std::vector<NodeIndex> ChainReport::reordered() {
    std::vector<NodeIndex> order;
    std::optional<NodeIndex> next = misplaced_;
    while (next) {
        order.push_back(*next);
        next.reset();
        for (const EdgeIndex edge : likely_issuers(order.back())) {
            const NodeIndex issuer = graph_.edge(edge).issuer;
            const Node& node = graph_.node(issuer);
            if (node.self_issued || node.origin == Origin::anchor || std::find(order.begin(), order.end(), issuer) != order.end()) continue;
            next = issuer;
            break;
        }
    }
    return order;
}

/// Those edges that a client would follow first: namesakes with another key count only when there is nobody else.
std::vector<EdgeIndex> ChainReport::likely_issuers(NodeIndex node) {
    const auto all = graph_.issuers_of(node);
    std::vector<EdgeIndex> likely;
    std::copy_if(all.begin(), all.end(), std::back_inserter(likely),
                 [&](EdgeIndex edge) { return graph_.edge(edge).key_identifier != KeyIdentifierFit::differs; });
    return likely.empty() ? std::vector<EdgeIndex>(all.begin(), all.end()) : likely;
}

void ChainReport::mark_reachable(NodeIndex leaf) {
    std::vector<NodeIndex> todo = {leaf};
    reachable_.resize(graph_.size(), false);
    reachable_[leaf] = true;
    while (!todo.empty()) {
        const NodeIndex node = todo.back();
        todo.pop_back();
        for (const EdgeIndex edge : likely_issuers(node)) {
            const NodeIndex issuer = graph_.edge(edge).issuer;
            if (issuer >= reachable_.size()) reachable_.resize(graph_.size(), false);
            if (reachable_[issuer]) continue;
            reachable_[issuer] = true;
            // What only a trust store has is an end: nobody goes on from there.
            if (graph_.node(issuer).origin != Origin::anchor) todo.push_back(issuer);
        }
    }
    reachable_.resize(graph_.size(), false);
}

/// For each node the first place before which one stands that it could have issued.
void ChainReport::mark_certifying() {
    certifies_from_.assign(graph_.size(), kNever);
    for (std::uint32_t place = 0; place < presented_.size(); ++place) {
        for (const EdgeIndex edge : graph_.issuers_of(presented_[place])) {
            const NodeIndex issuer = graph_.edge(edge).issuer;
            if (issuer >= certifies_from_.size()) certifies_from_.resize(graph_.size(), kNever);
            certifies_from_[issuer] = std::min(certifies_from_[issuer], place + 1);
        }
    }
}

void ChainReport::report_sent(std::uint32_t place) {
    const NodeIndex index = presented_[place];
    const Node& node = graph_.node(index);
    if (!node.certificate) return;
    if (node.sent_at != place) {
        add(index, place, {FindingId::path_extra_certificate, Field::subject, 0, "", subject_of(node) + " (sent before)"});
    } else if (!reachable_[index]) {
        add(index, place, {FindingId::path_extra_certificate, Field::subject, node.certificate->subject.offset(), "", subject_of(node)});
    } else {
        if (node.self_issued)
            add(index, place, {FindingId::path_root_sent, Field::subject, node.certificate->subject.offset(), "", subject_of(node)});
        // RFC 5246 7.4.2: each certificate certifies the one before it. Of two that certify the same one, one has to come later. Behind an
        // authority in the first place none is in its own.
        if (!misplaced_ && place < certifies_from_[index])
            add(index, place, {FindingId::path_order, Field::subject, node.certificate->subject.offset(), "", subject_of(node)});
    }
}

void ChainReport::report_incomplete(NodeIndex leaf) {
    std::vector<NodeIndex> sent = {leaf};
    std::set<NodeIndex> seen = {leaf};
    std::optional<EdgeIndex> missing;
    for (std::size_t i = 0; i < sent.size(); ++i) {
        const Node& node = graph_.node(sent[i]);
        if (node.self_issued || node.anchor != nullptr) return;
        for (const EdgeIndex edge : likely_issuers(sent[i])) {
            const NodeIndex issuer = graph_.edge(edge).issuer;
            const Node& above = graph_.node(issuer);
            if (above.anchor != nullptr) return;
            if (!above.sent_at) {
                if (!missing) missing = edge;
            } else if (seen.insert(issuer).second) {
                sent.push_back(issuer);
            }
        }
    }
    if (!missing) return;
    const Edge& edge = graph_.edge(*missing);
    const Node& node = graph_.node(edge.subject);
    add(edge.subject, node.sent_at.value_or(0),
        {FindingId::path_incomplete, Field::issuer, node.certificate->issuer.offset(), subject_of(graph_.node(edge.issuer)), "not sent"});
}

/// What was sent is held against what was sent before it, and against the trusted ones that bear the issuer's name: of others' serial
/// numbers nobody who verifies this chain gets to know.
void ChainReport::report_serials() {
    std::map<std::pair<std::string_view, std::string_view>, NodeIndex> seen;
    const auto reuses = [&](NodeIndex index) {
        const x509::Certificate& certificate = *graph_.node(index).certificate;
        const auto [first, is_new] = seen.try_emplace({as_text(certificate.issuer.tlv()), as_text(certificate.serial_number)}, index);
        return !is_new && first->second != index;
    };
    for (std::size_t i = 0; i < presented_.size(); ++i) {
        if (!graph_.node(presented_[i]).certificate) continue;
        for (const EdgeIndex edge : graph_.issuers_of(presented_[i])) {
            if (graph_.node(graph_.edge(edge).issuer).origin == Origin::anchor) reuses(graph_.edge(edge).issuer);
        }
        if (!reuses(presented_[i])) continue;
        const x509::Certificate& certificate = *graph_.node(presented_[i]).certificate;
        return add(presented_[i], static_cast<std::uint32_t>(i),
                   {FindingId::path_serial_reused, Field::serial_number, 0, "", to_hex(certificate.serial_number)});
    }
}

void ChainReport::add(NodeIndex node, std::uint32_t place, Finding finding) {
    findings_.push_back(std::move(finding));
    placed_.push_back({&findings_.back(), Subject::chain, node, place, place == 0 ? Role::leaf : Role::issuer});
}

}  // namespace truename::verify
