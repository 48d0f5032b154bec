#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "clients/fact.h"

namespace truename::clients {

/// Words of a dialog in one language.
struct Translation {
    std::string_view lang;        ///< `en`, `de`, `pt-BR`
    Fact<std::string_view> text;  ///< with {HOST} and the like still in it; not known: there is a text, and nobody knows it
};

/// A date such as `2026-11-24` in the form that a text asks for with {DATE:M/D/YYYY}: YYYY once, M or MM, D or DD, and blanks, dots,
/// strokes or hyphens between them. Nothing for another form.
std::optional<std::string> date_in_form(std::string_view date, std::string_view form);

/// One text of a dialog: what reactions call `line`, titles, labels.
struct Text {
    std::string_view id;
    std::span<const Translation> translations;  ///< in the order of the file; `en` is among them

    /// The words in `lang`; nothing when they are not known in that language.
    [[nodiscard]] std::optional<std::string_view> in(std::string_view lang) const;
};

/// How long a "Yes" lasts, shortest first.
enum class Lasts : std::uint8_t { connection, minutes_30, session, forever };

/// `connection`, `30-minutes`, `session`, `forever`.
std::string_view name_of(Lasts value);

/// What a "Yes" is remembered for; as bits, several at once. A change of any of them makes the client ask again.
enum class BoundTo : std::uint8_t { host = 1, port = 2, certificate = 4, key = 8, error_kinds = 16 };

/// `host`, `port`, `certificate`, `key`, `error-kinds`.
std::string_view name_of(BoundTo value);

/// What a "Yes" forgives.
enum class Covers : std::uint8_t {
    shown,  ///< the problems that were told
    all,    ///< whatever can be overridden
};

/// `shown`, `all`.
std::string_view name_of(Covers value);

/// What pressing a button does.
enum class Does : std::uint8_t {
    accepts,  ///< the connection goes on
    refuses,  ///< it does not
    shows,    ///< the certificate is shown and the question stays
    goes,     ///< another step follows
};

/// `accepts`, `refuses`, `shows`, `goes`.
std::string_view name_of(Does value);

/// A button or link.
struct Button {
    const Text* label = nullptr;
    Does does = Does::refuses;
    std::uint8_t next = 0;        ///< of `goes`: the number of the step
    Fact<Lasts> lasts;            ///< of `accepts`, as the two below
    Fact<std::uint8_t> bound_to;  ///< bits of BoundTo
    Fact<Covers> covers;
};

/// A box to check, with its state when the dialog appears.
struct Checkbox {
    const Text* label = nullptr;
    bool checked = false;
    Fact<Lasts> unchecked_lasts;  ///< how long the step's "Yes" lasts when the box is not checked
};

/// How a step is drawn.
enum class Looks : std::uint8_t { window, notification, page, log };

/// `window`, `notification`, `page`, `log`.
std::string_view name_of(Looks value);

/// One window or message.
struct Step {
    std::string_view id;
    Looks looks = Looks::window;
    const Text* title = nullptr;         ///< nothing when it has none
    std::span<const Text* const> lines;  ///< top to bottom; null stands for one line for each problem that the client tells
    std::span<const Button> buttons;
    std::span<const Checkbox> checkboxes;
};

/// What a client shows: a small program of steps. Described in docs/profile-format.md.
struct Dialog {
    std::string_view id;
    std::string_view name;  ///< for people
    std::span<const Text> texts;
    std::span<const Step> steps;  ///< at least one; the first is what appears
};

/// How a user goes on in spite of everything.
struct AcceptingWay {
    const Button* button = nullptr;
    Fact<Lasts> lasts;
    /// The button or box that makes it last so long, where what comes to hand first lasts shorter; else nothing.
    const Text* choice = nullptr;
    Fact<Lasts> otherwise;  ///< with a choice: how long what comes to hand first lasts
};

/// Of all ways from the first step to a button that accepts the one whose "Yes" lasts longest, which is what somebody chooses who does not
/// want to be asked again; the nearest among equals. Nothing when there is none.
std::optional<AcceptingWay> accepting_way(const Dialog& dialog);

}  // namespace truename::clients
