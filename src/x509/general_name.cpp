#include "x509/general_name.h"

#include "base/text.h"
#include "der/oid.h"
#include "der/value.h"
#include "x509/ip_address.h"

namespace truename::x509 {

namespace {

/// OtherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY }, whose SEQUENCE tag is replaced by the GeneralName's own.
struct OtherName {
    der::Oid type;
    Bytes value;
};

std::optional<OtherName> read_other_name(const GeneralName& name) {
    if (name.kind != GeneralNameKind::other_name) return std::nullopt;
    der::Reader fields(name.value);
    const auto type = fields.read(der::Tag::object_identifier);
    if (!type) return std::nullopt;
    const auto oid = der::read_oid(*type);
    const auto wrapped = fields.read(der::context_constructed(0));
    if (!oid || !wrapped || !fields.at_end()) return std::nullopt;
    return OtherName{*oid, wrapped->value};
}

/// The characters of an other_name of that type whose value is a string of that tag.
std::optional<std::string_view> text_of(const GeneralName& name, der::Oid type, der::Tag tag) {
    const auto other = read_other_name(name);
    if (!other || other->type != type) return std::nullopt;
    der::Reader reader(other->value);
    const auto value = reader.read(tag);
    if (!value || !reader.at_end()) return std::nullopt;
    return as_text(value->value);
}

std::string describe_other_name(const GeneralName& name) {
    const auto other = read_other_name(name);
    if (!other) return "othername:#" + to_hex(name.value);
    const auto value = der::Reader(other->value).read();
    const bool is_text = value && (value->tag == der::Tag::utf8_string || value->tag == der::Tag::ia5_string);
    return "othername:" + der::to_dotted(other->type) + ":" + (is_text ? printable(as_text(value->value)) : "#" + to_hex(other->value));
}

bool is_constructed_kind(GeneralNameKind kind) {
    return kind == GeneralNameKind::other_name || kind == GeneralNameKind::x400_address || kind == GeneralNameKind::directory_name ||
           kind == GeneralNameKind::edi_party_name;
}

}  // namespace

std::optional<Name> GeneralName::directory_name() const {
    if (kind != GeneralNameKind::directory_name) return std::nullopt;
    const auto name = parse_name(value, value_offset);  // [4] is EXPLICIT, because Name is a CHOICE
    if (!name) return std::nullopt;
    return *name;
}

der::Oid GeneralName::other_name_type() const {
    const auto other = read_other_name(*this);
    return other ? other->type : der::Oid();
}

Bytes GeneralName::other_name_value() const {
    const auto other = read_other_name(*this);
    return other ? other->value : Bytes();
}

std::optional<std::string_view> GeneralName::srv_name() const {
    return text_of(*this, der::oid::on_dns_srv, der::Tag::ia5_string);
}

std::optional<std::string_view> GeneralName::smtp_utf8_mailbox() const {
    return text_of(*this, der::oid::on_smtp_utf8_mailbox, der::Tag::utf8_string);
}

Result<GeneralName> read_general_name(der::Reader& reader) {
    const auto element = reader.read();
    if (!element) return forward_error(element);
    const unsigned tag = static_cast<unsigned>(element->tag);
    const unsigned number = tag & 0x1F;
    if ((tag & 0xC0) != 0x80 || number > 8) return fail(ErrorKind::wrong_tag, element->offset);
    const auto kind = static_cast<GeneralNameKind>(number);
    if (der::is_constructed(element->tag) != is_constructed_kind(kind)) return fail(ErrorKind::wrong_tag, element->offset);
    return GeneralName{kind, element->value, element->offset, element->value_offset()};
}

std::string to_string(const GeneralName& name) {
    std::string text = printable(name.text());
    switch (name.kind) {
        case GeneralNameKind::other_name:
            return describe_other_name(name);
        case GeneralNameKind::rfc822_name:
            return "email:" + text;
        case GeneralNameKind::dns_name:
            return "DNS:" + text;
        case GeneralNameKind::x400_address:
            return "X400:#" + to_hex(name.value);
        case GeneralNameKind::directory_name: {
            const auto directory = name.directory_name();
            return "dirName:" + (directory ? to_string(*directory) : "#" + to_hex(name.value));
        }
        case GeneralNameKind::edi_party_name:
            return "EDI:#" + to_hex(name.value);
        case GeneralNameKind::uniform_resource_identifier:
            return "URI:" + text;
        case GeneralNameKind::ip_address: {
            const auto address = to_ip_address(name.value);
            return "IP:" + (address ? to_string(*address) : "#" + to_hex(name.value));
        }
        case GeneralNameKind::registered_id:
            return "RID:" + der::to_dotted(der::Oid(name.value));
    }
    return text;
}

}  // namespace truename::x509
