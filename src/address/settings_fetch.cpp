#include "address/settings_fetch.h"

#include <optional>

#include "address/settings_file.h"
#include "net/https_client.h"

namespace truename::address {

namespace {

/// Where a file is asked for.
struct Place {
    std::string host, path;
    Teller teller;
};

std::vector<Place> places(const InternetAddress& address) {
    const std::string& domain = address.domain;
    return {{"autoconfig." + domain, "/mail/config-v1.1.xml?emailaddress=postmaster@" + domain, Teller::autoconfig},
            {domain, "/.well-known/autoconfig/mail/config-v1.1.xml", Teller::autoconfig},
            {domain, "/autodiscover/autodiscover.xml", Teller::autodiscover},
            {"autodiscover." + domain, "/autodiscover/autodiscover.xml", Teller::autodiscover}};
}

net::HttpsRequest request_for(const Place& place, const InternetAddress& address) {
    net::HttpsRequest request;
    request.url = "https://" + place.host + place.path;
    if (place.teller != Teller::autodiscover) return request;
    request.method = "POST";
    request.media_type = "text/xml; charset=utf-8";
    request.body =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
        "<Autodiscover "
        "xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006\"><Request><EMailAddress>postmaster@" +
        address.domain +
        "</EMailAddress><AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
        "</AcceptableResponseSchema></Request></Autodiscover>\n";
    return request;
}

std::optional<std::string> fetch(const net::HttpsRequest& request, const net::HttpsOptions& options) {
    auto client = net::HttpsClient::create(options);
    if (!client) return std::nullopt;
    auto response = client->send(request);
    if (!response || response->status != 200) return std::nullopt;
    return std::move(response->body);
}

}  // namespace

std::vector<SettingsFile> fetch_settings(const DnsView& view, const InternetAddress& address, const FetchOptions& options) {
    std::vector<SettingsFile> files;
    for (const Place& place : places(address)) {
        const auto addresses = view.addresses(place.host);
        if (addresses.empty() || options.stop.stop_requested()) continue;
        net::HttpsOptions how;
        how.deadline = options.deadline;
        how.max_body = kMaxSettingsFile;
        how.stop = options.stop;
        for (const std::string& each : addresses) how.addresses.push_back(place.host + ":443:" + each);
        const net::HttpsRequest request = request_for(place, address);
        auto text = fetch(request, how);
        if (!text && !options.roots_file.empty()) {
            how.roots_file = options.roots_file;
            text = fetch(request, how);
        }
        if (!text) continue;
        const bool is_autoconfig = place.teller == Teller::autoconfig;
        auto told =
            is_autoconfig ? read_autoconfig(*text, address.domain, request.url) : read_autodiscover(*text, address.domain, request.url);
        if (!told.empty()) files.push_back({request.url, std::move(told)});
    }
    return files;
}

}  // namespace truename::address
