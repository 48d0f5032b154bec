#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "der/oid.h"
#include "der/reader.h"

namespace truename::x509 {

/// AttributeTypeAndValue of RFC 5280 4.1.2.4; borrows. The value is the contents of its string, in the encoding that `string_type` says.
struct Attribute {
    der::Oid type;
    der::Tag string_type{};
    Bytes value;
    Bytes value_tlv;
    std::uint32_t offset = 0;  ///< of the AttributeTypeAndValue
    bool starts_rdn = true;    ///< false for the second and later attributes of one RelativeDistinguishedName
};

/// The value in UTF-8; nothing when it is not what its type says (invalid UTF-8, half a character, a type that is no string). T61String is
/// read as Latin-1, as everybody does.
std::optional<std::string> to_utf8(const Attribute& attribute);

/// Whether the value is what its string type says: to_utf8() can read it, and a PrintableString or NumericString holds no other letters
/// than it may (X.680 41.2 and 41.4). Other types of ASN.1 itself are right, too: not every attribute is a text.
bool has_right_letters(const Attribute& attribute);

/// A distinguished name: Name ::= SEQUENCE OF SET OF AttributeTypeAndValue   RFC 5280 4.1.2.4
/// A view; borrows. Attributes come in the order of the bytes (`C`, `O`, `CN` as a rule); printing turns it round.
class Name {
  public:
    Name() = default;

    /// The whole element.
    [[nodiscard]] Bytes tlv() const { return tlv_; }
    [[nodiscard]] std::uint32_t offset() const { return offset_; }
    /// True when there is no RelativeDistinguishedName in it.
    [[nodiscard]] bool empty() const { return contents_.empty(); }

    class Iterator {
      public:
        using value_type = Attribute;
        using difference_type = std::ptrdiff_t;
        Iterator() = default;
        Iterator(Bytes contents, std::uint32_t offset) : rdns_(contents, offset) { step(); }
        const Attribute& operator*() const { return *current_; }
        const Attribute* operator->() const { return &*current_; }
        Iterator& operator++() {
            step();
            return *this;
        }
        void operator++(int) { step(); }
        friend bool operator==(const Iterator& it, std::default_sentinel_t) { return !it.current_.has_value(); }

      private:
        void step();
        der::Reader rdns_{Bytes()}, rdn_{Bytes()};
        std::optional<Attribute> current_;
    };
    [[nodiscard]] Iterator begin() const { return {contents_, contents_offset_}; }
    [[nodiscard]] std::default_sentinel_t end() const { return {}; }

    /// The last attribute of that type, which is the most specific one; nothing when there is none.
    [[nodiscard]] std::optional<Attribute> last(der::Oid type) const;

  private:
    friend Result<Name> read_name(der::Reader& reader);
    Bytes tlv_, contents_;
    std::uint32_t offset_ = 0, contents_offset_ = 0;
};

/// Reads a Name and checks its frames down to every attribute; the strings inside are not looked at (to_utf8() is).
Result<Name> read_name(der::Reader& reader);
/// Reads a Name that is the whole of `tlv`.
Result<Name> parse_name(Bytes tlv, std::uint32_t offset = 0);

/// RFC 4514: the last RDN first, `CN=remote.example.com,O=Example\, Inc.`; types without a short name as `1.2.3.4=#0C03616263`. Safe for a
/// terminal: what base's printable() would escape is written as `\xx` of its UTF-8 bytes. The empty name is an empty text.
std::string to_string(const Name& name);

/// How alike two names are; each value includes those after it.
enum class NameRelation : std::uint8_t {
    same_bytes,
    same_but_string_type,  ///< the same characters, in other string types
    folded_ascii,          ///< the same but for letter case in ASCII, and blanks: runs of them as one, none at the ends
    folded,                ///< the same by RFC 5280 7.1: prepared as RFC 4518 says (prepare_string())
    different,
};

/// The closest relation of `a` and `b`. Strings that cannot be decoded equal only their own bytes.
NameRelation relation(const Name& a, const Name& b);

/// The text of an attribute as `folded` compares it; nothing when it cannot be decoded.
std::optional<std::string> folded_text(const Attribute& attribute);

/// True when `base` is the beginning of `name`, RDN by RDN, comparing folded: what a directoryName constraint asks (RFC 5280 4.2.1.10).
bool is_within_subtree(const Name& name, const Name& base);

}  // namespace truename::x509
