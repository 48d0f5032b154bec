#include "x509/ocsp_response.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "crypto/digest.h"
#include "der/oid.h"
#include "der/reader.h"
#include "der/time.h"
#include "der/value.h"
#include "x509/name.h"

namespace truename::x509 {

namespace {

Unexpected<ParseError> fail_at(Field field, const Error& error) {
    return {ParseError{error.kind, field, error.offset}};
}

constexpr std::pair<OcspStatus, std::string_view> kStatuses[] = {
    {OcspStatus::successful, "successful"},          {OcspStatus::malformed_request, "malformedRequest"},
    {OcspStatus::internal_error, "internalError"},   {OcspStatus::try_later, "tryLater"},
    {OcspStatus::signature_required, "sigRequired"}, {OcspStatus::unauthorized, "unauthorized"},
};

Result<OcspStatus> read_status(der::Reader& fields) {
    const auto element = fields.read(der::Tag::enumerated);
    if (!element) return forward_error(element);
    const auto number = der::read_small(*element);
    if (!number) return forward_error(number);
    for (const auto& [status, name] : kStatuses) {
        if (static_cast<std::uint32_t>(status) == *number) return status;
    }
    return fail(ErrorKind::bad_value, element->offset);
}

// RevokedInfo ::= SEQUENCE { revocationTime GeneralizedTime, revocationReason [0] EXPLICIT CRLReason OPTIONAL }, tagged [1] IMPLICIT
Result<void> read_revoked_info(const der::Tlv& element, OcspAnswer& answer) {
    der::Reader fields(element);
    const auto time = fields.read(der::Tag::generalized_time);
    if (!time) return forward_error(time);
    const auto at = der::read_time(*time);
    if (!at) return forward_error(at);
    answer.revoked_at = at->time;
    if (!fields.at_end()) {
        const auto tagged = fields.read(der::context_constructed(0));
        if (!tagged) return forward_error(tagged);
        der::Reader inside(*tagged);
        const auto reason = inside.read(der::Tag::enumerated);
        if (!reason) return forward_error(reason);
        const auto number = der::read_small(*reason);
        if (!number) return forward_error(number);
        answer.reason = *number;
    }
    return fields.expect_end();
}

// CertStatus ::= CHOICE { good [0] IMPLICIT NULL, revoked [1] IMPLICIT RevokedInfo, unknown [2] IMPLICIT NULL }
Result<void> read_cert_status(der::Reader& fields, OcspAnswer& answer) {
    const auto element = fields.read();
    if (!element) return forward_error(element);
    if (element->tag == der::context(0)) {
        answer.verdict = OcspVerdict::good;
    } else if (element->tag == der::context_constructed(1)) {
        answer.verdict = OcspVerdict::revoked;
        return read_revoked_info(*element, answer);
    } else if (element->tag == der::context(2)) {
        answer.verdict = OcspVerdict::unknown;
    } else {
        return fail(ErrorKind::wrong_tag, element->offset);
    }
    return {};
}

// CertID ::= SEQUENCE { hashAlgorithm, issuerNameHash OCTET STRING, issuerKeyHash OCTET STRING, serialNumber INTEGER }
Result<void> read_cert_id(der::Reader& outer, OcspAnswer& answer) {
    const auto sequence = outer.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    const auto algorithm = read_algorithm_identifier(fields);
    if (!algorithm) return forward_error(algorithm);
    answer.hash_algorithm = *algorithm;
    for (Bytes* const hash : {&answer.issuer_name_hash, &answer.issuer_key_hash}) {
        const auto element = fields.read(der::Tag::octet_string);
        if (!element) return forward_error(element);
        *hash = element->value;
    }
    const auto serial = fields.read(der::Tag::integer);
    if (!serial) return forward_error(serial);
    answer.serial_number = serial->value;
    return fields.expect_end();
}

Result<Time> read_generalized_time(der::Reader& fields) {
    const auto element = fields.read(der::Tag::generalized_time);
    if (!element) return forward_error(element);
    const auto time = der::read_time(*element);
    if (!time) return forward_error(time);
    return time->time;
}

// The one element of that tag inside `[number] EXPLICIT`.
Result<der::Tlv> read_tagged(der::Reader& fields, unsigned number, der::Tag tag) {
    const auto tagged = fields.read(der::context_constructed(number));
    if (!tagged) return forward_error(tagged);
    der::Reader inside(*tagged);
    const auto element = inside.read(tag);
    if (!element) return forward_error(element);
    if (const auto end = inside.expect_end(); !end) return forward_error(end);
    return *element;
}

Result<Extensions> read_extensions(der::Reader& fields) {
    const auto list = read_tagged(fields, 1, der::Tag::sequence);
    if (!list) return forward_error(list);
    const der::SequenceOf<Extension, read_strict_extension> strict(*list);
    if (const auto checked = strict.check(); !checked) return forward_error(checked);
    return Extensions(*list);
}

// Extensions of RFC 6960 4.4 and 4.2.2.1 (those of CRL entries), and RFC 6962 3.3: what they say changes nothing about the answer.
bool is_harmless(der::Oid id) {
    using namespace der::oid;
    constexpr der::Oid kHarmless[] = {ocsp_nonce,   ocsp_crl,   ocsp_archive_cutoff, ocsp_extended_revoke,
                                      ct_ocsp_scts, crl_reason, invalidity_date};
    return std::ranges::find(kHarmless, id) != std::end(kHarmless);
}

Result<void> read_single_extensions(der::Reader& fields, OcspAnswer& answer) {
    const auto extensions = read_extensions(fields);
    if (!extensions) return forward_error(extensions);
    for (const Extension& extension : *extensions) {
        if (extension.critical && !is_harmless(extension.id)) answer.unknown_critical = true;
        if (!(extension.id == der::oid::ocsp_archive_cutoff)) continue;
        der::Reader value(extension.value, extension.value_offset);
        const auto time = read_generalized_time(value);
        if (!time) return forward_error(time);
        answer.archive_cutoff = *time;
    }
    return {};
}

// SingleResponse ::= SEQUENCE { certID, certStatus, thisUpdate, nextUpdate [0] OPTIONAL, singleExtensions [1] OPTIONAL }
Result<OcspAnswer> read_answer(der::Reader& answers) {
    const auto sequence = answers.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    OcspAnswer answer;
    answer.offset = sequence->offset;
    if (const auto id = read_cert_id(fields, answer); !id) return forward_error(id);
    if (const auto status = read_cert_status(fields, answer); !status) return forward_error(status);
    const auto this_update = read_generalized_time(fields);
    if (!this_update) return forward_error(this_update);
    answer.this_update = *this_update;
    if (fields.next_is(der::context_constructed(0))) {
        const auto element = read_tagged(fields, 0, der::Tag::generalized_time);
        if (!element) return forward_error(element);
        const auto next_update = der::read_time(*element);
        if (!next_update) return forward_error(next_update);
        answer.next_update = next_update->time;
    }
    if (fields.next_is(der::context_constructed(1))) {
        if (const auto read = read_single_extensions(fields, answer); !read) return forward_error(read);
    }
    if (const auto end = fields.expect_end(); !end) return forward_error(end);
    return answer;
}

// ResponderID ::= CHOICE { byName [1] Name, byKey [2] KeyHash }, both EXPLICIT
Result<void> read_responder(der::Reader& fields, ResponderId& responder) {
    responder.offset = fields.offset();
    if (fields.next_is(der::context_constructed(2))) {
        const auto key = read_tagged(fields, 2, der::Tag::octet_string);
        if (!key) return forward_error(key);
        responder.by_key = key->value;
        return {};
    }
    const auto tagged = fields.read(der::context_constructed(1));
    if (!tagged) return forward_error(tagged);
    der::Reader inside(*tagged);
    const auto name = read_name(inside);
    if (!name) return forward_error(name);
    responder.by_name = *name;
    return inside.expect_end();
}

Result<void> read_answers(der::Reader& fields, OcspResponse& response) {
    const auto list = fields.read(der::Tag::sequence);
    if (!list) return forward_error(list);
    for (der::Reader reader(*list); !reader.at_end();) {
        if (response.answers.size() == kMostOcspAnswers) return fail(ErrorKind::too_large, reader.offset());
        auto answer = read_answer(reader);
        if (!answer) return forward_error(answer);
        response.answers.push_back(*answer);
    }
    return {};
}

void read_response_extension(const Extension& extension, OcspResponse& response) {
    if (extension.critical && !is_harmless(extension.id)) response.unknown_critical = true;
    if (!(extension.id == der::oid::ocsp_nonce)) return;
    der::Reader value(extension.value, extension.value_offset);
    const auto framed = value.read(der::Tag::octet_string);
    response.nonce = framed && value.at_end() ? framed->value : extension.value;
}

Result<void> read_response_data(const der::Tlv& data, OcspResponse& response) {
    if (data.tag != der::Tag::sequence) return fail(ErrorKind::wrong_tag, data.offset);
    der::Reader fields(data);
    if (fields.next_is(der::context_constructed(0))) {
        const auto element = read_tagged(fields, 0, der::Tag::integer);
        if (!element) return forward_error(element);
        const auto version = der::read_small(*element);
        if (!version) return forward_error(version);
        if (*version != 0) return fail(ErrorKind::unsupported, element->offset);
    }
    if (const auto read = read_responder(fields, response.responder); !read) return read;
    response.produced_offset = fields.offset();
    const auto produced = read_generalized_time(fields);
    if (!produced) return forward_error(produced);
    response.produced_at = *produced;
    if (const auto read = read_answers(fields, response); !read) return read;
    if (fields.next_is(der::context_constructed(1))) {
        const auto extensions = read_extensions(fields);
        if (!extensions) return forward_error(extensions);
        for (const Extension& extension : *extensions) read_response_extension(extension, response);
    }
    return fields.expect_end();
}

Result<void> read_certificates(der::Reader& fields, OcspResponse& response) {
    const auto list = read_tagged(fields, 0, der::Tag::sequence);
    if (!list) return forward_error(list);
    for (der::Reader reader(*list); !reader.at_end();) {
        if (response.certificates.size() == kMostOcspCertificates) return fail(ErrorKind::too_large, reader.offset());
        const auto certificate = reader.read(der::Tag::sequence);
        if (!certificate) return forward_error(certificate);
        response.certificates.push_back(certificate->tlv);
    }
    return {};
}

// `basic` is the contents of the OCTET STRING. Gives the element of the ResponseData, which nobody has looked into yet.
Result<der::Tlv> read_basic_response(der::Reader basic, OcspResponse& response) {
    const auto sequence = basic.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    if (const auto end = basic.expect_end(); !end) return forward_error(end);
    der::Reader fields(*sequence);
    const auto data = fields.read();
    if (!data) return forward_error(data);
    response.response_data = data->tlv;
    const auto algorithm = read_algorithm_identifier(fields);
    if (!algorithm) return forward_error(algorithm);
    response.signature_algorithm = *algorithm;
    const auto signature = fields.read(der::Tag::bit_string);
    if (!signature) return forward_error(signature);
    const auto bits = der::read_bit_string(*signature);
    if (!bits) return forward_error(bits);
    response.signature_value = bits->bytes;
    response.signature_unused_bits = bits->unused_bits;
    response.signature_offset = signature->offset;
    if (!fields.at_end()) {
        if (const auto read = read_certificates(fields, response); !read) return forward_error(read);
    }
    if (const auto end = fields.expect_end(); !end) return forward_error(end);
    return *data;
}

Result<der::Tlv> read_response_bytes(der::Reader& outer, OcspResponse& response) {
    const auto sequence = read_tagged(outer, 0, der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    const auto type = fields.read(der::Tag::object_identifier);
    if (!type) return forward_error(type);
    const auto oid = der::read_oid(*type);
    if (!oid) return forward_error(oid);
    if (!(*oid == der::oid::ocsp_basic)) return fail(ErrorKind::unsupported, type->offset);
    const auto basic = fields.read(der::Tag::octet_string);
    if (!basic) return forward_error(basic);
    if (const auto end = fields.expect_end(); !end) return forward_error(end);
    return read_basic_response(der::Reader(*basic), response);
}

// The frame down to the ResponseData; nothing of it in the error message of a responder.
Result<std::optional<der::Tlv>> read_frame(Bytes der, OcspResponse& response) {
    if (der.size() > kMaxOcspResponseSize) return fail(ErrorKind::too_large, 0);
    der::Reader outer(der);
    const auto sequence = outer.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    if (const auto end = outer.expect_end(); !end) return forward_error(end);
    der::Reader fields(*sequence);
    const auto status = read_status(fields);
    if (!status) return forward_error(status);
    response.status = *status;
    if (*status != OcspStatus::successful) return std::optional<der::Tlv>();
    const auto data = read_response_bytes(fields, response);
    if (!data) return forward_error(data);
    if (const auto end = fields.expect_end(); !end) return forward_error(end);
    return std::optional<der::Tlv>(*data);
}

std::optional<crypto::DigestKind> digest_of(const AlgorithmIdentifier& hash) {
    using crypto::DigestKind;
    constexpr std::pair<der::Oid, DigestKind> kKinds[] = {{der::oid::sha1, DigestKind::sha1},
                                                          {der::oid::sha224, DigestKind::sha224},
                                                          {der::oid::sha256, DigestKind::sha256},
                                                          {der::oid::sha384, DigestKind::sha384},
                                                          {der::oid::sha512, DigestKind::sha512}};
    for (const auto& [oid, kind] : kKinds) {
        if (hash.algorithm == oid) return kind;
    }
    return std::nullopt;
}

}  // namespace

std::string_view name_of(OcspStatus status) {
    for (const auto& [known, name] : kStatuses) {
        if (known == status) return name;
    }
    return "unknown";
}

Result<OcspResponse, ParseError> parse_ocsp_response(Bytes der) {
    OcspResponse response;
    const auto data = read_frame(der, response);
    if (!data) return fail_at(Field::ocsp_response, data.error());
    if (!*data) return response;
    if (const auto read = read_response_data(**data, response); !read) return fail_at(Field::response_data, read.error());
    return response;
}

bool is_about(const OcspAnswer& answer, const Certificate& certificate, const SubjectPublicKeyInfo* issuer_key) {
    if (!equal(answer.serial_number, certificate.serial_number)) return false;
    const std::optional<crypto::DigestKind> kind = digest_of(answer.hash_algorithm);
    return kind && equal(answer.issuer_name_hash, crypto::digest(*kind, certificate.issuer.tlv())) &&
           (issuer_key == nullptr || equal(answer.issuer_key_hash, crypto::digest(*kind, issuer_key->key)));
}

bool is_named(const ResponderId& responder, const Certificate& certificate) {
    if (responder.by_name) return relation(*responder.by_name, certificate.subject) != NameRelation::different;
    return equal(responder.by_key, crypto::sha1(certificate.subject_public_key_info.key));
}

std::string describe(const ResponderId& responder) {
    return responder.by_name ? to_string(*responder.by_name) : "the key " + to_hex(responder.by_key);
}

}  // namespace truename::x509
