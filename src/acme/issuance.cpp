#include "acme/issuance.h"

#include <algorithm>

#include "base/json.h"
#include "base/text.h"

namespace truename::acme {

namespace {

/// An answer of `url` that is wrong.
Unexpected<Failure> wrong(std::string_view doing, const std::string& url, const std::string& what) {
    return Unexpected{Failure{FailureKind::protocol, std::string(doing), printable(url), "the answer cannot be used: " + what, ""}};
}

/// Whether the authorization is for a name that was ordered (RFC 8555 7.1.4: without its star). Another one would be put into the zone as
/// if it were ours, and a text that is no name would reach the programs that do that.
bool is_ordered(const std::vector<std::string>& names, const Authorization& authorization) {
    const std::string wanted = (authorization.is_wildcard ? "*." : "") + ascii_lower(authorization.name);
    return std::ranges::find(names, wanted) != names.end();
}

/// An authorization that is not there yet, and how it will be.
struct Pending {
    std::string url, challenge_url;
    Answer answer;
};

class Issuance {
  public:
    Issuance(Client& client, Solver& solver, const Telling& telling) : client_(client), solver_(solver), telling_(telling) {}
    Issuance(const Issuance&) = delete;
    Issuance& operator=(const Issuance&) = delete;
    ~Issuance() {
        for (const Pending& pending : shown_) {
            if (auto done = solver_.take_away(pending.answer); !done) telling_.warn(to_sentence(done.error()));
        }
    }

    Result<std::string, Failure> run(const std::vector<std::string>& names, Bytes request) {
        auto order = begin(names);
        if (!order) return forward_error(order);
        if (order->status == "pending") {
            if (auto proved = prove(*order, names); !proved) return forward_error(proved);
            order = await("waiting for the order of", [](const Order& seen) { return seen.status != "pending"; });
            if (!order) return forward_error(order);
        }
        if (order->status == "ready") {
            order = finalize(*order, request);
            if (!order) return forward_error(order);
        }
        if (order->status != "valid" || order->certificate.empty()) return failed(*order);
        telling_.step("Fetching the certificate");
        auto response = client_.post("fetching the certificate from", order->certificate, "");
        if (!response) return forward_error(response);
        return std::move(response->body);
    }

  private:
    Result<Order, Failure> begin(const std::vector<std::string>& names) {
        constexpr std::string_view kDoing = "ordering from";
        telling_.step("Ordering a certificate for " + printable(join(names, ", ")));
        JsonWriter json;
        json.begin_object().key("identifiers").begin_array();
        for (const std::string& name : names) json.begin_object().member("type", "dns").member("value", name).end_object();
        const auto response = client_.post(kDoing, client_.directory().new_order, json.end_array().end_object().text());
        if (!response) return forward_error(response);
        const auto address = response->header("location");
        auto order = read_order(response->body);
        if (!order) return wrong(kDoing, client_.directory().new_order, order.error());
        if (!address) return wrong(kDoing, client_.directory().new_order, "it does not say where the order is");
        url_ = *address;
        return std::move(*order);
    }

    Result<void, Failure> prove(const Order& order, const std::vector<std::string>& names) {
        constexpr std::string_view kDoing = "reading the authorization at";
        for (const std::string& url : order.authorizations) {
            const auto authorization = read(kDoing, url);
            if (!authorization) return forward_error(authorization);
            if (authorization->status == "valid") continue;
            if (!is_ordered(names, *authorization))
                return wrong(kDoing, url, "it is for " + printable(authorization->name) + ", which was not ordered");
            const auto challenge = std::ranges::find(authorization->challenges, solver_.type(), &Challenge::type);
            if (challenge == authorization->challenges.end()) return not_offered(*authorization);
            shown_.push_back(
                {url, challenge->url, {authorization->name, challenge->token, client_.key().key_authorization(challenge->token)}});
            telling_.step("Showing that " + printable(authorization->name) + " is ours, by " + std::string(solver_.type()));
            if (auto shown = solver_.show(shown_.back().answer); !shown) return shown;
        }
        if (shown_.empty()) return {};
        if (auto settled = solver_.settle(); !settled) return settled;
        for (const Pending& pending : shown_) {
            const auto told = client_.post("answering the challenge at", pending.challenge_url, "{}");
            if (!told) return forward_error(told);
        }
        for (const Pending& pending : shown_) {
            if (auto seen = await_authorization(pending); !seen) return seen;
        }
        return {};
    }

    Unexpected<Failure> not_offered(const Authorization& authorization) const {
        std::vector<std::string> types;
        types.reserve(authorization.challenges.size());
        for (const Challenge& each : authorization.challenges) types.push_back(printable(each.type));
        return Unexpected{Failure{FailureKind::usage, "proving", printable(authorization.name),
                                  "the authority does not take " + std::string(solver_.type()) + " for it, only " + join(types, ", "),
                                  authorization.is_wildcard ? "A name with a star is proved in the DNS: --dns-hook PROGRAM" : ""}};
    }

    Result<Authorization, Failure> read(std::string_view doing, const std::string& url) {
        auto response = client_.post(doing, url, "");
        if (!response) return forward_error(response);
        pause_ = Client::pause_of(*response);
        auto authorization = read_authorization(response->body);
        if (!authorization) return wrong(doing, url, authorization.error());
        return std::move(*authorization);
    }

    Result<void, Failure> await_authorization(const Pending& pending) {
        constexpr std::string_view kDoing = "waiting for the authorization at";
        for (int pauses = 0;; ++pauses) {
            const auto authorization = read(kDoing, pending.url);
            if (!authorization) return forward_error(authorization);
            if (authorization->status == "valid") return {};
            if (authorization->status != "pending") return not_proved(*authorization);
            if (auto waited = client_.pause(kDoing, pending.url, pause_, pauses); !waited) return waited;
        }
    }

    Unexpected<Failure> not_proved(const Authorization& authorization) const {
        std::string reason = "the authority found it not proved";
        for (const Challenge& challenge : authorization.challenges) {
            if (challenge.error) reason = "the authority could not see it: " + challenge.error->in_words();
        }
        const bool by_http = solver_.type() == "http-01";
        return Unexpected{
            Failure{FailureKind::input, "proving", printable(authorization.name), std::move(reason),
                    by_http ? "It asks at port 80 of every address that the name has: look at its A and AAAA records and at firewalls"
                            : "It asks the name servers of the zone for TXT of _acme-challenge." + printable(authorization.name) +
                                  ": have they got it? --dns-wait SECONDS gives them time"}};
    }

    Result<Order, Failure> finalize(const Order& order, Bytes request) {
        telling_.step("Handing in the request");
        JsonWriter json;
        json.begin_object().member("csr", to_base64url(request)).end_object();
        if (auto done = client_.post("handing in the request at", order.finalize, json.text()); !done) return forward_error(done);
        return await("waiting for the certificate of",
                     [](const Order& seen) { return seen.status != "processing" && seen.status != "ready"; });
    }

    /// Reads the order until it is so.
    Result<Order, Failure> await(std::string_view doing, bool (*is_so)(const Order&)) {
        for (int pauses = 0;; ++pauses) {
            const auto response = client_.post(doing, url_, "");
            if (!response) return forward_error(response);
            auto order = read_order(response->body);
            if (!order) return wrong(doing, url_, order.error());
            if (order->status == "invalid") return failed(*order);
            if (is_so(*order)) return std::move(*order);
            if (auto waited = client_.pause(doing, url_, Client::pause_of(*response), pauses); !waited) return forward_error(waited);
        }
    }

    [[nodiscard]] Unexpected<Failure> failed(const Order& order) const {
        return Unexpected{Failure{FailureKind::input, "ordering from", printable(url_),
                                  order.error ? "the authority will not do it: " + order.error->in_words()
                                              : "the order is \"" + printable(order.status) + "\" and has no certificate",
                                  ""}};
    }

    Client& client_;
    Solver& solver_;
    const Telling& telling_;
    std::string url_;  // of the order
    std::vector<Pending> shown_;
    std::optional<std::chrono::seconds> pause_;  // that the last authorization asked for
};

}  // namespace

Result<std::string, Failure> obtain(Client& client, const std::vector<std::string>& names, Bytes request, Solver& solver,
                                    const Telling& telling) {
    return Issuance(client, solver, telling).run(names, request);
}

}  // namespace truename::acme
