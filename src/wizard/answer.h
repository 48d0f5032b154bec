#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "wizard/wizard.h"

namespace truename::wizard {

/// The value of the choice that is meant: by its number from 1, or by its value. Text that is none of them where the page takes text. Else
/// a sentence.
Result<std::string, std::string> choose(const Page& page, std::string_view text);

/// The whole path of a file that can be read; else a sentence.
Result<std::string, std::string> readable_file(std::string_view text);

/// A program that can be run: the whole path of one, or a word that PATH finds; else a sentence.
Result<std::string, std::string> runnable_program(std::string_view text);

/// The text when it is the address of a name server, perhaps with a port; else a sentence.
Result<std::string, std::string> name_server(std::string_view text);

/// The text when it is the whole path of a folder, which may not be there yet; else a sentence.
Result<std::string, std::string> folder_path(std::string_view text);

/// The same, for one that has to be there.
Result<std::string, std::string> existing_folder(std::string_view text);

/// Yes and no, in that order.
std::vector<Choice> yes_or_no(std::string yes, std::string no);

}  // namespace truename::wizard
