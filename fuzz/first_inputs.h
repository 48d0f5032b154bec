#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"

/// The inputs that a target begins with, which are those of its corpus: in half of the cases something is changed in one of them again.
/// What libFuzzer collects on its way is mostly broken somewhere, and what is broken hides what would come behind it.
class FirstInputs {
  public:
    void see(truename::Bytes input) {
        if (!all_seen_ && inputs_.size() < 512) inputs_.push_back(truename::to_owned(input));
    }

    /// Puts one of them in the place of `data`, or leaves that as it is; gives the size.
    std::size_t choose(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
        all_seen_ = true;  // nothing is changed before the whole corpus was run
        if (seed % 2 == 0 || inputs_.empty()) return size;
        const truename::ByteString& chosen = inputs_[seed / 2 % inputs_.size()];
        if (chosen.size() > max) return size;
        std::ranges::copy(chosen, data);
        return chosen.size();
    }

  private:
    std::vector<truename::ByteString> inputs_;
    bool all_seen_ = false;
};
