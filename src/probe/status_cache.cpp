#include "probe/status_cache.h"

#include <algorithm>
#include <optional>

#include "x509/crl.h"
#include "x509/ocsp_response.h"

namespace truename::probe {

namespace {

/// The earliest nextUpdate of an OCSP response; nothing when an answer in it has none.
std::optional<Time> next_update_of_response(Bytes der) {
    const auto response = x509::parse_ocsp_response(der);
    if (!response) return std::nullopt;
    std::optional<Time> first;
    for (const x509::OcspAnswer& answer : response->answers) {
        if (!answer.next_update) return std::nullopt;
        first = std::min(first.value_or(*answer.next_update), *answer.next_update);
    }
    return first;
}

std::optional<Time> next_update_of_list(Bytes der) {
    const auto crl = x509::parse_crl(der);
    return crl && crl->next_update ? std::optional(crl->next_update->time) : std::nullopt;
}

}  // namespace

Time kept_until(const Fetched& fetched) {
    const auto said = fetched.kind == FetchedKind::crl ? next_update_of_list(fetched.bytes) : next_update_of_response(fetched.bytes);
    return said.value_or(fetched.at.value_or(Time{}) + kKeepUnsaid);
}

const Fetched* StatusCache::find(const std::string& question, Time now) {
    const auto found = known_.find(question);
    return found != known_.end() && found->second.until > now ? &found->second.fetched : nullptr;
}

void StatusCache::put(const std::string& question, const Fetched& fetched) {
    const Time until = kept_until(fetched);
    if (!fetched.at || until <= *fetched.at) return;
    const std::size_t size = fetched.bytes.size();
    if (is_full(size)) forget_ended(*fetched.at);
    if (is_full(size)) {
        known_.clear();
        bytes_ = 0;
    }
    Known& known = known_[question];
    bytes_ += size - known.fetched.bytes.size();
    known = {fetched, until};
}

void StatusCache::forget_ended(Time now) {
    std::erase_if(known_, [&](const auto& one) {
        const bool ended = one.second.until <= now;
        if (ended) bytes_ -= one.second.fetched.bytes.size();
        return ended;
    });
}

}  // namespace truename::probe
