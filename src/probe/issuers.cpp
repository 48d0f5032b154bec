#include "probe/issuers.h"

#include <algorithm>
#include <utility>

#include "der/oid.h"
#include "x509/certificate.h"

namespace truename::probe {

namespace {

constexpr std::size_t kMaxUrlsOfOne = 4, kMaxTrips = 16;

Failure refusal(const std::string& url, std::string reason, FailureKind kind = FailureKind::protocol) {
    return {kind, "fetching", url, std::move(reason), ""};
}

}  // namespace

/// One address on its way, with its redirects. Its own deadline is for the name; that of a connection belongs to its HttpGet.
struct IssuerWalk::Trip final : net::EventHandler {
    Trip(IssuerWalk& w, std::string text, net::HttpUrl to, unsigned how_deep) : walk(w), url(std::move(to)), depth(how_deep) {
        fetched.url = std::move(text);
        started = walk.loop_.now();
        deadline = started + walk.options_.limits.fetch;
    }
    ~Trip() override { walk.loop_.clear_deadline(*this); }
    void on_ready() override {}
    void on_deadline() override { walk.end(*this, late()); }
    [[nodiscard]] Failure late() const { return refusal(fetched.url, "no complete answer within the deadline", FailureKind::timeout); }

    IssuerWalk& walk;
    Fetched fetched;
    net::HttpUrl url;
    std::set<std::string> visited;
    net::Ticks started{}, deadline{};
    unsigned depth = 0;
    bool ended = false;
    std::vector<std::unique_ptr<net::HttpGet>> gets;  // one for each redirect; the last is under way
};

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
    : loop_(loop), resolver_(resolver), options_(options), on_done_(std::move(on_done)), self_(std::make_shared<IssuerWalk*>(this)) {}

IssuerWalk::~IssuerWalk() = default;

void IssuerWalk::start(const Evidence& evidence) {
    for (const Endpoint& endpoint : evidence.endpoints) {
        if (const auto address = net::SocketAddress::from_text(endpoint.address, endpoint.port)) scopes_.insert(net::scope_of(*address));
    }
    ++under_way_;  // the walk itself, so that an early end of a trip does not end it
    std::set<std::vector<ByteString>> seen;
    const auto take_chain = [&](const std::vector<ByteString>& chain) {
        if (!seen.insert(chain).second) return;
        if (const auto certificate = missing_issuer(chain)) want_issuer_of(*certificate, 1);
    };
    for (const Endpoint& endpoint : evidence.endpoints) {
        take_chain(endpoint.tls.chain);
        for (const DeepAnswer& answer : endpoint.deep) take_chain(answer.tls.chain);
    }
    if (--under_way_ == 0) on_done_();
}

void IssuerWalk::want_issuer_of(Bytes certificate, unsigned depth) {
    if (depth > options_.limits.issuer_depth || (options_.issuer_known && options_.issuer_known(certificate))) return;
    for (std::string& text : issuer_urls(certificate)) {
        const auto url = net::parse_http_url(text);
        if (!url || trips_.size() == kMaxTrips || !urls_.insert(net::to_string(*url)).second) continue;
        trips_.push_back(std::make_unique<Trip>(*this, std::move(text), *url, depth));
        ++under_way_;
        go(*trips_.back());
    }
}

void IssuerWalk::go(Trip& trip) {
    if (!trip.visited.insert(net::to_string(trip.url)).second) return end(trip, refusal(trip.fetched.url, "it redirects in a circle"));
    if (trip.visited.size() > options_.limits.redirects + 1) return end(trip, refusal(trip.fetched.url, "too many redirects"));
    if (net::SocketAddress::from_text(trip.url.host, trip.url.port)) return connect(trip, {{trip.url.host}, {}});
    net::ResolverAnswer given;
    for (const ResolveOption& option : options_.resolve) {
        if (option.name == trip.url.host) given.addresses.push_back(option.address);
    }
    if (!given.addresses.empty()) return connect(trip, given);
    loop_.set_deadline(trip, trip.deadline);
    resolver_.resolve(trip.url.host, [weak = std::weak_ptr(self_), &trip](const net::ResolverAnswer& answer) {
        if (const auto self = weak.lock()) (*self)->connect(trip, answer);
    });
}

bool IssuerWalk::is_allowed(const net::SocketAddress& address) const {
    const net::AddressScope scope = net::scope_of(address);
    if (scope == net::AddressScope::other) return false;
    return scope == net::AddressScope::global || scopes_.contains(scope);
}

void IssuerWalk::connect(Trip& trip, const net::ResolverAnswer& answer) {
    if (trip.ended) return;
    loop_.clear_deadline(trip);
    if (answer.addresses.empty()) return end(trip, refusal(trip.fetched.url, trip.url.host + ": " + answer.error, FailureKind::local));
    for (const std::string& text : answer.addresses) {
        const auto address = net::SocketAddress::from_text(text, trip.url.port);
        if (!address || !is_allowed(*address)) continue;
        trip.fetched.address = text;
        trip.gets.push_back(std::make_unique<net::HttpGet>(loop_, *address, trip.url, trip.deadline, options_.limits.issuer_bytes,
                                                           [this, &trip](net::HttpAnswer got) { on_answer(trip, std::move(got)); }));
        return;
    }
    end(trip,
        refusal(trip.fetched.url, "it points to " + answer.addresses.front() + ", an address inside, and the server asked is not there"));
}

void IssuerWalk::on_answer(Trip& trip, net::HttpAnswer answer) {
    if (answer.failure) {
        answer.failure->object = trip.fetched.url;
        return end(trip, std::move(answer.failure));
    }
    if (answer.status >= 300 && answer.status < 400 && !answer.location.empty()) {
        const auto next = net::resolve_location(trip.url, answer.location);
        if (!next) return end(trip, refusal(trip.fetched.url, "it redirects to something that is no plain http"));
        trip.url = *next;
        return go(trip);
    }
    if (answer.status != 200)
        return end(trip, refusal(trip.fetched.url, "the server answered with status " + std::to_string(answer.status)));
    if (answer.body.empty()) return end(trip, refusal(trip.fetched.url, "the answer is empty"));
    trip.fetched.bytes = to_owned(as_bytes(answer.body));
    end(trip, std::nullopt);
}

void IssuerWalk::end(Trip& trip, std::optional<Failure> failure) {
    trip.ended = true;
    trip.fetched.failure = std::move(failure);
    trip.fetched.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(loop_.now() - trip.started);
    const auto certificate = x509::parse_certificate(trip.fetched.bytes);
    if (certificate && !x509::is_self_issued(*certificate)) want_issuer_of(trip.fetched.bytes, trip.depth + 1);
    if (--under_way_ == 0) on_done_();
}

std::vector<Fetched> IssuerWalk::take_fetched() {
    std::vector<Fetched> fetched;
    for (const auto& trip : trips_) {
        if (!trip->ended) trip->fetched.failure = trip->late();
        fetched.push_back(std::move(trip->fetched));
    }
    return fetched;
}

}  // namespace truename::probe
