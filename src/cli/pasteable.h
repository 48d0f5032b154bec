#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace truename::cli {

class Arguments;

/// An option that a command line named a place with, and that commands of a family need, too, to find it: what `certificate` does below
/// `--state FOLDER` is undone by `truename certificate undo --state FOLDER`.
struct PlaceOption {
    std::string family;  ///< the first word of these commands: `certificate`
    std::string option;  ///< `state`
    std::string words;   ///< as a shell reads them: `--state /srv/certificates`
};

/// Those that a command line has.
std::vector<PlaceOption> places_of(const Arguments& arguments);

/// `text` where each command that it names, `truename certificate undo` for one, has those of these options that it takes behind its words,
/// so that it can be pasted.
std::string pasteable(std::string_view text, const std::vector<PlaceOption>& options);

}  // namespace truename::cli
