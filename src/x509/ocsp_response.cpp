#include "x509/ocsp_response.h"

#include <utility>

#include "der/oid.h"
#include "der/reader.h"
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

}  // namespace truename::x509
