#pragma once

#include <cstdio>
#include <cstdlib>

/// Stops a fuzz target with the sentence that turned out to be false.
inline void must(bool holds, const char* sentence) {
    if (holds) return;
    std::fprintf(stderr, "not true: %s\n", sentence);
    std::abort();
}
