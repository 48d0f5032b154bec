#include "verify/policies.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace truename::verify {

namespace {

constexpr std::uint32_t kAnyParent = std::numeric_limits<std::uint32_t>::max();  // the node of any-policy one level up

bool is_before(der::Oid a, der::Oid b) {
    return std::ranges::lexicographical_compare(a.content(), b.content());
}

struct PolicyNode {
    der::Oid policy;
    std::vector<std::uint32_t> parents;  // in the level before
    bool reached = false;                // from the last level, when that is there
};

// Which node of a level expects a policy of the next certificate.
struct Expected {
    der::Oid policy;
    std::uint32_t node;
};

bool operator<(const Expected& a, const Expected& b) {
    return is_before(a.policy, b.policy);
}

// The policies that hold down to one certificate.
struct Level {
    std::vector<PolicyNode> nodes;
    std::vector<Expected> expected;  // sorted by policy
    bool any = false;                // the node of any-policy, which expects itself

    [[nodiscard]] bool empty() const { return nodes.empty() && !any; }
    void clear() { *this = Level(); }

    [[nodiscard]] std::vector<std::uint32_t> who_expects(der::Oid policy) const {
        std::vector<std::uint32_t> list;
        const auto range = std::equal_range(expected.begin(), expected.end(), Expected{policy, 0});
        for (auto it = range.first; it != range.second; ++it) list.push_back(it->node);
        return list;
    }
    [[nodiscard]] std::vector<der::Oid> policies() const;  // of the nodes, sorted
    // Every node expects its own policy until a mapping says otherwise.
    void expect_themselves() {
        for (std::uint32_t i = 0; i < nodes.size(); ++i) expected.push_back({nodes[i].policy, i});
        std::sort(expected.begin(), expected.end());
    }
};

std::vector<der::Oid> sorted(std::vector<der::Oid> list) {
    std::sort(list.begin(), list.end(), is_before);
    list.erase(std::unique(list.begin(), list.end()), list.end());
    return list;
}

std::vector<der::Oid> Level::policies() const {
    std::vector<der::Oid> list;
    list.reserve(nodes.size());
    for (const PolicyNode& node : nodes) list.push_back(node.policy);
    return sorted(std::move(list));
}

// By the policy that is mapped.
struct ByIssuerDomain {
    bool operator()(const x509::PolicyMapping& a, const x509::PolicyMapping& b) const {
        return is_before(a.issuer_domain_policy, b.issuer_domain_policy);
    }
};

using Mappings = std::vector<x509::PolicyMapping>;  // sorted so

class PolicyProcess {
  public:
    PolicyProcess(std::span<const x509::Certificate* const> path, const PolicyInputs& inputs) : path_(path), inputs_(inputs) {
        const auto none = static_cast<std::uint32_t>(path.size() + 1);
        explicit_policy_ = inputs.explicit_policy ? 0 : none;
        policy_mapping_ = inputs.inhibit_policy_mapping ? 0 : none;
        inhibit_any_policy_ = inputs.inhibit_any_policy ? 0 : none;
        levels_.emplace_back().any = true;
    }

    PolicyResult run() {
        for (std::size_t left = path_.size(); left-- > 0;) {
            const x509::Certificate& certificate = *path_[left];
            read_policies(certificate, left == 0);
            if (explicit_policy_ == 0 && levels_.back().empty()) return failed(left, FindingId::policy_required);
            if (left == 0) break;
            if (!map_policies(certificate)) add_failure(left, FindingId::policy_mapping_any);
            count_down(certificate);
        }
        return conclude();
    }

  private:
    void add_failure(std::size_t position, FindingId id) {
        const Field field = id == FindingId::policy_required ? Field::certificate_policies : Field::policy_mappings;
        result_.valid = false;
        result_.findings.push_back({static_cast<std::uint32_t>(position), {id, field}});
    }
    PolicyResult failed(std::size_t position, FindingId id) {
        add_failure(position, id);
        return std::move(result_);
    }

    // RFC 5280 6.1.3(d) and (e)
    void read_policies(const x509::Certificate& certificate, bool is_last) {
        const auto& extension = certificate.known.certificate_policies;
        const Level& before = levels_.back();
        Level level;
        if (extension && !before.empty()) {
            bool holds_any = false;
            std::vector<der::Oid> policies;
            for (const x509::PolicyInformation& information : *extension) {
                holds_any = holds_any || information.policy == der::oid::any_policy;
                if (!(information.policy == der::oid::any_policy)) policies.push_back(information.policy);
            }
            policies = sorted(std::move(policies));
            for (const der::Oid policy : policies) add(level, before, policy);
            if (holds_any && (inhibit_any_policy_ > 0 || (!is_last && x509::is_self_issued(certificate)))) {
                add_expected(level, before, policies);
                level.any = before.any;
            }
        }
        level.expect_themselves();
        levels_.push_back(std::move(level));
    }

    static void add(Level& level, const Level& before, der::Oid policy) {
        std::vector<std::uint32_t> parents = before.who_expects(policy);
        if (parents.empty() && before.any) parents.push_back(kAnyParent);
        if (!parents.empty()) level.nodes.push_back({policy, std::move(parents)});
    }

    // 6.1.3(d)(2): any-policy stands for all that is expected and not named.
    static void add_expected(Level& level, const Level& before, const std::vector<der::Oid>& named) {
        for (auto it = before.expected.begin(); it != before.expected.end();) {
            const auto end = std::upper_bound(it, before.expected.end(), *it);
            if (!std::binary_search(named.begin(), named.end(), it->policy, is_before)) {
                PolicyNode node{it->policy, {}};
                for (auto one = it; one != end; ++one) node.parents.push_back(one->node);
                level.nodes.push_back(std::move(node));
            }
            it = end;
        }
    }

    // 6.1.4(a) and (b); false when a mapping is from or to any-policy: the path is bad then, and nothing holds below it.
    bool map_policies(const x509::Certificate& certificate) {
        const auto& extension = certificate.known.policy_mappings;
        if (!extension) return true;
        Mappings mappings;
        for (const x509::PolicyMapping& mapping : *extension) {
            if (mapping.issuer_domain_policy == der::oid::any_policy || mapping.subject_domain_policy == der::oid::any_policy) {
                levels_.back().clear();
                return false;
            }
            mappings.push_back(mapping);
        }
        std::stable_sort(mappings.begin(), mappings.end(), ByIssuerDomain());
        if (policy_mapping_ > 0)
            map_to(levels_.back(), mappings);
        else
            remove(levels_.back(), mappings);
        return true;
    }

    static bool is_mapped(const Mappings& mappings, der::Oid policy) {
        return std::binary_search(mappings.begin(), mappings.end(), x509::PolicyMapping{policy, {}}, ByIssuerDomain());
    }

    static void forget_mapped(Level& level, const Mappings& mappings) {
        std::erase_if(level.expected, [&](const Expected& one) { return is_mapped(mappings, level.nodes[one.node].policy); });
    }

    static void map_to(Level& level, const Mappings& mappings) {
        forget_mapped(level, mappings);
        if (level.any) {
            const std::vector<der::Oid> present = level.policies();
            der::Oid last;  // mappings of one policy stand together
            for (const x509::PolicyMapping& mapping : mappings) {
                const der::Oid policy = std::exchange(last, mapping.issuer_domain_policy);
                if (policy == last || std::binary_search(present.begin(), present.end(), last, is_before)) continue;
                level.nodes.push_back({last, {kAnyParent}});
            }
        }
        for (std::uint32_t i = 0; i < level.nodes.size(); ++i) {
            const x509::PolicyMapping wanted{level.nodes[i].policy, {}};
            const auto range = std::equal_range(mappings.begin(), mappings.end(), wanted, ByIssuerDomain());
            for (auto it = range.first; it != range.second; ++it) level.expected.push_back({it->subject_domain_policy, i});
        }
        std::sort(level.expected.begin(), level.expected.end());
    }

    // A node that expects nothing has no children: it is as good as gone.
    static void remove(Level& level, const Mappings& mappings) {
        forget_mapped(level, mappings);
        if (level.expected.empty() && !level.any) level.clear();
    }

    static void lower(std::uint32_t& counter, std::optional<std::uint32_t> limit) {
        if (limit) counter = std::min(counter, *limit);
    }

    // 6.1.4(h) to (j)
    void count_down(const x509::Certificate& certificate) {
        if (!x509::is_self_issued(certificate)) {
            for (std::uint32_t* counter : {&explicit_policy_, &policy_mapping_, &inhibit_any_policy_}) *counter -= *counter > 0 ? 1 : 0;
        }
        if (const auto& constraints = certificate.known.policy_constraints) {
            lower(explicit_policy_, constraints->require_explicit_policy);
            lower(policy_mapping_, constraints->inhibit_policy_mapping);
        }
        if (const auto& inhibit = certificate.known.inhibit_any_policy) lower(inhibit_any_policy_, *inhibit);
    }

    // 6.1.5(a), (b) and (g)
    PolicyResult conclude() {
        explicit_policy_ -= explicit_policy_ > 0 ? 1 : 0;
        if (!path_.empty()) {
            const auto& constraints = path_.front()->known.policy_constraints;
            if (constraints && constraints->require_explicit_policy == 0) explicit_policy_ = 0;
        }
        PolicyResult& result = result_;
        const std::vector<der::Oid> held = held_by_authorities(), wanted = sorted(inputs_.initial_policy_set);
        const bool any = levels_.back().any;
        result.any_policy = any && wanted.empty();
        for (const der::Oid policy : wanted.empty() ? held : wanted) {
            if (any || wanted.empty() || std::binary_search(held.begin(), held.end(), policy, is_before))
                result.user_constrained.push_back(policy);
        }
        if (explicit_policy_ == 0 && !result.any_policy && result.user_constrained.empty()) return failed(0, FindingId::policy_required);
        return std::move(result_);
    }

    // The policies in the words of the topmost authority: nodes below any-policy from which the last level is reached.
    std::vector<der::Oid> held_by_authorities() {
        for (PolicyNode& node : levels_.back().nodes) node.reached = true;
        std::vector<der::Oid> held;
        for (std::size_t depth = levels_.size(); depth-- > 1;) {
            for (const PolicyNode& node : levels_[depth].nodes) {
                if (!node.reached) continue;
                for (const std::uint32_t parent : node.parents) {
                    if (parent == kAnyParent)
                        held.push_back(node.policy);
                    else
                        levels_[depth - 1].nodes[parent].reached = true;
                }
            }
        }
        return sorted(std::move(held));
    }

    std::span<const x509::Certificate* const> path_;
    const PolicyInputs& inputs_;
    PolicyResult result_;
    std::uint32_t explicit_policy_, policy_mapping_, inhibit_any_policy_;  // certificates that may still follow
    std::vector<Level> levels_;                                            // one a certificate, after that of the anchor
};

}  // namespace

PolicyResult process_policies(std::span<const x509::Certificate* const> path, const PolicyInputs& inputs) {
    return PolicyProcess(path, inputs).run();
}

}  // namespace truename::verify
