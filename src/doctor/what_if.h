#pragma once

#include <cstdint>
#include <vector>

#include "doctor/causes.h"
#include "doctor/mending.h"

namespace truename::doctor {

/// What a client would do once something is changed, best first: the worst of several chains is the greatest.
enum class Then : std::uint8_t {
    silent,
    unknown,  ///< it cannot be judged
    speaks,   ///< it warns or refuses
};

/// For each profile the worst that it would do to any of the chains after `changes`. Judged on certificates that are made for it and on
/// the ones that were sent; a client that minds something which the changes do not touch goes on minding it, and one that could not be
/// judged before is only judged now where the whole certificate and its issuer are others.
std::vector<Then> then(const Report& report, const std::vector<JudgedChain>& chains, Changes changes, Settings::Impl& settings);

/// Whether an authority's certificate is sent before the server's own.
bool is_out_of_order(const JudgedChain& judged);

/// What was sent, sent again as it should be: the server's certificate and its issuers without the root, as far as they are at hand.
void send_in_order(Case& chain, const JudgedChain& judged);

}  // namespace truename::doctor
