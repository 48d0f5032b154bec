#pragma once

#include <span>

#include "base/embed.h"

namespace truename::acme {

/// All files of data/authorities/, by id.
std::span<const DataFile> authority_files();

}  // namespace truename::acme
