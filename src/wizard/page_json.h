#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "wizard/wizard.h"

namespace truename::wizard {

/// What a wizard shows after some answers. Nothing is kept: whoever shows the pages keeps the answers.
struct AskedPage {
    std::string wizard;         ///< its id
    Answers answers;            ///< those that were taken
    std::string wrong;          ///< a sentence on the first that was not; empty when all were
    std::optional<Page> page;   ///< nothing when all is answered
    std::vector<Step> steps{};  ///< then what is to be done
};

/// The page that follows when these answers were given, page by page, each as the page's id and what somebody typed (empty: what is
/// suggested).
AskedPage page_after(const Wizard& wizard, const std::vector<std::pair<std::string, std::string>>& given);

/// One JSON object: `wizard`, `answers`, `wrong` (or null), `page` (`id`, `title`, `text`, `choices` with `value` and `text`, `takes_text`,
/// `suggestion`; or null) and `steps` (`command`, `rehearsal`, `look`, each a list of words, and `then`, a sentence).
std::string to_json(const AskedPage& asked);

}  // namespace truename::wizard
