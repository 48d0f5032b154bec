#include <algorithm>
#include <optional>

#include "base/text.h"
#include "der/writer.h"
#include "x509/build.h"
#include "x509/dns_name.h"
#include "x509/ip_address.h"

namespace truename::x509 {

namespace {

std::optional<der::Oid> attribute_type(std::string_view name) {
    // The short names of RFC 4514 3, and long names that people type; letter case is ignored (RFC 4512 1.4).
    static constexpr std::pair<std::string_view, der::Oid> kTypes[] = {
        {"CN", der::oid::common_name},
        {"L", der::oid::locality_name},
        {"ST", der::oid::state_or_province_name},
        {"O", der::oid::organization_name},
        {"OU", der::oid::organizational_unit_name},
        {"C", der::oid::country_name},
        {"STREET", der::oid::street_address},
        {"DC", der::oid::domain_component},
        {"UID", der::oid::user_id},
        {"SN", der::oid::surname},
        {"GN", der::oid::given_name},
        {"T", der::oid::title},
        {"E", der::oid::email_address},
    };
    for (const auto& [known, oid] : kTypes) {
        if (equal_ignoring_ascii_case(known, name)) return oid;
    }
    static constexpr der::Oid kLong[] = {
        der::oid::common_name,
        der::oid::surname,
        der::oid::serial_number,
        der::oid::country_name,
        der::oid::locality_name,
        der::oid::street_address,
        der::oid::organization_name,
        der::oid::state_or_province_name,
        der::oid::title,
        der::oid::postal_code,
        der::oid::given_name,
        der::oid::organizational_unit_name,
        der::oid::business_category,
        der::oid::email_address,
        der::oid::dn_qualifier,
        der::oid::organization_identifier,
        der::oid::domain_component,
        der::oid::user_id,
        der::oid::pseudonym,
        der::oid::jurisdiction_country_name,
        der::oid::generation_qualifier,
        der::oid::initials,
    };
    for (const der::Oid oid : kLong) {
        if (equal_ignoring_ascii_case(der::name_of(oid), name)) return oid;
    }
    return std::nullopt;
}

/// The string type that RFC 5280 A.1 and RFC 2985 fix for some attributes.
der::Tag string_type_of(der::Oid type) {
    if (type == der::oid::country_name || type == der::oid::serial_number || type == der::oid::dn_qualifier ||
        type == der::oid::jurisdiction_country_name)
        return der::Tag::printable_string;
    if (type == der::oid::domain_component || type == der::oid::email_address) return der::Tag::ia5_string;
    return der::Tag::utf8_string;
}

/// Reads RFC 4514 text from left to right.
class NameText {
  public:
    explicit NameText(std::string_view text) : text_(text) {}

    /// The attributes in the order of the text, `starts_rdn` set after each comma.
    Result<std::vector<NameAttribute>> read() {
        std::vector<NameAttribute> attributes;
        if (trim(text_).empty()) return attributes;
        bool starts_rdn = true;
        for (;;) {
            auto attribute = read_attribute();
            if (!attribute) return forward_error(attribute);
            attribute->starts_rdn = starts_rdn;
            attributes.push_back(std::move(*attribute));
            if (at_ == text_.size()) return attributes;
            starts_rdn = text_[at_] != '+';
            ++at_;
        }
    }

  private:
    [[nodiscard]] bool is_blank() const { return at_ < text_.size() && text_[at_] == ' '; }

    Result<NameAttribute> read_attribute() {
        while (is_blank()) ++at_;
        const std::size_t start = at_;
        at_ = std::min(text_.find('=', at_), text_.size());
        if (at_ == text_.size()) return fail(ErrorKind::truncated, start);
        const std::string_view name = trim(text_.substr(start, at_ - start));
        ++at_;
        NameAttribute attribute;
        if (const auto known = attribute_type(name)) {
            attribute.type = to_owned(known->content());
        } else {
            auto oid = der::parse_dotted(name);
            if (!oid) return fail(ErrorKind::bad_value, start);
            attribute.type = std::move(*oid);
        }
        attribute.string_type = string_type_of(der::Oid(attribute.type));
        while (is_blank()) ++at_;
        if (at_ < text_.size() && text_[at_] == '#') return read_hex(std::move(attribute));
        return read_string(std::move(attribute));
    }

    /// `#` and the whole element in hexadecimal.
    Result<NameAttribute> read_hex(NameAttribute attribute) {
        const std::size_t start = ++at_;
        at_ = std::min(text_.find_first_of(",+", at_), text_.size());
        const auto bytes = from_hex(text_.substr(start, at_ - start));
        if (!bytes) return fail(ErrorKind::bad_value, start + bytes.error().offset);
        der::Reader reader(*bytes);
        const auto element = reader.read();
        if (!element || !reader.at_end()) return fail(ErrorKind::bad_value, start);
        attribute.string_type = element->tag;
        attribute.value = std::string(as_text(element->value));
        return attribute;
    }

    /// Characters up to an unescaped `,` or `+`; `\` and a special character or two hexadecimal digits stand for one byte.
    Result<NameAttribute> read_string(NameAttribute attribute) {
        std::size_t keep = 0;  // blanks at the end count only when they are escaped
        for (; at_ < text_.size() && text_[at_] != ',' && text_[at_] != '+'; ++at_) {
            if (text_[at_] != '\\') {
                if (std::string_view("\";<>").find(text_[at_]) != std::string_view::npos) return fail(ErrorKind::bad_value, at_);
                attribute.value += text_[at_];
                if (text_[at_] != ' ') keep = attribute.value.size();
                continue;
            }
            const std::size_t start = at_++;
            if (at_ == text_.size()) return fail(ErrorKind::truncated, start);
            if (std::string_view("\\\"+,;<>=# ").find(text_[at_]) != std::string_view::npos) {
                attribute.value += text_[at_];
            } else {
                const auto octet = from_hex(text_.substr(at_, 2));
                if (!octet || octet->size() != 1) return fail(ErrorKind::bad_value, start);
                attribute.value += static_cast<char>(octet->front());
                ++at_;
            }
            keep = attribute.value.size();
        }
        attribute.value.resize(keep);
        return attribute;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

struct NamePrefix {
    std::string_view prefix;
    GeneralNameKind kind;
};

// As OpenSSL's configuration and to_string() write them.
constexpr NamePrefix kPrefixes[] = {
    {"DNS:", GeneralNameKind::dns_name},      {"IP:", GeneralNameKind::ip_address},
    {"email:", GeneralNameKind::rfc822_name}, {"URI:", GeneralNameKind::uniform_resource_identifier},
    {"RID:", GeneralNameKind::registered_id}, {"dirName:", GeneralNameKind::directory_name},
};

/// The contents of an OtherName: its type and, under [0], the string.
ByteString encode_other_name(der::Oid type, der::Tag string_type, std::string_view value) {
    der::Writer w;
    w.oid(type);
    w.nested(der::context_constructed(0), [&] { w.text(string_type, value); });
    return w.take();
}

Result<NewGeneralName> make_dns_name(std::string_view text) {
    // Stars and wrong names are written as they are: the lab needs them. Only U-labels have to become something else.
    const bool is_ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (text.empty()) return fail(ErrorKind::missing, 0);
    if (is_ascii) return NewGeneralName{GeneralNameKind::dns_name, to_owned(as_bytes(text))};
    const auto a_labels = to_a_labels(text);
    if (!a_labels) return forward_error(a_labels);
    return NewGeneralName{GeneralNameKind::dns_name, to_owned(as_bytes(*a_labels))};
}

Result<NewGeneralName> make_general_name(GeneralNameKind kind, std::string_view text) {
    switch (kind) {
        case GeneralNameKind::dns_name:
            return make_dns_name(text);
        case GeneralNameKind::ip_address: {
            const auto address = parse_ip_address(text);
            if (!address) return fail(ErrorKind::bad_value, 0);
            return NewGeneralName{kind, to_owned(address->bytes())};
        }
        case GeneralNameKind::registered_id: {
            auto oid = der::parse_dotted(text);
            if (!oid) return forward_error(oid);
            return NewGeneralName{kind, std::move(*oid)};
        }
        case GeneralNameKind::directory_name: {
            auto name = encode_name(text);
            if (!name) return forward_error(name);
            return NewGeneralName{kind, std::move(*name)};
        }
        default:
            if (text.empty()) return fail(ErrorKind::missing, 0);
            return NewGeneralName{kind, to_owned(as_bytes(text))};
    }
}

}  // namespace

ByteString encode_name(const std::vector<NameAttribute>& attributes) {
    der::Writer w;
    w.sequence([&] {
        for (std::size_t i = 0; i < attributes.size();) {
            std::size_t end = i + 1;
            while (end < attributes.size() && !attributes[end].starts_rdn) ++end;
            std::vector<ByteString> members;
            for (; i < end; ++i) {
                der::Writer member;
                member.sequence([&] {
                    member.oid(der::Oid(attributes[i].type));
                    member.text(attributes[i].string_type, attributes[i].value);
                });
                members.push_back(member.take());
            }
            std::sort(members.begin(), members.end());  // DER sorts a SET OF by its bytes (X.690 11.6)
            w.set([&] {
                for (const ByteString& member : members) w.raw(member);
            });
        }
    });
    return w.take();
}

Result<ByteString> encode_name(std::string_view rfc4514) {
    const auto attributes = NameText(rfc4514).read();
    if (!attributes) return forward_error(attributes);
    // The text begins with the most specific RDN, the bytes with the most general one.
    std::vector<NameAttribute> reversed;
    for (auto end = attributes->end(); end != attributes->begin();) {
        auto start = std::prev(end);
        while (!start->starts_rdn) --start;
        reversed.insert(reversed.end(), start, end);
        end = start;
    }
    return encode_name(reversed);
}

Result<NewGeneralName> parse_general_name(std::string_view text) {
    const auto has_prefix = [&](std::string_view prefix) { return equal_ignoring_ascii_case(text.substr(0, prefix.size()), prefix); };
    for (const NamePrefix& row : kPrefixes) {
        if (!has_prefix(row.prefix)) continue;
        auto name = make_general_name(row.kind, text.substr(row.prefix.size()));
        if (!name) return fail(name.error().kind, row.prefix.size() + name.error().offset);
        return name;
    }
    if (has_prefix("SRV:"))
        return NewGeneralName{GeneralNameKind::other_name, encode_other_name(der::oid::on_dns_srv, der::Tag::ia5_string, text.substr(4))};
    constexpr std::string_view kMailbox = "SmtpUTF8Mailbox:";
    if (has_prefix(kMailbox))
        return NewGeneralName{GeneralNameKind::other_name,
                              encode_other_name(der::oid::on_smtp_utf8_mailbox, der::Tag::utf8_string, text.substr(kMailbox.size()))};
    if (has_prefix("UPN:"))
        return NewGeneralName{GeneralNameKind::other_name,
                              encode_other_name(der::oid::ms_user_principal_name, der::Tag::utf8_string, text.substr(4))};
    if (const auto address = parse_ip_address(text)) return NewGeneralName{GeneralNameKind::ip_address, to_owned(address->bytes())};
    return make_dns_name(text);
}

Result<NewGeneralName> parse_subtree(std::string_view text) {
    constexpr std::string_view kPrefix = "IP:";
    const std::size_t slash = text.rfind('/');
    if (!equal_ignoring_ascii_case(text.substr(0, kPrefix.size()), kPrefix)) return parse_general_name(text);
    if (slash == std::string_view::npos) return fail(ErrorKind::missing, text.size());
    const auto address = parse_ip_address(text.substr(kPrefix.size(), slash - kPrefix.size()));
    if (!address) return fail(ErrorKind::bad_value, kPrefix.size());
    std::size_t prefix = 0;
    const std::string_view digits = text.substr(slash + 1);
    if (digits.empty() || digits.size() > 3) return fail(ErrorKind::bad_value, slash + 1);
    for (const char c : digits) {
        if (c < '0' || c > '9') return fail(ErrorKind::bad_value, slash + 1);
        prefix = prefix * 10 + static_cast<std::size_t>(c - '0');
    }
    if (prefix > std::size_t{address->size} * 8) return fail(ErrorKind::bad_value, slash + 1);
    ByteString value = to_owned(address->bytes());
    for (std::size_t i = 0; i < address->size; ++i) {
        const std::size_t set = std::min<std::size_t>(8, prefix - std::min(prefix, i * 8));
        value.push_back(static_cast<std::uint8_t>(0xFF00U >> set));
        if ((value[i] & ~value.back()) != 0) return fail(ErrorKind::bad_value, slash + 1);
    }
    return NewGeneralName{GeneralNameKind::ip_address, std::move(value)};
}

ByteString encode_general_name(const NewGeneralName& name) {
    const auto number = static_cast<unsigned>(name.kind);
    const bool constructed = name.kind == GeneralNameKind::other_name || name.kind == GeneralNameKind::x400_address ||
                             name.kind == GeneralNameKind::directory_name || name.kind == GeneralNameKind::edi_party_name;
    der::Writer w;
    w.element(constructed ? der::context_constructed(number) : der::context(number), name.value);
    return w.take();
}

ByteString encode_general_names(const std::vector<NewGeneralName>& names) {
    der::Writer w;
    w.sequence([&] {
        for (const NewGeneralName& name : names) w.raw(encode_general_name(name));
    });
    return w.take();
}

}  // namespace truename::x509
