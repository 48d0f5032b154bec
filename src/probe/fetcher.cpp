#include "probe/fetcher.h"

#include <utility>

namespace truename::probe {

namespace {

constexpr std::size_t kMaxTrips = 16;

Failure refusal(const std::string& url, std::string reason, FailureKind kind = FailureKind::protocol) {
    return {kind, "fetching", url, std::move(reason), ""};
}

/// RFC 9110 15.4.4: what stands there is to be had by GET, and nobody has asked it.
constexpr int kSeeOther = 303;

}  // namespace

/// One order on its way, with its redirects. Its own deadline is for the name; that of a connection belongs to its HttpExchange.
struct Fetcher::Trip final : net::EventHandler {
    Trip(Fetcher& f, Order what, net::HttpUrl to) : fetcher(f), order(std::move(what)), url(std::move(to)) {
        started = fetcher.loop_.now();
        deadline = started + fetcher.options_.limits.fetch;
    }
    ~Trip() override { fetcher.loop_.clear_deadline(*this); }
    void on_ready() override {}
    void on_deadline() override { fetcher.end(*this, late()); }
    [[nodiscard]] const std::string& name() const { return order.fetched.url; }
    [[nodiscard]] Failure late() const { return refusal(name(), "no complete answer within the deadline", FailureKind::timeout); }

    Fetcher& fetcher;
    Order order;
    net::HttpUrl url;
    std::set<std::string> visited;
    net::Ticks started{}, deadline{};
    bool ended = false;
    std::vector<std::unique_ptr<net::HttpExchange>> exchanges;  // one for each redirect; the last is under way
};

Fetcher::Fetcher(net::EventLoop& loop, net::Resolver& resolver, const Options& options, OnEnd on_end, std::function<void()> on_idle)
    : loop_(loop),
      resolver_(resolver),
      options_(options),
      on_end_(std::move(on_end)),
      on_idle_(std::move(on_idle)),
      self_(std::make_shared<Fetcher*>(this)) {}

Fetcher::~Fetcher() = default;

void Fetcher::begin(const Evidence& evidence) {
    for (const Endpoint& endpoint : evidence.endpoints) {
        if (const auto address = net::SocketAddress::from_text(endpoint.address, endpoint.port)) scopes_.insert(net::scope_of(*address));
    }
    ++under_way_;  // so that an early end of a trip does not end all
}

void Fetcher::release() {
    if (--under_way_ == 0) on_idle_();
}

void Fetcher::fetch(Order order) {
    const auto url = net::parse_http_url(order.fetched.url);
    if (!url || trips_.size() == kMaxTrips) return;
    trips_.push_back(std::make_unique<Trip>(*this, std::move(order), *url));
    ++under_way_;
    go(*trips_.back());
}

void Fetcher::go(Trip& trip) {
    if (!trip.visited.insert(net::to_string(trip.url)).second) return end(trip, refusal(trip.name(), "it redirects in a circle"));
    if (trip.visited.size() > options_.limits.redirects + 1) return end(trip, refusal(trip.name(), "too many redirects"));
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

bool Fetcher::is_allowed(const net::SocketAddress& address) const {
    const net::AddressScope scope = net::scope_of(address);
    if (scope == net::AddressScope::other) return false;
    return scope == net::AddressScope::global || scopes_.contains(scope);
}

void Fetcher::connect(Trip& trip, const net::ResolverAnswer& answer) {
    if (trip.ended) return;
    loop_.clear_deadline(trip);
    if (answer.addresses.empty()) return end(trip, refusal(trip.name(), trip.url.host + ": " + answer.error, FailureKind::local));
    for (const std::string& text : answer.addresses) {
        const auto address = net::SocketAddress::from_text(text, trip.url.port);
        if (!address || !is_allowed(*address)) continue;
        trip.order.fetched.address = text;
        trip.exchanges.push_back(
            std::make_unique<net::HttpExchange>(loop_, *address, trip.url, trip.order.body, trip.deadline, trip.order.max_bytes,
                                                [this, &trip](net::HttpAnswer got) { on_answer(trip, std::move(got)); }));
        return;
    }
    end(trip, refusal(trip.name(), "it points to " + answer.addresses.front() + ", an address inside, and the server asked is not there"));
}

void Fetcher::on_answer(Trip& trip, net::HttpAnswer answer) {
    if (answer.failure) {
        answer.failure->object = trip.name();
        return end(trip, std::move(answer.failure));
    }
    if (answer.status >= 300 && answer.status < 400 && !answer.location.empty()) {
        if (trip.order.body && answer.status == kSeeOther) return end(trip, refusal(trip.name(), "it redirects to a page to read"));
        const auto next = net::resolve_location(trip.url, answer.location);
        if (!next) return end(trip, refusal(trip.name(), "it redirects to something that is no plain http"));
        trip.url = *next;
        return go(trip);
    }
    if (answer.status != 200) return end(trip, refusal(trip.name(), "the server answered with status " + std::to_string(answer.status)));
    if (answer.body.empty()) return end(trip, refusal(trip.name(), "the answer is empty"));
    const std::string& wanted = trip.order.media_type;
    if (!wanted.empty() && !answer.media_type.empty() && answer.media_type != wanted)
        return end(trip, refusal(trip.name(), "the answer is " + answer.media_type.substr(0, 80) + ", not " + wanted));
    trip.order.fetched.bytes = to_owned(as_bytes(answer.body));
    end(trip, std::nullopt);
}

void Fetcher::end(Trip& trip, std::optional<Failure> failure) {
    trip.ended = true;
    trip.order.fetched.failure = std::move(failure);
    trip.order.fetched.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(loop_.now() - trip.started);
    on_end_(trip.order);
    if (--under_way_ == 0) on_idle_();
}

std::vector<Fetched> Fetcher::take_fetched() {
    std::vector<Fetched> fetched;
    for (const auto& trip : trips_) {
        if (!trip->ended) trip->order.fetched.failure = trip->late();
        fetched.push_back(std::move(trip->order.fetched));
    }
    return fetched;
}

}  // namespace truename::probe
