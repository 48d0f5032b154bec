#include "crypto/rsa_flaw.h"

#include <openssl/bn.h>

#include <array>
#include <numeric>
#include <vector>

#include "crypto/evp.h"

namespace truename::crypto {

namespace {

constexpr std::uint32_t kGenerator = 65'537;

using Number = std::unique_ptr<BIGNUM, FreeWith<BN_free>>;
using Context = std::unique_ptr<BN_CTX, FreeWith<BN_CTX_free>>;

std::uint32_t remainder(Bytes magnitude, std::uint32_t divisor) {
    std::uint64_t rest = 0;
    for (const std::uint8_t octet : magnitude) rest = (rest << 8 | octet) % divisor;
    return static_cast<std::uint32_t>(rest);
}

const std::vector<std::uint32_t>& small_primes() {
    static const std::vector<std::uint32_t> kPrimes = [] {
        std::vector<std::uint32_t> primes;
        for (std::uint32_t n = 2; n < 752; ++n) {
            bool is_prime = true;
            for (const std::uint32_t prime : primes) is_prime = is_prime && n % prime != 0;
            if (is_prime) primes.push_back(n);
        }
        return primes;
    }();
    return kPrimes;
}

/// To which power 65537 must be raised to give a number, modulo a prime: `exponent` and any multiple of `order` more.
struct Logarithm {
    std::uint32_t exponent = 0, order = 1;
    bool exists = false;
};

Logarithm logarithm(std::uint32_t number, std::uint32_t prime) {
    Logarithm found;
    std::uint32_t power = kGenerator % prime, exponent = 1;
    for (; power != 1; power = power * (kGenerator % prime) % prime, ++exponent) {
        if (power == number) found = {exponent, 1, true};
    }
    if (number == 1) found.exists = true;  // the power 0
    found.order = exponent;
    return found;
}

/// The faulty library made primes k * M + (65537^a mod M), where M is the product of at least the first 39 primes. So the modulus is a
/// power of 65537 modulo M: modulo each of these primes, and by exponents that one number can be (Chinese remainder theorem). About one
/// number in 2^150 is that by chance. https://crocs.fi.muni.cz/public/papers/rsa_ccs17
bool is_roca(Bytes modulus) {
    constexpr std::size_t kPrimes = 39;
    std::array<Logarithm, kPrimes> logarithms;
    for (std::size_t i = 0; i < kPrimes; ++i) {
        const std::uint32_t prime = small_primes()[i];
        logarithms[i] = logarithm(remainder(modulus, prime), prime);
        if (!logarithms[i].exists) return false;
        for (std::size_t j = 0; j < i; ++j) {
            const std::uint32_t common = std::gcd(logarithms[i].order, logarithms[j].order);
            if (logarithms[i].exponent % common != logarithms[j].exponent % common) return false;
        }
    }
    return true;
}

/// The largest number whose square is not larger, by Newton's method from above.
Number square_root(const BIGNUM* number, BN_CTX* context) {
    Number root(BN_new()), next(BN_new());
    if (!root || !next || BN_set_bit(root.get(), (BN_num_bits(number) + 1) / 2) != 1) return nullptr;
    while (true) {
        if (BN_div(next.get(), nullptr, number, root.get(), context) != 1 || BN_add(next.get(), next.get(), root.get()) != 1 ||
            BN_rshift1(next.get(), next.get()) != 1)
            return nullptr;
        if (BN_cmp(next.get(), root.get()) >= 0) return root;
        root.swap(next);
    }
}

/// Squares are one of twelve numbers modulo 64: most others are told so without a root.
bool may_be_square(const BIGNUM* number) {
    const BN_ULONG rest = BN_mod_word(number, 64);
    for (BN_ULONG i = 0; i < 32; ++i) {
        if (i * i % 64 == rest) return true;
    }
    return false;
}

bool is_square(const BIGNUM* number, BN_CTX* context) {
    if (!may_be_square(number)) return false;
    const Number root = square_root(number, context), square(BN_new());
    return root && square && BN_sqr(square.get(), root.get(), context) == 1 && BN_cmp(square.get(), number) == 0;
}

/// Fermat: n = a^2 - b^2 = (a - b)(a + b), with a near the root of n when the factors are near each other.
bool has_close_primes(Bytes modulus) {
    constexpr int kRounds = 100;  // BR 6.1.1.3
    const Context context(BN_CTX_new());
    const Number n(BN_bin2bn(modulus.data(), static_cast<int>(modulus.size()), nullptr)), rest(BN_new());
    if (!context || !n || !rest) return false;
    const Number a = square_root(n.get(), context.get());
    if (!a || BN_sqr(rest.get(), a.get(), context.get()) != 1) return false;
    if (BN_cmp(rest.get(), n.get()) == 0) return true;  // one prime twice
    for (int round = 0; round < kRounds; ++round) {
        if (BN_add_word(a.get(), 1) != 1 || BN_sqr(rest.get(), a.get(), context.get()) != 1 || BN_sub(rest.get(), rest.get(), n.get()) != 1)
            return false;
        if (is_square(rest.get(), context.get())) return true;
    }
    return false;
}

bool is_small(Bytes exponent) {
    if (exponent.size() > 3) return false;
    std::uint32_t value = 0;
    for (const std::uint8_t octet : exponent) value = value << 8 | octet;
    return value < 65'537;
}

}  // namespace

std::string_view describe(RsaFlaw flaw) {
    switch (flaw) {
        case RsaFlaw::even_exponent:
            return "its exponent is even, so it is no RSA key";
        case RsaFlaw::small_exponent:
            return "its exponent is smaller than 65537";
        case RsaFlaw::small_factor:
            return "its modulus can be divided by a small number";
        case RsaFlaw::roca:
            return "it was made by a faulty chip, and its private half can be computed (ROCA, CVE-2017-15361)";
        case RsaFlaw::close_primes:
            break;
    }
    return "its primes are so close to each other that its private half can be computed";
}

std::optional<RsaFlaw> find_rsa_flaw(Bytes modulus, Bytes exponent) {
    while (!modulus.empty() && modulus.front() == 0) modulus = modulus.subspan(1);
    while (!exponent.empty() && exponent.front() == 0) exponent = exponent.subspan(1);
    if (exponent.empty() || exponent.back() % 2 == 0) return RsaFlaw::even_exponent;
    if (is_small(exponent)) return RsaFlaw::small_exponent;
    for (const std::uint32_t prime : small_primes()) {
        if (remainder(modulus, prime) == 0) return RsaFlaw::small_factor;
    }
    if (is_roca(modulus)) return RsaFlaw::roca;
    if (has_close_primes(modulus)) return RsaFlaw::close_primes;
    return std::nullopt;
}

}  // namespace truename::crypto
