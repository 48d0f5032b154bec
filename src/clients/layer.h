#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "clients/profile.h"
#include "clients/storage.h"
#include "clients/table_reader.h"

namespace truename::clients {

/// A [[reaction]] as it stands in a file, for all its findings.
struct WrittenReaction {
    std::vector<FindingId> findings;
    When when;
    Fact<Action> action;
    std::string_view kind, code, dialog, line;
    bool of_base = false;  ///< what a library does, for the profile to answer
    std::string_view file;
    Place place;
};

/// An [[answer]] as it stands in a file; one for each of its kinds.
struct WrittenAnswer {
    std::string_view kind;
    Fact<Action> action;
    std::string_view code, dialog, line;
    std::string_view file;
    Place place;
};

/// What one layer says besides its rules.
struct Layer {
    std::vector<WrittenReaction> reactions;
    std::vector<WrittenAnswer> answers;
};

/// Puts the rules of the layer in `table` (a whole file or a [[variant]]) over those of `profile`, notes their keys ("trust.store") in
/// `said`, and gives its reactions and answers.
Layer read_layer(TableReader& table, Profile& profile, std::set<std::string>& said, Storage& storage);

}  // namespace truename::clients
