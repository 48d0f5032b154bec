#include "probe/status_walk.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "x509/certificate.h"
#include "x509/ocsp_request.h"
#include "x509/print.h"
#include "x509/signature.h"

namespace truename::probe {

namespace {

/// Of one chain, and of one target: a hostile server may show many.
constexpr std::size_t kMostInChain = 4, kMostQuestions = 8, kMostLists = 3;
/// Whose signature is tried: as many certificates may have the issuer's name.
constexpr std::size_t kMostCandidates = 8;
/// RFC 9654 2.1: at least 32 octets; RFC 8954 allowed no more.
constexpr std::size_t kNonceSize = 32;

/// The certificate among `candidates` whose key signed.
std::optional<Bytes> find_signer(const x509::Certificate& certificate, const std::vector<Bytes>& candidates,
                                 x509::SignatureChecker& signatures) {
    std::size_t tried = 0;
    for (const Bytes der : candidates) {
        const auto issuer = x509::parse_certificate(der);
        if (!issuer || x509::relation(issuer->subject, certificate.issuer) == x509::NameRelation::different) continue;
        if (++tried > kMostCandidates) break;
        if (signatures.check(certificate, issuer->subject_public_key_info) == crypto::SignatureCheck::valid) return der;
    }
    return std::nullopt;
}

std::optional<std::string> responder_of(const x509::Certificate& certificate) {
    for (const std::string_view address : x509::ocsp_addresses(certificate)) {
        if (net::parse_http_url(address)) return std::string(address);
    }
    return std::nullopt;
}

/// RFC 5280 4.2.1.13
std::optional<std::string> list_of(const x509::Certificate& certificate) {
    for (const x509::DistributionPoint& point : certificate.known.crl_distribution_points.content) {
        if (point.reasons || !point.crl_issuer.empty()) continue;
        for (const x509::GeneralName& name : point.full_name) {
            const bool is_address = name.kind == x509::GeneralNameKind::uniform_resource_identifier;
            if (is_address && net::parse_http_url(name.text())) return std::string(name.text());
        }
    }
    return std::nullopt;
}

}  // namespace

StatusWalk::StatusWalk(net::EventLoop& loop, net::Resolver& resolver, const Options& options, StatusCache& cache, const Clock& clock,
                       std::function<void()> on_done)
    : options_(options),
      cache_(cache),
      clock_(clock),
      fetcher_(
          loop, resolver, options, [this](const Order& order) { on_end(order); }, std::move(on_done)) {}

void StatusWalk::start(const Evidence& evidence) {
    fetcher_.begin(evidence);
    std::set<std::vector<ByteString>> seen;
    const auto take_chain = [&](const std::vector<ByteString>& chain) {
        if (!chain.empty() && seen.insert(chain).second) ask_about(chain, evidence.fetched);
    };
    for (const Endpoint& endpoint : evidence.endpoints) {
        take_chain(endpoint.tls.chain);
        for (const DeepAnswer& answer : endpoint.deep) take_chain(answer.tls.chain);
    }
    fetcher_.release();
}

void StatusWalk::ask_about(const std::vector<ByteString>& chain, const std::vector<Fetched>& fetched) {
    std::vector<Bytes> at_hand(chain.begin(), chain.end());
    for (const Fetched& one : fetched) at_hand.emplace_back(one.bytes);
    x509::SignatureChecker signatures;
    Bytes current = chain.front();
    for (std::size_t i = 0; i < kMostInChain; ++i) {
        const auto certificate = x509::parse_certificate(current);
        if (!certificate || x509::is_self_issued(*certificate)) return;
        std::vector<Bytes> candidates = at_hand;
        if (options_.issuers_at_hand) std::ranges::copy(options_.issuers_at_hand(current), std::back_inserter(candidates));
        const auto issuer = find_signer(*certificate, candidates, signatures);
        if (!issuer) return;
        ask(current, *issuer);
        current = *issuer;
    }
}

void StatusWalk::ask(Bytes der, Bytes issuer_der) {
    const auto certificate = x509::parse_certificate(der), issuer = x509::parse_certificate(issuer_der);
    if (!certificate || !issuer) return;
    Order order{.fetched = {}, .body = {}, .max_bytes = 0};
    order.fetched.about = to_hex(crypto::sha256(der));
    if (auto url = responder_of(*certificate)) {
        const std::string question = *url + " " + to_hex(x509::write_ocsp_request(*certificate, *issuer, {}));
        order.fetched.url = std::move(*url);
        order.fetched.kind = FetchedKind::ocsp;
        order.fetched.nonce = crypto::random_bytes(kNonceSize);
        order.media_type = "application/ocsp-response";
        order.max_bytes = options_.limits.ocsp_bytes;
        order.body = net::HttpBody{"application/ocsp-request", x509::write_ocsp_request(*certificate, *issuer, order.fetched.nonce)};
        fetch(question, std::move(order));
    } else if (auto list = list_of(*certificate)) {
        order.fetched.url = *list;
        order.fetched.kind = FetchedKind::crl;
        order.max_bytes = options_.limits.crl_bytes;
        if (lists_++ < kMostLists) fetch(*list, std::move(order));
    }
}

void StatusWalk::fetch(const std::string& question, Order order) {
    if (questions_.size() == kMostQuestions || !questions_.insert(question).second) return;
    const Time now = clock_.now();
    if (const Fetched* known = cache_.find(question, now)) {
        known_.push_back(*known);
        known_.back().about = order.fetched.about;
        return;
    }
    order.fetched.at = now;
    order.tag = ordered_.size();
    ordered_.push_back(question);
    fetcher_.fetch(std::move(order));
}

void StatusWalk::on_end(const Order& order) {
    cache_.put(ordered_.at(order.tag), order.fetched);
}

std::vector<Fetched> StatusWalk::take_fetched() {
    std::vector<Fetched> all = std::exchange(known_, {});
    std::ranges::move(fetcher_.take_fetched(), std::back_inserter(all));
    return all;
}

}  // namespace truename::probe
