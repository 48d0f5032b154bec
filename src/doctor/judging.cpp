#include "doctor/judging.h"

#include <algorithm>

#include "base/text.h"

namespace truename::doctor {

namespace {

/// Nothing where the evidence does not say about which certificate.
std::optional<verify::AskedSource> asked_source(const probe::Fetched& fetched, Time at) {
    const auto about = from_hex(fetched.about);
    verify::AskedSource asked;
    if (!about || about->size() != asked.certificate.size()) return std::nullopt;
    std::ranges::copy(*about, asked.certificate.begin());
    asked.source = fetched.kind == probe::FetchedKind::crl ? verify::StatusSource::crl : verify::StatusSource::ocsp;
    asked.url = fetched.url;
    asked.answer = fetched.bytes;
    if (fetched.failure) asked.failure = fetched.failure->reason;
    asked.nonce = fetched.nonce;
    asked.at = fetched.at.value_or(at);
    return asked;
}

}  // namespace

Judgement::Judgement(const Case& chain, Settings::Impl& settings)
    : presented_(chain.presented.begin(), chain.presented.end()),
      fetched_(chain.fetched.begin(), chain.fetched.end()),
      seen_(chain.seen.begin(), chain.seen.end()),
      staples_(chain.staples.begin(), chain.staples.end()) {
    verify::Input input;
    input.presented = presented_;
    input.fetched = fetched_;
    input.seen = seen_;
    input.name = chain.name;
    input.services = chain.services;
    input.at = chain.at;
    input.stapled = chain.stapled;
    input.staples = staples_;
    for (const probe::Fetched& fetched : chain.asked) {
        if (const auto asked = asked_source(fetched, chain.at)) asked_.push_back(*asked);
    }
    input.asked = asked_;
    if (chain.crls) {
        crls_.assign(chain.crls->begin(), chain.crls->end());
        input.crls = crls_;
    }
    verification_ = std::make_unique<verify::Verification>(input, *chain.trust, settings.memory);

    clients::Context context;
    context.host = chain.name;
    context.port = chain.port;
    context.tls = chain.tls;
    context.roots = chain.roots;
    context.fetched_from = chain.fetched_from;
    context.issuers_were_fetched = chain.issuers_were_fetched;
    clients::Judge judge(*verification_, context);
    verdicts_.reserve(settings.profiles.size());
    for (const clients::Profile* profile : settings.profiles) verdicts_.push_back(judge.judge(*profile));
}

Judgement::~Judgement() = default;

std::vector<clients::Outcome> outcomes(const Case& chain, Settings::Impl& settings) {
    const Judgement judgement(chain, settings);
    std::vector<clients::Outcome> list;
    list.reserve(judgement.verdicts().size());
    for (const clients::Verdict& verdict : judgement.verdicts()) list.push_back(verdict.outcome);
    return list;
}

}  // namespace truename::doctor
