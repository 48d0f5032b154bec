#pragma once

#include <span>

#include "base/embed.h"

namespace truename::mail {

/// All files of data/mail-programs/, by id.
std::span<const DataFile> mail_program_files();

}  // namespace truename::mail
