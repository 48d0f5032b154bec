#include "mail/recipient.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "crypto/random.h"
#include "der/value.h"
#include "der/writer.h"
#include "mail/signer_trust.h"
#include "x509/algorithm.h"

namespace truename::mail {

namespace {

using der::Reader;
using der::Tag;
using der::Writer;

struct KdfRow {
    der::Oid oid;
    crypto::DigestKind digest;
};

// RFC 5753 7.1.4
constexpr KdfRow kKdfs[] = {
    {der::oid::dh_single_pass_std_dh_sha1kdf, crypto::DigestKind::sha1},
    {der::oid::dh_single_pass_std_dh_sha224kdf, crypto::DigestKind::sha224},
    {der::oid::dh_single_pass_std_dh_sha256kdf, crypto::DigestKind::sha256},
    {der::oid::dh_single_pass_std_dh_sha384kdf, crypto::DigestKind::sha384},
    {der::oid::dh_single_pass_std_dh_sha512kdf, crypto::DigestKind::sha512},
};

struct WrapRow {
    der::Oid oid;
    std::size_t key_size;
};

constexpr WrapRow kWraps[] = {{der::oid::aes128_wrap, 16}, {der::oid::aes192_wrap, 24}, {der::oid::aes256_wrap, 32}};

/// ECC-CMS-SharedInfo (RFC 5753 7.2) in DER; `user_info` may be empty.
ByteString shared_info(Bytes wrap_algorithm, Bytes user_info, std::size_t key_size) {
    const auto bits = static_cast<std::uint32_t>(key_size * 8);
    const std::array<std::uint8_t, 4> supplied = {0, 0, static_cast<std::uint8_t>(bits >> 8), static_cast<std::uint8_t>(bits)};
    Writer writer;
    writer.sequence([&] {
        writer.raw(wrap_algorithm);
        if (!user_info.empty()) writer.nested(der::context_constructed(0), [&] { writer.octet_string(user_info); });
        writer.nested(der::context_constructed(2), [&] { writer.octet_string(supplied); });
    });
    return writer.take();
}

/// RSAES-OAEP-params (RFC 4055 4.1); nothing when they cannot be read or are of a kind that nobody uses (a label).
std::optional<crypto::KeyTransport> read_oaep(Bytes parameters) {
    crypto::KeyTransport transport{crypto::KeyTransport::Padding::oaep};
    if (parameters.empty()) return transport;
    Reader outer(parameters);
    const auto sequence = outer.read(Tag::sequence);
    if (!sequence) return std::nullopt;
    for (Reader fields(*sequence); !fields.at_end();) {
        const auto field = fields.read();
        if (!field) return std::nullopt;
        Reader inside(*field);
        const auto algorithm = x509::read_algorithm_identifier(inside);
        if (!algorithm) return std::nullopt;
        if (field->tag == der::context_constructed(0)) {
            const auto digest = digest_of(algorithm->algorithm);
            if (!digest) return std::nullopt;
            transport.digest = *digest;
        } else if (field->tag == der::context_constructed(1)) {
            Reader mgf(algorithm->parameters);
            const auto hash = x509::read_algorithm_identifier(mgf);
            const auto digest = hash && algorithm->algorithm == der::oid::mgf1 ? digest_of(hash->algorithm) : std::nullopt;
            if (!digest) return std::nullopt;
            transport.mgf_digest = *digest;
        } else {
            Reader label(algorithm->parameters);
            const auto octets = label.read(Tag::octet_string);
            if (!octets || !octets->value.empty()) return std::nullopt;
        }
    }
    return transport;
}

/// issuerAndSerialNumber, or the key identifier under `identifier_tag`.
Result<CertificateId> read_rid(Reader& fields, Tag identifier_tag) {
    const auto rid = fields.read();
    if (!rid) return forward_error(rid);
    if (rid->tag == Tag::sequence) return read_issuer_and_serial(Reader(*rid));
    if (rid->tag != identifier_tag) return fail(ErrorKind::wrong_tag, rid->offset);
    CertificateId id;
    if (der::is_constructed(identifier_tag)) {  // RecipientKeyIdentifier
        Reader inside(*rid);
        const auto identifier = inside.read(Tag::octet_string);
        if (!identifier) return forward_error(identifier);
        id.key_identifier = to_owned(identifier->value);
    } else {
        id.key_identifier = to_owned(rid->value);
    }
    if (id.key_identifier.empty()) return fail(ErrorKind::bad_value, rid->offset);
    return id;
}

/// KeyTransRecipientInfo (RFC 5652 6.2.1) behind its frame.
Result<Recipient> read_key_transport(Reader fields) {
    Recipient recipient;
    if (const auto version = fields.read(Tag::integer); !version) return forward_error(version);
    auto rid = read_rid(fields, der::context(0));
    if (!rid) return forward_error(rid);
    recipient.rid = std::move(*rid);
    const auto algorithm = x509::read_algorithm_identifier(fields);
    if (!algorithm) return forward_error(algorithm);
    const auto key = fields.read(Tag::octet_string);
    if (!key) return forward_error(key);
    recipient.encrypted_key = to_owned(key->value);
    recipient.scheme_name = der::describe(algorithm->algorithm);
    if (algorithm->algorithm == der::oid::rsa_encryption) {
        recipient.transport = crypto::KeyTransport{};
        recipient.scheme_name = "RSA PKCS#1 v1.5";
    } else if (algorithm->algorithm == der::oid::rsaes_oaep) {
        recipient.transport = read_oaep(algorithm->parameters);
        if (recipient.transport) recipient.scheme_name = "RSA OAEP " + std::string(crypto::name_of(recipient.transport->digest));
    }
    return recipient;
}

/// The octets of a point on the longest curve (P-521) and some more; and of a ukm, of which a few dozen are usual (RFC 5753 7.2).
constexpr std::size_t kMaxPoint = 200, kMaxUserInfo = 1'024;

/// The originator's point: OriginatorPublicKey, as every ephemeral key has it (RFC 5753 3.1.1). Empty for others.
Result<ByteString> read_originator(Reader& fields) {
    const auto originator = fields.read(der::context_constructed(0));
    if (!originator) return forward_error(originator);
    Reader choice(*originator);
    const auto key = choice.read();
    if (!key) return forward_error(key);
    if (key->tag != der::context_constructed(1)) return ByteString();
    Reader inside(*key);
    if (const auto algorithm = x509::read_algorithm_identifier(inside); !algorithm) return forward_error(algorithm);
    const auto bits = inside.read(Tag::bit_string);
    const auto octets = bits ? der::read_octets_of_bit_string(*bits) : Result<Bytes>(forward_error(bits));
    if (!octets) return forward_error(octets);
    if (octets->size() > kMaxPoint) return fail(ErrorKind::too_large, bits->offset);
    return to_owned(*octets);
}

/// KeyAgreeRecipientInfo (RFC 5652 6.2.2) behind its frame, one for each of its recipients.
Result<void> read_key_agreement(Reader fields, std::vector<Recipient>& recipients) {
    if (const auto version = fields.read(Tag::integer); !version) return forward_error(version);
    const auto point = read_originator(fields);
    if (!point) return forward_error(point);
    Bytes user_info;
    if (fields.next_is(der::context_constructed(1))) {
        const auto tagged = fields.read();
        if (!tagged) return forward_error(tagged);
        Reader inside(*tagged);
        const auto octets = inside.read(Tag::octet_string);
        if (!octets) return forward_error(octets);
        user_info = octets->value;
        if (user_info.size() > kMaxUserInfo) return fail(ErrorKind::too_large, octets->offset);
    }
    const auto algorithm = x509::read_algorithm_identifier(fields);
    if (!algorithm) return forward_error(algorithm);
    Recipient recipient;
    recipient.scheme_name = der::describe(algorithm->algorithm);
    Reader parameters(algorithm->parameters);
    const auto wrap = x509::read_algorithm_identifier(parameters);
    const auto kdf = std::ranges::find(kKdfs, algorithm->algorithm, &KdfRow::oid);
    const auto size = wrap ? std::ranges::find(kWraps, wrap->algorithm, &WrapRow::oid) : std::end(kWraps);
    if (kdf != std::end(kKdfs) && size != std::end(kWraps) && !point->empty()) {
        recipient.agreement = std::make_shared<const Recipient::Agreement>(
            Recipient::Agreement{kdf->digest, *point, size->key_size, shared_info(wrap->tlv, user_info, size->key_size)});
        recipient.scheme_name =
            "ECDH " + std::string(crypto::name_of(kdf->digest)) + " with AES-" + std::to_string(size->key_size * 8) + " wrap";
    }
    const auto keys = fields.read(Tag::sequence);
    if (!keys) return forward_error(keys);
    for (Reader each(*keys); !each.at_end();) {
        const auto key = each.read(Tag::sequence);
        if (!key) return forward_error(key);
        Reader inside(*key);
        auto rid = read_rid(inside, der::context_constructed(0));
        if (!rid) return forward_error(rid);
        const auto encrypted = inside.read(Tag::octet_string);
        if (!encrypted) return forward_error(encrypted);
        recipient.rid = std::move(*rid);
        recipient.encrypted_key = to_owned(encrypted->value);
        if (recipients.size() == kMaxRecipients) return fail(ErrorKind::too_large, encrypted->offset);
        recipients.push_back(recipient);
    }
    return {};
}

ByteString wrap_algorithm(std::size_t key_size) {
    Writer writer;
    writer.sequence([&] { writer.oid(std::ranges::find(kWraps, key_size, &WrapRow::key_size)->oid); });
    return writer.take();
}

void write_rid(Writer& writer, const x509::Certificate& certificate) {
    writer.sequence([&] {
        writer.raw(certificate.issuer.tlv());
        writer.element(Tag::integer, certificate.serial_number);
    });
}

Unexpected<Failure> cannot_receive(const x509::Certificate& certificate) {
    return {Failure{FailureKind::refused, "encrypting to", describe_owner(certificate),
                    "its key (" + x509::describe_key(certificate.subject_public_key_info) + ") cannot receive encrypted mail",
                    "RSA, P-256, P-384 and P-521 can"}};
}

Result<ByteString, Failure> encrypt_by_rsa(const x509::Certificate& certificate, Bytes content_key) {
    const auto key = x509::make_public_key(certificate.subject_public_key_info);
    const auto encrypted = key ? key->encrypt({}, content_key) : Result<ByteString>(fail(ErrorKind::unsupported, 0));
    if (!encrypted) return cannot_receive(certificate);
    Writer writer;
    writer.sequence([&] {
        writer.integer(0);
        write_rid(writer, certificate);
        writer.sequence([&] { writer.oid(der::oid::rsa_encryption).null(); });
        writer.octet_string(*encrypted);
    });
    return writer.take();
}

Result<ByteString, Failure> encrypt_by_ecdh(const x509::Certificate& certificate, Bytes content_key) {
    const auto& info = certificate.subject_public_key_info;
    const crypto::Curve curve = info.known_curve.value_or(crypto::Curve::secp256k1);
    const bool is_usual = curve == crypto::Curve::p256 || curve == crypto::Curve::p384 || curve == crypto::Curve::p521;
    if (!is_usual) return cannot_receive(certificate);
    const auto ephemeral = crypto::PrivateKey::generate_ec(curve);
    auto agreed = ephemeral ? ephemeral->agree(info.key) : Result<ByteString>(forward_error(ephemeral));
    if (!agreed) return cannot_receive(certificate);
    const crypto::SecretBytes secret{std::move(*agreed)};
    // RFC 5753 8: a digest as strong as the curve, a wrapping key as long as the content key.
    const auto digest = curve == crypto::Curve::p256   ? crypto::DigestKind::sha256
                        : curve == crypto::Curve::p384 ? crypto::DigestKind::sha384
                                                       : crypto::DigestKind::sha512;
    const ByteString wrap = wrap_algorithm(content_key.size());
    const crypto::SecretBytes wrapping_key{
        crypto::derive_x963(digest, secret.view(), shared_info(wrap, {}, content_key.size()), content_key.size())};
    const auto wrapped = crypto::wrap_key(wrapping_key.view(), content_key);
    if (!wrapped) return cannot_receive(certificate);
    Writer writer;
    writer.nested(der::context_constructed(1), [&] {
        writer.integer(3);
        writer.nested(der::context_constructed(0), [&] {
            writer.nested(der::context_constructed(1), [&] {
                writer.sequence([&] { writer.oid(der::oid::ec_public_key); });
                writer.bit_string(ephemeral->public_point());
            });
        });
        writer.sequence([&] {
            writer.oid(std::ranges::find(kKdfs, digest, &KdfRow::digest)->oid);
            writer.raw(wrap);
        });
        writer.sequence([&] {
            writer.sequence([&] {
                write_rid(writer, certificate);
                writer.octet_string(*wrapped);
            });
        });
    });
    return writer.take();
}

}  // namespace

Result<std::vector<Recipient>> read_recipients(Bytes tlv) {
    std::vector<Recipient> recipients;
    Reader outer(tlv);
    const auto set = outer.read(Tag::set);
    if (!set) return forward_error(set);
    for (Reader each(*set); !each.at_end();) {
        const auto info = each.read();
        if (!info) return forward_error(info);
        if (recipients.size() == kMaxRecipients) return fail(ErrorKind::too_large, info->offset);
        if (info->tag == Tag::sequence) {
            auto recipient = read_key_transport(Reader(*info));
            if (!recipient) return forward_error(recipient);
            recipients.push_back(std::move(*recipient));
        } else if (info->tag == der::context_constructed(1)) {
            if (const auto read = read_key_agreement(Reader(*info), recipients); !read) return forward_error(read);
        } else {
            Recipient& other = recipients.emplace_back();
            other.scheme_name = info->tag == der::context_constructed(3) ? "a password" : "a way that this program does not know";
        }
    }
    return recipients;
}

Result<OpenedKey> open_content_key(const Recipient& recipient, const crypto::PrivateKey& key, std::size_t size) {
    // Made in any case, so that the right way and the wrong one take the same steps.
    crypto::SecretBytes decoy{crypto::random_bytes(size)};
    Result<ByteString> opened = fail(ErrorKind::unsupported, 0);
    if (recipient.transport) {
        opened = key.decrypt(*recipient.transport, recipient.encrypted_key);
    } else if (recipient.agreement) {
        auto agreed = key.agree(recipient.agreement->originator_point);
        if (!agreed) {
            opened = forward_error(agreed);
        } else {
            const crypto::SecretBytes secret{std::move(*agreed)};
            const Recipient::Agreement& agreement = *recipient.agreement;
            const crypto::SecretBytes wrapping_key{
                crypto::derive_x963(agreement.kdf, secret.view(), agreement.shared_info, agreement.wrapping_key_size)};
            opened = crypto::unwrap_key(wrapping_key.view(), recipient.encrypted_key);
        }
    }
    if (!opened && opened.error().kind == ErrorKind::unsupported) return forward_error(opened);
    crypto::SecretBytes content_key{opened ? std::move(*opened) : ByteString()};
    const bool is_right = content_key.view().size() == size;
    return OpenedKey{is_right ? std::move(content_key) : std::move(decoy), is_right};
}

Result<ByteString, Failure> encrypt_to(const x509::Certificate& certificate, Bytes content_key) {
    switch (certificate.subject_public_key_info.kind) {
        case x509::KeyKind::rsa:
            return encrypt_by_rsa(certificate, content_key);
        case x509::KeyKind::ec:
            return encrypt_by_ecdh(certificate, content_key);
        default:
            return cannot_receive(certificate);
    }
}

}  // namespace truename::mail
