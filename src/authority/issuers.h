#pragma once

#include "authority/authority.h"

namespace truename::authority {

/// A root that signs itself: for `plan.domains` only, where there are some, and critically so.
Result<ByteString, Failure> make_root(const Plan& plan, const crypto::PrivateKey& key, Time now);

/// An intermediate below `root`, which may issue no further authorities. Its name has `number` in it unless that is 1.
Result<ByteString, Failure> make_intermediate(const Plan& plan, std::size_t number, Bytes root, const crypto::PrivateKey& root_key,
                                              const crypto::PrivateKey& key, Time now);

}  // namespace truename::authority
