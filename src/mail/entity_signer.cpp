#include "mail/entity_signer.h"

#include <algorithm>
#include <functional>

#include "base/text.h"
#include "crypto/random.h"
#include "der/writer.h"
#include "mail/base64.h"
#include "mail/smime.h"

namespace truename::mail {

namespace {

using der::Tag;
using der::Writer;

void write_digest_algorithm(Writer& writer, crypto::DigestKind digest) {
    const der::Oid oid = digest == crypto::DigestKind::sha512   ? der::oid::sha512
                         : digest == crypto::DigestKind::sha384 ? der::oid::sha384
                                                                : der::oid::sha256;
    writer.sequence([&] { writer.oid(oid); });  // RFC 5754 2: no parameters
}

void write_signature_algorithm(Writer& writer, const crypto::SignatureScheme& scheme) {
    using crypto::SignatureKind;
    writer.sequence([&] {
        switch (scheme.kind) {
            case SignatureKind::rsa_pkcs1:
                writer.oid(der::oid::rsa_encryption).null();  // RFC 3370 3.2: what every reader knows
                return;
            case SignatureKind::rsa_pss:
                writer.oid(der::oid::rsassa_pss);
                writer.sequence([&] {
                    const auto sha256 = [&] { writer.sequence([&] { writer.oid(der::oid::sha256).null(); }); };
                    writer.nested(der::context_constructed(0), sha256);
                    writer.nested(der::context_constructed(1), [&] {
                        writer.sequence([&] {
                            writer.oid(der::oid::mgf1);
                            sha256();
                        });
                    });
                    writer.nested(der::context_constructed(2), [&] { writer.integer(scheme.salt_size); });
                });
                return;
            case SignatureKind::ecdsa:
                writer.oid(scheme.digest == crypto::DigestKind::sha512   ? der::oid::ecdsa_with_sha512
                           : scheme.digest == crypto::DigestKind::sha384 ? der::oid::ecdsa_with_sha384
                                                                         : der::oid::ecdsa_with_sha256);
                return;
            case SignatureKind::ed25519:
                writer.oid(der::oid::ed25519);
                return;
            case SignatureKind::ed448:
                writer.oid(der::oid::ed448);
                return;
            case SignatureKind::dsa:
                return;
        }
    });
}

ByteString attribute(der::Oid type, const std::function<void(Writer&)>& value) {
    Writer writer;
    writer.sequence([&] {
        writer.oid(type);
        writer.set([&] { value(writer); });
    });
    return writer.take();
}

/// SMIMECapabilities (RFC 8551 2.5.2). Without GCM, which truename reads and the mail programs of most signers do not.
void write_capabilities(Writer& writer) {
    writer.sequence([&] {
        for (const der::Oid cipher : {der::oid::aes256_cbc, der::oid::aes128_cbc}) writer.sequence([&] { writer.oid(cipher); });
    });
}

std::vector<ByteString> signed_attributes(Bytes content_digest, Time at) {
    return {attribute(der::oid::content_type, [](Writer& writer) { writer.oid(der::oid::data); }),
            attribute(der::oid::signing_time, [&](Writer& writer) { writer.time(at); }),
            attribute(der::oid::message_digest, [&](Writer& writer) { writer.octet_string(content_digest); }),
            attribute(der::oid::smime_capabilities, write_capabilities)};
}

void write_signer(Writer& writer, const Identity& identity, const std::vector<ByteString>& attributes, Bytes signature,
                  const crypto::SignatureScheme& scheme) {
    const x509::Certificate own = identity.own();
    writer.sequence([&] {
        writer.integer(1);
        writer.sequence([&] {
            writer.raw(own.issuer.tlv());
            writer.element(Tag::integer, own.serial_number);
        });
        write_digest_algorithm(writer, signing_digest(identity));
        writer.set_of(attributes, der::context_constructed(0));
        write_signature_algorithm(writer, scheme);
        writer.octet_string(signature);
    });
}

}  // namespace

crypto::DigestKind signing_digest(const Identity& identity) {
    const crypto::SignatureScheme scheme = identity.key.usual_scheme();
    // RFC 8419 3.1: Ed25519 is told SHA-512. Ed448 would want SHAKE256, which nobody reads.
    const bool is_edwards = scheme.kind == crypto::SignatureKind::ed25519 || scheme.kind == crypto::SignatureKind::ed448;
    return is_edwards ? crypto::DigestKind::sha512 : scheme.digest;
}

Result<ByteString, Failure> detached_signature(const Identity& identity, Bytes content_digest, Time at) {
    const crypto::SignatureScheme scheme = identity.key.usual_scheme();
    const std::vector<ByteString> attributes = signed_attributes(content_digest, at);
    Writer covered;
    covered.set_of(attributes);
    const auto signature = identity.key.sign(scheme, covered.bytes());
    if (!signature)
        return Unexpected{
            Failure{FailureKind::local, "signing", "the message", "the key does not sign", "If it is in a token, is that there?"}};
    Writer writer;
    writer.sequence([&] {
        writer.oid(der::oid::pkcs7_signed_data);
        writer.nested(der::context_constructed(0), [&] {
            writer.sequence([&] {
                writer.integer(1);
                writer.set([&] { write_digest_algorithm(writer, signing_digest(identity)); });
                writer.sequence([&] { writer.oid(der::oid::data); });
                std::vector<ByteString> certificates = identity.issuers;
                certificates.push_back(identity.certificate);
                writer.set_of(std::move(certificates), der::context_constructed(0));
                writer.set([&] { write_signer(writer, identity, attributes, *signature, scheme); });
            });
        });
    });
    return writer.take();
}

EntitySigner::EntitySigner(const Identity& identity, Time at, std::string_view line_end, Sink& next)
    : identity_(identity),
      at_(at),
      line_end_(line_end),
      next_(next),
      boundary_("signed-" + to_hex(crypto::random_bytes(16))),
      hash_(signing_digest(identity)),
      lines_(hash_) {}

Outcome EntitySigner::begin() {
    has_begun_ = true;
    const std::string end(line_end_);
    const std::string text = "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\";" + end +
                             " micalg=" + std::string(micalg_of(signing_digest(identity_))) + "; boundary=\"" + boundary_ + "\"" + end +
                             end + "This is a message with an S/MIME signature." + end + end + "--" + boundary_ + end;
    return next_.write(as_bytes(text));
}

Outcome EntitySigner::write(Bytes piece) {
    if (!has_begun_) {
        if (Outcome begun = begin(); !begun) return begun;
    }
    if (!piece.empty()) ends_in_cr_ = piece.back() == '\r';
    if (Outcome hashed = lines_.write(piece); !hashed) return hashed;
    return next_.write(piece);
}

Outcome EntitySigner::finish() {
    if (!has_begun_) {
        if (Outcome begun = begin(); !begun) return begun;
    }
    const auto signature = detached_signature(identity_, hash_.digester.finish(), at_);
    if (!signature) return forward_error(signature);
    const std::string end(line_end_);
    // A CR at the end would be taken for a part of the line end behind it.
    const std::string text = (ends_in_cr_ ? "\r\n" : end) + "--" + boundary_ + end +
                             "Content-Type: application/pkcs7-signature; name=\"smime.p7s\"" + end + "Content-Transfer-Encoding: base64" +
                             end + "Content-Disposition: attachment; filename=\"smime.p7s\"" + end + end;
    if (Outcome written = next_.write(as_bytes(text)); !written) return written;
    Base64Encoder encoder(next_, line_end_);
    if (Outcome written = encoder.write(*signature); !written) return written;
    if (Outcome ended = encoder.finish(); !ended) return ended;
    if (Outcome written = next_.write(as_bytes(end + "--" + boundary_ + "--" + end)); !written) return written;
    return next_.finish();
}

}  // namespace truename::mail
