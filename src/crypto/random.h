#pragma once

#include <cstddef>

#include "base/bytes.h"

namespace truename::crypto {

/// `size` bytes that nobody can guess. Stops the program when the system has no randomness to give: going on would be worse.
ByteString random_bytes(std::size_t size);

}  // namespace truename::crypto
