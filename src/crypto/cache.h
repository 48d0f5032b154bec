#pragma once

#include <cstddef>
#include <cstring>
#include <optional>
#include <unordered_map>
#include <utility>

#include "crypto/digest.h"

namespace truename::crypto {

/// How much is kept between checks. A scan meets millions of certificates, so everything kept has an end, and one that is soon reached: a
/// key takes some two kilobytes, and the authorities of a scan are hundreds, but each self-signed certificate has a key of its own.
struct CacheLimits {
    std::size_t keys = 4'096;
    std::size_t signatures = 16'384;
    std::size_t certificates = 1'024;  ///< some four kilobytes each
};

/// Spreads keys that are digests already: their first bytes are as good as any hash.
struct DigestHash {
    std::size_t operator()(const Sha256& key) const {
        std::size_t h = 0;
        std::memcpy(&h, key.data(), sizeof h);
        return h;
    }
};

/// At most `limit` values by digest. Values live in two generations: when the young one holds half of the limit it becomes the old one,
/// and the old one is dropped; an old value that is asked for becomes young again. So what is in use stays, and every step takes
/// constant time. Not for use by several threads at once.
template <class Value>
class BoundedCache {
  public:
    explicit BoundedCache(std::size_t limit) : half_(limit / 2 == 0 ? 1 : limit / 2) {}

    /// The value kept for `key`; borrowed until the next call.
    const Value* find(const Sha256& key) {
        if (const auto it = young_.find(key); it != young_.end()) return &it->second;
        const auto it = old_.find(key);
        if (it == old_.end()) return nullptr;
        Value value = std::move(it->second);
        old_.erase(it);
        return &insert(key, std::move(value));
    }
    /// Keeps `value`, in the place of an earlier one.
    const Value& insert(const Sha256& key, Value value) {
        if (young_.size() >= half_) {
            old_ = std::move(young_);
            young_.clear();
        }
        return young_.insert_or_assign(key, std::move(value)).first->second;
    }
    [[nodiscard]] std::size_t size() const { return young_.size() + old_.size(); }

  private:
    using Map = std::unordered_map<Sha256, Value, DigestHash>;
    std::size_t half_;
    Map young_, old_;
};

}  // namespace truename::crypto
