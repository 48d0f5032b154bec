#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "crypto/private_key.h"
#include "fuzz/blocks.h"
#include "tests/der_elements.h"
#include "x509/algorithm.h"
#include "x509/pem.h"
#include "x509/signature.h"

// Changes of certificates, requests, revocation lists and OCSP responses, after which their signatures are right again: a wrong signature
// is seen first, and hides what else is wrong.

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max);  // of libFuzzer

/// The keys of tests/keys, and which of them signed what.
class FuzzKeys {
  public:
    FuzzKeys() {
        for (const auto& file : std::filesystem::directory_iterator(TRUENAME_KEYS)) {
            std::ifstream in(file.path());
            const std::string text(std::istreambuf_iterator<char>(in), {});
            if (auto key = truename::crypto::PrivateKey::from_pem(text)) keys_.push_back({*key, key->public_key_info()});
        }
    }

    /// The signature over `message` by the key that made the `old` one over `before`; that one when none of ours did.
    truename::ByteString sign(truename::Bytes message, truename::Bytes before, truename::Bytes old, truename::Bytes algorithm) {
        truename::der::Reader reader(algorithm);
        const auto read = truename::x509::read_algorithm_identifier(reader);
        const auto scheme = read ? truename::x509::signature_algorithm(*read).scheme : std::nullopt;
        const Key* key = scheme ? signer(before, *read, old) : nullptr;
        if (key == nullptr) return truename::to_owned(old);
        const auto made = key->secret.sign(*scheme, message);
        if (!made) return truename::to_owned(old);
        signers_[*made] = key;
        return *made;
    }

  private:
    struct Key {
        truename::crypto::PrivateKey secret;
        truename::ByteString info;
    };

    const Key* signer(truename::Bytes message, const truename::x509::AlgorithmIdentifier& algorithm, truename::Bytes signature) {
        if (signers_.size() > 10'000) signers_.clear();
        const auto [known, is_new] = signers_.try_emplace(truename::to_owned(signature), nullptr);
        if (!is_new) return known->second;
        truename::x509::SignatureChecker checker;
        for (const Key& key : keys_) {
            truename::der::Reader reader(key.info);
            const auto info = truename::x509::read_subject_public_key_info(reader);
            if (info && checker.check(message, algorithm, signature, *info) == truename::crypto::SignatureCheck::valid)
                known->second = &key;
        }
        return known->second;
    }

    std::vector<Key> keys_;
    std::map<truename::ByteString, const Key*> signers_;
};

/// Changes one thing inside what was signed, here and there for something that stands in one of the others.
class SignedMutator {
  public:
    explicit SignedMutator(unsigned seed) : random_(seed) {}

    /// The same of a file, which may hold several of them as PEM; sometimes one is left out or stands in another place.
    truename::ByteString changed_file(truename::Bytes file, std::span<const truename::Bytes> others) {
        if (!truename::as_text(file).starts_with("-----BEGIN ")) return changed(file, others);
        auto bundle = truename::x509::read_pem_bundle(file, "file");
        if (!bundle) return truename::to_owned(file);
        auto& blocks = bundle->blocks;
        const std::size_t which = pick(blocks.size()), how = pick(8);
        if (how == 0) {
            blocks.erase(blocks.begin() + static_cast<std::ptrdiff_t>(which));
        } else if (how == 1) {
            std::swap(blocks[which], blocks[pick(blocks.size())]);
        } else {
            blocks[which].der = changed(blocks[which].der, others);
        }
        std::string text;
        for (const truename::x509::PemBlock& block : blocks) text += truename::x509::to_pem(block.label, block.der);
        return truename::to_owned(truename::as_bytes(text));
    }

    truename::ByteString changed(truename::Bytes der, std::span<const truename::Bytes> others) {
        static FuzzKeys keys;
        if (der.empty()) return {};
        truename::Element all = truename::read_element(der);
        truename::Element* const object = find_signed(all);
        if (object == nullptr) return truename::to_owned(der);
        const truename::ByteString before = written(object->parts[0]), algorithm = written(object->parts[1]);
        change(object->parts[0], others);
        truename::ByteString& bits = object->parts[2].bytes;
        const auto signature = keys.sign(written(object->parts[0]), before, truename::Bytes(bits).subspan(bits.empty() ? 0 : 1), algorithm);
        bits.assign(1, 0);
        bits.insert(bits.end(), signature.begin(), signature.end());
        return written(all);
    }

    std::size_t pick(std::size_t count) { return count == 0 ? 0 : random_() % count; }

  private:
    static truename::ByteString written(const truename::Element& element) {
        truename::ByteString bytes;
        truename::write_element(element, bytes);
        return bytes;
    }

    /// SEQUENCE { what is signed, the algorithm, the signature }: itself, or in what is wrapped around it.
    static truename::Element* find_signed(truename::Element& element) {
        auto& parts = element.parts;
        if (parts.size() >= 3 && parts[0].tag == 0x30 && parts[1].tag == 0x30 && parts[2].tag == 0x03 && parts[2].parts.empty())
            return &element;
        for (truename::Element& part : parts) {
            if (truename::Element* const found = find_signed(part)) return found;
        }
        return nullptr;
    }

    void change(truename::Element& body, std::span<const truename::Bytes> others) {
        std::vector<truename::Place> places;
        truename::collect(body, places);
        if (places.empty()) return;
        const auto at = [](const truename::Place& place) -> truename::Element& { return place.parent->parts[place.index]; };
        truename::Element& element = at(places[pick(places.size())]);
        const std::size_t how = pick(8);
        if (how < 3 && element.parts.empty()) {
            give_value(element);
        } else if (how == 3) {
            std::erase_if(places, [&](const truename::Place& place) { return at(place).tag < 0x80; });
            if (!places.empty()) at(places[pick(places.size())]).tag ^= static_cast<std::uint8_t>(1 + pick(3));  // another choice
        } else if (how == 5) {
            std::erase_if(places, [&](const truename::Place& place) { return !is_text(at(place)); });
            if (!places.empty()) give_value(at(places[pick(places.size())]));
        } else if (how == 4 && !others.empty()) {
            graft(element, others[pick(others.size())]);
        } else {
            truename::change_one(body, random_);
        }
    }

    static bool is_text(const truename::Element& element) {
        const unsigned tag = element.tag;
        return tag == 0x0C || tag == 0x13 || tag == 0x16 || (tag > 0x80 && tag < 0x87);
    }

    /// Another value of its kind: of those that somebody has a rule for.
    void give_value(truename::Element& element) {
        static constexpr std::string_view kTimes[] = {"20491231235959Z", "261120000000Z", "261125000000Z",
                                                      "20261203000000Z", "250101000000Z", "500101000000Z"};
        static constexpr std::string_view kNames[] = {
            "mail.example.com",       "*.example.com",     "mail", "mail.example.local", "192.0.2.1", "remote.example.com", ".example.com",
            "xn--mnchen-3ya.example", "http://ocsp.test/", ""};
        static constexpr std::string_view kOdd =
            "a|b<c>&amp;'\"{HOST}\x1B[1m\n\xE2\x80\xAE";  // what some reader takes for more than a name
        // Longer than names are shown, and cut within a character by who counts bytes.
        static const std::string kLong = [] {
            std::string text;
            while (text.size() < 300) text += "\xC3\xA9";
            return text;
        }();
        const auto take = [&](std::string_view text) { element.bytes = truename::to_owned(truename::as_bytes(text)); };
        if (element.tag == 0x17 || element.tag == 0x18) {
            const std::string_view time = kTimes[pick(std::size(kTimes))];
            element.tag = time.size() > 13 ? 0x18 : 0x17;
            take(time);
        } else if (is_text(element)) {
            const std::string_view choices[] = {kNames[pick(std::size(kNames))], kOdd, kLong};
            take(choices[pick(3)]);
        } else {
            static constexpr std::uint8_t kSmall[] = {0, 1, 2, 3, 6, 8, 0x7F, 0x80, 0xFF};
            element.bytes.assign(pick(2) + (element.tag == 0x03 ? 1 : 0), 0);
            element.bytes.push_back(kSmall[pick(std::size(kSmall))]);
        }
    }

    /// What another one has of the same kind.
    void graft(truename::Element& element, truename::Bytes other) {
        if (other.empty()) return;
        truename::Element tree = truename::read_element(other);
        std::vector<truename::Place> places;
        truename::collect(tree, places);
        std::erase_if(places, [&](const truename::Place& place) { return place.parent->parts[place.index].tag != element.tag; });
        if (places.empty()) return;
        const truename::Place from = places[pick(places.size())];
        element = truename::Element(from.parent->parts[from.index]);
    }

    std::mt19937 random_;
};

/// For LLVMFuzzerCustomMutator of what split_blocks() reads behind `from` bytes: changes one block, or which there are.
inline std::size_t mutate_blocks(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed, std::size_t from) {
    if (seed % 8 == 0 || size <= from) return LLVMFuzzerMutate(data, size, max);
    if (seed % 8 == 1 && from > 0) {
        data[seed / 8 % from] ^= static_cast<std::uint8_t>(1U << seed / 64 % 8);
        return size;
    }
    SignedMutator mutator(seed);
    const std::vector<truename::Bytes> blocks = split_blocks(truename::Bytes(data, size).subspan(from), 64);
    if (blocks.empty()) return LLVMFuzzerMutate(data, size, max);
    std::vector<truename::ByteString> made;
    for (const truename::Bytes block : blocks) made.push_back(truename::to_owned(block));
    std::size_t which = mutator.pick(made.size());
    while (which + 1 < made.size() && made[which].empty()) ++which;
    const std::size_t how = mutator.pick(16);
    const auto place = [&] { return made.begin() + static_cast<std::ptrdiff_t>(mutator.pick(made.size() + 1)); };
    if (how == 0) {
        made.erase(made.begin() + static_cast<std::ptrdiff_t>(which));
    } else if (how == 1) {
        made.insert(place(), truename::to_owned(blocks[which]));
    } else if (how == 2) {
        std::swap(made[which], made[mutator.pick(made.size())]);
    } else {
        made[which] = mutator.changed_file(blocks[which], blocks);
    }
    truename::ByteString out(data, data + from);
    for (const truename::ByteString& block : made) {
        out.push_back(static_cast<std::uint8_t>(block.size() >> 8U));
        out.push_back(static_cast<std::uint8_t>(block.size()));
        out.insert(out.end(), block.begin(), block.end());
    }
    if (out.size() > max || std::ranges::any_of(made, [](const auto& block) { return block.size() > 0xFFFF; }))
        return LLVMFuzzerMutate(data, size, max);
    std::memcpy(data, out.data(), out.size());
    return out.size();
}
