#pragma once

#include <memory>
#include <string>
#include <vector>

#include "clients/judge.h"
#include "clients/library.h"
#include "crypto/private_key.h"
#include "doctor/causes.h"
#include "doctor/doctor.h"
#include "verify/trust_store.h"
#include "x509/signature.h"

namespace truename::doctor {

/// What prepare() looked up. Not for several threads: the signature cache fills while judging.
struct Settings::Impl {
    Options options;
    std::shared_ptr<const clients::Library> library;  ///< nothing when the compiled-in one is used
    std::shared_ptr<const CauseTable> own_causes;     ///< the same
    std::vector<const clients::Profile*> profiles;
    std::vector<std::string> ids;  ///< of the profiles, in their shortest form
    verify::TrustStores trust;
    std::unique_ptr<verify::TrustStores> without_added;  ///< made when first needed
    x509::SignatureChecker signatures;

    /// The roots that the options ask for, without those that were added.
    const verify::TrustStores& trust_without_added();
    [[nodiscard]] clients::Roots roots() const;
    [[nodiscard]] const CauseTable& causes() const { return own_causes ? *own_causes : compiled_causes(); }
};

/// The roots that `options` ask for, the added ones only when `with_added`. Fails with `input` for an added file without certificates.
Result<verify::TrustStores, Failure> load_trust(const Options& options, bool with_added);

/// The key that signs certificates which never leave memory. It is no secret: nothing that it signs is trusted outside of a judgement.
const crypto::PrivateKey& throw_away_key();

}  // namespace truename::doctor
