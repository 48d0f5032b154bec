#include "cli/exit_code.h"

#include <gtest/gtest.h>

namespace truename::cli {
namespace {

TEST(ExitCode, TakesTheWorstInTheOrderOfThePromise) {
    constexpr ExitCode kFromBest[] = {ExitCode::silent, ExitCode::not_judged, ExitCode::warns, ExitCode::refuses};
    for (int a = 0; a < 4; ++a) {
        for (int b = 0; b < 4; ++b) EXPECT_EQ(worst(kFromBest[a], kFromBest[b]), kFromBest[a > b ? a : b]);
    }
}

}  // namespace
}  // namespace truename::cli
