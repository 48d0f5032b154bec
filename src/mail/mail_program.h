#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "finding/failure.h"
#include "mail/structure.h"
#include "mail/traits.h"

namespace truename::mail {

/// What is known of a program that reads such messages: a file of data/mail-programs/.
struct MailProgram {
    std::string id, title;
    std::string source, confidence;             ///< of `reads` and `fails`
    std::vector<MessageTrait> reads;            ///< what it can do
    std::map<MessageTrait, std::string> fails;  ///< what it cannot, and what it does then
    std::string shows;                          ///< what it shows of a good signature; empty: not known
    std::string shows_source, shows_confidence;
    std::string import_form;  ///< how a file with a key has to be locked so that it takes it: `3des`, `aes-256`; empty: not known
    std::vector<std::string> import_steps;  ///< how it takes it, one step each; `{file}` is the file
    std::string import_source, import_confidence;
};

/// Reads a file; fails with `input` for what is missing or not known.
Result<MailProgram, Failure> read_mail_program(std::string_view id, std::string_view toml);

/// The programs that are known, by id.
const std::vector<MailProgram>& mail_programs();

/// Whether a program reads a message.
enum class Reading : std::uint8_t {
    yes,
    no,
    unchecked,        ///< the text, and the signature beside it cannot be checked
    some_recipients,  ///< those whose key is encrypted in a way that it knows
    unknown,          ///< nobody knows about something that the message needs
};

/// `yes`, `no`, `unchecked`, `some-recipients`, `unknown`: the word in JSON.
std::string_view name_of(Reading reading);

/// What a program makes of a message.
struct Foretold {
    const MailProgram* program = nullptr;
    Reading reading = Reading::unknown;
    std::string why;  ///< of all but `yes`
};

/// The part of a message that decides: the outermost, or the signature of a multipart/signed. Where only a part inside is signed or
/// encrypted, that is what it needs (part_inside); nothing is needed where nothing is. `parts` are those of a StructureReader, at least
/// one.
ShownPart deciding_part(const std::vector<ShownPart>& parts);

/// What each program makes of that part; what is inside of what is encrypted cannot be seen. Of a message that needs nothing nothing is
/// known.
std::vector<Foretold> foretell_reading(const ShownPart& part, const std::vector<MailProgram>& programs);

}  // namespace truename::mail
