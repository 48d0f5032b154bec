#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/pkcs12.h"
#include "finding/failure.h"
#include "mail/structure.h"
#include "mail/traits.h"

namespace truename::mail {

/// How far a source may carry, the surest first.
inline constexpr std::string_view kConfidences[] = {"observed", "source", "documented", "reported", "inferred"};

/// Whom a fact is from (docs/sources.md), and how far that carries: one of kConfidences.
struct Grounds {
    std::string source, confidence;
};

/// What a program makes of one thing that messages need.
struct TraitFact {
    bool is_read = false;
    std::string how;  ///< what it does when it cannot read it; may be empty
    Grounds grounds;
};

/// What a program shows of a signature.
struct SignatureFact {
    std::string when;  ///< `good`, `another-sender`, `another-date`, `expired`, `untrusted` or `changed`
    std::string shows;
    Grounds grounds;
};

/// What is known of a program that reads such messages: a file of data/mail-programs/.
struct MailProgram {
    std::string id, title;
    std::map<MessageTrait, TraitFact> facts;  ///< what is not in it is not known
    std::vector<SignatureFact> signatures;
    std::optional<crypto::Pkcs12Lock> import_lock;  ///< of a file with a key that it takes; nothing where that is not known
    std::vector<std::string> import_steps;          ///< how it takes it, one step each; `{file}` is the file
    Grounds import_grounds;
};

/// What a signature may be like, for people: `of somebody else than the sender`. Empty for what is none of SignatureFact's words.
std::string_view describe_signature(std::string_view when);

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
    std::string why;                   ///< of all but `yes`
    std::vector<MessageTrait> used{};  ///< what the message needs of it, each once; what is known of it is among `program->facts`
};

/// The part of a message that decides: the outermost, or the signature of a multipart/signed. Where only a part inside is signed or
/// encrypted, that is what it needs (part_inside); nothing is needed where nothing is. `parts` are those of a StructureReader, at least
/// one.
ShownPart deciding_part(const std::vector<ShownPart>& parts);

/// What each program makes of that part; what is inside of what is encrypted cannot be seen. Of a message that needs nothing nothing is
/// known.
std::vector<Foretold> foretell_reading(const ShownPart& part, const std::vector<MailProgram>& programs);

}  // namespace truename::mail
