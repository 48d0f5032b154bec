#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "der/oid.h"
#include "der/reader.h"
#include "x509/name.h"

namespace truename::x509 {

/// The alternatives of GeneralName, numbered by their tags (RFC 5280 4.2.1.6).
enum class GeneralNameKind : std::uint8_t {
    other_name = 0,
    rfc822_name = 1,
    dns_name = 2,
    x400_address = 3,
    directory_name = 4,
    edi_party_name = 5,
    uniform_resource_identifier = 6,
    ip_address = 7,
    registered_id = 8,
};

/// One GeneralName; borrows. `value` is its contents as they stand: text that nobody has checked for dns_name, rfc822_name and URIs (it may
/// hold NUL, blanks or bytes over 127), 4 or 16 bytes (or any other number) for ip_address.
struct GeneralName {
    GeneralNameKind kind{};
    Bytes value;
    std::uint32_t offset = 0;        ///< of the identifier octet
    std::uint32_t value_offset = 0;  ///< of the contents

    /// The contents as text; not checked, not safe to print.
    [[nodiscard]] std::string_view text() const { return as_text(value); }
    /// The distinguished name of a directory_name; nothing for other kinds or when it cannot be read.
    [[nodiscard]] std::optional<Name> directory_name() const;
    /// The type of an other_name; empty for other kinds or when it cannot be read.
    [[nodiscard]] der::Oid other_name_type() const;
    /// The value of an other_name, without its [0]: a whole element; empty when it cannot be read.
    [[nodiscard]] Bytes other_name_value() const;
    /// The text of an SRVName (RFC 4985 2), `_imaps.example.com`; nothing for other names or when it is no IA5String. Not checked.
    [[nodiscard]] std::optional<std::string_view> srv_name() const;
    /// The text of a SmtpUTF8Mailbox (RFC 9598 3); nothing for other names or when it is no UTF8String. Not checked.
    [[nodiscard]] std::optional<std::string_view> smtp_utf8_mailbox() const;
};

/// Takes one GeneralName from `reader`; wrong_tag for tags that are none of the nine.
Result<GeneralName> read_general_name(der::Reader& reader);

/// GeneralNames in their order.
using GeneralNames = der::SequenceOf<GeneralName, read_general_name>;

/// `DNS:mail.example.com`, `IP:192.0.2.1`, `email:...`, `URI:...`, `dirName:CN=...`, `othername:1.3.6.1.5.5.7.8.7:_imaps.example.com`; safe
/// for a terminal.
std::string to_string(const GeneralName& name);

}  // namespace truename::x509
