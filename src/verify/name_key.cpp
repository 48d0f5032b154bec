#include "verify/trust_store.h"

namespace truename::verify {

namespace {

/// FNV-1a: short inputs, no state, the same on every machine (the table of shipped roots is sorted by it when it is built).
class Hash {
  public:
    void add(std::uint8_t byte) { state_ = (state_ ^ byte) * 0x100000001B3ULL; }
    [[nodiscard]] std::uint64_t value() const { return state_; }

  private:
    std::uint64_t state_ = 0xCBF29CE484222325ULL;
};

/// Bytes in a character of the string type: the key must not see in which type a text is written.
std::size_t character_size(der::Tag type) {
    if (type == der::Tag::bmp_string) return 2;
    return type == der::Tag::universal_string ? 4 : 1;
}

void add_character(std::uint8_t c, Hash& hash) {
    if (c >= 'A' && c <= 'Z') hash.add(static_cast<std::uint8_t>(c | 0x20));
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) hash.add(c);
}

/// Whether all characters are ASCII; `size` bytes each.
bool is_ascii(Bytes value, std::size_t size) {
    for (std::size_t i = 0; i < value.size(); ++i) {
        const bool is_last = i % size == size - 1;
        if (is_last ? value[i] >= 0x80 : value[i] != 0) return false;
    }
    return true;
}

void add_text(const x509::Attribute& attribute, Hash& hash) {
    const std::size_t size = character_size(attribute.string_type);
    if (is_ascii(attribute.value, size)) {
        for (std::size_t i = size - 1; i < attribute.value.size(); i += size) add_character(attribute.value[i], hash);
        return;
    }
    // Some letters outside ASCII fold to letters inside of it.
    const auto text = x509::folded_text(attribute);
    if (!text) return;
    for (const char c : *text) add_character(static_cast<std::uint8_t>(c), hash);
}

}  // namespace

std::uint64_t name_key(const x509::Name& name) {
    std::uint64_t key = 0, rdn = 0;
    for (const x509::Attribute& attribute : name) {
        Hash hash;
        for (const std::uint8_t byte : attribute.type.content()) hash.add(byte);
        add_text(attribute, hash);
        // The order inside of an RDN follows the encoding, so it must not count; the order of the RDNs does.
        if (attribute.starts_rdn) key = (key + rdn) * 0x9E3779B97F4A7C15ULL;
        rdn = (attribute.starts_rdn ? 0 : rdn) + hash.value();
    }
    return (key + rdn) * 0x9E3779B97F4A7C15ULL;
}

}  // namespace truename::verify
