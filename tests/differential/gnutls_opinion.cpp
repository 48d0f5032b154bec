#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

#include <vector>

#include "tests/differential/opinion.h"

namespace truename::differential {

namespace {

time_t judging_time = 0;

time_t tell_time(time_t* out) {
    if (out != nullptr) *out = judging_time;
    return judging_time;
}

/// Certificates that are freed together.
class Certificates {
  public:
    Certificates() = default;
    Certificates(const Certificates&) = delete;
    Certificates& operator=(const Certificates&) = delete;
    ~Certificates() {
        for (gnutls_x509_crt_t certificate : list_) gnutls_x509_crt_deinit(certificate);
    }
    /// 0, or the library's error.
    int add(const ByteString& der) {
        gnutls_x509_crt_t certificate;
        gnutls_x509_crt_init(&certificate);
        const gnutls_datum_t datum{const_cast<unsigned char*>(der.data()), static_cast<unsigned>(der.size())};
        const int error = gnutls_x509_crt_import(certificate, &datum, GNUTLS_X509_FMT_DER);
        if (error < 0) {
            gnutls_x509_crt_deinit(certificate);
            return error;
        }
        list_.push_back(certificate);
        return 0;
    }
    [[nodiscard]] std::vector<gnutls_x509_crt_t>& list() { return list_; }

  private:
    std::vector<gnutls_x509_crt_t> list_;
};

std::string words_of(unsigned status) {
    gnutls_datum_t text;
    if (gnutls_certificate_verification_status_print(status, GNUTLS_CRT_X509, &text, 0) < 0) return std::to_string(status);
    std::string words(reinterpret_cast<const char*>(text.data), text.size);
    gnutls_free(text.data);
    return words;
}

}  // namespace

Opinion ask_gnutls(const conformance::Trial& trial) {
    gnutls_global_set_time_function(tell_time);
    judging_time = static_cast<time_t>(trial.at.time_since_epoch().count());
    Certificates chain, anchors;
    for (const ByteString& der : trial.chain) {
        if (const int error = chain.add(der); error < 0) return {true, false, std::string("parse: ") + gnutls_strerror(error)};
    }
    for (const ByteString& der : trial.anchors) anchors.add(der);
    gnutls_x509_trust_list_t trust;
    gnutls_x509_trust_list_init(&trust, 0);
    gnutls_x509_trust_list_add_cas(trust, anchors.list().data(), static_cast<unsigned>(anchors.list().size()), 0);
    gnutls_typed_vdata_st name{};
    name.type = GNUTLS_DT_DNS_HOSTNAME;
    name.data = reinterpret_cast<unsigned char*>(const_cast<char*>(trial.name.c_str()));
    unsigned status = 0;
    // The profile of the priority string NORMAL.
    const unsigned flags = GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_LOW);
    const int error = gnutls_x509_trust_list_verify_crt2(trust, chain.list().data(), static_cast<unsigned>(chain.list().size()), &name,
                                                         trial.name.empty() ? 0 : 1, flags, &status, nullptr);
    gnutls_x509_trust_list_deinit(trust, 0);
    if (error < 0) return {true, false, std::string("parse: ") + gnutls_strerror(error)};
    return {true, status == 0, status == 0 ? "" : words_of(status)};
}

}  // namespace truename::differential
