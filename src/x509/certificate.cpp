#include "x509/certificate.h"

namespace truename::x509 {

namespace {

Unexpected<ParseError> fail_at(Field field, const Error& error) {
    return {ParseError{error.kind, field, error.offset}};
}

/// Takes the fields of a certificate from their readers and remembers which one it was about when something is wrong.
class CertificateReader {
  public:
    explicit CertificateReader(Certificate& certificate) : certificate_(certificate) {}

    /// Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue }   RFC 5280 4.1
    Result<void> read_certificate() {
        der::Reader whole(certificate_.der);
        at(Field::certificate);
        const auto outer = whole.read(der::Tag::sequence);
        if (!outer) return forward_error(outer);
        if (const auto end = whole.expect_end(); !end) return end;
        der::Reader parts(*outer);

        at(Field::tbs_certificate);
        const auto tbs = parts.read(der::Tag::sequence);
        if (!tbs) return forward_error(tbs);
        certificate_.tbs_certificate = tbs->tlv;
        certificate_.tbs_offset = tbs->offset;

        at(Field::signature_algorithm);
        const auto algorithm = read_algorithm_identifier(parts);
        if (!algorithm) return forward_error(algorithm);
        certificate_.signature_algorithm = *algorithm;

        at(Field::signature_value);
        const auto signature = parts.read(der::Tag::bit_string);
        if (!signature) return forward_error(signature);
        const auto bits = der::read_bit_string(*signature);
        if (!bits) return forward_error(bits);
        certificate_.signature_value = bits->bytes;
        certificate_.signature_unused_bits = bits->unused_bits;
        certificate_.signature_offset = signature->offset;

        at(Field::certificate);
        if (const auto end = parts.expect_end(); !end) return end;
        return read_tbs(der::Reader(*tbs));
    }

    [[nodiscard]] Field field() const { return field_; }

  private:
    void at(Field field) { field_ = field; }

    /// The fields of TBSCertificate in their order.
    Result<void> read_tbs(der::Reader fields) {
        using Step = Result<void> (CertificateReader::*)(der::Reader&);
        for (const Step step : {&CertificateReader::read_version, &CertificateReader::read_serial, &CertificateReader::read_signature_inner,
                                &CertificateReader::read_issuer, &CertificateReader::read_validity, &CertificateReader::read_subject,
                                &CertificateReader::read_key, &CertificateReader::read_unique_ids, &CertificateReader::read_extensions}) {
            if (const auto done = (this->*step)(fields); !done) return done;
        }
        if (!fields.at_end()) certificate_.extra_offset = fields.offset();
        return {};
    }

    /// version [0] EXPLICIT INTEGER DEFAULT v1
    Result<void> read_version(der::Reader& fields) {
        at(Field::version);
        if (!fields.next_is(der::context_constructed(0))) return {};
        const auto wrapped = fields.read();
        if (!wrapped) return forward_error(wrapped);
        der::Reader inside(*wrapped);
        const auto element = inside.read(der::Tag::integer);
        if (!element) return forward_error(element);
        if (const auto integer = der::read_integer(*element); !integer) return forward_error(integer);
        const auto number = der::read_small(*element);
        certificate_.version = number && *number < kUnknownVersion ? *number + 1 : kUnknownVersion;
        return inside.expect_end();
    }

    Result<void> read_serial(der::Reader& fields) {
        at(Field::serial_number);
        const auto element = fields.read(der::Tag::integer);
        if (!element) return forward_error(element);
        const auto number = der::read_integer(*element);
        if (!number) return forward_error(number);
        certificate_.serial_number = *number;
        certificate_.serial_offset = element->offset;
        return {};
    }

    Result<void> read_signature_inner(der::Reader& fields) {
        at(Field::signature_algorithm_inner);
        const auto algorithm = read_algorithm_identifier(fields);
        if (!algorithm) return forward_error(algorithm);
        certificate_.signature_inner = *algorithm;
        return {};
    }

    Result<void> read_issuer(der::Reader& fields) {
        at(Field::issuer);
        return take_name(fields, certificate_.issuer);
    }

    Result<void> read_subject(der::Reader& fields) {
        at(Field::subject);
        return take_name(fields, certificate_.subject);
    }

    static Result<void> take_name(der::Reader& fields, Name& name) {
        const auto read = read_name(fields);
        if (!read) return forward_error(read);
        name = *read;
        return {};
    }

    /// Validity ::= SEQUENCE { notBefore Time, notAfter Time }
    Result<void> read_validity(der::Reader& fields) {
        at(Field::validity);
        const auto sequence = fields.read(der::Tag::sequence);
        if (!sequence) return forward_error(sequence);
        der::Reader times(*sequence);
        Validity& validity = certificate_.validity;
        at(Field::not_before);
        if (const auto done = take_time(times, validity.not_before, validity.not_before_offset); !done) return done;
        at(Field::not_after);
        if (const auto done = take_time(times, validity.not_after, validity.not_after_offset); !done) return done;
        at(Field::validity);
        return times.expect_end();
    }

    static Result<void> take_time(der::Reader& times, der::EncodedTime& time, std::uint32_t& offset) {
        const auto element = times.read();
        if (!element) return forward_error(element);
        const auto read = der::read_time(*element);
        if (!read) return forward_error(read);
        time = *read;
        offset = element->offset;
        return {};
    }

    Result<void> read_key(der::Reader& fields) {
        at(Field::subject_public_key_info);
        const auto key = read_subject_public_key_info(fields);
        if (!key) return forward_error(key);
        certificate_.subject_public_key_info = *key;
        return {};
    }

    /// issuerUniqueID [1] IMPLICIT BIT STRING OPTIONAL, subjectUniqueID [2] the same
    Result<void> read_unique_ids(der::Reader& fields) {
        at(Field::issuer_unique_id);
        if (const auto done = take_unique_id(fields, 1, certificate_.issuer_unique_id); !done) return done;
        at(Field::subject_unique_id);
        return take_unique_id(fields, 2, certificate_.subject_unique_id);
    }

    static Result<void> take_unique_id(der::Reader& fields, unsigned number, Bytes& id) {
        if (!fields.next_is(der::context(number))) return {};
        const auto element = fields.read();
        if (!element) return forward_error(element);
        const auto bits = der::read_bit_string(*element);
        if (!bits) return forward_error(bits);
        id = bits->bytes;
        return {};
    }

    /// extensions [3] EXPLICIT SEQUENCE OF Extension OPTIONAL
    Result<void> read_extensions(der::Reader& fields) {
        at(Field::extensions);
        if (!fields.next_is(der::context_constructed(3))) return {};
        const auto wrapped = fields.read();
        if (!wrapped) return forward_error(wrapped);
        certificate_.extensions_offset = wrapped->offset;
        der::Reader inside(*wrapped);
        const auto sequence = inside.read(der::Tag::sequence);
        if (!sequence) return forward_error(sequence);
        if (const auto end = inside.expect_end(); !end) return end;
        certificate_.extensions = Extensions(*sequence);
        return read_known_extensions(certificate_.extensions, certificate_.known);
    }

    Certificate& certificate_;
    Field field_ = Field::certificate;
};

}  // namespace

Result<Certificate, ParseError> parse_certificate(Bytes der) {
    if (der.size() > kMaxCertificateSize) return fail_at(Field::certificate, {ErrorKind::too_large, 0});
    Certificate certificate;
    certificate.der = der;
    CertificateReader reader(certificate);
    if (const auto done = reader.read_certificate(); !done) return fail_at(reader.field(), done.error());
    return certificate;
}

bool is_self_issued(const Certificate& certificate) {
    return equal(certificate.subject.tlv(), certificate.issuer.tlv());
}

crypto::Sha256 fingerprint(const Certificate& certificate) {
    return crypto::sha256(certificate.der);
}

}  // namespace truename::x509
