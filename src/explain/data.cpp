#include "explain/data.h"

#include "base/embed.h"

TRUENAME_EMBED(truename_errors_texts, TRUENAME_ERRORS_FOLDER "/texts.idx");
TRUENAME_EMBED(truename_errors_codes, TRUENAME_ERRORS_FOLDER "/codes.tsv");
TRUENAME_EMBED(truename_errors_meanings, TRUENAME_ERRORS_FOLDER "/meanings.toml");

extern "C" {
extern const char truename_errors_texts[], truename_errors_texts_end[];
extern const char truename_errors_codes[], truename_errors_codes_end[];
extern const char truename_errors_meanings[], truename_errors_meanings_end[];
}

namespace truename::explain {

std::string_view built_in_texts() {
    return {truename_errors_texts, static_cast<std::size_t>(truename_errors_texts_end - truename_errors_texts)};
}

std::string_view built_in_codes() {
    return {truename_errors_codes, static_cast<std::size_t>(truename_errors_codes_end - truename_errors_codes)};
}

std::string_view built_in_meanings() {
    return {truename_errors_meanings, static_cast<std::size_t>(truename_errors_meanings_end - truename_errors_meanings)};
}

}  // namespace truename::explain
