#include "explain/data.h"

// The assembler puts the files in as they are: no generator, and 300 KB cost nothing until they are looked at.
#define TRUENAME_EMBED(symbol, file)                                                    \
    asm(".section .rodata." #symbol                                                     \
        ",\"a\",@progbits\n"                                                            \
        ".global " #symbol "\n" #symbol ":\n.incbin \"" TRUENAME_ERRORS_FOLDER "/" file \
        "\"\n"                                                                          \
        ".global " #symbol "_end\n" #symbol "_end:\n.byte 0\n.text\n")

TRUENAME_EMBED(truename_errors_texts, "texts.idx");
TRUENAME_EMBED(truename_errors_codes, "codes.tsv");
TRUENAME_EMBED(truename_errors_meanings, "meanings.toml");

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
