#include "verify/path_search.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "der/oid.h"

namespace truename::verify {

namespace {

bool names_fit(x509::NameRelation relation, NamesEqual wanted) {
    switch (relation) {
        case x509::NameRelation::same_bytes:
            return true;
        case x509::NameRelation::same_but_string_type:
            return wanted != NamesEqual::bytes;
        case x509::NameRelation::folded_ascii:
            return wanted == NamesEqual::ascii_folded || wanted == NamesEqual::folded;
        case x509::NameRelation::folded:
            return wanted == NamesEqual::folded;
        case x509::NameRelation::different:
            return false;
    }
    return false;
}

bool identifier_fits(const Edge& edge, KeyIdentifierUse use, Trust trust) {
    const bool fits = edge.key_identifier != KeyIdentifierFit::differs;
    switch (use) {
        case KeyIdentifierUse::must_fit_at_anchor:
            return trust == Trust::no || (fits && !edge.issuer_serial_differs);
        case KeyIdentifierUse::must_fit:
            return fits;
        case KeyIdentifierUse::must_fit_and_serial:
            return fits && !edge.issuer_serial_differs;
        case KeyIdentifierUse::hint:
        case KeyIdentifierUse::ignored:
            return true;
    }
    return true;
}

bool is_trusted(Trust trust) {
    return trust == Trust::yes || trust == Trust::unknown;
}

/// The order in which ends are liked: by trust, then by what the client said, then by how far the path came.
int rank(const FoundPath& found) {
    if (found.end == PathEnd::anchor) return (found.trust == Trust::yes ? 5 : 4) + (found.accepted ? 2 : 0);
    return found.end == PathEnd::distrusted ? 3 : 0;
}

class Search {
  public:
    Search(Graph& graph, PathTable& paths, Time at, const Habit& habit, PathClient& client)
        : graph_(graph), paths_(paths), at_(at), habit_(habit), client_(client) {}

    FoundPath run(NodeIndex leaf) {
        goes_back_ =
            habit_.search == PathSearch::any_good_path || habit_.search == PathSearch::best || habit_.search == PathSearch::sent_chain;
        if (habit_.search != PathSearch::sent_chain || !follow_sent(leaf)) visit(leaf);
        best_.hangs_on = hangs_on_;
        return best_;
    }

  private:
    struct Candidate {
        EdgeIndex edge;
        Trust trust;
        bool signature_valid = true;
    };

    /// Goes on from `node`. True when the search is over.
    bool visit(NodeIndex node) {
        if (!graph_.meter().take_candidate()) return stop(node);
        current_.nodes.push_back(node);
        const bool over = follow(node);
        current_.nodes.pop_back();
        return over;
    }

    /// Takes what was sent as the path, if each certificate names the next one as its issuer and one is trusted or the last one was signed
    /// by what is. False when it is no such chain; then nothing was found. Certificates behind a trusted one do not count.
    bool follow_sent(NodeIndex leaf) {
        std::map<std::uint32_t, NodeIndex> sent;
        for (NodeIndex node = 0; node < graph_.size(); ++node) {
            if (graph_.node(node).sent_at) sent.emplace(*graph_.node(node).sent_at, node);
        }
        Path chain{{leaf}, {}};
        while (!is_trusted(client_.trusts(chain.nodes.back()))) {
            const auto next = sent.find(static_cast<std::uint32_t>(chain.nodes.size()));
            if (next == sent.end()) return chain.nodes.size() == sent.size() && end_sent(chain);
            const auto edge = edge_between(chain.nodes.back(), next->second);
            if (!edge || chain.nodes.size() >= kMaxPathLength) return false;
            chain.edges.push_back(*edge);
            chain.nodes.push_back(next->second);
        }
        if (chain.nodes.size() > 1) {  // what stands in the store is taken from there, or another one with its name
            chain.nodes.pop_back();
            chain.edges.pop_back();
            return end_sent(chain);
        }
        current_ = chain;
        finish(PathEnd::anchor, client_.trusts(leaf));
        return true;
    }

    /// Tries every trusted issuer of the chain's end that signed it. False when there is none.
    bool end_sent(const Path& chain) {
        bool found = false;
        for (const EdgeIndex edge : graph_.issuers_of(chain.nodes.back())) {
            const NodeIndex issuer = graph_.edge(edge).issuer;
            const Trust trust = client_.trusts(issuer);
            if (!is_trusted(trust) || !names_fit(graph_.edge(edge).names, habit_.names_equal)) continue;
            if (graph_.signature(edge) == crypto::SignatureCheck::invalid) continue;
            found = true;
            if (!identifier_fits(graph_.edge(edge), habit_.key_identifier, trust)) continue;
            current_ = chain;
            current_.edges.push_back(edge);
            current_.nodes.push_back(issuer);
            if (finish(PathEnd::anchor, trust)) break;
        }
        if (found && !best_.path) {
            current_ = chain;
            finish(PathEnd::unknown_issuer, Trust::no);
        }
        return found;
    }

    std::optional<EdgeIndex> edge_between(NodeIndex subject, NodeIndex issuer) {
        for (const EdgeIndex edge : graph_.issuers_of(subject)) {
            if (graph_.edge(edge).issuer == issuer && names_fit(graph_.edge(edge).names, habit_.names_equal)) return edge;
        }
        return std::nullopt;
    }

    bool follow(NodeIndex node) {
        const Trust trust = client_.trusts(node);
        if (is_trusted(trust)) return finish(PathEnd::anchor, trust);
        if (trust == Trust::distrusted) return finish(PathEnd::distrusted, trust);
        if (graph_.is_self_signed(node)) return finish(root_end(), trust);
        const auto candidates = candidates_of(node);
        if (candidates.empty() || current_.nodes.size() >= kMaxPathLength) {
            if (looks_self_signed(node)) return finish(root_end(), trust);
            note(HabitPart::uses);  // who looks in more places may find an issuer
            return finish(PathEnd::unknown_issuer, trust);
        }
        for (const Candidate& candidate : candidates) {
            current_.edges.push_back(candidate.edge);
            const bool over = visit(graph_.edge(candidate.edge).issuer);
            current_.edges.pop_back();
            if (over || !goes_back_) return true;
        }
        return false;
    }

    [[nodiscard]] PathEnd root_end() const { return current_.nodes.size() == 1 ? PathEnd::self_signed : PathEnd::untrusted_root; }

    /// Its own issuer by all that it says, though its signature is wrong.
    [[nodiscard]] bool looks_self_signed(NodeIndex node) const { return graph_.node(node).self_issued; }

    /// The work is used up: what stands is told, if nothing better is known.
    bool stop(NodeIndex node) {
        if (!best_.path) {
            current_.nodes.push_back(node);
            finish(PathEnd::unknown_issuer, Trust::no);
            current_.nodes.pop_back();
        }
        return true;
    }

    /// Notes the path that stands, if it is the best so far. True when the client looks no further.
    bool finish(PathEnd end, Trust trust) {
        FoundPath found{{}, end, trust, false, 0};
        if (end != PathEnd::anchor && best_.path && !is_better_end(found)) return !goes_back_;
        found.path = paths_.add(current_, graph_);
        if (!found.path) return true;
        if (goes_back_ && end == PathEnd::anchor) found.accepted = client_.accepts(*found.path);
        if (!best_.path || is_better(found)) best_ = found;
        return !goes_back_ || (found.accepted && trust == Trust::yes);
    }

    bool is_better(const FoundPath& found) {
        if (found.end != PathEnd::anchor) return is_better_end(found);
        if (rank(found) != rank(best_)) return rank(found) > rank(best_);
        return habit_.search == PathSearch::best && quality(*found.path) > quality(*best_.path);
    }

    /// Of ends that are not trusted the longest path counts, and of these the first.
    [[nodiscard]] bool is_better_end(const FoundPath& found) const {
        if (rank(found) != rank(best_)) return rank(found) > rank(best_);
        return current_.nodes.size() > paths_[*best_.path].nodes.size();
    }

    /// Of two paths that a client does not like, the one with right signatures and in time has less wrong.
    std::pair<bool, bool> quality(PathIndex index) {
        const auto& nodes = paths_[index].nodes;
        return {right_signatures(index), std::all_of(nodes.begin(), nodes.end(), [&](NodeIndex node) { return is_timely(node); })};
    }

    [[nodiscard]] bool is_timely(NodeIndex index) const {
        const x509::Validity& validity = graph_.node(index).certificate->validity;
        return validity.not_before.time <= at_ && at_ <= validity.not_after.time;
    }

    bool right_signatures(PathIndex index) {
        const Path& path = paths_[index];
        return std::all_of(path.edges.begin(), path.edges.end(),
                           [&](EdgeIndex edge) { return graph_.signature(edge) != crypto::SignatureCheck::invalid; });
    }

    /// Whether the client has the certificate at all.
    [[nodiscard]] bool sees(const Node& node, Trust trust) const {
        if (trust != Trust::no) return true;
        if (habit_.uses_presented && node.sent_at) return true;
        if (habit_.uses_fetched && node.also_fetched) return true;
        if (habit_.uses_given && node.also_given) return true;
        if (habit_.uses_seen && node.also_seen) return true;
        // Intermediates that were put into the local store as if they were roots help to find the root.
        return node.anchor != nullptr && !node.self_issued && (node.anchor->added || node.anchor->system);
    }

    /// The same authority twice in a path leads nowhere new (RFC 4158 5.2).
    [[nodiscard]] bool is_loop(const Node& node) const {
        return std::any_of(current_.nodes.begin(), current_.nodes.end(), [&](NodeIndex index) {
            const x509::Certificate& other = *graph_.node(index).certificate;
            return equal(other.subject.tlv(), node.certificate->subject.tlv()) &&
                   equal(other.subject_public_key_info.tlv, node.certificate->subject_public_key_info.tlv);
        });
    }

    std::vector<Candidate> candidates_of(NodeIndex node) {
        std::vector<Candidate> candidates;
        for (const EdgeIndex index : graph_.issuers_of(node)) {
            const Edge& edge = graph_.edge(index);
            if (edge.names != x509::NameRelation::same_bytes) note(HabitPart::names_equal);
            if (edge.key_identifier == KeyIdentifierFit::differs || edge.issuer_serial_differs) note(HabitPart::key_identifier);
            const Node& issuer = graph_.node(edge.issuer);
            const Trust trust = client_.trusts(edge.issuer);
            if (!names_fit(edge.names, habit_.names_equal) || !identifier_fits(edge, habit_.key_identifier, trust)) continue;
            if (trust == Trust::no && !issuer.sent_at && (issuer.also_fetched || issuer.also_given)) note(HabitPart::uses);
            if (sees(issuer, trust) && !is_loop(issuer)) candidates.push_back({index, trust});
        }
        if (candidates.size() > 1) {
            note(HabitPart::search);
            note(HabitPart::key_identifier);
        }
        if (goes_back_ && candidates.size() > 1) keep_right_signatures(candidates);
        std::stable_sort(candidates.begin(), candidates.end(),
                         [&](const Candidate& a, const Candidate& b) { return preference(a) < preference(b); });
        return candidates;
    }

    /// Of several certificates with one name those that made the signature; all when none did. Without this a hundred namesakes of an
    /// authority would be a hundred ways to go.
    void keep_right_signatures(std::vector<Candidate>& candidates) {
        // The trusted ones first: namesakes that somebody sent must not use up the work before it is their turn.
        std::stable_partition(candidates.begin(), candidates.end(), [](const Candidate& c) { return c.trust == Trust::yes; });
        for (Candidate& candidate : candidates)
            candidate.signature_valid = graph_.signature(candidate.edge) != crypto::SignatureCheck::invalid;
        if (std::none_of(candidates.begin(), candidates.end(), [](const Candidate& c) { return c.signature_valid; })) return;
        std::erase_if(candidates, [](const Candidate& c) { return !c.signature_valid; });
    }

    /// The lower the sooner. Those that are equal stay in the order sent, but where the habit takes the last of those that it holds.
    std::tuple<int, int, int, Time::duration, std::int64_t> preference(const Candidate& candidate) const {
        const Edge& edge = graph_.edge(candidate.edge);
        const Node& issuer = graph_.node(edge.issuer);
        // Whoever asks the store first takes what it holds, also an intermediate in which no path may end.
        const bool stored =
            habit_.search == PathSearch::trusted_first && issuer.anchor != nullptr && (issuer.anchor->added || issuer.anchor->system);
        const int trusted = stored || candidate.trust == Trust::yes ? 0 : candidate.trust == Trust::unknown ? 1 : 2;
        const bool minds_identifier =
            habit_.key_identifier != KeyIdentifierUse::ignored && habit_.key_identifier != KeyIdentifierUse::must_fit_at_anchor;
        const int identifier = !minds_identifier ? 0 : static_cast<int>(edge.key_identifier);
        const int timely = habit_.search == PathSearch::as_sent || is_timely(edge.issuer) ? 0 : 1;
        const std::int64_t last_first = -std::int64_t{edge.issuer};
        if (habit_.search == PathSearch::as_sent) return {trusted, identifier, timely, {}, trusted == 0 ? last_first : 0};
        if (habit_.search != PathSearch::fittest_first) return {trusted, identifier, timely, {}, 0};
        const int fitness = (may_issue_for_servers(issuer) || trusted == 0 ? 0 : 2) + timely;
        return {identifier, fitness, trusted, -issuer.certificate->validity.not_before.time.time_since_epoch(), last_first};
    }

    static bool may_issue_for_servers(const Node& node) {
        const x509::KnownExtensions& known = node.certificate->known;
        const auto& purposes = known.extended_key_usage;
        const bool signs = !known.key_usage || known.key_usage->has(x509::KeyUsageBit::key_cert_sign);
        const bool for_servers = !purposes || purposes->has(der::oid::kp_server_auth) || purposes->has(der::oid::kp_client_auth);
        return is_authority(node) && signs && for_servers;
    }

    void note(HabitPart part) { hangs_on_ = static_cast<std::uint8_t>(hangs_on_ | static_cast<unsigned>(part)); }

    Graph& graph_;
    PathTable& paths_;
    Time at_;
    const Habit& habit_;
    PathClient& client_;
    bool goes_back_ = false;
    std::uint8_t hangs_on_ = 0;
    Path current_;
    FoundPath best_;
};

}  // namespace

std::optional<PathIndex> PathTable::add(const Path& path, Graph& graph) {
    for (PathIndex i = 0; i < paths_.size(); ++i) {
        if (paths_[i].edges == path.edges && paths_[i].nodes == path.nodes) return i;
    }
    std::size_t octets = 0;
    for (const NodeIndex node : path.nodes) octets += graph.node(node).der.size();
    if (!graph.meter().take_path(octets)) return std::nullopt;
    paths_.push_back(path);
    return static_cast<PathIndex>(paths_.size() - 1);
}

FoundPath search_path(Graph& graph, PathTable& paths, NodeIndex leaf, Time at, const Habit& habit, PathClient& client) {
    return Search(graph, paths, at, habit, client).run(leaf);
}

}  // namespace truename::verify
