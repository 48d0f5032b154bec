#pragma once

/// Puts a file into the program as it is, by the assembler: no generator, and it costs nothing until it is looked at. Declares nothing: in
/// `extern "C"`, `symbol` and `symbol##_end` are arrays of char. Whoever builds the source says that it depends on the file.
#define TRUENAME_EMBED(symbol, path)                         \
    asm(".section .rodata." #symbol                          \
        ",\"a\",@progbits\n"                                 \
        ".global " #symbol "\n" #symbol ":\n.incbin \"" path \
        "\"\n"                                               \
        ".global " #symbol "_end\n" #symbol "_end:\n.byte 0\n.text\n")
