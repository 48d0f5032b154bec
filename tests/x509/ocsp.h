#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "crypto/digest.h"
#include "crypto/private_key.h"
#include "der/oid.h"
#include "der/writer.h"
#include "tests/seeds.h"
#include "x509/build.h"
#include "x509/certificate.h"
#include "x509/ocsp_response.h"

namespace truename::x509 {

/// What a test's responder says of a certificate.
struct OcspSays {
    OcspVerdict verdict = OcspVerdict::good;
    std::optional<std::uint32_t> reason = {};  ///< of `revoked`, on 2026-10-01
    std::string_view this_update = "2026-10-01", next_update = {}, produced_at = "2026-10-01";
    crypto::DigestKind hash = crypto::DigestKind::sha1;
    std::function<void(der::Writer&)> single_extensions = {}, extensions = {};  ///< each writes Extension after Extension
};

/// Who says it. What is nothing stays empty.
struct OcspResponder {
    const Certificate* issuer = nullptr;      ///< whose key the response names as the issuer's
    const Certificate* signer = nullptr;      ///< whom the response names as the responder
    const crypto::PrivateKey* key = nullptr;  ///< that signs
    std::vector<Bytes> certificates = {};     ///< sent with it
    bool by_key = false;                      ///< the responder is named by its key
};

/// The frame of a successful response around a ready ResponseData.
inline ByteString ocsp_frame(Bytes response_data, const OcspResponder& responder = {}) {
    der::Writer writer;
    writer.sequence([&] {
        writer.integer(0, der::Tag::enumerated);
        writer.nested(der::context_constructed(0), [&] {
            writer.sequence([&] {
                writer.oid(der::oid::ocsp_basic);
                writer.nested(der::Tag::octet_string, [&] {
                    writer.sequence([&] {
                        writer.raw(response_data);
                        writer.raw(encode_signature_algorithm(responder.key ? responder.key->usual_scheme() : crypto::SignatureScheme()));
                        writer.bit_string(responder.key ? *responder.key->sign(responder.key->usual_scheme(), response_data)
                                                        : ByteString());
                        if (responder.certificates.empty()) return;
                        writer.nested(der::context_constructed(0), [&] {
                            writer.sequence([&] {
                                for (const Bytes certificate : responder.certificates) writer.raw(certificate);
                            });
                        });
                    });
                });
            });
        });
    });
    write_seed("x509_ocsp_response", as_text(writer.bytes()));
    return writer.take();
}

inline void write_ocsp_extensions(der::Writer& writer, const std::function<void(der::Writer&)>& extensions) {
    if (!extensions) return;
    writer.nested(der::context_constructed(1), [&] { writer.sequence([&] { extensions(writer); }); });
}

/// CertID of RFC 6960 4.1.1
inline void write_cert_id(der::Writer& writer, const Certificate& certificate, const OcspSays& says, const Certificate* issuer) {
    writer.sequence([&] {
        writer.sequence([&] { writer.oid(says.hash == crypto::DigestKind::sha1 ? der::oid::sha1 : der::oid::sha256); });
        writer.octet_string(crypto::digest(says.hash, certificate.issuer.tlv()));
        writer.octet_string(issuer ? crypto::digest(says.hash, issuer->subject_public_key_info.key)
                                   : ByteString(crypto::digest_size(says.hash), 9));
        writer.element(der::Tag::integer, certificate.serial_number);
    });
}

/// SingleResponse of RFC 6960 4.2.1
inline void write_single_response(der::Writer& writer, const Certificate& certificate, const OcspSays& says, const Certificate* issuer) {
    writer.sequence([&] {
        write_cert_id(writer, certificate, says, issuer);
        if (says.verdict == OcspVerdict::good) writer.element(der::context(0), {});
        if (says.verdict == OcspVerdict::unknown) writer.element(der::context(2), {});
        if (says.verdict == OcspVerdict::revoked) {
            writer.nested(der::context_constructed(1), [&] {
                writer.time(*parse_time("2026-10-01"), der::Tag::generalized_time);
                if (!says.reason) return;
                writer.nested(der::context_constructed(0), [&] { writer.integer(*says.reason, der::Tag::enumerated); });
            });
        }
        writer.time(*parse_time(says.this_update), der::Tag::generalized_time);
        if (!says.next_update.empty())
            writer.nested(der::context_constructed(0), [&] { writer.time(*parse_time(says.next_update), der::Tag::generalized_time); });
        write_ocsp_extensions(writer, says.single_extensions);
    });
}

/// A response about `certificate` with these answers; nobody signed it unless somebody does.
inline ByteString ocsp_response(const Certificate& certificate, const std::vector<OcspSays>& answers, const OcspResponder& responder = {}) {
    der::Writer writer;
    writer.sequence([&] {
        if (responder.signer != nullptr && !responder.by_key) {
            writer.nested(der::context_constructed(1), [&] { writer.raw(responder.signer->subject.tlv()); });
        } else {
            const crypto::Sha1 key = responder.signer ? crypto::sha1(responder.signer->subject_public_key_info.key) : crypto::Sha1{7};
            writer.nested(der::context_constructed(2), [&] { writer.octet_string(key); });
        }
        writer.time(*parse_time(answers.at(0).produced_at), der::Tag::generalized_time);
        writer.sequence([&] {
            for (const OcspSays& says : answers) write_single_response(writer, certificate, says, responder.issuer);
        });
        write_ocsp_extensions(writer, answers.at(0).extensions);
    });
    return ocsp_frame(writer.bytes(), responder);
}
inline ByteString ocsp_response(const Certificate& certificate, const OcspSays& says, const OcspResponder& responder = {}) {
    return ocsp_response(certificate, std::vector{says}, responder);
}

}  // namespace truename::x509
