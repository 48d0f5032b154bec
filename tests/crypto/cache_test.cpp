#include "crypto/cache.h"

#include <gtest/gtest.h>

namespace truename::crypto {
namespace {

Sha256 key(unsigned number) {
    return sha256(as_bytes(std::to_string(number)));
}

TEST(BoundedCache, NeverHoldsMoreThanItsLimit) {
    BoundedCache<unsigned> cache(100);
    for (unsigned i = 0; i < 10'000; ++i) {
        cache.insert(key(i), i);
        ASSERT_LE(cache.size(), 100U);
    }
    ASSERT_NE(cache.find(key(9'999)), nullptr);
    EXPECT_EQ(*cache.find(key(9'999)), 9'999U);
    EXPECT_EQ(cache.find(key(0)), nullptr);
}

TEST(BoundedCache, KeepsWhatIsAskedForAgainAndAgain) {
    BoundedCache<unsigned> cache(100);
    cache.insert(key(0), 42);
    for (unsigned i = 1; i < 1'000; ++i) {
        cache.insert(key(i), i);
        ASSERT_NE(cache.find(key(0)), nullptr) << i;
        EXPECT_EQ(*cache.find(key(0)), 42U);
        ASSERT_LE(cache.size(), 101U);
    }
}

TEST(BoundedCache, TheLastValueInsertedCounts) {
    BoundedCache<unsigned> cache(4);
    cache.insert(key(1), 1);
    cache.insert(key(1), 2);
    EXPECT_EQ(*cache.find(key(1)), 2U);
    EXPECT_EQ(cache.size(), 1U);
}

}  // namespace
}  // namespace truename::crypto
