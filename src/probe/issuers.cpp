#include "probe/issuers.h"

#include <algorithm>
#include <utility>

#include "der/oid.h"
#include "x509/certificate.h"

namespace truename::probe {

namespace {

constexpr std::size_t kMaxUrlsOfOne = 4;

}  // namespace

std::optional<Bytes> missing_issuer(const std::vector<ByteString>& chain) {
    if (chain.empty()) return std::nullopt;
    std::vector<std::optional<x509::Certificate>> certificates;
    for (const ByteString& der : chain) {
        auto certificate = x509::parse_certificate(der);
        certificates.push_back(certificate ? std::optional(*certificate) : std::nullopt);
    }
    std::vector<bool> visited(chain.size());
    std::size_t current = 0;
    for (;;) {
        const auto& certificate = certificates[current];
        if (!certificate || x509::is_self_issued(*certificate)) return std::nullopt;
        visited[current] = true;
        bool circle = false;
        std::size_t next = chain.size();
        for (std::size_t i = 0; i < chain.size() && next == chain.size(); ++i) {
            if (!certificates[i] || x509::relation(certificates[i]->subject, certificate->issuer) == x509::NameRelation::different)
                continue;
            if (visited[i]) {
                circle = true;
            } else {
                next = i;
            }
        }
        if (next == chain.size()) return circle ? std::nullopt : std::optional<Bytes>(chain[current]);
        current = next;
    }
}

std::vector<std::string> issuer_urls(Bytes der) {
    std::vector<std::string> urls;
    const auto certificate = x509::parse_certificate(der);
    if (!certificate || !certificate->known.authority_info_access) return urls;
    for (const x509::AccessDescription& access : *certificate->known.authority_info_access) {
        if (access.method != der::oid::ad_ca_issuers || urls.size() == kMaxUrlsOfOne) continue;
        if (access.location.kind != x509::GeneralNameKind::uniform_resource_identifier) continue;
        if (net::parse_http_url(access.location.text())) urls.emplace_back(access.location.text());
    }
    return urls;
}

IssuerWalk::IssuerWalk(net::EventLoop& loop, net::Resolver& resolver, const Options& options, std::function<void()> on_done)
    : options_(options),
      fetcher_(
          loop, resolver, options, [this](const Order& order) { on_end(order); }, std::move(on_done)) {}

void IssuerWalk::start(const Evidence& evidence) {
    fetcher_.begin(evidence);
    std::set<std::vector<ByteString>> seen;
    const auto take_chain = [&](const std::vector<ByteString>& chain) {
        if (!seen.insert(chain).second) return;
        if (const auto certificate = missing_issuer(chain)) want_issuer_of(*certificate, 1);
    };
    for (const Endpoint& endpoint : evidence.endpoints) {
        take_chain(endpoint.tls.chain);
        for (const DeepAnswer& answer : endpoint.deep) take_chain(answer.tls.chain);
    }
    fetcher_.release();
}

void IssuerWalk::want_issuer_of(Bytes certificate, std::size_t depth) {
    if (depth > options_.limits.issuer_depth || (options_.issuer_known && options_.issuer_known(certificate))) return;
    for (std::string& text : issuer_urls(certificate)) {
        const auto url = net::parse_http_url(text);
        if (!url || !urls_.insert(net::to_string(*url)).second) continue;
        Order order{.fetched = {}, .body = {}, .max_bytes = options_.limits.issuer_bytes, .tag = depth};
        order.fetched.url = std::move(text);
        fetcher_.fetch(std::move(order));
    }
}

void IssuerWalk::on_end(const Order& order) {
    const auto certificate = x509::parse_certificate(order.fetched.bytes);
    if (certificate && !x509::is_self_issued(*certificate)) want_issuer_of(order.fetched.bytes, order.tag + 1);
}

Result<std::vector<Fetched>, Failure> fetch_issuers(const std::vector<ByteString>& chain, const std::string& address,
                                                    const Options& options) {
    auto loop = net::EventLoop::make();
    if (!loop) return forward_error(loop);
    net::SystemResolver resolver(**loop, 1);
    IssuerWalk walk(**loop, resolver, options, [] {});
    Evidence evidence;
    evidence.endpoints.resize(1);
    evidence.endpoints.front().address = address;
    evidence.endpoints.front().tls.chain = chain;
    walk.start(evidence);
    while (!walk.is_done()) (*loop)->run_once(options.limits.fetch);
    return walk.take_fetched();
}

}  // namespace truename::probe
