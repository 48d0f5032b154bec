#include "crypto/random.h"

#include <openssl/rand.h>

#include <cstdlib>

namespace truename::crypto {

ByteString random_bytes(std::size_t size) {
    ByteString bytes(size);
    if (RAND_bytes_ex(nullptr, bytes.data(), size, 0) != 1) std::abort();
    return bytes;
}

}  // namespace truename::crypto
