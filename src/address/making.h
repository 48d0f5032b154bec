#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "address/records.h"
#include "address/survey.h"
#include "base/result.h"
#include "finding/failure.h"
#include "net/dns_update.h"

namespace truename::address {

/// Looks at everything anew, and remembers no answer of the DNS.
using Look = std::function<Result<Survey, Failure>()>;

/// Looks until every record that is needed is there, or `wait` gives up: it is told how many are not yet, and waits. Fails as `look` does.
Result<Survey, Failure> survey_until_made(const Look& look, const std::function<bool(std::size_t left)>& wait);

/// Adds to the zone what `survey` says is missing and needed, all of it or nothing, and gives it; a record whose data is not known is left
/// out. Fails as net::update_dns().
Result<std::vector<Record>, Failure> make_records(const Survey& survey, const net::UpdateServer& server, const net::RunProgram& run);

}  // namespace truename::address
