#include "x509/algorithm.h"

#include <bit>

#include "der/value.h"

namespace truename::x509 {

namespace {

using crypto::Curve;
using crypto::DigestKind;
using crypto::SignatureKind;

struct SignatureRow {
    der::Oid oid;
    SignatureKind kind;
    DigestKind digest;
};

// RFC 3279 2.2, RFC 4055 5, RFC 5758 3 and its 3.1 for DSA
constexpr SignatureRow kSignatures[] = {
    {der::oid::sha256_with_rsa_encryption, SignatureKind::rsa_pkcs1, DigestKind::sha256},
    {der::oid::ecdsa_with_sha256, SignatureKind::ecdsa, DigestKind::sha256},
    {der::oid::ecdsa_with_sha384, SignatureKind::ecdsa, DigestKind::sha384},
    {der::oid::sha384_with_rsa_encryption, SignatureKind::rsa_pkcs1, DigestKind::sha384},
    {der::oid::sha512_with_rsa_encryption, SignatureKind::rsa_pkcs1, DigestKind::sha512},
    {der::oid::sha1_with_rsa_encryption, SignatureKind::rsa_pkcs1, DigestKind::sha1},
    {der::oid::sha1_with_rsa_signature, SignatureKind::rsa_pkcs1, DigestKind::sha1},
    {der::oid::md5_with_rsa_encryption, SignatureKind::rsa_pkcs1, DigestKind::md5},
    {der::oid::sha224_with_rsa_encryption, SignatureKind::rsa_pkcs1, DigestKind::sha224},
    {der::oid::ecdsa_with_sha1, SignatureKind::ecdsa, DigestKind::sha1},
    {der::oid::ecdsa_with_sha224, SignatureKind::ecdsa, DigestKind::sha224},
    {der::oid::ecdsa_with_sha512, SignatureKind::ecdsa, DigestKind::sha512},
    {der::oid::dsa_with_sha1, SignatureKind::dsa, DigestKind::sha1},
    {der::oid::dsa_with_sha256, SignatureKind::dsa, DigestKind::sha256},
};

std::optional<DigestKind> digest_of(der::Oid oid) {
    if (oid == der::oid::sha256) return DigestKind::sha256;
    if (oid == der::oid::sha384) return DigestKind::sha384;
    if (oid == der::oid::sha512) return DigestKind::sha512;
    if (oid == der::oid::sha1) return DigestKind::sha1;
    if (oid == der::oid::sha224) return DigestKind::sha224;
    if (oid == der::oid::md5) return DigestKind::md5;
    return std::nullopt;
}

struct CurveRow {
    der::Oid oid;
    std::string_view name;
    unsigned bits;
    std::optional<Curve> curve;
};

constexpr CurveRow kCurves[] = {
    {der::oid::secp256r1, "P-256", 256, Curve::p256},
    {der::oid::secp384r1, "P-384", 384, Curve::p384},
    {der::oid::secp521r1, "P-521", 521, Curve::p521},
    {der::oid::secp224r1, "P-224", 224, Curve::p224},
    {der::oid::secp192r1, "P-192", 192, std::nullopt},
    {der::oid::secp256k1, "secp256k1", 256, Curve::secp256k1},
    {der::oid::brainpool_p256r1, "brainpoolP256r1", 256, Curve::brainpool_p256r1},
    {der::oid::brainpool_p384r1, "brainpoolP384r1", 384, Curve::brainpool_p384r1},
    {der::oid::brainpool_p512r1, "brainpoolP512r1", 512, Curve::brainpool_p512r1},
};

const CurveRow* find_curve(der::Oid oid) {
    for (const CurveRow& row : kCurves) {
        if (row.oid == oid) return &row;
    }
    return nullptr;
}

bool is_absent_or_null(Bytes parameters) {
    return parameters.empty() || (parameters.size() == 2 && parameters[0] == 0x05 && parameters[1] == 0);
}

/// The digest that the AlgorithmIdentifier in `reader` names.
Result<DigestKind> read_digest(der::Reader reader) {
    const auto algorithm = read_algorithm_identifier(reader);
    if (!algorithm) return forward_error(algorithm);
    const auto digest = digest_of(algorithm->algorithm);
    if (!digest) return fail(ErrorKind::unsupported, algorithm->offset);
    return *digest;
}

/// RSASSA-PSS-params ::= SEQUENCE { hashAlgorithm [0] DEFAULT sha1, maskGenAlgorithm [1] DEFAULT mgf1SHA1, saltLength [2] DEFAULT 20,
/// trailerField [3] DEFAULT 1 }   RFC 4055 3.1
Result<crypto::SignatureScheme> read_pss_parameters(Bytes parameters) {
    crypto::SignatureScheme scheme{SignatureKind::rsa_pss, DigestKind::sha1, DigestKind::sha1, 20};
    der::Reader whole(parameters);
    const auto sequence = whole.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    while (!fields.at_end()) {
        const auto field = fields.read();
        if (!field) return forward_error(field);
        der::Reader inside(*field);
        if (field->tag == der::context_constructed(0)) {
            const auto digest = read_digest(inside);
            if (!digest) return forward_error(digest);
            scheme.digest = *digest;
        } else if (field->tag == der::context_constructed(1)) {
            const auto mask = read_algorithm_identifier(inside);
            if (!mask) return forward_error(mask);
            if (!(mask->algorithm == der::oid::mgf1)) return fail(ErrorKind::unsupported, field->offset);
            const auto digest = read_digest(der::Reader(mask->parameters));
            if (!digest) return forward_error(digest);
            scheme.mgf_digest = *digest;
        } else if (field->tag == der::context_constructed(2)) {
            const auto element = inside.read(der::Tag::integer);
            if (!element) return forward_error(element);
            const auto size = der::read_small(*element);
            if (!size) return forward_error(size);
            scheme.salt_size = *size;
        } else if (field->tag != der::context_constructed(3)) {
            return fail(ErrorKind::wrong_tag, field->offset);
        }
    }
    return scheme;
}

unsigned bits_of_magnitude(Bytes magnitude) {
    if (magnitude.empty()) return 0;
    return static_cast<unsigned>((magnitude.size() - 1) * 8) + static_cast<unsigned>(std::bit_width(magnitude[0]));
}

/// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }   RFC 3279 2.3.1
void read_rsa_key(SubjectPublicKeyInfo& info) {
    info.malformed = true;
    der::Reader whole(info.key);
    const auto sequence = whole.read(der::Tag::sequence);
    if (!sequence || !whole.at_end()) return;
    der::Reader fields(*sequence);
    const auto modulus = fields.read(der::Tag::integer);
    const auto exponent = modulus ? fields.read(der::Tag::integer) : modulus;
    if (!exponent || !fields.at_end()) return;
    const auto n = der::read_unsigned(*modulus);
    const auto e = der::read_unsigned(*exponent);
    if (!n || !e) return;
    info.rsa_modulus = *n;
    info.rsa_exponent = *e;
    info.bits = bits_of_magnitude(*n);
    // RFC 8017 3.1: both are odd, and the exponent is at least 3.
    info.malformed = n->empty() || e->empty() || (n->back() & 1) == 0 || (e->back() & 1) == 0 || (e->size() == 1 && e->front() == 1);
}

/// The parameters name the curve (RFC 5480 2.1.1); the key is a point of SEC 1 2.3.3. That it lies on the curve is known when it is used.
void read_ec_key(SubjectPublicKeyInfo& info) {
    der::Reader parameters(info.algorithm.parameters);
    const auto element = parameters.read(der::Tag::object_identifier);
    if (!element) return;  // explicit parameters: a curve of its own, which nobody supports
    const auto oid = der::read_oid(*element);
    if (!oid) return;
    info.curve = *oid;
    const CurveRow* row = find_curve(*oid);
    if (row == nullptr) return;
    info.bits = row->bits;
    info.known_curve = row->curve;
    const std::size_t size = (row->bits + 7) / 8;
    const std::uint8_t form = info.key.empty() ? 0 : info.key[0];
    info.malformed = !((form == 4 && info.key.size() == 1 + 2 * size) || ((form == 2 || form == 3) && info.key.size() == 1 + size));
}

void read_raw_key(SubjectPublicKeyInfo& info, KeyKind kind, unsigned bits, std::size_t size) {
    info.kind = kind;
    info.bits = bits;
    info.malformed = info.key.size() != size;
}

void read_key(SubjectPublicKeyInfo& info) {
    const der::Oid oid = info.algorithm.algorithm;
    if (oid == der::oid::rsa_encryption || oid == der::oid::rsassa_pss) {
        info.kind = oid == der::oid::rsassa_pss ? KeyKind::rsa_pss : KeyKind::rsa;
        read_rsa_key(info);
    } else if (oid == der::oid::ec_public_key) {
        info.kind = KeyKind::ec;
        read_ec_key(info);
    } else if (oid == der::oid::ed25519) {
        read_raw_key(info, KeyKind::ed25519, 256, 32);
    } else if (oid == der::oid::ed448) {
        read_raw_key(info, KeyKind::ed448, 456, 57);
    } else if (oid == der::oid::x25519) {
        read_raw_key(info, KeyKind::x25519, 256, 32);
    } else if (oid == der::oid::x448) {
        read_raw_key(info, KeyKind::x448, 448, 56);
    } else if (oid == der::oid::dsa) {
        info.kind = KeyKind::dsa;
        if (!is_absent_or_null(info.algorithm.parameters)) info.dsa_parameters = info.algorithm.parameters;
    }
}

/// Dss-Parms ::= SEQUENCE { p INTEGER, q INTEGER, g INTEGER }; the key is one more INTEGER. RFC 3279 2.3.2
Result<crypto::PublicKey> make_dsa_key(const SubjectPublicKeyInfo& key) {
    der::Reader parameters(key.dsa_parameters), whole(key.key);
    const auto sequence = parameters.read(der::Tag::sequence);
    if (!sequence) return fail(ErrorKind::bad_value, key.offset);
    der::Reader fields(*sequence);
    Bytes numbers[4];
    for (std::size_t i = 0; i < 4; ++i) {
        const auto element = (i < 3 ? fields : whole).read(der::Tag::integer);
        const auto number = element ? der::read_unsigned(*element) : Result<Bytes>(forward_error(element));
        if (!number) return fail(ErrorKind::bad_value, key.offset);
        numbers[i] = *number;
    }
    if (!fields.at_end() || !whole.at_end()) return fail(ErrorKind::bad_value, key.offset);
    return crypto::PublicKey::dsa(numbers[0], numbers[1], numbers[2], numbers[3]);
}

std::string pss_name(const crypto::SignatureScheme& scheme) {
    std::string name = "RSASSA-PSS " + std::string(name_of(scheme.digest));
    if (scheme.mgf_digest != scheme.digest) name += " (MGF1 " + std::string(name_of(scheme.mgf_digest)) + ")";
    return name;
}

}  // namespace

Result<AlgorithmIdentifier> read_algorithm_identifier(der::Reader& reader) {
    const auto sequence = reader.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    const auto element = fields.read(der::Tag::object_identifier);
    if (!element) return forward_error(element);
    const auto oid = der::read_oid(*element);
    if (!oid) return forward_error(oid);
    AlgorithmIdentifier algorithm{sequence->tlv, sequence->offset, *oid, {}};
    if (!fields.at_end()) {
        const auto parameters = fields.read();
        if (!parameters) return forward_error(parameters);
        algorithm.parameters = parameters->tlv;
    }
    if (const auto end = fields.expect_end(); !end) return forward_error(end);
    return algorithm;
}

SignatureAlgorithm signature_algorithm(const AlgorithmIdentifier& algorithm) {
    SignatureAlgorithm result;
    const der::Oid oid = algorithm.algorithm;
    if (oid == der::oid::rsassa_pss) {
        const auto scheme = read_pss_parameters(algorithm.parameters);
        if (scheme)
            result.scheme = *scheme;
        else
            result.malformed_parameters = scheme.error().kind != ErrorKind::unsupported;
    } else if (oid == der::oid::ed25519 || oid == der::oid::ed448) {
        result.scheme = crypto::SignatureScheme{oid == der::oid::ed25519 ? SignatureKind::ed25519 : SignatureKind::ed448};
        result.malformed_parameters = !algorithm.parameters.empty();  // RFC 8410 3
        return result;
    } else {
        for (const SignatureRow& row : kSignatures) {
            if (!(row.oid == oid)) continue;
            result.scheme = crypto::SignatureScheme{row.kind, row.digest};
            // RFC 3279 2.2.1 wants NULL for RSA, RFC 5758 3.2 nothing for ECDSA; either is read everywhere.
            result.malformed_parameters = !is_absent_or_null(algorithm.parameters);
            break;
        }
    }
    result.broken_digest = oid == der::oid::md2_with_rsa_encryption || oid == der::oid::md4_with_rsa_encryption ||
                           (result.scheme && result.scheme->digest == DigestKind::md5);
    result.sha1 = result.scheme && result.scheme->digest == DigestKind::sha1;
    return result;
}

std::string describe_signature(const AlgorithmIdentifier& algorithm) {
    const auto scheme = signature_algorithm(algorithm).scheme;
    if (!scheme) return der::describe(algorithm.algorithm);
    switch (scheme->kind) {
        case SignatureKind::rsa_pkcs1:
            return "RSA PKCS#1 " + std::string(name_of(scheme->digest));
        case SignatureKind::rsa_pss:
            return pss_name(*scheme);
        case SignatureKind::ecdsa:
            return "ECDSA " + std::string(name_of(scheme->digest));
        case SignatureKind::dsa:
            return "DSA " + std::string(name_of(scheme->digest));
        case SignatureKind::ed25519:
            return "Ed25519";
        case SignatureKind::ed448:
            return "Ed448";
    }
    return der::describe(algorithm.algorithm);
}

Result<SubjectPublicKeyInfo> read_subject_public_key_info(der::Reader& reader) {
    const auto sequence = reader.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    SubjectPublicKeyInfo info;
    info.tlv = sequence->tlv;
    info.offset = sequence->offset;
    const auto algorithm = read_algorithm_identifier(fields);
    if (!algorithm) return forward_error(algorithm);
    info.algorithm = *algorithm;
    const auto bits = fields.read(der::Tag::bit_string);
    if (!bits) return forward_error(bits);
    const auto key = der::read_octets_of_bit_string(*bits);
    if (!key) return forward_error(key);
    if (const auto end = fields.expect_end(); !end) return forward_error(end);
    info.key = *key;
    read_key(info);
    return info;
}

std::string describe_key(const SubjectPublicKeyInfo& key) {
    switch (key.kind) {
        case KeyKind::rsa:
            return "RSA " + std::to_string(key.bits);
        case KeyKind::rsa_pss:
            return "RSA-PSS " + std::to_string(key.bits);
        case KeyKind::ec: {
            if (key.curve.empty()) return "EC with its own curve";
            const CurveRow* row = find_curve(key.curve);
            return "EC " + (row != nullptr ? std::string(row->name) : der::describe(key.curve));
        }
        case KeyKind::dsa:
            return "DSA";
        case KeyKind::ed25519:
        case KeyKind::ed448:
        case KeyKind::x25519:
        case KeyKind::x448:
        case KeyKind::unknown:
            return der::describe(key.algorithm.algorithm);
    }
    return {};
}

bool inherits_parameters(const SubjectPublicKeyInfo& key) {
    return key.kind == KeyKind::dsa && key.dsa_parameters.empty();
}

Result<crypto::PublicKey> make_public_key(const SubjectPublicKeyInfo& key) {
    if (key.malformed) return fail(ErrorKind::bad_value, key.offset);
    switch (key.kind) {
        case KeyKind::rsa:
        case KeyKind::rsa_pss:
            return crypto::PublicKey::rsa(key.rsa_modulus, key.rsa_exponent);
        case KeyKind::ec:
            if (key.known_curve) return crypto::PublicKey::ec(*key.known_curve, key.key);
            break;
        case KeyKind::ed25519:
            return crypto::PublicKey::ed25519(key.key);
        case KeyKind::ed448:
            return crypto::PublicKey::ed448(key.key);
        case KeyKind::dsa:
            if (!inherits_parameters(key)) return make_dsa_key(key);
            break;
        case KeyKind::x25519:
        case KeyKind::x448:
        case KeyKind::unknown:
            break;
    }
    return fail(ErrorKind::unsupported, key.offset);
}

}  // namespace truename::x509
