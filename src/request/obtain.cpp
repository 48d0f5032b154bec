#include "request/obtain.h"

#include "base/text.h"
#include "x509/server_request.h"

namespace truename::request {

Result<Obtained, Failure> obtain(const acme::Ordering& ordering, const acme::Registration& registration, const crypto::PrivateKey& key,
                                 const acme::Surroundings& surroundings, const Clock& clock) {
    const auto request = x509::sign_server_request(ordering.names, key);
    if (!request)
        return Unexpected{
            Failure{FailureKind::local, "making the request for", printable(ordering.names.front()), "OpenSSL does not take the key", ""}};
    const auto delivery = acme::order(ordering, *request, registration, surroundings);
    if (!delivery) return forward_error(delivery);
    servers::Offer offer;
    // Certificates alone: a key that came with them would be known to others.
    if (auto added = offer.add_certificates("what the authority sent", as_bytes(delivery->chain)); !added) return forward_error(added);
    auto completed =
        servers::complete(offer, {{key, "the key that was made for it"}}, [](const ByteString&) { return std::vector<ByteString>(); });
    if (!completed) return forward_error(completed);
    completed->notes.clear();  // that the root is not at hand is as it should be
    // The time of now, and not of before: it may begin when it was made.
    if (const auto good = servers::check_credential(completed->credential, ordering.names, clock.now()); !good) return forward_error(good);
    const std::vector<std::string> got = servers::host_names(completed->credential.chain.front());
    return Obtained{std::move(*completed), delivery->agreed_terms, got == ordering.names ? "" : printable(join(got, ", "))};
}

}  // namespace truename::request
