#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "verify/graph.h"
#include "verify/path.h"

namespace truename::verify {

/// The paths that were found, each once.
class PathTable {
  public:
    /// The number of a path; nothing when the budget of paths or of their octets is used up.
    std::optional<PathIndex> add(const Path& path, Graph& graph);
    [[nodiscard]] const Path& operator[](PathIndex index) const { return paths_[index]; }
    [[nodiscard]] std::size_t size() const { return paths_.size(); }

  private:
    std::deque<Path> paths_;
};

/// Looks for the path that a client of `habit` would take from `leaf` at `at` (RFC 4158 tells of the ways; RFC 5280 leaves them open).
FoundPath search_path(Graph& graph, PathTable& paths, NodeIndex leaf, Time at, const Habit& habit, PathClient& client);

}  // namespace truename::verify
