#include "tests/differential/mutant.h"

#include <algorithm>
#include <vector>

#include "der/reader.h"
#include "der/writer.h"
#include "x509/algorithm.h"
#include "x509/certificate.h"

namespace truename::differential {

namespace {

/// An element and what is in it: elements, or bytes.
struct Element {
    std::uint8_t tag = 0;
    ByteString bytes;  ///< of one that holds no elements
    std::vector<Element> parts;
};

Element read_element(Bytes tlv) {
    Element element;
    element.tag = tlv[0];
    const auto outer = der::Reader(tlv).read();
    if (!outer) return element;
    element.bytes = to_owned(outer->value);
    // The contents of an OCTET STRING are elements when they are one whole element; so extensions are looked into.
    const bool may_hold = (element.tag & 0x20U) != 0 || element.tag == 0x04;
    if (!may_hold || outer->value.empty()) return element;
    std::vector<Element> parts;
    for (der::Reader reader(outer->value); !reader.at_end();) {
        const auto part = reader.read();
        if (!part) return element;
        parts.push_back(read_element(part->tlv));
    }
    if (element.tag == 0x04 && parts.size() != 1) return element;
    element.parts = std::move(parts);
    return element;
}

void write_element(const Element& element, ByteString& out) {
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

void collect(Element& element, std::vector<Place>& places) {
    for (std::size_t i = 0; i < element.parts.size(); ++i) {
        places.push_back({&element, i});
        collect(element.parts[i], places);
    }
}

std::size_t pick(std::mt19937& random, std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
}

/// One bit of an element that has bytes.
std::string change_bit(const std::vector<Place>& places, std::mt19937& random) {
    while (true) {
        const std::size_t number = pick(random, places.size());
        Element& element = places[number].parent->parts[places[number].index];
        if (!element.parts.empty() || element.bytes.empty()) continue;
        const std::size_t at = pick(random, element.bytes.size());
        element.bytes[at] = static_cast<std::uint8_t>(element.bytes[at] ^ (1U << pick(random, 8)));
        return "byte " + std::to_string(at) + " of element " + std::to_string(number) + " (tag " + std::to_string(element.tag) + ")";
    }
}

std::string change_one(Element& tbs, std::mt19937& random) {
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

std::string change_certificate(ByteString& der, const std::optional<crypto::PrivateKey>& signer, std::mt19937& random) {
    const auto certificate = x509::parse_certificate(der);
    if (!certificate) return "nothing";
    Element tbs = read_element(certificate->tbs_certificate);
    const std::string change = change_one(tbs, random);
    ByteString signed_bytes;
    write_element(tbs, signed_bytes);
    ByteString signature = to_owned(certificate->signature_value);
    const auto scheme = x509::signature_algorithm(certificate->signature_algorithm).scheme;
    if (signer && scheme) {
        if (const auto made = signer->sign(*scheme, signed_bytes)) signature = *made;
    }
    der::Writer writer;
    writer.sequence([&] {
        writer.raw(signed_bytes);
        writer.raw(certificate->signature_algorithm.tlv);
        writer.bit_string(signature);
    });
    der = writer.take();
    return change;
}

std::string change_signature(ByteString& der, std::mt19937& random) {
    der[der.size() - 1 - pick(random, std::min<std::size_t>(der.size(), 60))] ^= static_cast<std::uint8_t>(1U << pick(random, 8));
    return "a bit of the signature";
}

std::string change_order(std::vector<ByteString>& chain, std::mt19937& random) {
    if (chain.size() < 2) return "nothing";
    const std::size_t at = 1 + pick(random, chain.size() - 1), other = 1 + pick(random, chain.size() - 1);
    switch (pick(random, 3)) {
        case 0:
            std::swap(chain[at], chain[other]);
            return "another order";
        case 1:
            chain.push_back(ByteString(chain[at]));
            return "sent twice";
        default:
            chain.erase(chain.begin() + static_cast<std::ptrdiff_t>(at));
            return "not sent";
    }
}

std::string change_name(std::string& name, std::mt19937& random) {
    if (name.empty()) return "nothing";
    const std::size_t at = pick(random, name.size());
    switch (pick(random, 4)) {
        case 0:
            name[at] = static_cast<char>(name[at] ^ 0x20);
            return "asked for " + name;
        case 1:
            name.push_back('.');
            return "asked for " + name;
        case 2:
            name.insert(at, 1, "a.-0"[pick(random, 4)]);
            return "asked for " + name;
        default:
            name.erase(at, 1);
            return "asked for " + name;
    }
}

}  // namespace

Mutant mutate(const Scene& scene, std::mt19937& random) {
    Mutant mutant{scene.question, ""};
    conformance::Trial& trial = mutant.question.trial;
    const std::size_t kind = pick(random, 20), which = pick(random, trial.chain.size());
    const std::string of = " of certificate " + std::to_string(which);
    if (kind == 0) {
        mutant.change = change_order(trial.chain, random);
    } else if (kind == 1) {
        mutant.change = change_name(trial.name, random);
    } else if (kind == 2) {
        mutant.change = change_signature(trial.chain[which], random) + of;
    } else {
        mutant.change = change_certificate(trial.chain[which], scene.signers[which], random) + of;
    }
    return mutant;
}

}  // namespace truename::differential
