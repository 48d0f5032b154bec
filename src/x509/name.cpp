#include "x509/name.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/text.h"
#include "der/value.h"
#include "x509/string_prep.h"

namespace truename::x509 {

namespace {

/// Attribute ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY }   RFC 5280 4.1.2.4
Result<Attribute> read_attribute(der::Reader& reader) {
    const auto outer = reader.read(der::Tag::sequence);
    if (!outer) return forward_error(outer);
    der::Reader fields(*outer);
    const auto type = fields.read(der::Tag::object_identifier);
    if (!type) return forward_error(type);
    const auto oid = der::read_oid(*type);
    if (!oid) return forward_error(oid);
    const auto value = fields.read();
    if (!value) return forward_error(value);
    if (const auto end = fields.expect_end(); !end) return forward_error(end);
    return Attribute{*oid, value->tag, value->value, value->tlv, outer->offset, true};
}

Result<void> check_rdns(der::Reader rdns) {
    while (!rdns.at_end()) {
        const auto rdn = rdns.read(der::Tag::set);
        if (!rdn) return forward_error(rdn);
        der::Reader attributes(*rdn);
        // SIZE (1..MAX), but there are certificates with empty ones, and OpenSSL reads them.
        while (!attributes.at_end()) {
            if (const auto attribute = read_attribute(attributes); !attribute) return forward_error(attribute);
        }
    }
    return {};
}

void put_utf8(std::string& text, char32_t c) {
    const auto put = [&](char32_t octet) { text += static_cast<char>(static_cast<unsigned char>(octet)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | c >> 6);
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | c >> 12);
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | c >> 18);
        put(0x80 | (c >> 12 & 0x3F));
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

/// Big-endian characters of `width` bytes each. BMPString has no surrogates (X.680), but programs write UTF-16 into it, so pairs are
/// joined.
std::optional<std::string> from_wide(Bytes value, std::size_t width) {
    if (value.size() % width != 0) return std::nullopt;
    std::string text;
    for (std::size_t i = 0; i < value.size(); i += width) {
        char32_t c = 0;
        for (std::size_t k = 0; k < width; ++k) c = c << 8 | value[i + k];
        if (width == 2 && c >= 0xD800 && c < 0xDC00 && i + 3 < value.size() && (value[i + 2] & 0xFC) == 0xDC) {
            const char32_t low = static_cast<char32_t>(value[i + 2]) << 8 | value[i + 3];
            c = 0x10000 + ((c & 0x3FF) << 10) + (low & 0x3FF);
            i += width;
        }
        if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) return std::nullopt;
        put_utf8(text, c);
    }
    return text;
}

/// ASCII letters in lower case, runs of blanks as one, none at the ends.
std::string folded_ascii(std::string_view text) {
    std::string result;
    bool gap = false;
    for (const char c : text) {
        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            gap = !result.empty();
            continue;
        }
        if (std::exchange(gap, false)) result += ' ';
        result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return result;
}

/// Nothing in it that RFC 4518 maps otherwise than ASCII is folded: the usual case, and quick.
bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= ' ' && c <= '~') || (c >= '\t' && c <= '\r'); });
}

/// A text with characters that are prohibited has no other form than that.
std::string folded(std::string_view text) {
    if (is_plain(text)) return folded_ascii(text);
    auto prepared = prepare_string(text);
    return prepared ? std::move(*prepared) : folded_ascii(text);
}

/// One attribute ready for comparing. `exact` is the text, or the raw element where it cannot be decoded.
struct Comparable {
    Bytes type;
    std::string exact, ascii, loose;

    explicit Comparable(const Attribute& attribute) : type(attribute.type.content()) {
        if (auto text = to_utf8(attribute)) {
            exact = "t" + *text;
            ascii = "t" + folded_ascii(*text);
            loose = is_plain(*text) ? ascii : "t" + folded(*text);
        } else {
            exact = ascii = loose = "r" + std::string(as_text(attribute.value_tlv));
        }
    }
    friend bool operator<(const Comparable& a, const Comparable& b) {
        return std::pair(as_text(a.type), std::string_view(a.loose)) < std::pair(as_text(b.type), std::string_view(b.loose));
    }
};

/// The next RDN's attributes, sorted, because a SET has no order; empty at the end.
std::vector<Comparable> take_rdn(Name::Iterator& it) {
    std::vector<Comparable> rdn;
    if (it == std::default_sentinel) return rdn;
    do {
        rdn.emplace_back(*it);
        ++it;
    } while (it != std::default_sentinel && !it->starts_rdn);
    if (rdn.size() > 1) std::sort(rdn.begin(), rdn.end());
    return rdn;
}

NameRelation relation(const std::vector<Comparable>& a, const std::vector<Comparable>& b) {
    if (a.size() != b.size()) return NameRelation::different;
    auto result = NameRelation::same_but_string_type;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (!equal(a[i].type, b[i].type) || a[i].loose != b[i].loose) return NameRelation::different;
        const auto one = a[i].exact == b[i].exact   ? NameRelation::same_but_string_type
                         : a[i].ascii == b[i].ascii ? NameRelation::folded_ascii
                                                    : NameRelation::folded;
        result = std::max(result, one);
    }
    return result;
}

std::string_view short_name(der::Oid type) {
    // RFC 4514 3; the others of the LDAP registry go by their long names.
    static constexpr std::pair<der::Oid, std::string_view> kShort[] = {
        {der::oid::common_name, "CN"},
        {der::oid::locality_name, "L"},
        {der::oid::state_or_province_name, "ST"},
        {der::oid::organization_name, "O"},
        {der::oid::organizational_unit_name, "OU"},
        {der::oid::country_name, "C"},
        {der::oid::street_address, "STREET"},
        {der::oid::domain_component, "DC"},
        {der::oid::user_id, "UID"},
    };
    for (const auto& [oid, name] : kShort) {
        if (oid == type) return name;
    }
    return der::name_of(type);
}

/// RFC 4514 2.4, and everything that a terminal should not see as hexadecimal pairs, which the same section allows for any character.
std::string escaped(std::string_view text) {
    const auto is_plain = [](char c) { return is_alphanumeric(c) || c == '.' || c == '-' || c == ' '; };
    if (!text.empty() && text.front() != ' ' && text.back() != ' ' && std::all_of(text.begin(), text.end(), is_plain))
        return std::string(text);
    std::string result;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t size = 1;
        while (i + size < text.size() && (static_cast<unsigned char>(text[i + size]) & 0xC0) == 0x80) ++size;
        const std::string_view character = text.substr(i, size);
        const char c = text[i];
        const bool at_edge = i == 0 || i + size == text.size();
        if (std::string_view("\"+,;<>\\").find(c) != std::string_view::npos || (c == ' ' && at_edge) || (c == '#' && i == 0)) {
            result += '\\';
            result += c;
        } else if (c != '\\' && printable(character) != character) {
            for (const char octet : character) result += "\\" + to_hex(as_bytes({&octet, 1}));
        } else {
            result += character;
        }
        i += size;
    }
    return result;
}

std::string to_string(const Attribute& attribute) {
    const std::string_view name = short_name(attribute.type);
    const auto text = name.empty() ? std::nullopt : to_utf8(attribute);
    if (text) return std::string(name) + "=" + escaped(*text);
    return (name.empty() ? der::to_dotted(attribute.type) : std::string(name)) + "=#" + to_hex(attribute.value_tlv);
}

}  // namespace

std::optional<std::string> to_utf8(const Attribute& attribute) {
    switch (attribute.string_type) {
        case der::Tag::utf8_string:
            if (!is_utf8(as_text(attribute.value))) return std::nullopt;
            return std::string(as_text(attribute.value));
        case der::Tag::printable_string:
        case der::Tag::ia5_string:
        case der::Tag::visible_string:
        case der::Tag::numeric_string:
            // Letters that a PrintableString may not hold (`*`, `@`, `_`) are everywhere; only what is no ASCII has no meaning.
            if (std::any_of(attribute.value.begin(), attribute.value.end(), [](std::uint8_t b) { return b >= 0x80; })) return std::nullopt;
            return std::string(as_text(attribute.value));
        case der::Tag::t61_string:
            return from_wide(attribute.value, 1);
        case der::Tag::bmp_string:
            return from_wide(attribute.value, 2);
        case der::Tag::universal_string:
            return from_wide(attribute.value, 4);
        default:
            return std::nullopt;
    }
}

std::optional<std::string> folded_text(const Attribute& attribute) {
    const auto text = to_utf8(attribute);
    if (!text) return std::nullopt;
    return folded(*text);
}

bool has_right_letters(const Attribute& attribute) {
    const auto holds_only = [&](auto&& is_right) { return std::all_of(attribute.value.begin(), attribute.value.end(), is_right); };
    const auto is_digit = [](std::uint8_t b) { return b >= '0' && b <= '9'; };
    switch (attribute.string_type) {
        case der::Tag::numeric_string:
            return holds_only([&](std::uint8_t b) { return is_digit(b) || b == ' '; });
        case der::Tag::printable_string:
            return holds_only([&](std::uint8_t b) {
                const bool is_letter = (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
                return is_letter || is_digit(b) || std::string_view(" '()+,-./:=?").find(static_cast<char>(b)) != std::string_view::npos;
            });
        case der::Tag::utf8_string:
        case der::Tag::ia5_string:
        case der::Tag::visible_string:
        case der::Tag::t61_string:
        case der::Tag::bmp_string:
        case der::Tag::universal_string:
            return to_utf8(attribute).has_value();
        default:
            return (static_cast<unsigned>(attribute.string_type) & 0xC0U) == 0;
    }
}

void Name::Iterator::step() {
    current_.reset();
    bool new_rdn = false;
    while (rdn_.at_end()) {
        if (rdns_.at_end()) return;
        const auto rdn = rdns_.read(der::Tag::set);
        if (!rdn) return;
        rdn_ = der::Reader(*rdn);
        new_rdn = true;
    }
    if (auto attribute = read_attribute(rdn_)) {
        current_ = *attribute;
        current_->starts_rdn = new_rdn;
    }
}

std::optional<Attribute> Name::last(der::Oid type) const {
    std::optional<Attribute> found;
    for (const Attribute& attribute : *this) {
        if (attribute.type == type) found = attribute;
    }
    return found;
}

Result<Name> read_name(der::Reader& reader) {
    const auto sequence = reader.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    if (const auto checked = check_rdns(der::Reader(*sequence)); !checked) return forward_error(checked);
    Name name;
    name.tlv_ = sequence->tlv;
    name.contents_ = sequence->value;
    name.offset_ = sequence->offset;
    name.contents_offset_ = sequence->value_offset();
    return name;
}

Result<Name> parse_name(Bytes tlv, std::uint32_t offset) {
    der::Reader reader(tlv, offset);
    auto name = read_name(reader);
    if (!name) return name;
    if (const auto end = reader.expect_end(); !end) return forward_error(end);
    return name;
}

std::string to_string(const Name& name) {
    std::vector<std::string> rdns;
    for (const Attribute& attribute : name) {
        if (attribute.starts_rdn)
            rdns.push_back(to_string(attribute));
        else
            rdns.back() += "+" + to_string(attribute);
    }
    std::reverse(rdns.begin(), rdns.end());
    return join(rdns, ",");
}

NameRelation relation(const Name& a, const Name& b) {
    if (equal(a.tlv(), b.tlv())) return NameRelation::same_bytes;
    auto result = NameRelation::same_but_string_type;
    auto left = a.begin(), right = b.begin();
    while (left != a.end() || right != b.end()) {
        const NameRelation rdn = relation(take_rdn(left), take_rdn(right));
        if (rdn == NameRelation::different) return rdn;
        result = std::max(result, rdn);
    }
    return result;
}

bool is_within_subtree(const Name& name, const Name& base) {
    auto whole = name.begin(), start = base.begin();
    while (start != base.end()) {
        if (relation(take_rdn(whole), take_rdn(start)) == NameRelation::different) return false;
    }
    return true;
}

}  // namespace truename::x509
