#include <array>
#include <cstring>

#include "mail/base64.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace truename::mail {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What a character adds to the 24 bits of its group, by its place in it. Bit 31 is set for what is not in the alphabet.
constexpr std::array<std::array<std::uint32_t, 256>, 4> make_tables() {
    std::array<std::array<std::uint32_t, 256>, 4> tables{};
    for (auto& table : tables) table.fill(0x80000000U);
    for (std::uint32_t value = 0; value < 64; ++value) {
        for (unsigned place = 0; place < 4; ++place) tables[place][static_cast<std::uint8_t>(kAlphabet[value])] = value << (18 - 6 * place);
    }
    return tables;
}

constexpr auto kTables = make_tables();

/// Two characters for each 12 bits.
constexpr std::array<std::array<char, 2>, 4096> make_pairs() {
    std::array<std::array<char, 2>, 4096> pairs{};
    for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {kAlphabet[i >> 6], kAlphabet[i & 63]};
    return pairs;
}

constexpr auto kPairs = make_pairs();

#if defined(__x86_64__)

bool has_shuffle() {
    static const bool has = __builtin_cpu_supports("ssse3") != 0;
    return has;
}

/// Sixteen characters at a time: the high half of a character's octet says how far its value is from it (W. Muła's method). Writes sixteen
/// octets of which twelve count. Stops before the first sixteen that hold another character.
__attribute__((target("ssse3"))) std::size_t decode_wide(Bytes text, std::uint8_t* out) {
    // A character is bad when a bit is set for its low half and its high half alike.
    const __m128i low_bits = _mm_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A);
    const __m128i high_bits = _mm_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
    const __m128i distance = _mm_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
    const __m128i slash = _mm_set1_epi8(0x2F);
    const __m128i order = _mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
    std::size_t at = 0;
    for (; at + 16 <= text.size(); at += 16, out += 12) {
        const __m128i in = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
        const __m128i high = _mm_and_si128(_mm_srli_epi32(in, 4), slash);
        const __m128i low = _mm_and_si128(in, slash);
        const __m128i bad = _mm_and_si128(_mm_shuffle_epi8(low_bits, low), _mm_shuffle_epi8(high_bits, high));
        if (_mm_movemask_epi8(_mm_cmpgt_epi8(bad, _mm_setzero_si128())) != 0) break;
        const __m128i values = _mm_add_epi8(in, _mm_shuffle_epi8(distance, _mm_add_epi8(_mm_cmpeq_epi8(in, slash), high)));
        const __m128i pairs = _mm_maddubs_epi16(values, _mm_set1_epi32(0x01400140));
        const __m128i groups = _mm_madd_epi16(pairs, _mm_set1_epi32(0x00011000));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_shuffle_epi8(groups, order));
    }
    return at;
}

/// Twelve octets at a time; reads sixteen. Gives how many octets were taken.
__attribute__((target("ssse3"))) std::size_t encode_wide(Bytes octets, std::uint8_t* out) {
    const __m128i spread = _mm_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
    const __m128i distance = _mm_setr_epi8('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                                           '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0);
    std::size_t at = 0;
    for (; at + 16 <= octets.size(); at += 12, out += 16) {
        const __m128i in = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(octets.data() + at)), spread);
        const __m128i upper = _mm_mulhi_epu16(_mm_and_si128(in, _mm_set1_epi32(0x0FC0FC00)), _mm_set1_epi32(0x04000040));
        const __m128i lower = _mm_mullo_epi16(_mm_and_si128(in, _mm_set1_epi32(0x003F03F0)), _mm_set1_epi32(0x01000010));
        const __m128i values = _mm_or_si128(upper, lower);
        // 0 for lower case, 1 to 10 for digits, 11, 12 for the last two, 13 for capitals.
        __m128i kind = _mm_subs_epu8(values, _mm_set1_epi8(51));
        kind = _mm_or_si128(kind, _mm_and_si128(_mm_cmpgt_epi8(_mm_set1_epi8(26), values), _mm_set1_epi8(13)));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_add_epi8(_mm_shuffle_epi8(distance, kind), values));
    }
    return at;
}

#else

bool has_shuffle() {
    return false;
}
std::size_t decode_wide(Bytes, std::uint8_t*) {
    return 0;
}
std::size_t encode_wide(Bytes, std::uint8_t*) {
    return 0;
}

#endif

}  // namespace

std::size_t decode_base64_groups(Bytes text, std::uint8_t* out) {
    std::size_t at = has_shuffle() ? decode_wide(text, out) : 0;
    out += at / 4 * 3;
    for (; at + 4 <= text.size(); at += 4, out += 3) {
        const std::uint32_t bits = kTables[0][text[at]] | kTables[1][text[at + 1]] | kTables[2][text[at + 2]] | kTables[3][text[at + 3]];
        if ((bits & 0x80000000U) != 0) break;
        out[0] = static_cast<std::uint8_t>(bits >> 16);
        out[1] = static_cast<std::uint8_t>(bits >> 8);
        out[2] = static_cast<std::uint8_t>(bits);
    }
    return at;
}

std::size_t encode_base64_groups(Bytes octets, std::uint8_t* out) {
    std::size_t at = has_shuffle() ? encode_wide(octets, out) : 0;
    std::size_t written = at / 3 * 4;
    const auto put = [&](std::uint32_t bits) {
        std::memcpy(out + written, kPairs[bits >> 12].data(), 2);
        std::memcpy(out + written + 2, kPairs[bits & 0xFFF].data(), 2);
        written += 4;
    };
    for (; at + 3 <= octets.size(); at += 3)
        put(static_cast<std::uint32_t>(octets[at]) << 16 | static_cast<std::uint32_t>(octets[at + 1]) << 8 | octets[at + 2]);
    if (const std::size_t over = octets.size() - at; over > 0) {
        put(static_cast<std::uint32_t>(octets[at]) << 16 | (over == 2 ? static_cast<std::uint32_t>(octets[at + 1]) << 8 : 0U));
        std::memset(out + written - (3 - over), '=', 3 - over);
    }
    return written;
}

}  // namespace truename::mail
