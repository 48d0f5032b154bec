#include "probe/status_cache.h"

#include <algorithm>

#include "x509/ocsp_response.h"

namespace truename::probe {

Time kept_until(const Fetched& fetched) {
    Time until = fetched.at.value_or(Time{}) + kKeepUnsaid;
    const auto response = x509::parse_ocsp_response(fetched.bytes);
    if (!response || response->answers.empty()) return until;
    const auto says_when = [](const x509::OcspAnswer& answer) { return answer.next_update.has_value(); };
    if (!std::ranges::all_of(response->answers, says_when)) return until;
    until = *response->answers.front().next_update;
    for (const x509::OcspAnswer& answer : response->answers) until = std::min(until, *answer.next_update);
    return until;
}

const Fetched* StatusCache::find(const std::string& question, Time now) {
    const auto found = known_.find(question);
    if (found == known_.end()) return nullptr;
    if (found->second.until > now) return &found->second.fetched;
    known_.erase(found);
    return nullptr;
}

void StatusCache::put(const std::string& question, const Fetched& fetched) {
    const Time until = kept_until(fetched);
    if (!fetched.at || until <= *fetched.at) return;
    if (known_.size() >= most_) std::erase_if(known_, [&](const auto& one) { return one.second.until <= *fetched.at; });
    if (known_.size() >= most_) known_.clear();
    known_.insert_or_assign(question, Known{fetched, until});
}

}  // namespace truename::probe
