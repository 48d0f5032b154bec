#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "doctor/judging.h"
#include "doctor/report.h"

namespace truename::doctor {

/// `A`, `B`, ... `Z`, `AA`, ...
std::string chain_id(std::size_t number);

/// For each profile of the settings the ids of the endpoints that show it a chain; none: it never sees that chain.
using Audience = std::vector<std::vector<std::string>>;

/// Writes judgements into a report: verdicts, the paths that clients take, and everything that is true on them, each once.
class Recorder {
  public:
    /// Both are borrowed.
    Recorder(Report& report, const Settings::Impl& settings) : report_(report), settings_(settings) {}

    /// What the clients say to the chain with that id: those that see it by `audience`, all when nobody was asked.
    void add(Judgement& judgement, const Case& chain, const std::string& id, const std::optional<Audience>& audience);

  private:
    using FindingKey = std::tuple<FindingId, std::uint32_t, std::uint32_t, std::string>;
    Verdict make_verdict(Judgement& judgement, std::size_t profile, const std::string& chain);
    std::string path_of(Judgement& judgement, const clients::Verdict& verdict, const std::string& chain);
    void add_findings(Judgement& judgement, const verify::FoundPath& found, const std::string& chain,
                      const std::optional<std::string>& path, const std::string& name);
    void add_finding(Judgement& judgement, const verify::Placed& placed, const std::string& chain, const std::optional<std::string>& path,
                     const std::string& name);

    Report& report_;
    const Settings::Impl& settings_;
    std::map<verify::PathIndex, std::size_t> paths_;                             // of the chain at hand, into report_.paths
    std::set<std::tuple<bool, verify::PathIndex, verify::PathEnd>> seen_paths_;  // of the chain at hand
    std::set<FindingKey> seen_;                                                  // of the chain at hand
};

}  // namespace truename::doctor
