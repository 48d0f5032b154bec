#include "der/writer.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <utility>

namespace truename::der {

std::size_t Writer::open(Tag tag) {
    bytes_.push_back(static_cast<std::uint8_t>(tag));
    return bytes_.size();
}

void Writer::close(std::size_t start) {
    // The length goes in after the contents are there: they move a few bytes, which is cheaper than measuring first.
    std::size_t length = bytes_.size() - start;
    std::array<std::uint8_t, 9> head{};
    std::size_t n = 0;
    if (length < 0x80) {
        head[n++] = static_cast<std::uint8_t>(length);
    } else {
        std::size_t octets = 1;
        while ((length >> (8 * octets)) != 0) ++octets;
        head[n++] = static_cast<std::uint8_t>(0x80 | octets);
        while (octets-- > 0) head[n++] = static_cast<std::uint8_t>(length >> (8 * octets));
    }
    bytes_.insert(bytes_.begin() + static_cast<std::ptrdiff_t>(start), head.begin(), head.begin() + static_cast<std::ptrdiff_t>(n));
}

Writer& Writer::set_of(std::vector<ByteString> elements, Tag tag) {
    std::sort(elements.begin(), elements.end());
    return nested(tag, [&] {
        for (const ByteString& element : elements) raw(element);
    });
}

Writer& Writer::element(Tag tag, Bytes value) {
    return nested(tag, [&] { raw(value); });
}

Writer& Writer::raw(Bytes bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
}

Writer& Writer::boolean(bool value) {
    const std::uint8_t octet = value ? 0xFF : 0;
    return element(Tag::boolean, Bytes(&octet, 1));
}

Writer& Writer::null() {
    return element(Tag::null, {});
}

Writer& Writer::oid(Oid oid) {
    return element(Tag::object_identifier, oid.content());
}

Writer& Writer::integer(std::int64_t value, Tag tag) {
    std::array<std::uint8_t, 8> octets{};
    for (std::size_t i = 0; i < 8; ++i) octets[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (56 - 8 * i));
    std::size_t first = 0;
    while (first < 7 && ((octets[first] == 0 && octets[first + 1] < 0x80) || (octets[first] == 0xFF && octets[first + 1] >= 0x80))) ++first;
    return element(tag, Bytes(octets).subspan(first));
}

Writer& Writer::unsigned_integer(Bytes magnitude, Tag tag) {
    while (!magnitude.empty() && magnitude[0] == 0) magnitude = magnitude.subspan(1);
    return nested(tag, [&] {
        if (magnitude.empty() || magnitude[0] >= 0x80) bytes_.push_back(0);
        raw(magnitude);
    });
}

Writer& Writer::bit_string(Bytes value, Tag tag) {
    return nested(tag, [&] {
        bytes_.push_back(0);
        raw(value);
    });
}

Writer& Writer::named_bits(std::uint32_t bits, Tag tag) {
    return nested(tag, [&] {
        if (bits == 0) {
            bytes_.push_back(0);
            return;
        }
        unsigned highest = 31;
        while ((bits >> highest) == 0) --highest;
        bytes_.push_back(static_cast<std::uint8_t>(7 - highest % 8));
        for (unsigned first = 0; first <= highest; first += 8) {
            std::uint8_t octet = 0;
            for (unsigned i = 0; i < 8 && first + i <= highest; ++i) {
                if ((bits >> (first + i) & 1) != 0) octet = static_cast<std::uint8_t>(octet | 0x80U >> i);
            }
            bytes_.push_back(octet);
        }
    });
}

Writer& Writer::time(Time time) {
    const int year = to_civil(time).year;
    return this->time(time, year >= 1950 && year < 2050 ? Tag::utc_time : Tag::generalized_time);
}

Writer& Writer::time(Time time, Tag form) {
    const CivilTime civil = to_civil(time);
    std::array<char, 64> text{};
    const int year = form == Tag::utc_time ? (civil.year % 100 + 100) % 100 : civil.year;
    const int size =
        std::snprintf(text.data(), text.size(), form == Tag::utc_time ? "%02d%02u%02u%02u%02u%02uZ" : "%04d%02u%02u%02u%02u%02uZ", year,
                      civil.month, civil.day, civil.hour, civil.minute, civil.second);
    return this->text(form, std::string_view(text.data(), static_cast<std::size_t>(size)));
}

ByteString Writer::take() {
    return std::exchange(bytes_, {});
}

}  // namespace truename::der
