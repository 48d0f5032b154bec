#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "verify/trust_store.h"

namespace truename::verify {

/// When a store held a root, in days since 1970; 0 stands for "never" or "not known".
struct StoreSpan {
    std::uint16_t maybe_from = 0;  ///< the last look that did not see it yet; 0: there was none before `from`
    std::uint16_t from = 0;        ///< the first look that saw it; 0: never seen
    std::uint16_t until = 0;       ///< the last look that saw it
    std::uint16_t gone_by = 0;     ///< the first look after that; 0: there was none, so it is there still
    std::uint16_t blocked_from = 0;
};

/// One row of the table that the build makes from data/trust-stores.
struct ShippedRoot {
    std::uint64_t subject_key = 0;
    const char* der = nullptr;
    std::uint32_t size = 0;
    std::array<StoreSpan, kStoreCount> stores;  ///< in the order of Store
};

/// Sorted by subject_key.
std::span<const ShippedRoot> shipped_roots();
/// First and newest look at each store, in days since 1970, in the order of Store.
std::span<const std::array<std::uint16_t, 2>, kStoreCount> store_looks();

}  // namespace truename::verify
