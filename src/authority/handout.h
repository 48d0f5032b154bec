#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "finding/failure.h"

namespace truename::authority {

/// How people make one kind of program or system trust a root, and how they take it away again: a file of data/handouts/.
struct Handout {
    /// A file that goes with it.
    struct File {
        enum class Form : std::uint8_t { pem, der, text };
        std::string name;  ///< may have values in it, as `text` may
        Form form = Form::pem;
        std::string text;
    };
    std::string id;      ///< the file's name without .toml
    std::string title;   ///< for what it is
    std::string source;  ///< where the steps come from
    std::vector<File> files;
    std::vector<std::string> install, remove;  ///< one step each, in their order
};

/// The handouts of the program, by id.
const std::vector<Handout>& handouts();
/// The one of that id; null when there is none.
const Handout* find_handout(std::string_view id);
/// Reads one. Fails with `input` for what is missing, unknown or of the wrong type, and says where.
Result<Handout, Failure> read_handout(std::string_view id, std::string_view toml);

/// What a handout says of one root: every value in braces (`{name}`, `{xmlname}`, `{sha256}`, `{sha1}`, `{short}`, `{base64}`, `{uuid1}`,
/// `{uuid2}`) filled in. Fails with `input` when the root cannot be read, or a value is not known.
class FilledHandout {
  public:
    static Result<FilledHandout, Failure> make(const Handout& handout, Bytes root);

    /// A file to write.
    struct File {
        std::string name, contents;
    };
    std::string title;
    std::vector<File> files;
    std::vector<std::string> install, remove;
};

/// One handout in words, for a terminal and for a file beside the others.
std::string to_text(const FilledHandout& handout);
/// All of them on one page, without anything from another address. `name` is the authority's.
std::string to_page(const std::vector<FilledHandout>& handouts, std::string_view name, Bytes root);

}  // namespace truename::authority
