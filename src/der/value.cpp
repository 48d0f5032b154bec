#include "der/value.h"

namespace truename::der {

Result<bool> read_boolean(const Tlv& element) {
    if (element.value.size() != 1) return fail(ErrorKind::bad_value, element.value_offset());
    return element.value[0] != 0;
}

bool is_der_boolean(const Tlv& element) {
    return element.value.size() == 1 && (element.value[0] == 0 || element.value[0] == 0xFF);
}

Result<Bytes> read_integer(const Tlv& element) {
    const Bytes value = element.value;
    if (value.empty()) return fail(ErrorKind::bad_value, element.value_offset());
    // X.690 8.3.2: the first nine bits are neither all zero nor all one.
    if (value.size() > 1 && ((value[0] == 0 && value[1] < 0x80) || (value[0] == 0xFF && value[1] >= 0x80)))
        return fail(ErrorKind::bad_value, element.value_offset());
    return value;
}

Result<Bytes> read_unsigned(const Tlv& element) {
    const auto value = read_integer(element);
    if (!value) return forward_error(value);
    if ((*value)[0] >= 0x80) return fail(ErrorKind::bad_value, element.value_offset());
    return (*value)[0] == 0 ? value->subspan(1) : *value;
}

Result<std::uint32_t> read_small(const Tlv& element) {
    const auto magnitude = read_unsigned(element);
    if (!magnitude) return forward_error(magnitude);
    if (magnitude->size() > 4 || (magnitude->size() == 4 && (*magnitude)[0] >= 0x80))
        return fail(ErrorKind::too_large, element.value_offset());
    std::uint32_t number = 0;
    for (const std::uint8_t b : *magnitude) number = number << 8 | b;
    return number;
}

Result<BitString> read_bit_string(const Tlv& element) {
    const Bytes value = element.value;
    if (value.empty()) return fail(ErrorKind::bad_value, element.value_offset());
    if (value[0] > 7 || (value[0] != 0 && value.size() == 1)) return fail(ErrorKind::bad_value, element.value_offset());
    return BitString{value.subspan(1), value[0]};
}

Result<Bytes> read_octets_of_bit_string(const Tlv& element) {
    const auto bits = read_bit_string(element);
    if (!bits) return forward_error(bits);
    if (bits->unused_bits != 0) return fail(ErrorKind::bad_value, element.value_offset());
    return bits->bytes;
}

Result<Oid> read_oid(const Tlv& element) {
    const Bytes value = element.value;
    if (value.empty()) return fail(ErrorKind::bad_value, element.value_offset());
    std::uint8_t before = 0;  // an arc begins behind an octet without the highest bit, and not with 0x80
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == 0x80 && before < 0x80) return fail(ErrorKind::bad_value, element.value_offset() + i);
        before = value[i];
    }
    if (before >= 0x80) return fail(ErrorKind::bad_value, element.value_offset() + value.size() - 1);
    return Oid(value);
}

}  // namespace truename::der
