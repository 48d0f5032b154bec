#include "acme/client.h"

#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "base/text.h"

namespace truename::acme {

namespace {

/// Of one request. A server may refuse good nonces, too: one that refuses six of ten would end one order of fifteen with 12 attempts.
constexpr int kMostAttempts = 12, kMostNonces = 40;
constexpr std::chrono::seconds kLongestPause{60};
/// Of all pauses of one order together: others wait behind it, and a server may ask for a pause as often as it likes.
constexpr std::chrono::minutes kLongestWait{30};

bool is_good(const net::HttpsResponse& response) {
    return response.status >= 200 && response.status < 300;
}

/// The server could not answer just now, whatever was asked.
bool is_busy(const net::HttpsResponse& response) {
    return response.status == 502 || response.status == 503 || response.status == 504;
}

}  // namespace

Result<Client, Failure> Client::open(std::string url, AccountKey key, const Registration& registration, Transport transport, Wait wait) {
    Client client(std::move(url), std::move(key), std::move(transport), std::move(wait));
    if (auto read = client.read_directory(); !read) return forward_error(read);
    if (auto found = client.find_account(registration); !found) return forward_error(found);
    return client;
}

Failure Client::failure(FailureKind kind, std::string_view doing, std::string reason, std::string next) const {
    return {kind, std::string(doing), printable(url_), std::move(reason), std::move(next)};
}

Failure Client::failure(std::string_view doing, const net::HttpsResponse& response) const {
    const Problem problem = read_problem(response.body);
    if (problem.is("rateLimited") || response.status == 429) {
        const auto after = response.header("retry-after");
        return failure(
            FailureKind::limited, doing, "it turns this account away for now: " + problem.in_words(),
            after ? "It may be asked again after " + printable(*after) + (after->find(' ') == std::string_view::npos ? " seconds" : "")
                  : "Try again in an hour; meanwhile try things out with the authority's directory for tests");
    }
    return failure(FailureKind::protocol, doing, "it answered with status " + std::to_string(response.status) + ": " + problem.in_words());
}

Result<void, Failure> Client::read_directory() {
    constexpr std::string_view kDoing = "reading the directory of";
    const auto response = transport_({.url = url_});
    if (!response) return forward_error(response);
    if (response->status >= 300 && response->status < 400)
        return Unexpected{failure(FailureKind::protocol, kDoing, "it has moved",
                                  "Name the new address: --directory " + printable(response->header("location").value_or("URL")))};
    if (!is_good(*response)) return Unexpected{failure(kDoing, *response)};
    auto directory = acme::read_directory(response->body);
    if (!directory)
        return Unexpected{failure(FailureKind::protocol, kDoing, "this is no directory: " + directory.error(),
                                  "The address of Let's Encrypt's, for one, is https://acme-v02.api.letsencrypt.org/directory")};
    directory_ = std::move(*directory);
    return {};
}

Result<void, Failure> Client::find_account(const Registration& registration) {
    constexpr std::string_view kDoing = "finding the account with";
    // The account's address is not kept anywhere: the server finds it by the key (7.3.1).
    auto found = post_once(kDoing, directory_.new_account, R"({"onlyReturnExisting":true})");
    if (!found) return forward_error(found);
    if (!is_good(*found)) {
        if (!read_problem(found->body).is("accountDoesNotExist")) return Unexpected{failure(kDoing, *found)};
        if (directory_.needs_external_account && registration.key_id.empty())
            return Unexpected{failure(FailureKind::usage, "making an account with", "it only takes those whom it knows already",
                                      "Take the key's name and the key from your account there: --eab-key-id ID --eab-key-file FILE")};
        JsonWriter json;
        json.begin_object().member("termsOfServiceAgreed", true);
        if (!registration.mailbox.empty()) json.key("contact").begin_array().value("mailto:" + registration.mailbox).end_array();
        std::string payload = json.end_object().take();
        if (!registration.key_id.empty()) {
            payload.pop_back();
            payload += ",\"externalAccountBinding\":" + key_.bind(registration.key_id, registration.mac_key, directory_.new_account) + "}";
        }
        found = post("making an account with", directory_.new_account, payload);
        if (!found) return forward_error(found);
        is_new_ = true;
    }
    const auto address = found->header("location");
    if (!address) return Unexpected{failure(FailureKind::protocol, kDoing, "it does not say where the account is")};
    sender_.account = *address;
    return {};
}

Result<std::string, Failure> Client::take_nonce() {
    if (!nonce_.empty()) return std::exchange(nonce_, {});
    const auto response = transport_({.method = "HEAD", .url = directory_.new_nonce});
    if (!response) return forward_error(response);
    const auto nonce = response->header("replay-nonce");
    if (!nonce || nonce->empty()) return Unexpected{failure(FailureKind::protocol, "asking for a nonce of", "it gives none")};
    return std::string(*nonce);
}

Result<net::HttpsResponse, Failure> Client::post_once(std::string_view doing, const std::string& url, std::string_view payload) {
    for (int nonces = 1, attempts = 0;;) {
        const auto nonce = take_nonce();
        if (!nonce) return forward_error(nonce);
        auto body = key_.sign(sender_, url, *nonce, payload);
        if (!body) return Unexpected{failure(FailureKind::local, doing, "OpenSSL could not sign the request")};
        auto response = transport_({"POST", url, "application/jose+json", std::move(*body)});
        if (!response) return response;
        if (const auto next = response->header("replay-nonce")) nonce_ = *next;
        const bool is_refused_nonce = response->status == 400 && read_problem(response->body).is("badNonce");
        if (is_refused_nonce && nonces++ < kMostNonces) continue;
        if (!is_busy(*response) || attempts == kMostAttempts - 1) return response;
        if (auto waited = pause(doing, url, pause_of(*response), attempts++); !waited) return forward_error(waited);
    }
}

Result<net::HttpsResponse, Failure> Client::post(std::string_view doing, const std::string& url, std::string_view payload) {
    auto response = post_once(doing, url, payload);
    if (response && !is_good(*response)) return Unexpected{failure(doing, *response)};
    return response;
}

std::optional<std::chrono::seconds> Client::pause_of(const net::HttpsResponse& response) {
    const auto text = response.header("retry-after");
    if (!text) return std::nullopt;
    long seconds = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
    if (error != std::errc{}) return kLongestPause;  // a date (RFC 9110 10.2.3), and not too early is all that counts
    return std::clamp(std::chrono::seconds(seconds), std::chrono::seconds(1), kLongestPause);
}

Result<void, Failure> Client::pause(std::string_view doing, const std::string& url, std::optional<std::chrono::seconds> asked,
                                    int earlier) {
    constexpr int kDoublings = 6;
    const auto time = asked.value_or(std::min(std::chrono::seconds(1 << std::min(earlier, kDoublings)), kLongestPause));
    waited_ += time;
    if (waited_ > kLongestWait)
        return Unexpected{Failure{FailureKind::timeout, std::string(doing), printable(url), "it never came to an end",
                                  "Do it again later: what was proved to the authority stays proved for a while"}};
    if (wait_(time)) return {};
    return Unexpected{Failure{FailureKind::local, std::string(doing), printable(url), "it was not waited for any longer",
                              "Do it again: what was proved to the authority stays proved for a while"}};
}

}  // namespace truename::acme
