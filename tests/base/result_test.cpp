#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace truename {
namespace {

static_assert(sizeof(Result<int>) <= 12);

Result<int> half(int n) {
    if (n % 2 != 0) return fail(ErrorKind::bad_value, static_cast<std::size_t>(n));
    return n / 2;
}

TEST(Result, HoldsAValueOrAnError) {
    EXPECT_EQ(*half(4), 2);
    EXPECT_EQ(half(3).error(), (Error{ErrorKind::bad_value, 3}));
    EXPECT_EQ(half(3).value_or(9), 9);
}

TEST(Result, CarriesWhatCanOnlyBeMoved) {
    Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
    EXPECT_EQ(*std::move(result).value(), 7);
}

}  // namespace
}  // namespace truename
