#include "x509/crl.h"

#include <array>
#include <string_view>

#include "der/oid.h"
#include "der/value.h"
#include "x509/extension_content.h"

namespace truename::x509 {

namespace {

Unexpected<ParseError> fail_at(Field field, const Error& error) {
    return {ParseError{error.kind, field, error.offset}};
}

/// CRLReason ::= ENUMERATED   RFC 5280 5.3.1
Result<std::uint32_t> read_reason(const Extension& extension) {
    const auto element = read_only(extension, der::Tag::enumerated);
    if (!element) return forward_error(element);
    return der::read_small(*element);
}

Result<void> read_entry_extension(const Extension& extension, RevokedCertificate& entry) {
    if (extension.id == der::oid::crl_reason) {
        const auto reason = read_reason(extension);
        if (!reason) return forward_error(reason);
        entry.reason = *reason;
    } else if (extension.id == der::oid::certificate_issuer) {
        return decode(extension, entry.certificate_issuer);
    } else if (!(extension.id == der::oid::invalidity_date)) {
        entry.unknown_critical = entry.unknown_critical || extension.critical;
    }
    return {};
}

/// CRLNumber and BaseCRLNumber ::= INTEGER (0..MAX), up to 20 octets: gives the magnitude. RFC 5280 5.2.3
Result<Bytes> read_number(const Extension& extension) {
    constexpr std::size_t kMaxOctets = 20;
    const auto element = read_only(extension, der::Tag::integer);
    if (!element) return forward_error(element);
    const auto number = der::read_unsigned(*element);
    if (number && element->value.size() > kMaxOctets) return fail(ErrorKind::too_large, element->offset);
    return number;
}

void put_number(const Extension& extension, Known<Bytes>& known) {
    if (known.is_present()) return;
    known.critical = extension.critical;
    known.offset = extension.offset;
    const auto number = read_number(extension);
    known.state = number ? ExtensionState::good : ExtensionState::malformed;
    if (number)
        known.content = *number;
    else
        known.error = number.error();
}

Result<void> read_flag(der::Reader& fields, unsigned number, bool& flag) {
    const auto element = read_optional(fields, der::context(number));
    if (!element) return forward_error(element);
    if (!*element) return {};
    const auto value = der::read_boolean(**element);
    if (!value) return forward_error(value);
    flag = *value;
    return {};
}

void read_crl_extension(const Extension& extension, CrlExtensions& known) {
    if (extension.id == der::oid::authority_key_identifier)
        put(extension, known.authority_key_identifier);
    else if (extension.id == der::oid::crl_number)
        put_number(extension, known.crl_number);
    else if (extension.id == der::oid::delta_crl_indicator)
        put_number(extension, known.delta_crl_indicator);
    else if (extension.id == der::oid::issuing_distribution_point)
        put(extension, known.issuing_distribution_point);
    else if (extension.id == der::oid::freshest_crl)
        put(extension, known.freshest_crl);
    else if (!(extension.id == der::oid::issuer_alt_name) && !(extension.id == der::oid::authority_info_access))
        known.unknown_critical = known.unknown_critical || extension.critical;
}

Result<der::EncodedTime> read_time(der::Reader& fields) {
    const auto element = fields.read();
    if (!element) return forward_error(element);
    return der::read_time(*element);
}

bool time_is_next(const der::Reader& fields) {
    return fields.next_is(der::Tag::utc_time) || fields.next_is(der::Tag::generalized_time);
}

Result<void, ParseError> read_dates(der::Reader& fields, CertificateList& crl) {
    const auto this_update = read_time(fields);
    if (!this_update) return fail_at(Field::this_update, this_update.error());
    crl.this_update = *this_update;
    if (!time_is_next(fields)) return {};
    const auto next_update = read_time(fields);
    if (!next_update) return fail_at(Field::next_update, next_update.error());
    crl.next_update = *next_update;
    return {};
}

Result<void, ParseError> read_lists(der::Reader& fields, CertificateList& crl) {
    if (fields.next_is(der::Tag::sequence)) {
        const auto entries = fields.read();
        if (!entries) return fail_at(Field::revoked_certificates, entries.error());
        crl.revoked_certificates = RevokedCertificates(*entries);
        crl.has_revoked_certificates = true;
        for (der::Reader reader(*entries); !reader.at_end();) {
            const auto entry = read_revoked_certificate(reader);
            if (!entry) return fail_at(Field::revoked_certificates, entry.error());
            crl.entries_have_extensions = crl.entries_have_extensions || entry->has_extensions;
            crl.entries_unknown_critical = crl.entries_unknown_critical || entry->unknown_critical;
        }
    }
    if (!fields.next_is(der::context_constructed(0))) return {};
    const auto tagged = fields.read();
    if (!tagged) return fail_at(Field::crl_extensions, tagged.error());
    der::Reader inside(*tagged);
    const auto list = inside.read(der::Tag::sequence);
    if (!list) return fail_at(Field::crl_extensions, list.error());
    if (const auto end = inside.expect_end(); !end) return fail_at(Field::crl_extensions, end.error());
    crl.extensions = Extensions(*list);
    const der::SequenceOf<Extension, read_strict_extension> strict(*list);
    if (const auto checked = strict.check(); !checked) return fail_at(Field::crl_extensions, checked.error());
    for (const Extension& extension : crl.extensions) read_crl_extension(extension, crl.known);
    return {};
}

/// TBSCertList ::= SEQUENCE { version INTEGER OPTIONAL, signature, issuer, thisUpdate, nextUpdate OPTIONAL, revokedCertificates SEQUENCE
/// OF OPTIONAL, crlExtensions [0] EXPLICIT OPTIONAL }   RFC 5280 5.1
Result<void, ParseError> read_tbs_cert_list(der::Reader fields, CertificateList& crl) {
    if (fields.next_is(der::Tag::integer)) {
        const auto element = fields.read();
        if (!element) return fail_at(Field::version, element.error());
        const auto version = der::read_small(*element);
        if (!version) return fail_at(Field::version, version.error());
        crl.version = *version + 1;
    }
    const auto algorithm = read_algorithm_identifier(fields);
    if (!algorithm) return fail_at(Field::signature_algorithm_inner, algorithm.error());
    crl.signature_inner = *algorithm;
    const auto issuer = read_name(fields);
    if (!issuer) return fail_at(Field::issuer, issuer.error());
    crl.issuer = *issuer;
    if (const auto read = read_dates(fields, crl); !read) return read;
    if (const auto read = read_lists(fields, crl); !read) return read;
    if (const auto end = fields.expect_end(); !end) return fail_at(Field::certificate_list, end.error());
    return {};
}

}  // namespace

/// IssuingDistributionPoint ::= SEQUENCE { distributionPoint [0], onlyContainsUserCerts [1], onlyContainsCACerts [2], onlySomeReasons [3],
/// indirectCRL [4], onlyContainsAttributeCerts [5] }, all OPTIONAL or DEFAULT FALSE
Result<void> decode(const Extension& extension, IssuingDistributionPoint& point) {
    const auto sequence = read_only(extension, der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    if (fields.at_end()) return fail(ErrorKind::missing, fields.offset());  // RFC 5280 5.2.5: never empty
    if (const auto read = read_point_name(fields, point); !read) return read;
    if (const auto read = read_flag(fields, 1, point.only_contains_user_certs); !read) return read;
    if (const auto read = read_flag(fields, 2, point.only_contains_ca_certs); !read) return read;
    const auto reasons = read_optional(fields, der::context(3));
    if (!reasons) return forward_error(reasons);
    if (*reasons) {
        const auto bits = der::read_bit_string(**reasons);
        if (!bits) return forward_error(bits);
        point.only_some_reasons = *bits;
    }
    if (const auto read = read_flag(fields, 4, point.indirect_crl); !read) return read;
    if (const auto read = read_flag(fields, 5, point.only_contains_attribute_certs); !read) return read;
    return fields.expect_end();
}

std::string describe_reason(std::uint32_t reason) {
    static constexpr std::array<std::string_view, 11> kReasons{
        "unspecified",   "keyCompromise",        "cACompromise",    "affiliationChanged",
        "superseded",    "cessationOfOperation", "certificateHold", "",
        "removeFromCRL", "privilegeWithdrawn",   "aACompromise"};
    if (reason < kReasons.size() && !kReasons[reason].empty()) return std::string(kReasons[reason]);
    return "reason " + std::to_string(reason);
}

std::string describe_revocation(std::optional<Time> date, std::optional<std::uint32_t> reason) {
    std::string text = "revoked";
    if (date) text += " on " + format_date(*date);
    if (reason) text += " (" + describe_reason(*reason) + ")";
    return text;
}

Result<RevokedCertificate> read_revoked_certificate(der::Reader& reader) {
    const auto sequence = reader.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    RevokedCertificate entry;
    entry.offset = sequence->offset;
    const auto serial = fields.read(der::Tag::integer);
    if (!serial) return forward_error(serial);
    entry.serial_number = serial->value;
    const auto date = read_time(fields);
    if (!date) return forward_error(date);
    entry.revocation_date = date->time;
    if (!fields.at_end()) {
        const auto list = fields.read(der::Tag::sequence);
        if (!list) return forward_error(list);
        entry.has_extensions = true;
        for (der::Reader extensions(*list); !extensions.at_end();) {
            const auto extension = read_strict_extension(extensions);
            if (!extension) return forward_error(extension);
            if (const auto read = read_entry_extension(*extension, entry); !read) return forward_error(read);
        }
    }
    if (const auto end = fields.expect_end(); !end) return forward_error(end);
    return entry;
}

Result<CertificateList, ParseError> parse_crl(Bytes der) {
    const Field outer = Field::certificate_list;
    if (der.size() > kMaxCrlSize) return fail_at(outer, {ErrorKind::too_large, 0});
    CertificateList crl;
    crl.der = der;
    der::Reader whole(der);
    const auto sequence = whole.read(der::Tag::sequence);
    if (!sequence) return fail_at(outer, sequence.error());
    if (const auto end = whole.expect_end(); !end) return fail_at(outer, end.error());
    der::Reader parts(*sequence);
    const auto tbs = parts.read(der::Tag::sequence);
    if (!tbs) return fail_at(outer, tbs.error());
    crl.tbs_cert_list = tbs->tlv;
    const auto algorithm = read_algorithm_identifier(parts);
    if (!algorithm) return fail_at(Field::signature_algorithm, algorithm.error());
    crl.signature_algorithm = *algorithm;
    const auto signature = parts.read(der::Tag::bit_string);
    if (!signature) return fail_at(Field::signature_value, signature.error());
    const auto bits = der::read_bit_string(*signature);
    if (!bits) return fail_at(Field::signature_value, bits.error());
    crl.signature_value = bits->bytes;
    crl.signature_unused_bits = bits->unused_bits;
    if (const auto end = parts.expect_end(); !end) return fail_at(outer, end.error());
    if (const auto read = read_tbs_cert_list(der::Reader(*tbs), crl); !read) return forward_error(read);
    return crl;
}

}  // namespace truename::x509
