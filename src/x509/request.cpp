#include "x509/request.h"

namespace truename::x509 {

namespace {

Unexpected<ParseError> fail_at(Field field, const Error& error) {
    return {ParseError{error.kind, field, error.offset}};
}

/// Attribute ::= SEQUENCE { type OBJECT IDENTIFIER, values SET OF ANY }   RFC 2986 4.1
struct RequestAttribute {
    der::Oid type;
    der::Tlv values;
};

Result<RequestAttribute> read_attribute(der::Reader& reader) {
    const auto sequence = reader.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    const auto type = read_oid_element(fields);
    if (!type) return forward_error(type);
    const auto values = fields.read(der::Tag::set);
    if (!values) return forward_error(values);
    if (const auto end = fields.expect_end(); !end) return forward_error(end);
    return RequestAttribute{*type, *values};
}

Result<void> read_extension_request(const RequestAttribute& attribute, bool& has_standard, Request& request) {
    der::Reader values(attribute.values);
    const auto sequence = values.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    if (const auto end = values.expect_end(); !end) return end;
    const Extensions extensions(*sequence);
    if (const auto checked = extensions.check(); !checked) return checked;
    // A second list is ignored, as OpenSSL does; the standard attribute wins over Microsoft's.
    const bool is_standard = attribute.type == der::oid::extension_request;
    if (has_standard || (!is_standard && !request.extensions.empty())) return {};
    has_standard = is_standard;
    request.extensions = extensions;
    return {};
}

Result<void> read_attributes(der::Reader attributes, Request& request) {
    bool has_standard = false;
    while (!attributes.at_end()) {
        const auto attribute = read_attribute(attributes);
        if (!attribute) return forward_error(attribute);
        if (attribute->type == der::oid::challenge_password) request.has_challenge_password = true;
        if (attribute->type == der::oid::extension_request || attribute->type == der::oid::ms_extension_request) {
            if (const auto done = read_extension_request(*attribute, has_standard, request); !done) return done;
        }
    }
    return read_known_extensions(request.extensions, request.known);
}

/// CertificationRequestInfo ::= SEQUENCE { version INTEGER, subject Name, subjectPKInfo, attributes [0] }   RFC 2986 4.1
Result<void, ParseError> read_request_info(der::Reader fields, Request& request) {
    const auto element = fields.read(der::Tag::integer);
    if (!element) return fail_at(Field::version, element.error());
    const auto version = der::read_small(*element);
    if (!version) return fail_at(Field::version, version.error());
    request.version = *version + 1;
    const auto subject = read_name(fields);
    if (!subject) return fail_at(Field::subject, subject.error());
    request.subject = *subject;
    const auto key = read_subject_public_key_info(fields);
    if (!key) return fail_at(Field::subject_public_key_info, key.error());
    request.subject_public_key_info = *key;
    if (fields.next_is(der::context_constructed(0))) {  // must be there, but some programs leave it out when it is empty
        const auto attributes = fields.read();
        if (!attributes) return fail_at(Field::attributes, attributes.error());
        request.attributes = attributes->value;
        request.attributes_offset = attributes->value_offset();
        const auto done = read_attributes(der::Reader(*attributes), request);
        if (!done) return fail_at(Field::attributes, done.error());
    }
    if (const auto end = fields.expect_end(); !end) return fail_at(Field::certification_request, end.error());
    return {};
}

}  // namespace

Result<Request, ParseError> parse_request(Bytes der) {
    const Field outer = Field::certification_request;
    if (der.size() > kMaxRequestSize) return fail_at(outer, {ErrorKind::too_large, 0});
    Request request;
    request.der = der;
    der::Reader whole(der);
    const auto sequence = whole.read(der::Tag::sequence);
    if (!sequence) return fail_at(outer, sequence.error());
    if (const auto end = whole.expect_end(); !end) return fail_at(outer, end.error());
    der::Reader parts(*sequence);
    const auto info = parts.read(der::Tag::sequence);
    if (!info) return fail_at(outer, info.error());
    request.request_info = info->tlv;
    const auto algorithm = read_algorithm_identifier(parts);
    if (!algorithm) return fail_at(Field::signature_algorithm, algorithm.error());
    request.signature_algorithm = *algorithm;
    const auto signature = parts.read(der::Tag::bit_string);
    if (!signature) return fail_at(Field::signature_value, signature.error());
    const auto bits = der::read_bit_string(*signature);
    if (!bits) return fail_at(Field::signature_value, bits.error());
    request.signature_value = bits->bytes;
    request.signature_unused_bits = bits->unused_bits;
    if (const auto end = parts.expect_end(); !end) return fail_at(outer, end.error());
    if (const auto done = read_request_info(der::Reader(*info), request); !done) return forward_error(done);
    return request;
}

crypto::SignatureCheck verify_proof_of_possession(const Request& request) {
    if (request.signature_unused_bits != 0) return crypto::SignatureCheck::invalid;
    const auto scheme = signature_algorithm(request.signature_algorithm).scheme;
    const auto key = make_public_key(request.subject_public_key_info);
    if (!scheme) return crypto::SignatureCheck::unsupported;
    if (!key) return key.error().kind == ErrorKind::unsupported ? crypto::SignatureCheck::unsupported : crypto::SignatureCheck::invalid;
    return key->verify(*scheme, request.request_info, request.signature_value);
}

}  // namespace truename::x509
