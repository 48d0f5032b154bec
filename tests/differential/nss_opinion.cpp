#include <cert.h>
#include <nss.h>
#include <prerror.h>

#include <set>
#include <stdexcept>

#include "tests/differential/opinion.h"

namespace truename::differential {

namespace {

/// Certificates that NSS knows as long as they live.
class Known {
  public:
    Known() = default;
    Known(const Known&) = delete;
    Known& operator=(const Known&) = delete;
    ~Known() {
        for (CERTCertificate* certificate : list_) CERT_DestroyCertificate(certificate);
    }
    /// Nothing when NSS does not take it.
    CERTCertificate* add(const ByteString& der) {
        SECItem item{siBuffer, const_cast<unsigned char*>(der.data()), static_cast<unsigned>(der.size())};
        CERTCertificate* certificate = CERT_NewTempCertificate(CERT_GetDefaultCertDB(), &item, nullptr, PR_FALSE, PR_TRUE);
        if (certificate != nullptr) list_.push_back(certificate);
        return certificate;
    }

  private:
    std::vector<CERTCertificate*> list_;
};

Opinion refusal() {
    const char* name = PR_ErrorToName(PR_GetError());
    return {true, false, name != nullptr ? name : std::to_string(PR_GetError())};
}

/// Trust that was given once stays with that certificate, so nobody can be asked about it without.
bool was_trusted(const conformance::Trial& trial) {
    static std::set<ByteString> trusted;
    const std::set<ByteString> anchors(trial.anchors.begin(), trial.anchors.end());
    trusted.insert(anchors.begin(), anchors.end());
    for (const ByteString& der : trial.chain) {
        if (trusted.contains(der) && !anchors.contains(der)) return true;
    }
    return false;
}

}  // namespace

Opinion ask_nss(const conformance::Trial& trial) {
    static const bool is_ready = NSS_NoDB_Init(nullptr) == SECSuccess;
    if (!is_ready) throw std::runtime_error("NSS does not start");
    if (was_trusted(trial)) return {false, false, "a certificate is sent that was trusted before"};
    Known known;
    CERTCertTrust trust{};
    CERT_DecodeTrustString(&trust, "C,,");
    for (const ByteString& der : trial.anchors) {
        if (CERTCertificate* anchor = known.add(der)) CERT_ChangeCertTrust(CERT_GetDefaultCertDB(), anchor, &trust);
    }
    CERTCertificate* leaf = nullptr;
    for (const ByteString& der : trial.chain) {
        CERTCertificate* certificate = known.add(der);
        if (certificate == nullptr) return refusal();  // the handshake ends there
        if (leaf == nullptr) leaf = certificate;
    }
    const PRTime at = static_cast<PRTime>(trial.at.time_since_epoch().count()) * PR_USEC_PER_SEC;
    if (CERT_VerifyCert(CERT_GetDefaultCertDB(), leaf, PR_TRUE, certUsageSSLServer, at, nullptr, nullptr) != SECSuccess) return refusal();
    if (!trial.name.empty() && CERT_VerifyCertName(leaf, trial.name.c_str()) != SECSuccess) return refusal();
    return {true, true, ""};
}

}  // namespace truename::differential
