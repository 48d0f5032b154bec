#include "mail/signed_data.h"

#include <algorithm>

#include "base/text.h"
#include "der/time.h"
#include "der/value.h"
#include "x509/algorithm.h"
#include "x509/name.h"
#include "x509/print.h"

namespace truename::mail {

namespace {

using der::Reader;
using der::Tag;

/// SigningCertificate ::= SEQUENCE { certs SEQUENCE OF ESSCertID, ... }, ESSCertID ::= SEQUENCE { certHash, ... }; ESSCertIDv2 has an
/// AlgorithmIdentifier before that, SHA-256 where there is none (RFC 5035 3 and 4).
Result<EssCertId> read_signing_certificate(const der::Tlv& value, crypto::DigestKind usual) {
    if (value.tag != Tag::sequence) return fail(ErrorKind::wrong_tag, value.offset);
    const auto all = Reader(value).read(Tag::sequence);
    if (!all) return forward_error(all);
    const auto first = Reader(*all).read(Tag::sequence);
    if (!first) return forward_error(first);
    Reader fields(*first);
    EssCertId id{usual, {}};
    if (fields.next_is(Tag::sequence)) {
        const auto algorithm = x509::read_algorithm_identifier(fields);
        if (!algorithm) return forward_error(algorithm);
        id.digest = digest_of(algorithm->algorithm);
    }
    const auto hash = fields.read(Tag::octet_string);
    if (!hash) return forward_error(hash);
    id.hash = to_owned(hash->value);
    return id;
}

/// Attribute ::= SEQUENCE { attrType, attrValues SET } with its one value (RFC 5652 11.1 to 11.3).
Result<void> read_attribute(Reader& attributes, SignerInfo& signer) {
    const auto attribute = attributes.read(Tag::sequence);
    if (!attribute) return forward_error(attribute);
    Reader fields(*attribute);
    const auto type_tlv = fields.read(Tag::object_identifier);
    if (!type_tlv) return forward_error(type_tlv);
    const auto values = fields.read(Tag::set);
    if (!values) return forward_error(values);
    const der::Oid type(type_tlv->value);
    const bool names_certificate = type == der::oid::signing_certificate || type == der::oid::signing_certificate_v2;
    const bool is_ours =
        type == der::oid::content_type || type == der::oid::message_digest || type == der::oid::signing_time || names_certificate;
    if (!is_ours) return {};
    Reader inside(*values);
    const auto value = inside.read();
    if (!value) return forward_error(value);
    if (!inside.at_end()) return fail(ErrorKind::duplicate, inside.offset());
    if (type == der::oid::signing_time) {
        const auto time = der::read_time(*value);
        if (time) signer.signing_time = time->time;
        return {};
    }
    if (names_certificate) {
        auto id = read_signing_certificate(
            *value, type == der::oid::signing_certificate_v2 ? crypto::DigestKind::sha256 : crypto::DigestKind::sha1);
        if (!id) return forward_error(id);
        signer.signing_certificates.push_back(std::move(*id));
        return {};
    }
    ByteString& member = type == der::oid::content_type ? signer.content_type : signer.message_digest;
    if (!member.empty() || value->value.empty()) return fail(ErrorKind::duplicate, value->offset);
    const Tag wanted = type == der::oid::content_type ? Tag::object_identifier : Tag::octet_string;
    if (value->tag != wanted) return fail(ErrorKind::wrong_tag, value->offset);
    member = to_owned(value->value);
    return {};
}

/// What a signatureAlgorithm means together with the digestAlgorithm (RFC 5652 10.1.2, RFC 3370 3.2, RFC 5753 2.1).
void read_scheme(const x509::AlgorithmIdentifier& algorithm, SignerInfo& signer) {
    signer.scheme_name = x509::describe_signature(algorithm);
    signer.scheme = x509::signature_algorithm(algorithm).scheme;
    if (signer.scheme || !signer.digest) return;
    const bool is_rsa = algorithm.algorithm == der::oid::rsa_encryption;
    if (!is_rsa && algorithm.algorithm != der::oid::ec_public_key) return;
    signer.scheme =
        crypto::SignatureScheme{.kind = is_rsa ? crypto::SignatureKind::rsa_pkcs1 : crypto::SignatureKind::ecdsa, .digest = *signer.digest};
    signer.scheme_name = std::string(is_rsa ? "RSA PKCS#1 " : "ECDSA ") + std::string(crypto::name_of(*signer.digest));
}

Result<SignerInfo> read_signer(Reader& set) {
    const auto sequence = set.read(Tag::sequence);
    if (!sequence) return forward_error(sequence);
    Reader fields(*sequence);
    SignerInfo signer;
    if (const auto version = fields.read(Tag::integer); !version) return forward_error(version);
    const auto sid = fields.read();
    if (!sid) return forward_error(sid);
    if (sid->tag == der::context(0)) {
        signer.sid.key_identifier = to_owned(sid->value);
    } else {
        auto named = sid->tag == Tag::sequence ? read_issuer_and_serial(Reader(*sid)) : fail(ErrorKind::wrong_tag, sid->offset);
        if (!named) return forward_error(named);
        signer.sid = std::move(*named);
    }
    const auto digest = x509::read_algorithm_identifier(fields);
    if (!digest) return forward_error(digest);
    signer.digest = digest_of(digest->algorithm);
    if (fields.next_is(der::context_constructed(0))) {
        const auto attributes = fields.read();
        if (!attributes) return forward_error(attributes);
        // The signature covers them as what they are, a SET, not with the tag that they have here (RFC 5652 5.4).
        signer.signed_attributes = to_owned(attributes->tlv);
        signer.signed_attributes.front() = static_cast<std::uint8_t>(Tag::set);
        for (Reader each(*attributes); !each.at_end();) {
            if (const auto read = read_attribute(each, signer); !read) return forward_error(read);
        }
    }
    const auto algorithm = x509::read_algorithm_identifier(fields);
    if (!algorithm) return forward_error(algorithm);
    read_scheme(*algorithm, signer);
    const auto signature = fields.read(Tag::octet_string);
    if (!signature) return forward_error(signature);
    signer.signature = to_owned(signature->value);
    return signer;
}

Unexpected<Failure> broken(std::string_view what, const Error& error) {
    return bad_message("the " + std::string(what) + " of its signature cannot be read: it " + describe(error.kind));
}

}  // namespace

bool CertificateId::matches(const x509::Certificate& certificate) const {
    if (!key_identifier.empty()) {
        const auto& own = certificate.known.subject_key_identifier;
        return own && equal(*own, key_identifier);
    }
    return !issuer.empty() && equal(serial, certificate.serial_number) && equal(issuer, certificate.issuer.tlv());
}

bool SignerInfo::means(const x509::Certificate& certificate) const {
    return sid.matches(certificate) && std::ranges::all_of(signing_certificates, [&](const EssCertId& named) {
               return !named.digest || equal(crypto::digest(*named.digest, certificate.der), named.hash);
           });
}

std::string CertificateId::describe() const {
    // Nobody reads more of them than that, and they may be as long as the message.
    constexpr std::size_t kMostOctets = 64;
    const auto shown = [&](const ByteString& octets) { return Bytes(octets).first(std::min(octets.size(), kMostOctets)); };
    if (!key_identifier.empty()) return "the key identifier " + to_hex(shown(key_identifier), ':');
    const auto name = x509::parse_name(issuer);
    std::string text = name ? x509::to_string(*name) : std::string("an issuer that cannot be read");
    clip(text, 500);
    return "number " + x509::serial_hex(shown(serial)) + " of " + text;
}

Result<CertificateId> read_issuer_and_serial(Reader fields) {
    CertificateId id;
    const auto issuer = x509::read_name(fields);
    if (!issuer) return forward_error(issuer);
    const auto serial = fields.read(Tag::integer);
    if (!serial) return forward_error(serial);
    id.issuer = to_owned(issuer->tlv());
    id.serial = to_owned(serial->value);
    return id;
}

std::optional<crypto::DigestKind> digest_of(der::Oid algorithm) {
    using crypto::DigestKind;
    if (algorithm == der::oid::sha1) return DigestKind::sha1;
    if (algorithm == der::oid::sha224) return DigestKind::sha224;
    if (algorithm == der::oid::sha256) return DigestKind::sha256;
    if (algorithm == der::oid::sha384) return DigestKind::sha384;
    if (algorithm == der::oid::sha512) return DigestKind::sha512;
    return std::nullopt;
}

Unexpected<Failure> unexpected_content(der::Oid type, std::string_view wanted) {
    return bad_message("it should hold " + std::string(wanted) + " and holds " + der::describe(type));
}

Outcome SignedDataHandler::on_content_type(der::Oid type) {
    if (type == der::oid::pkcs7_signed_data) return {};
    is_other_kind_ = true;
    return unexpected_content(type, "signedData");
}

Outcome SignedDataHandler::on_member(Bytes tlv) {
    Reader reader(tlv);
    const auto member = reader.read();
    if (!member) return broken("frame", member.error());
    Reader inside(*member);
    if (member->tag == Tag::set && sets_++ == 0) {
        while (!inside.at_end()) {
            const auto algorithm = x509::read_algorithm_identifier(inside);
            if (!algorithm) return broken("digest algorithm", algorithm.error());
            const auto digest = digest_of(algorithm->algorithm);
            if (digest && std::ranges::find(data_.digests, *digest) == data_.digests.end()) data_.digests.push_back(*digest);
        }
    } else if (member->tag == Tag::set) {
        while (!inside.at_end()) {
            auto signer = read_signer(inside);
            if (!signer) return broken("signer", signer.error());
            if (data_.signers.size() == kMaxSigners) return bad_message("it has more than " + std::to_string(kMaxSigners) + " signers");
            data_.signers.push_back(std::move(*signer));
        }
    } else if (member->tag == der::context_constructed(0)) {
        while (!inside.at_end()) {
            const auto certificate = inside.read();
            if (!certificate) return broken("certificate", certificate.error());
            if (certificate->tag == Tag::sequence && data_.certificates.size() < kMaxCertificates)
                data_.certificates.push_back(to_owned(certificate->tlv));
        }
    }
    return {};
}

Outcome SignedDataHandler::on_content_info(Bytes tlv) {
    if (data_.content_type.empty() && tlv.size() > 2 && tlv[0] == static_cast<std::uint8_t>(Tag::object_identifier))
        data_.content_type = to_owned(tlv.subspan(2));
    return {};
}

Outcome SignedDataHandler::on_content_begin() {
    data_.has_content = true;
    sink_ = &content_(data_);
    return {};
}

Outcome SignedDataHandler::on_content(Bytes piece) {
    return sink_->write(piece);
}

Outcome SignedDataHandler::on_end() {
    return sink_ != nullptr ? sink_->finish() : Outcome();
}

}  // namespace truename::mail
