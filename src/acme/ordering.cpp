#include "acme/ordering.h"

#include <sys/stat.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "acme/issuance.h"
#include "base/read_file.h"
#include "base/replace_file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/secret.h"

namespace truename::acme {

namespace {

Unexpected<Failure> failed(FailureKind kind, std::string_view doing, const std::string& path, std::string reason, std::string next = {}) {
    return {Failure{kind, std::string(doing), printable(path), std::move(reason), std::move(next)}};
}

bool exists(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0;
}

Result<AccountKey, Failure> read_account_key(const std::string& path) {
    constexpr std::string_view kDoing = "reading the account's key in";
    auto pem = read_own_file(path);
    if (!pem) return failed(FailureKind::local, kDoing, path, "it cannot be read");
    const crypto::Secret text(std::move(*pem));
    auto key = AccountKey::from_pem(text.view());
    if (!key)
        return failed(FailureKind::input, kDoing, path, "it is no key on P-256 in PEM without a passphrase",
                      "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 makes one");
    return std::move(*key);
}

/// The account's key with that authority, made when there is none.
Result<AccountKey, Failure> account_key(const Ordering& ordering, const Surroundings& surroundings) {
    constexpr std::string_view kDoing = "keeping the account's key in";
    if (!ordering.account_key.empty()) return read_account_key(ordering.account_key);
    const std::string folder = surroundings.state + "/accounts";
    const std::string path = folder + "/" + to_hex(crypto::sha256(as_bytes(ordering.directory))).substr(0, 16) + ".pem";
    if (exists(path)) return read_account_key(path);
    auto key = AccountKey::generate();
    if (!key) return failed(FailureKind::local, kDoing, path, "OpenSSL could not make one");
    const auto made = make_folder(folder, 0700);
    if (!made && made.error() != EEXIST) return failed(FailureKind::local, kDoing, folder, std::strerror(made.error()));
    const crypto::Secret pem(key->to_pem());
    if (auto written = replace_file(path, pem.view(), Readers::owner); !written)
        return failed(FailureKind::local, kDoing, path, std::strerror(written.error()));
    return std::move(*key);
}

Result<std::unique_ptr<Solver>, Failure> make_solver(const Proof& proof, const Surroundings& surroundings) {
    switch (proof.kind) {
        case Proof::Kind::http_port: {
            std::uint16_t port = 0;
            std::from_chars(proof.value.data(), proof.value.data() + proof.value.size(), port);
            return make_http_listener(port);
        }
        case Proof::Kind::webroot:
            return make_webroot(proof.value);
        case Proof::Kind::dns_hook:
        case Proof::Kind::dns_update:
            break;
    }
    const auto pause = [wait = surroundings.wait, time = proof.dns_wait]() -> Result<void, Failure> {
        if (wait(time)) return {};
        return Unexpected{Failure{FailureKind::local, "waiting for", "the name servers", "it was interrupted", ""}};
    };
    if (proof.kind == Proof::Kind::dns_update)
        return make_dns_update({proof.value, proof.key_file}, surroundings.run, surroundings.clean, pause);
    return make_dns_hook(proof.value, surroundings.run, surroundings.clean, pause);
}

}  // namespace

Result<Delivery, Failure> order(const Ordering& ordering, Bytes request, const Registration& registration,
                                const Surroundings& surroundings) {
    auto key = account_key(ordering, surroundings);
    if (!key) return forward_error(key);
    const auto solver = make_solver(ordering.proof, surroundings);
    if (!solver) return forward_error(solver);
    net::HttpsOptions options;
    options.roots_file = ordering.directory_roots;
    options.if_not_trusted = "--directory-roots FILE names who vouches for the directory's own server";
    options.stop = surroundings.stop;
    auto https = net::HttpsClient::create(std::move(options));
    if (!https) return forward_error(https);
    surroundings.telling.step("Reading the directory of " + printable(ordering.directory));
    auto client = Client::open(
        ordering.directory, std::move(*key), registration, [&](const net::HttpsRequest& asked) { return https->send(asked); },
        surroundings.wait);
    if (!client) return forward_error(client);
    auto chain = obtain(*client, ordering.names, request, **solver, surroundings.telling);
    if (!chain) return forward_error(chain);
    return Delivery{std::move(*chain), client->is_new() ? client->directory().terms : ""};
}

}  // namespace truename::acme
