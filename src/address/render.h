#pragma once

#include <string>

#include "address/survey.h"

namespace truename::address {

/// The survey for people: what is there, what programs meet where they are sent, and the lines of the zone that are still to be made.
/// Everything from outside is made safe for a terminal; sentences are broken at `width` columns, lines of the zone never. Ends in \n.
std::string render_text(const Survey& survey, std::size_t width);

/// One JSON object, indented; ends in \n. The page of the command says what is in it.
std::string render_json(const Survey& survey);

}  // namespace truename::address
