#include "x509/extension_content.h"

namespace truename::x509 {

namespace {

/// SEQUENCE OF anything that a SequenceOf reads: even when an element is broken, those before it stay readable.
template <class List>
Result<void> decode_list(const Extension& extension, List& content) {
    const auto sequence = read_only(extension, der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    content = List(*sequence);
    return content.check();
}

}  // namespace

Result<der::Tlv> read_only(const Extension& extension, der::Tag tag) {
    der::Reader reader(extension.value, extension.value_offset);
    const auto element = reader.read(tag);
    if (!element) return element;
    if (const auto end = reader.expect_end(); !end) return forward_error(end);
    return element;
}

Result<std::optional<der::Tlv>> read_optional(der::Reader& fields, der::Tag tag) {
    if (!fields.next_is(tag)) return std::optional<der::Tlv>();
    const auto element = fields.read();
    if (!element) return forward_error(element);
    return std::optional<der::Tlv>(*element);
}

Result<GeneralNames> read_implicit_names(const der::Tlv& element) {
    const GeneralNames names(element);
    if (const auto checked = names.check(); !checked) return forward_error(checked);
    return names;
}

/// DistributionPointName ::= CHOICE { fullName [0] GeneralNames, nameRelativeToCRLIssuer [1] RelativeDistinguishedName }, so EXPLICIT
Result<void> read_point_name(der::Reader& fields, DistributionPointName& name) {
    const auto tagged = read_optional(fields, der::context_constructed(0));
    if (!tagged) return forward_error(tagged);
    if (!*tagged) return {};
    der::Reader choice(**tagged);
    const auto chosen = choice.read();
    if (!chosen) return forward_error(chosen);
    if (chosen->tag == der::context_constructed(0)) {
        const auto names = read_implicit_names(*chosen);
        if (!names) return forward_error(names);
        name.full_name = *names;
    } else if (chosen->tag == der::context_constructed(1)) {
        name.relative_name = chosen->value;
    } else {
        return fail(ErrorKind::wrong_tag, chosen->offset);
    }
    return choice.expect_end();
}

Result<void> decode(const Extension& extension, GeneralNames& content) {
    return decode_list(extension, content);
}
Result<void> decode(const Extension& extension, ExtendedKeyUsage& content) {
    return decode_list(extension, content);
}
Result<void> decode(const Extension& extension, CrlDistributionPoints& content) {
    return decode_list(extension, content);
}
Result<void> decode(const Extension& extension, AuthorityInfoAccess& content) {
    return decode_list(extension, content);
}
Result<void> decode(const Extension& extension, CertificatePolicies& content) {
    return decode_list(extension, content);
}
Result<void> decode(const Extension& extension, PolicyMappings& content) {
    return decode_list(extension, content);
}
Result<void> decode(const Extension& extension, TlsFeature& content) {
    return decode_list(extension, content);
}

/// BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL }
Result<void> decode(const Extension& extension, BasicConstraints& content) {
    const auto sequence = read_only(extension, der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    if (fields.next_is(der::Tag::boolean)) {
        const auto element = fields.read();
        if (!element) return forward_error(element);
        const auto ca = der::read_boolean(*element);
        if (!ca) return forward_error(ca);
        content.ca = *ca;
        content.is_boolean = !*ca || der::is_der_boolean(*element);
    }
    if (fields.next_is(der::Tag::integer)) {
        const auto element = fields.read();
        if (!element) return forward_error(element);
        const auto length = der::read_small(*element);
        if (!length) return forward_error(length);
        content.path_length = *length;
    }
    return fields.expect_end();
}

Result<void> decode(const Extension& extension, KeyUsage& content) {
    const auto element = read_only(extension, der::Tag::bit_string);
    if (!element) return forward_error(element);
    const auto bits = der::read_bit_string(*element);
    if (!bits) return forward_error(bits);
    content.bits = *bits;
    return {};
}

/// AuthorityKeyIdentifier ::= SEQUENCE { keyIdentifier [0], authorityCertIssuer [1] GeneralNames, authorityCertSerialNumber [2] }, all
/// OPTIONAL
Result<void> decode(const Extension& extension, AuthorityKeyIdentifier& content) {
    const auto sequence = read_only(extension, der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    const auto key = read_optional(fields, der::context(0));
    if (!key) return forward_error(key);
    if (*key) content.key_identifier = (*key)->value;
    const auto issuer = read_optional(fields, der::context_constructed(1));
    if (!issuer) return forward_error(issuer);
    if (*issuer) content.cert_issuer = GeneralNames(**issuer);
    if (const auto names = content.cert_issuer.check(); !names) return names;
    const auto serial = read_optional(fields, der::context(2));
    if (!serial) return forward_error(serial);
    if (*serial) {
        const auto number = der::read_integer(**serial);
        if (!number) return forward_error(number);
        content.cert_serial_number = *number;
    }
    return fields.expect_end();
}

/// SubjectKeyIdentifier ::= OCTET STRING
Result<void> decode(const Extension& extension, Bytes& content) {
    const auto element = read_only(extension, der::Tag::octet_string);
    if (!element) return forward_error(element);
    content = element->value;
    return {};
}

/// PolicyConstraints ::= SEQUENCE { requireExplicitPolicy [0], inhibitPolicyMapping [1] }, both OPTIONAL
Result<void> decode(const Extension& extension, PolicyConstraints& content) {
    const auto sequence = read_only(extension, der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    std::optional<std::uint32_t>* const members[] = {&content.require_explicit_policy, &content.inhibit_policy_mapping};
    for (unsigned number = 0; number < 2; ++number) {
        const auto element = read_optional(fields, der::context(number));
        if (!element) return forward_error(element);
        if (!*element) continue;
        const auto value = der::read_small(**element);
        if (!value) return forward_error(value);
        *members[number] = *value;
    }
    return fields.expect_end();
}

/// InhibitAnyPolicy ::= INTEGER (0..MAX)
Result<void> decode(const Extension& extension, std::uint32_t& content) {
    const auto element = read_only(extension, der::Tag::integer);
    if (!element) return forward_error(element);
    const auto number = der::read_small(*element);
    if (!number) return forward_error(number);
    content = *number;
    return {};
}

/// NameConstraints ::= SEQUENCE { permittedSubtrees [0], excludedSubtrees [1] }, both OPTIONAL
Result<void> decode(const Extension& extension, NameConstraints& content) {
    const auto sequence = read_only(extension, der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    GeneralSubtrees* const members[] = {&content.permitted, &content.excluded};
    for (unsigned number = 0; number < 2; ++number) {
        const auto element = read_optional(fields, der::context_constructed(number));
        if (!element) return forward_error(element);
        if (!*element) continue;
        *members[number] = GeneralSubtrees(**element);
        if (const auto subtrees = members[number]->check(); !subtrees) return subtrees;
    }
    return fields.expect_end();
}

Result<void> decode(const Extension& extension, SignedCertificateTimestamps& content) {
    const auto element = read_only(extension, der::Tag::octet_string);
    if (!element) return forward_error(element);
    content.list = element->value;
    return {};
}

}  // namespace truename::x509
