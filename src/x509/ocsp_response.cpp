#include "x509/ocsp_response.h"

#include <algorithm>
#include <array>
#include <utility>

#include "crypto/digest.h"
#include "der/oid.h"
#include "der/reader.h"
#include "der/time.h"
#include "der/value.h"

namespace truename::x509 {

namespace {

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

// `basic` is the contents of the OCTET STRING.
Result<Bytes> read_response_data(der::Reader basic) {
    const auto sequence = basic.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    if (const auto end = basic.expect_end(); !end) return forward_error(end);
    der::Reader fields(*sequence);
    const auto data = fields.read(der::Tag::sequence);
    if (!data) return forward_error(data);
    if (const auto algorithm = fields.read(der::Tag::sequence); !algorithm) return forward_error(algorithm);
    if (const auto signature = fields.read(der::Tag::bit_string); !signature) return forward_error(signature);
    if (!fields.at_end()) {
        if (const auto certificates = fields.read(der::context_constructed(0)); !certificates) return forward_error(certificates);
    }
    if (const auto end = fields.expect_end(); !end) return forward_error(end);
    return data->tlv;
}

// `explicit_tag` is the [0] around the ResponseBytes.
Result<Bytes> read_response_bytes(const der::Tlv& explicit_tag) {
    der::Reader inside(explicit_tag);
    const auto sequence = inside.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    if (const auto end = inside.expect_end(); !end) return forward_error(end);
    der::Reader fields(*sequence);
    const auto type = fields.read(der::Tag::object_identifier);
    if (!type) return forward_error(type);
    const auto oid = der::read_oid(*type);
    if (!oid) return forward_error(oid);
    if (!(*oid == der::oid::ocsp_basic)) return fail(ErrorKind::unsupported, type->offset);
    const auto response = fields.read(der::Tag::octet_string);
    if (!response) return forward_error(response);
    if (const auto end = fields.expect_end(); !end) return forward_error(end);
    return read_response_data(der::Reader(*response));
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

// SingleResponse ::= SEQUENCE { certID, certStatus, thisUpdate, nextUpdate [0] OPTIONAL, singleExtensions [1] OPTIONAL }
Result<OcspAnswer> read_answer(der::Reader& answers) {
    const auto sequence = answers.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    OcspAnswer answer;
    if (const auto id = read_cert_id(fields, answer); !id) return forward_error(id);
    if (const auto status = read_cert_status(fields, answer); !status) return forward_error(status);
    return answer;
}

std::optional<crypto::DigestKind> digest_of(const AlgorithmIdentifier& hash) {
    using crypto::DigestKind;
    constexpr std::pair<der::Oid, DigestKind> kKinds[] = {{der::oid::sha1, DigestKind::sha1},
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

Result<OcspResponse> parse_ocsp_response(Bytes der) {
    if (der.size() > kMaxOcspResponseSize) return fail(ErrorKind::too_large, 0);
    der::Reader outer(der);
    const auto sequence = outer.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    if (const auto end = outer.expect_end(); !end) return forward_error(end);
    der::Reader fields(*sequence);
    const auto status = read_status(fields);
    if (!status) return forward_error(status);
    OcspResponse response{*status, {}};
    if (*status != OcspStatus::successful) return response;
    const auto bytes = fields.read(der::context_constructed(0));
    if (!bytes) return forward_error(bytes);
    const auto data = read_response_bytes(*bytes);
    if (!data) return forward_error(data);
    response.response_data = *data;
    if (const auto end = fields.expect_end(); !end) return forward_error(end);
    return response;
}

Result<std::vector<OcspAnswer>> parse_ocsp_answers(Bytes response_data) {
    der::Reader outer(response_data);
    const auto sequence = outer.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    // ResponseData ::= SEQUENCE { version [0] EXPLICIT DEFAULT v1, responderID CHOICE [1] or [2], producedAt, responses SEQUENCE OF, ... }
    if (fields.next_is(der::context_constructed(0))) {
        if (const auto version = fields.read(); !version) return forward_error(version);
    }
    if (const auto responder = fields.read(); !responder) return forward_error(responder);
    if (const auto produced = fields.read(der::Tag::generalized_time); !produced) return forward_error(produced);
    const auto list = fields.read(der::Tag::sequence);
    if (!list) return forward_error(list);
    std::vector<OcspAnswer> answers;
    for (der::Reader reader(*list); !reader.at_end();) {
        if (answers.size() == kMostOcspAnswers) return fail(ErrorKind::too_large, reader.offset());
        auto answer = read_answer(reader);
        if (!answer) return forward_error(answer);
        answers.push_back(*answer);
    }
    return answers;
}

bool is_about(const OcspAnswer& answer, const Certificate& certificate) {
    if (!std::ranges::equal(answer.serial_number, certificate.serial_number)) return false;
    const std::optional<crypto::DigestKind> kind = digest_of(answer.hash_algorithm);
    return !kind || std::ranges::equal(answer.issuer_name_hash, crypto::digest(*kind, certificate.issuer.tlv()));
}

}  // namespace truename::x509
