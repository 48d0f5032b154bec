#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "der/reader.h"

// DER as a tree whose elements can be changed; all lengths around them fit again when it is written.

namespace truename {

/// An element and what is in it: elements, or bytes.
struct Element {
    std::uint8_t tag = 0;
    ByteString bytes;  ///< of one that holds no elements
    std::vector<Element> parts;
};

inline Element read_element(Bytes tlv, unsigned depth = 0) {
    Element element;
    element.tag = tlv[0];
    const auto outer = der::Reader(tlv).read();
    if (!outer) return element;
    element.bytes = to_owned(outer->value);
    // The contents of an OCTET STRING are elements when they are one whole element; so extensions are looked into.
    const bool may_hold = (element.tag & 0x20U) != 0 || element.tag == 0x04;
    if (!may_hold || outer->value.empty() || depth == 64) return element;
    std::vector<Element> parts;
    for (der::Reader reader(outer->value); !reader.at_end();) {
        const auto part = reader.read();
        if (!part) return element;
        parts.push_back(read_element(part->tlv, depth + 1));
    }
    if (element.tag == 0x04 && parts.size() != 1) return element;
    element.parts = std::move(parts);
    return element;
}

inline void write_element(const Element& element, ByteString& out) {
    ByteString contents;
    if (element.parts.empty()) contents = element.bytes;
    for (const Element& part : element.parts) write_element(part, contents);
    out.push_back(element.tag);
    if (contents.size() >= 0x80) {
        out.push_back(0x82);
        out.push_back(static_cast<std::uint8_t>(contents.size() >> 8U));
    }
    if (contents.size() >= 0x80 && contents.size() < 0x100) {
        out.pop_back();
        out.back() = 0x81;
    }
    out.push_back(static_cast<std::uint8_t>(contents.size()));
    out.insert(out.end(), contents.begin(), contents.end());
}

/// All elements inside, with where they stand.
struct Place {
    Element* parent;
    std::size_t index;
};

inline void collect(Element& element, std::vector<Place>& places) {
    for (std::size_t i = 0; i < element.parts.size(); ++i) {
        places.push_back({&element, i});
        collect(element.parts[i], places);
    }
}

inline std::size_t pick(std::mt19937& random, std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
}

/// One bit of an element that has bytes.
inline std::string change_bit(const std::vector<Place>& places, std::mt19937& random) {
    while (true) {
        const std::size_t number = pick(random, places.size());
        Element& element = places[number].parent->parts[places[number].index];
        if (!element.parts.empty() || element.bytes.empty()) continue;
        const std::size_t at = pick(random, element.bytes.size());
        element.bytes[at] = static_cast<std::uint8_t>(element.bytes[at] ^ (1U << pick(random, 8)));
        return "byte " + std::to_string(at) + " of element " + std::to_string(number) + " (tag " + std::to_string(element.tag) + ")";
    }
}

/// Takes an element inside out, puts it there twice, changes its tag or a bit, or its place with its neighbour's; says what it did.
inline std::string change_one(Element& tbs, std::mt19937& random) {
    std::vector<Place> places;
    collect(tbs, places);
    const std::size_t number = pick(random, places.size());
    const Place place = places[number];
    Element& element = place.parent->parts[place.index];
    const std::string which = "element " + std::to_string(number) + " (tag " + std::to_string(element.tag) + ")";
    switch (pick(random, 8)) {
        case 0:
            place.parent->parts.erase(place.parent->parts.begin() + static_cast<std::ptrdiff_t>(place.index));
            if (place.parent->parts.empty()) place.parent->bytes.clear();
            return "without " + which;
        case 1: {
            Element again = element;
            place.parent->parts.insert(place.parent->parts.begin() + static_cast<std::ptrdiff_t>(place.index), std::move(again));
            return "twice " + which;
        }
        case 2:
            element.tag = static_cast<std::uint8_t>(element.tag ^ (1U << pick(random, 5)));
            return "other tag of " + which;
        case 3:
            if (place.index == 0) return "nothing";
            std::swap(place.parent->parts[place.index - 1], element);
            return "places changed of " + which;
        default:
            break;
    }
    return change_bit(places, random);
}

}  // namespace truename
