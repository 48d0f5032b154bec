#include "request/foretell.h"

#include "base/text.h"
#include "doctor/reissue.h"
#include "servers/sni_name.h"
#include "x509/server_request.h"

namespace truename::request {

namespace {

constexpr int kWarns = 1, kRefuses = 2;

}  // namespace

std::string order_in_words(const acme::PublicAuthority& authority, const std::string& first) {
    return printable(authority.title) + (authority.names == acme::NameOrder::sorted ? " puts" : " may put") +
           " names in alphabetical order, so that " + printable(first) + " would be the first: some programs look at no other.";
}

Result<doctor::Report, Failure> foretell(const std::vector<std::string>& names, const std::string& typed,
                                         const std::optional<doctor::AsCa>& as_ca, const crypto::PrivateKey& key,
                                         const doctor::Settings& settings, Time now) {
    const auto request = x509::sign_server_request(names, key);
    if (!request)
        return Unexpected{Failure{FailureKind::local, "making the request for", printable(typed), "OpenSSL does not take the key", ""}};
    doctor::PredictInput input;
    input.files = {{"the request", *request}};
    input.now = now;
    input.name = servers::example_of(typed);
    input.as_ca = as_ca;
    return doctor::predict(input, settings);
}

Result<servers::Credential, Failure> sample(const std::vector<std::string>& names, const crypto::PrivateKey& key, Time now) {
    if (const auto der = x509::sign_server_request(names, key)) {
        const auto request = x509::parse_request(*der);
        x509::SignatureChecker signatures;
        auto issued = request ? doctor::issue_request(*request, {}, now, signatures) : std::nullopt;
        if (issued) return servers::Credential{{std::move(issued->leaf)}, key};
    }
    return Unexpected{Failure{FailureKind::local, "making a certificate for", printable(names.front()), "the key does not do", ""}};
}

Result<std::vector<Stumble>, Failure> foretell_order(const acme::PublicAuthority& authority, const std::vector<std::string>& names,
                                                     const crypto::PrivateKey& key, const doctor::Settings& settings, Time now) {
    std::vector<Stumble> stumbles;
    for (const std::vector<std::string>& order : acme::orders_of(authority, names)) {
        auto report = foretell(order, names.front(), {}, key, settings, now);
        if (!report) return forward_error(report);
        if (report->exit != kWarns && report->exit != kRefuses) continue;
        const bool is_asked = order == names;
        stumbles.push_back({std::move(*report), is_asked || authority.names == acme::NameOrder::sorted,
                            is_asked ? ""
                                     : order_in_words(authority, order.front()) + " Order only " + printable(names.front()) +
                                           ", and for each other name one more with --sni, which gives it a place of its own."});
    }
    return stumbles;
}

}  // namespace truename::request
