#pragma once

#include "cli/command.h"

namespace truename::cli::option {

// Options that several commands take, worded once.

inline constexpr Option kClient = {
    .name = "client",
    .argument = "LIST",
    .help =
        "Judge as these mail programs: ids with commas between them (`outlook-2007,thunderbird`), `usual` (the default: mail programs that "
        "people "
        "use) or `all`. `truename clients` lists them.",
    .repeatable = true,
    .offers = Offers::client,
    .words = "usual all",
    .open_words = true,
};

inline constexpr Option kTrust = {
    .name = "trust",
    .argument = "WHAT",
    .help =
        "Which roots the programs have: a file or folder of certificates that somebody added to each of them, or `own` (each program's own "
        "list, "
        "the default), `system` (this machine's list for all), `none`.",
    .repeatable = true,
    .offers = Offers::file,
    .words = "own system none",
    .open_words = true,
};

inline constexpr Option kAt = {
    .name = "at",
    .argument = "TIME",
    .help = "Judge as if it were this time: `2027-03-01`, `2027-03-01T08:00` (UTC) or `@` and seconds since 1970.",
};

inline constexpr Option kRequire = {
    .name = "require",
    .argument = "LIST",
    .help = "Services that must be there (`imaps,submission`): one that is closed, silent or not asked counts as a refusal.",
};

inline constexpr Option kOutput = {
    .name = "output",
    .letter = 'o',
    .argument = "FORMAT[=FILE]",
    .help =
        "Write `text` (the default), `json`, `jsonl` (one line a target; the default of lists), `html` or `nagios` (one status line), to "
        "standard "
        "output or into a file.",
    .repeatable = true,
    .offers = Offers::file,
    .words = "text json jsonl html nagios",
    .open_words = true,
};

inline constexpr Option kDetail = {
    .name = "detail",
    .argument = "HOW",
    .help = "How much a line of `jsonl` holds: `summary` (about 1 KB, the default of lists) or `full`.",
    .offers = Offers::words,
    .words = "summary full",
};

inline constexpr Option kLang = {
    .name = "lang",
    .argument = "LANGUAGE",
    .help =
        "The language of the dialogs, as two letters. Those that are not known in it are shown in English, and standard error says so "
        "once.",
};

inline constexpr Option kData = {
    .name = "data",
    .argument = "FOLDER",
    .help = "Read clients, dialogs, causes and error texts from this folder instead of those in the program.",
    .offers = Offers::folder,
};

inline constexpr Option kIssuer = {
    .name = "issuer",
    .argument = "FILE",
    .help = "An issuer that the programs can get although the server does not send it.",
    .repeatable = true,
    .offers = Offers::file,
};

}  // namespace truename::cli::option
