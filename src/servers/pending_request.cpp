#include "servers/pending_request.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/read_file.h"
#include "base/replace_file.h"
#include "base/text.h"
#include "crypto/secret.h"
#include "x509/dns_name.h"
#include "x509/pem.h"
#include "x509/request.h"
#include "x509/server_request.h"

namespace truename::servers {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKey = "/privkey.pem", kRequest = "/request.pem";

std::string requests_folder(const std::string& state) {
    return state + "/requests";
}

/// A star becomes a plus, which no name of a host has in it.
std::string folder_of(const std::string& state, const std::string& name) {
    return requests_folder(state) + "/" + (name.starts_with("*.") ? "+" + name.substr(1) : name);
}

Unexpected<Failure> cannot(std::string_view doing, const std::string& path, int error) {
    return {Failure{FailureKind::local, std::string(doing), printable(path), std::strerror(error), "--state FOLDER names another place"}};
}

/// Makes the request's own folder, which must not be there yet: whoever makes it has the name, also when two come at once.
Result<bool, Failure> make_folders(const std::string& state, const std::string& folder) {
    if (const auto own = own_folder(state); !own)
        return Unexpected{
            Failure{FailureKind::local, "opening the folder", printable(state), own.error(), "--state FOLDER names another place"}};
    if (const auto made = make_folder(requests_folder(state), 0700); !made && made.error() != EEXIST)
        return cannot("making the folder", requests_folder(state), made.error());
    const auto made = make_folder(folder, 0700);
    if (!made && made.error() != EEXIST) return cannot("making the folder", folder, made.error());
    return made.has_value();
}

std::optional<PendingRequest> read_request(const std::string& folder) {
    auto pem = read_own_file(folder + std::string(kRequest));
    if (!pem) return std::nullopt;
    const auto bundle = x509::read_pem_bundle(as_bytes(*pem), "request");
    if (!bundle) return std::nullopt;
    const auto blocks = bundle->all(x509::PemKind::request);
    const auto request =
        blocks.empty() ? Result<x509::Request, x509::ParseError>(Unexpected{x509::ParseError{}}) : x509::parse_request(blocks.front());
    if (!request) return std::nullopt;
    PendingRequest pending{folder, {}, std::move(*pem)};
    for (const x509::GeneralName& name : *request->known.subject_alt_name) pending.names.emplace_back(name.text());
    return pending;
}

std::optional<crypto::PrivateKey> read_key_of(const std::string& folder) {
    auto pem = read_own_file(folder + std::string(kKey));
    if (!pem) return std::nullopt;
    const crypto::Secret text(std::move(*pem));
    auto key = crypto::PrivateKey::from_pem(text.view());
    return key ? std::optional(std::move(*key)) : std::nullopt;
}

std::vector<std::string> folders(const std::string& state) {
    std::vector<std::string> list;
    std::error_code error;
    for (fs::directory_iterator it(requests_folder(state), error), end; !error && it != end; it.increment(error))
        list.push_back(it->path().string());
    std::ranges::sort(list);
    return list;
}

Result<void, Failure> remove(const std::string& folder) {
    std::error_code error;
    fs::remove_all(folder, error);
    if (error) return cannot("removing", folder, error.value());
    return {};
}

}  // namespace

Result<PendingRequest, Failure> keep_request(const std::string& state, const std::vector<std::string>& names,
                                             const crypto::PrivateKey& key) {
    constexpr std::string_view kDoing = "making a request for";
    const std::string first = names.empty() ? "nobody" : printable(names.front());
    for (const std::string& name : names) {
        if (!x509::classify_dns_name(name).valid || x509::classify_dns_name(name).has_trailing_dot)
            return Unexpected{Failure{FailureKind::usage, std::string(kDoing), printable(name), "it is no name of a host",
                                      "Write it as mail programs have it in their settings: mail.example.com"}};
    }
    if (names.empty()) return Unexpected{Failure{FailureKind::usage, std::string(kDoing), first, "no name is asked for", ""}};
    const auto der = x509::sign_server_request(names, key);
    if (!der) return Unexpected{Failure{FailureKind::local, std::string(kDoing), first, "OpenSSL could not sign it", ""}};
    const std::string folder = folder_of(state, names.front());
    const auto is_new = make_folders(state, folder);
    if (!is_new) return forward_error(is_new);
    if (!*is_new)
        return Unexpected{
            Failure{FailureKind::usage, std::string(kDoing), first, "there is one that waits for its answer, and its key with it",
                    "Hand in " + printable(folder) + std::string(kRequest) + ", or take both away: truename certificate request --forget " +
                        first + " --state " + printable(state)}};
    // The key first: an authority may have the request as soon as it can be seen.
    const crypto::Secret pem(key.to_pem());
    if (auto written = replace_file(folder + std::string(kKey), pem.view(), Readers::owner); !written)
        return cannot("writing", folder + std::string(kKey), written.error());
    PendingRequest pending{folder, names, x509::to_pem("CERTIFICATE REQUEST", *der)};
    if (auto written = replace_file(folder + std::string(kRequest), pending.pem, Readers::everybody); !written)
        return cannot("writing", folder + std::string(kRequest), written.error());
    return pending;
}

std::vector<PendingRequest> pending_requests(const std::string& state) {
    std::vector<PendingRequest> list;
    for (const std::string& folder : folders(state)) {
        if (auto request = read_request(folder)) list.push_back(std::move(*request));
    }
    return list;
}

std::vector<NamedKey> keys_of_requests(const std::string& state) {
    std::vector<NamedKey> keys;
    for (const std::string& folder : folders(state)) {
        if (auto key = read_key_of(folder)) keys.push_back({std::move(*key), folder + std::string(kKey)});
    }
    return keys;
}

Result<void, Failure> end_request(const std::string& state, const crypto::PrivateKey& key) {
    for (const std::string& folder : folders(state)) {
        const auto own = read_key_of(folder);
        if (own && own->public_key_info() == key.public_key_info()) return remove(folder);
    }
    return {};
}

Result<void, Failure> forget_request(const std::string& state, const std::string& name) {
    const std::string folder = folder_of(state, name);
    std::error_code error;
    if (x509::classify_dns_name(name).valid && fs::is_directory(folder, error)) return remove(folder);
    return Unexpected{Failure{FailureKind::usage, "taking away the request for", printable(name), "there is none",
                              "See those that wait: truename certificate request --list --state " + printable(state)}};
}

}  // namespace truename::servers
