#include "authority/certificate_profile.h"

#include <algorithm>
#include <cstdlib>

#include "authority/data_files.h"

namespace truename::authority {

const std::vector<CertificateProfile>& certificate_profiles() {
    static const std::vector<CertificateProfile> profiles = [] {
        std::vector<CertificateProfile> made;
        for (const DataFile& file : certificate_files()) {
            auto profile = read_certificate_profile(file.id, file.toml);
            if (!profile) std::abort();  // a test reads each of them
            made.push_back(std::move(*profile));
        }
        return made;
    }();
    return profiles;
}

const CertificateProfile* find_certificate_profile(std::string_view id) {
    const auto& profiles = certificate_profiles();
    const auto found = std::ranges::find(profiles, id, &CertificateProfile::id);
    return found == profiles.end() ? nullptr : &*found;
}

}  // namespace truename::authority
