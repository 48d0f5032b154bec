#pragma once

#include <memory>
#include <string>
#include <vector>

#include "clients/judge.h"
#include "clients/library.h"
#include "doctor/causes.h"
#include "doctor/doctor.h"
#include "doctor/report.h"
#include "verify/memory.h"
#include "verify/trust_store.h"

namespace truename::doctor {

/// What prepare() looked up. Not for several threads: the memory fills while judging.
struct Settings::Impl {
    Options options;
    std::shared_ptr<const clients::Library> library;  ///< nothing when the compiled-in one is used
    std::shared_ptr<const CauseTable> own_causes;     ///< the same
    std::vector<const clients::Profile*> profiles;
    std::vector<std::string> ids;       ///< of the profiles, in their shortest form
    verify::TrustStores trust;          ///< the roots that the options ask for
    verify::TrustStores without_added;  ///< the same without those that were added
    verify::Memory memory;

    [[nodiscard]] clients::Roots roots() const;
    /// The profiles as reports name them.
    [[nodiscard]] std::vector<Client> clients() const;
    [[nodiscard]] const CauseTable& causes() const { return own_causes ? *own_causes : compiled_causes(); }
};

}  // namespace truename::doctor
