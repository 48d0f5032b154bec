#include "x509/ocsp_request.h"

#include "crypto/digest.h"
#include "der/oid.h"
#include "der/writer.h"

namespace truename::x509 {

ByteString write_ocsp_request(const Certificate& certificate, const Certificate& issuer, Bytes nonce) {
    const auto write_cert_id = [&](der::Writer& w) {
        w.sequence([&] {
            w.sequence([&] { w.oid(der::oid::sha1).null(); });
            w.octet_string(crypto::sha1(certificate.issuer.tlv()));
            w.octet_string(crypto::sha1(issuer.subject_public_key_info.key));
            w.element(der::Tag::integer, certificate.serial_number);
        });
    };
    const auto write_nonce = [&](der::Writer& w) {
        w.nested(der::context_constructed(2), [&] {
            w.sequence([&] {
                w.sequence([&] {
                    w.oid(der::oid::ocsp_nonce);
                    w.nested(der::Tag::octet_string, [&] { w.octet_string(nonce); });
                });
            });
        });
    };
    der::Writer w;
    w.sequence([&] {
        w.sequence([&] {
            w.sequence([&] { w.sequence([&] { write_cert_id(w); }); });
            if (!nonce.empty()) write_nonce(w);
        });
    });
    return w.take();
}

}  // namespace truename::x509
