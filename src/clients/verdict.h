#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "clients/dialog.h"
#include "clients/handshake.h"
#include "clients/profile.h"
#include "verify/path.h"

namespace truename::clients {

/// What a client says to a certificate. `not_judged` never counts as good.
enum class Outcome : std::uint8_t { silent, warns, refuses, not_judged };

/// What a client that says nothing has checked.
enum class Verifies : std::uint8_t { all, no_name, nothing };

/// The words of the JSON contract.
std::string_view name_of(Outcome value);
std::string_view name_of(Verifies value);

/// The dialog that appears, not yet in words: `show()` makes those.
struct AskedDialog {
    const Dialog* dialog = nullptr;
    std::vector<const Text*> lines;                                ///< one for each problem told, in the client's order
    std::vector<std::pair<std::string_view, std::string>> values;  ///< HOST, PORT, DATE, ...: what goes into the texts
};

/// What the "Yes" that lasts longest does. Unknown parts are not known, never guessed.
struct Yes {
    Fact<Lasts> lasts;
    Fact<std::uint8_t> bound_to;  ///< bits of BoundTo
    Fact<Covers> covers;
    const Text* choice = nullptr;  ///< AcceptingWay::choice
    Fact<Lasts> otherwise;         ///< AcceptingWay::otherwise
};

/// What one client says to one chain under one name. Borrows from the profile's Library and from the Verification.
struct Verdict {
    const Profile* profile = nullptr;
    Outcome outcome = Outcome::not_judged;
    Reaches reaches = Reaches::not_asked;
    Barrier barrier = Barrier::none;  ///< why it does not reach the server, when that is no matter of the certificate
    Verifies verifies = Verifies::all;
    verify::FoundPath path;                        ///< the path that the client takes; of its end the client's opinion
    When::AnchorIs anchor = When::AnchorIs::none;  ///< where the root of that path comes from, for this client
    std::optional<AskedDialog> dialog;
    std::vector<std::string_view> codes;   ///< of all that it tells, the first problem first; empty when there are none
    std::optional<bool> asks_again;        ///< true when no "Yes" outlives a restart; nothing when unknown or there is no "Yes"
    std::optional<Yes> yes;                ///< nothing when the user cannot go on
    std::vector<verify::Placed> findings;  ///< what led to the outcome, in the client's order; empty when silent
    std::size_t told = 0;                  ///< how many of `findings`, from the first, the client tells the user
    std::optional<FindingId> unknown;      ///< the finding that nobody knows its answer to, when that is why it could not be judged
    std::string why;                       ///< why it could not be judged, or what a reader should know; may be empty
    /// That of the weakest fact on which the outcome, its dialog and "Yes" rest; where the path hangs on what nobody knows: inferred.
    /// What `reaches` rests on is not in it.
    Confidence confidence = Confidence::inferred;
};

/// One step of a dialog in words.
struct ShownStep {
    std::string_view id;
    Looks looks = Looks::window;
    std::optional<std::string> title;  ///< nothing when there is none or nobody knows it
    std::string text;                  ///< the line, or lines, that say what is wrong; empty when none is known
    std::vector<std::string> lines;    ///< all lines that are known, top to bottom, `text` among them
    struct ShownButton {
        std::string label;
        Does does = Does::refuses;
        std::string_view next;  ///< id of the step that follows, of Does::goes
    };
    std::vector<ShownButton> buttons;  ///< a button whose label nobody knows has an empty one
    std::vector<std::pair<std::string, bool>> checkboxes;
    bool complete = true;  ///< false when some text of it is not known
};

/// A dialog in words.
struct ShownDialog {
    std::string_view id;
    std::string lang;  ///< the language that it is in: the one wanted, or `en`
    std::vector<std::pair<std::string, std::string>> values;
    std::vector<ShownStep> steps;  ///< the first is what appears; later ones in the order of the file
};

/// The words of one text of the dialog in `lang`, else in English; empty when nobody knows them.
std::string show(const AskedDialog& asked, const Text& text, std::string_view lang);

/// The words of the dialog in `lang` when all its texts are known in that language, else in English.
ShownDialog show(const AskedDialog& asked, std::string_view lang);

}  // namespace truename::clients
