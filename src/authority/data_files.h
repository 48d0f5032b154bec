#pragma once

#include <span>

#include "base/embed.h"

namespace truename::authority {

/// All files of data/certificates/, by id.
std::span<const DataFile> certificate_files();
/// All files of data/handouts/.
std::span<const DataFile> handout_files();

}  // namespace truename::authority
