#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace truename {

/// Who may read a file.
enum class Readers : unsigned { owner = 0600, everybody = 0644 };

/// Puts `contents` under the name `path` whole or not at all: written beside it, flushed to the disk, renamed, and the folder flushed too.
/// What was there before stays until then; links are not followed. The error is an errno.
Result<void, int> replace_file(const std::string& path, std::string_view contents, Readers readers);

/// A file that is to be: replace_file() with other words.
struct NewFile {
    std::string path;
    std::string_view contents;
    Readers readers = Readers::owner;
};

/// The same for files that belong together, a key and its certificate: none takes its place before all of them are on the disk, so that a
/// disk that is full changes none. Only the power that goes between two renames can leave the first without the second.
Result<void, int> replace_files(std::span<const NewFile> files);

/// Whether `name` is what replace_file() leaves behind when the program is killed in it: the name of a file with six letters more, which is
/// given then.
std::string_view leftover_of(std::string_view name);

/// Makes a folder of that mode, whatever the umask, whose being there is on the disk, too; one that is there already is EEXIST.
Result<void, int> make_folder(const std::string& path, unsigned mode);

/// Makes a folder that only its owner may enter, with those above it, where there is none. What is wrong with one that is there is told in
/// words, as the end of a sentence: that it is none, somebody else's, or open to others.
Result<void, std::string> own_folder(const std::string& path);

/// Writes all of it, however many calls that takes. The error is an errno.
Result<void, int> write_all(int file, std::string_view contents);

/// What is in the folder of `path` under which name gets to the disk.
Result<void, int> flush_folder_of(const std::string& path);

}  // namespace truename
