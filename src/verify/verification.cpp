#include "verify/verification.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <deque>
#include <map>
#include <memory_resource>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "verify/chain_findings.h"
#include "verify/node_findings.h"
#include "verify/ocsp_findings.h"
#include "verify/path_findings.h"
#include "verify/path_search.h"
#include "verify/revocation.h"

namespace truename::verify {

namespace {

constexpr std::size_t kEnds = static_cast<std::size_t>(PathEnd::no_leaf) + 1;

Role role_at(const Path& path, std::size_t position, PathEnd end) {
    if (position == 0) return Role::leaf;
    return end == PathEnd::anchor && position + 1 == path.nodes.size() ? Role::anchor : Role::issuer;
}

}  // namespace

struct Verification::State {
    State(const Input& in, const TrustStores& trust, Memory& memory)
        : graph(trust, memory, in.budget, room),
          at(in.at),
          stapled(in.stapled),
          staples(in.staples.begin(), in.staples.end()),
          asked(in.asked.begin(), in.asked.end()) {
        for (const Bytes der : in.presented) {
            const auto node = graph.add(der, Origin::presented);
            if (!node) break;
            graph.mark_sent(*node, static_cast<std::uint32_t>(presented.size()));
            presented.push_back(*node);
        }
        for (const Bytes der : in.fetched) graph.add(der, Origin::fetched);
        for (const Bytes der : in.given) graph.add(der, Origin::given);
        for (const Bytes der : in.seen) graph.add(der, Origin::seen);
        if (in.name.empty()) return;
        reference = make_reference_name(in.name);
        reference->services.assign(in.services.begin(), in.services.end());
    }

    /// All that is told of a path with that end, in the order of the header.
    struct Told {
        std::vector<Placed> placed;
        bool has_budget = false;
    };

    /// All tables are given back together, and those of a usual chain fit in here.
    std::array<std::byte, 8'192> first_room;
    std::pmr::monotonic_buffer_resource room{first_room.data(), first_room.size()};
    Graph graph;
    PathTable paths;
    Time at;
    bool stapled;
    std::vector<Bytes> staples;
    std::vector<AskedSource> asked;
    std::vector<NodeIndex> presented;
    std::optional<ReferenceName> reference;
    std::optional<PresentedNames> names;
    std::optional<std::vector<Finding>> name_findings;
    std::optional<ChainReport> chain;
    std::vector<Placed> chain_placed;
    std::pmr::unordered_map<std::uint64_t, std::vector<Finding>> of_node{&room}, of_edge{&room};
    std::pmr::unordered_map<NodeIndex, StatusTold> of_staples{&room};
    std::pmr::map<std::tuple<NodeIndex, NodeIndex, NodeIndex>, StatusTold> of_asked{&room};  // certificate, issuer, end of the path
    std::pmr::unordered_map<PathIndex, std::vector<AtPosition>> of_path{&room};
    std::pmr::unordered_map<std::uint64_t, std::vector<AtPosition>> of_end{&room};
    std::pmr::unordered_map<std::uint64_t, Told> told{&room};
    std::optional<RevocationLists> revocation_lists;
    std::pmr::map<const AskedSource*, RevocationLists> fetched_lists{&room};
    std::pmr::map<std::pair<NodeIndex, NodeIndex>, bool> certified{&room};
    const Finding budget_used_up{FindingId::work_budget};
};

Verification::Verification(const Input& input, const TrustStores& trust, Memory& memory)
    : state_(std::make_unique<State>(input, trust, memory)) {
    if (!input.crls) return;
    state_->revocation_lists.emplace(state_->graph, *input.crls, input.at,
                                     [this](NodeIndex signer, NodeIndex anchor) { return is_certified(signer, anchor); });
}

Verification::~Verification() = default;

FoundPath Verification::find_path(const Habit& habit, PathClient& client) {
    const auto first = leaf();
    if (!first) return {};
    return search_path(state_->graph, state_->paths, *first, state_->at, habit, client);
}

const Path& Verification::path(PathIndex index) const {
    return state_->paths[index];
}

std::size_t Verification::path_count() const {
    return state_->paths.size();
}

std::span<const Placed> Verification::findings(const FoundPath& found) {
    return found.path ? findings(*found.path, found.end) : chain_findings();
}

std::span<const Placed> Verification::findings(PathIndex index, PathEnd end) {
    const std::uint64_t key = index * kEnds + static_cast<std::uint64_t>(end);
    auto [it, is_new] = state_->told.try_emplace(key);
    State::Told& told = it->second;
    if (is_new) {
        const Path& path = state_->paths[index];
        const auto add = [&](const Finding& finding, Subject subject, std::size_t position) {
            told.placed.push_back(
                {&finding, subject, path.nodes[position], static_cast<std::uint32_t>(position), role_at(path, position, end)});
        };
        for (std::size_t i = 0; i < path.nodes.size(); ++i) {
            for (const Finding& finding : node_findings(path.nodes[i], role_at(path, i, end))) add(finding, Subject::certificate, i);
            if (i == 0 && leaf() == path.nodes[0]) {  // a path may begin at who signed a revocation list
                for (const Finding& finding : told_by_staples(path).findings) add(finding, Subject::certificate, i);
            }
            for (const Finding& finding : told_by_asked(path, i).findings) add(finding, Subject::certificate, i);
            if (i == path.edges.size()) break;
            for (const Finding& finding : edge_findings(path.edges[i])) add(finding, Subject::edge, i);
        }
        for (const AtPosition& found : path_findings(index)) add(found.finding, Subject::path, found.position);
        auto& of_end = state_->of_end[key];
        of_end = end_findings(state_->graph, path, end);
        for (const AtPosition& found : of_end) add(found.finding, Subject::path, found.position);
        for (const Finding& finding : name_findings()) add(finding, Subject::name, 0);
        const auto chain = chain_findings();
        told.placed.insert(told.placed.end(), chain.begin(), chain.end());
        told.has_budget = state_->graph.meter().is_exhausted();
    }
    if (!told.has_budget && state_->graph.meter().is_exhausted()) {
        told.placed.push_back({&state_->budget_used_up, Subject::chain, 0, 0, Role::leaf});
        told.has_budget = true;
    }
    return told.placed;
}

/// By the certificate that is taken as the leaf's issuer: with another one other signers are right.
const StatusTold& Verification::told_by_staples(const Path& path) {
    const NodeIndex issuer = path.nodes[path.nodes.size() > 1 ? 1 : 0];
    auto [it, is_new] = state_->of_staples.try_emplace(issuer);
    if (is_new) it->second = staples_told(state_->graph, path, state_->staples, state_->at);
    return it->second;
}

const StatusTold& Verification::told_by_asked(const Path& path, std::size_t position) {
    static const StatusTold kNothing;
    if (state_->asked.empty()) return kNothing;
    const NodeIndex issuer = path.nodes[std::min(position + 1, path.nodes.size() - 1)];
    auto [it, is_new] = state_->of_asked.try_emplace({path.nodes[position], issuer, path.nodes.back()});
    StatusTold& told = it->second;
    if (is_new) {
        told = responders_told(state_->graph, path, position, state_->asked);
        if (position + 1 < path.nodes.size()) add_told_by_lists(path, position, told);
    }
    return told;
}

/// Each by itself: one that was fetched for another certificate is not looked for there by anybody who follows the addresses.
void Verification::add_told_by_lists(const Path& path, std::size_t position, StatusTold& told) {
    constexpr auto kBit = static_cast<std::uint8_t>(StatusSource::crl);
    for (const AskedSource& one : state_->asked) {
        if (one.source != StatusSource::crl || one.certificate != state_->graph.fingerprint(path.nodes[position])) continue;
        told.sources.asked |= kBit;
        if (one.answer.empty()) {
            told.findings.push_back(
                {FindingId::revocation_crl_unreachable, Field::crl_distribution_points, 0, std::string(one.url), std::string(one.failure)});
            continue;
        }
        auto lists = state_->fetched_lists.find(&one);
        if (lists == state_->fetched_lists.end()) {
            lists = state_->fetched_lists
                        .try_emplace(&one, state_->graph, std::span(&one.answer, 1), one.at,
                                     [this](NodeIndex signer, NodeIndex anchor) { return is_certified(signer, anchor); })
                        .first;
        }
        bool answered = true;
        for (Finding finding : lists->second.report_at(path, position)) {
            if (finding.id == FindingId::revocation_undetermined) {
                answered = false;
                finding.id = FindingId::revocation_crl_not_about;
            }
            told.findings.push_back(std::move(finding));
        }
        if (answered) told.sources.answered |= kBit;
    }
}

StatusSources Verification::status_sources(PathIndex index, std::size_t position) {
    const Path& path = state_->paths[index];
    StatusSources sources = told_by_asked(path, position).sources;
    if (position == 0 && leaf() == path.nodes[0]) {
        const StatusSources& stapled = told_by_staples(path).sources;
        sources.asked |= stapled.asked;
        sources.answered |= stapled.answered;
        // One that is not at hand is taken for a good one.
        if (state_->stapled && state_->staples.empty()) sources.answered |= static_cast<std::uint8_t>(StatusSource::staple);
    }
    return sources;
}

/// References into the tables stay good while others are added: a list may be signed by another path's certificate, whose findings are
/// then made in between.
std::span<const AtPosition> Verification::path_findings(PathIndex index) {
    auto [it, is_new] = state_->of_path.try_emplace(index);
    std::vector<AtPosition>& findings = it->second;
    if (is_new) {
        findings = verify::path_findings(state_->graph, state_->paths[index]);
        if (state_->revocation_lists) {
            for (AtPosition& found : state_->revocation_lists->report(state_->paths[index])) findings.push_back(std::move(found));
        }
    }
    return findings;
}

/// RFC 5280 6.3.3(f). While the answer is looked for it is yes: a list may cover the certificate that signed it.
bool Verification::is_certified(NodeIndex signer, NodeIndex anchor) {
    const auto [it, is_new] = state_->certified.try_emplace({signer, anchor}, true);
    bool& certified = it->second;
    if (is_new) {
        class UnderAnchor : public PathClient {
          public:
            UnderAnchor(Verification& verification, NodeIndex wanted) : verification_(verification), wanted_(wanted) {}
            Trust trusts(NodeIndex node) override { return node == wanted_ ? Trust::yes : Trust::no; }
            bool accepts(PathIndex path) override {
                const auto placed = verification_.findings(path, PathEnd::anchor);
                return std::none_of(placed.begin(), placed.end(), [](const Placed& p) { return breaks_path(p); });
            }

          private:
            Verification& verification_;
            NodeIndex wanted_;
        } client(*this, anchor);
        const Habit everywhere{.uses_given = true, .uses_fetched = true};
        certified = search_path(state_->graph, state_->paths, signer, state_->at, everywhere, client).accepted;
    }
    return certified;
}

std::span<const Finding> Verification::node_findings(NodeIndex node, Role role) {
    const bool is_leaf = role == Role::leaf;
    auto [it, is_new] = state_->of_node.try_emplace(std::uint64_t{node} * 2 + (is_leaf ? 0 : 1));
    const Node& of = state_->graph.node(node);
    if (is_new && of.known) {
        it->second = of.known->findings();
        if (is_leaf) {
            report_leaf(*of.certificate, {state_->at, state_->stapled}, it->second);
        } else {
            report_issuer(*of.certificate, state_->at, it->second);
        }
    }
    return it->second;
}

std::span<const Finding> Verification::edge_findings(EdgeIndex edge) {
    auto [it, is_new] = state_->of_edge.try_emplace(edge);
    if (is_new) report_edge(state_->graph, edge, it->second);
    return it->second;
}

crypto::SignatureCheck Verification::signature(EdgeIndex edge) {
    return state_->graph.signature(edge);
}

std::span<const Finding> Verification::name_findings() {
    if (!state_->name_findings) {
        std::vector<Finding> findings;
        if (state_->reference && leaf()) report_names(names(), *state_->reference, findings);
        state_->name_findings = std::move(findings);
    }
    return *state_->name_findings;
}

std::span<const Placed> Verification::chain_findings() {
    if (!state_->chain) {
        state_->chain.emplace(state_->graph, state_->presented);
        const auto placed = state_->chain->placed();
        state_->chain_placed.assign(placed.begin(), placed.end());
    }
    const bool has_budget = state_->chain_placed.size() > state_->chain->placed().size();
    if (!has_budget && state_->graph.meter().is_exhausted())
        state_->chain_placed.push_back({&state_->budget_used_up, Subject::chain, 0, 0, Role::leaf});
    return state_->chain_placed;
}

std::vector<NodeIndex> Verification::reordered() {
    chain_findings();
    return state_->chain->reordered();
}

std::optional<NodeIndex> Verification::leaf() const {
    if (state_->presented.empty() || !state_->graph.node(state_->presented[0]).certificate) return std::nullopt;
    return state_->presented[0];
}

const Node& Verification::node(NodeIndex index) const {
    return state_->graph.node(index);
}

std::size_t Verification::node_count() const {
    return state_->graph.size();
}

const crypto::Sha256& Verification::fingerprint(NodeIndex node) {
    return state_->graph.fingerprint(node);
}

std::span<const NodeIndex> Verification::presented() const {
    return state_->presented;
}

const Edge& Verification::edge(EdgeIndex index) const {
    return state_->graph.edge(index);
}

bool Verification::is_self_signed(NodeIndex node) {
    return state_->graph.is_self_signed(node);
}

const PresentedNames& Verification::names() {
    if (!state_->names) {
        const auto first = leaf();
        state_->names = first ? presented_names(*state_->graph.node(*first).certificate) : PresentedNames();
    }
    return *state_->names;
}

const std::optional<ReferenceName>& Verification::reference() const {
    return state_->reference;
}

Time Verification::at() const {
    return state_->at;
}

const Meter& Verification::meter() const {
    return state_->graph.meter();
}

}  // namespace truename::verify
