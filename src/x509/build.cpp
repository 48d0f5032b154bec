#include "x509/build.h"

#include "der/writer.h"
#include "x509/algorithm.h"

namespace truename::x509 {

namespace {

using crypto::DigestKind;
using crypto::SignatureKind;

der::Oid digest_oid(DigestKind digest) {
    static constexpr der::Oid kOids[] = {der::oid::md5,    der::oid::sha1,   der::oid::sha224,
                                         der::oid::sha256, der::oid::sha384, der::oid::sha512};
    return kOids[static_cast<std::size_t>(digest)];
}

der::Oid rsa_signature_oid(DigestKind digest) {
    static constexpr der::Oid kOids[] = {
        der::oid::md5_with_rsa_encryption,    der::oid::sha1_with_rsa_encryption,   der::oid::sha224_with_rsa_encryption,
        der::oid::sha256_with_rsa_encryption, der::oid::sha384_with_rsa_encryption, der::oid::sha512_with_rsa_encryption,
    };
    return kOids[static_cast<std::size_t>(digest)];
}

der::Oid ecdsa_signature_oid(DigestKind digest) {
    // There is no ECDSA with MD5: the row is never asked for, because signing with it fails first.
    static constexpr der::Oid kOids[] = {der::Oid(),
                                         der::oid::ecdsa_with_sha1,
                                         der::oid::ecdsa_with_sha224,
                                         der::oid::ecdsa_with_sha256,
                                         der::oid::ecdsa_with_sha384,
                                         der::oid::ecdsa_with_sha512};
    return kOids[static_cast<std::size_t>(digest)];
}

/// RSASSA-PSS-params in DER: members that have their default value are left out (RFC 4055 3.1).
void write_pss_parameters(der::Writer& w, const crypto::SignatureScheme& scheme) {
    const auto digest = [&](DigestKind kind) {
        w.sequence([&] {
            w.oid(digest_oid(kind));
            w.null();
        });
    };
    w.sequence([&] {
        if (scheme.digest != DigestKind::sha1) w.nested(der::context_constructed(0), [&] { digest(scheme.digest); });
        if (scheme.mgf_digest != DigestKind::sha1) {
            w.nested(der::context_constructed(1), [&] {
                w.sequence([&] {
                    w.oid(der::oid::mgf1);
                    digest(scheme.mgf_digest);
                });
            });
        }
        if (scheme.salt_size != 20) w.nested(der::context_constructed(2), [&] { w.integer(scheme.salt_size); });
    });
}

}  // namespace

void write_extensions(der::Writer& w, const std::vector<NewExtension>& extensions) {
    w.sequence([&] {
        for (const NewExtension& extension : extensions) {
            w.sequence([&] {
                w.oid(der::Oid(extension.id));
                if (extension.critical) w.boolean(true);
                w.octet_string(extension.value);
            });
        }
    });
}

ByteString encode_signature_algorithm(const crypto::SignatureScheme& scheme) {
    der::Writer w;
    w.sequence([&] {
        switch (scheme.kind) {
            case SignatureKind::rsa_pkcs1:
                w.oid(rsa_signature_oid(scheme.digest));
                w.null();
                break;
            case SignatureKind::rsa_pss:
                w.oid(der::oid::rsassa_pss);
                write_pss_parameters(w, scheme);
                break;
            case SignatureKind::ecdsa:
                w.oid(ecdsa_signature_oid(scheme.digest));
                break;
            case SignatureKind::ed25519:
                w.oid(der::oid::ed25519);
                break;
            case SignatureKind::ed448:
                w.oid(der::oid::ed448);
                break;
            case SignatureKind::dsa:  // only checked, never made
                break;
        }
    });
    return w.take();
}

ByteString encode_tbs_certificate(const CertificateTemplate& certificate, Bytes signature_algorithm) {
    der::Writer w;
    w.sequence([&] {
        if (certificate.version != 1)
            w.nested(der::context_constructed(0), [&] { w.integer(static_cast<std::int64_t>(certificate.version) - 1); });
        w.element(der::Tag::integer, certificate.serial_number);
        w.raw(certificate.signature_inner ? Bytes(*certificate.signature_inner) : signature_algorithm);
        w.raw(certificate.issuer);
        if (certificate.validity) {
            w.raw(*certificate.validity);
        } else {
            w.sequence([&] {
                w.time(certificate.not_before);
                w.time(certificate.not_after);
            });
        }
        w.raw(certificate.subject);
        w.raw(certificate.subject_public_key_info);
        if (!certificate.extensions.empty()) w.nested(der::context_constructed(3), [&] { write_extensions(w, certificate.extensions); });
    });
    return w.take();
}

ByteString encode_signed(Bytes signed_element, Bytes signature_algorithm, Bytes signature) {
    der::Writer w;
    w.sequence([&] {
        w.raw(signed_element);
        w.raw(signature_algorithm);
        w.bit_string(signature);
    });
    return w.take();
}

Result<ByteString> sign_certificate(const CertificateTemplate& certificate, const crypto::PrivateKey& issuer_key,
                                    std::optional<crypto::SignatureScheme> scheme) {
    const crypto::SignatureScheme used = scheme.value_or(issuer_key.usual_scheme());
    const ByteString algorithm = encode_signature_algorithm(used);
    const ByteString tbs = encode_tbs_certificate(certificate, algorithm);
    auto signature = issuer_key.sign(used, tbs);
    if (!signature) return signature;
    return encode_signed(tbs, algorithm, *signature);
}

/// CertificationRequestInfo ::= SEQUENCE { version INTEGER (0), subject, subjectPKInfo, attributes [0] IMPLICIT SET OF }   RFC 2986 4.1
Result<ByteString> sign_request(const RequestTemplate& request, const crypto::PrivateKey& key,
                                std::optional<crypto::SignatureScheme> scheme) {
    const crypto::SignatureScheme used = scheme.value_or(key.usual_scheme());
    const ByteString algorithm = encode_signature_algorithm(used);
    der::Writer w;
    w.sequence([&] {
        w.integer(0);
        w.raw(request.subject);
        w.raw(key.public_key_info());
        w.nested(der::context_constructed(0), [&] {
            if (request.extensions.empty()) return;
            w.sequence([&] {
                w.oid(der::oid::extension_request);
                w.set([&] { write_extensions(w, request.extensions); });
            });
        });
    });
    const ByteString info = w.take();
    auto signature = key.sign(used, info);
    if (!signature) return signature;
    return encode_signed(info, algorithm, *signature);
}

}  // namespace truename::x509
