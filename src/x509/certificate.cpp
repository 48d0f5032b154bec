#include "x509/certificate.h"

namespace truename::x509 {

bool is_self_issued(const Certificate& certificate) {
    return equal(certificate.subject.tlv(), certificate.issuer.tlv());
}

crypto::Sha256 fingerprint(const Certificate& certificate) {
    return crypto::sha256(certificate.der);
}

}  // namespace truename::x509
