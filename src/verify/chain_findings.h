#pragma once

#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "finding/finding.h"
#include "verify/graph.h"
#include "verify/path.h"

namespace truename::verify {

/// What is true of all that a server sent, whoever judges it.
class ChainReport {
  public:
    /// `presented` are the nodes in the order sent.
    ChainReport(Graph& graph, std::span<const NodeIndex> presented);
    ChainReport(const ChainReport&) = delete;
    ChainReport& operator=(const ChainReport&) = delete;

    /// path.empty; cert.malformed for what cannot be read; then for each certificate in the order sent path.extra-certificate,
    /// path.root-sent, path.order; path.incomplete; path.serial-reused. Where an authority's certificate stands before the server's own,
    /// path.order is about the first, and the others are looked at from the server's on. Borrowed from this object.
    [[nodiscard]] std::span<const Placed> placed() const { return placed_; }

    /// How that should have been sent: the server's certificate, then its issuers as far as they are at hand, without a root. Empty when
    /// no authority's certificate stands before the server's.
    [[nodiscard]] std::vector<NodeIndex> reordered();

  private:
    std::optional<NodeIndex> misplaced_leaf();
    void mark_reachable(NodeIndex leaf);
    void report_sent(std::uint32_t place);
    void report_incomplete(NodeIndex leaf);
    void report_serials();
    std::vector<EdgeIndex> likely_issuers(NodeIndex node);
    void mark_certifying();
    void add(NodeIndex node, std::uint32_t place, Finding finding);

    Graph& graph_;
    std::span<const NodeIndex> presented_;
    std::optional<NodeIndex> misplaced_;  ///< the server's certificate, when an authority's stands before it
    std::vector<bool> reachable_;
    static constexpr std::uint32_t kNever = 0xFFFFFFFF;
    std::vector<std::uint32_t> certifies_from_;
    std::deque<Finding> findings_;
    std::vector<Placed> placed_;
};

}  // namespace truename::verify
