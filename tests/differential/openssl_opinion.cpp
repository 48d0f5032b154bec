#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

#include <memory>

#include "tests/differential/opinion.h"

namespace truename::differential {

namespace {

template <auto Free>
using Freed = decltype([](auto* object) { Free(object); });
using X509Ptr = std::unique_ptr<X509, Freed<X509_free>>;
using StorePtr = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using ContextPtr = std::unique_ptr<X509_STORE_CTX, Freed<X509_STORE_CTX_free>>;

X509Ptr read(const ByteString& der) {
    const unsigned char* at = der.data();
    X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (at != der.data() + der.size()) certificate.reset();
    return certificate;
}

}  // namespace

Opinion ask_openssl(const conformance::Trial& trial) {
    if (trial.chain.empty()) return {true, false, "nothing was sent"};
    const X509Ptr leaf = read(trial.chain.front());
    if (!leaf) return {true, false, "cannot be read"};
    const StorePtr store(X509_STORE_new());
    for (const ByteString& der : trial.anchors) {
        if (const X509Ptr anchor = read(der)) X509_STORE_add_cert(store.get(), anchor.get());
    }
    STACK_OF(X509)* sent = sk_X509_new_null();
    for (std::size_t i = 1; i < trial.chain.size(); ++i) {
        X509Ptr certificate = read(trial.chain[i]);
        if (!certificate) {
            sk_X509_pop_free(sent, X509_free);
            return {true, false, "cannot be read"};  // the handshake ends there
        }
        sk_X509_push(sent, certificate.release());
    }
    const ContextPtr context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), sent);
    X509_STORE_CTX_set_default(context.get(), "ssl_server");
    X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(parameters, static_cast<time_t>(trial.at.time_since_epoch().count()));
    X509_VERIFY_PARAM_set_auth_level(parameters, 2);
    if (!trial.name.empty() && X509_VERIFY_PARAM_set1_ip_asc(parameters, trial.name.c_str()) != 1)
        X509_VERIFY_PARAM_set1_host(parameters, trial.name.c_str(), 0);
    Opinion opinion;
    opinion.accepts = X509_verify_cert(context.get()) == 1;
    opinion.reason = X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
    sk_X509_pop_free(sent, X509_free);
    return opinion;
}

}  // namespace truename::differential
