#include "authority/certificate_profile.h"

#include <algorithm>
#include <cstdlib>

#include "base/embed.h"

TRUENAME_EMBED(truename_certificates_client, TRUENAME_CERTIFICATES_FOLDER "/client.toml");
TRUENAME_EMBED(truename_certificates_person, TRUENAME_CERTIFICATES_FOLDER "/person.toml");
TRUENAME_EMBED(truename_certificates_server, TRUENAME_CERTIFICATES_FOLDER "/server.toml");

extern "C" {
extern const char truename_certificates_client[], truename_certificates_client_end[];
extern const char truename_certificates_person[], truename_certificates_person_end[];
extern const char truename_certificates_server[], truename_certificates_server_end[];
}

namespace truename::authority {

namespace {

CertificateProfile built_in(std::string_view id, const char* begin, const char* end) {
    auto profile = read_certificate_profile(id, {begin, static_cast<std::size_t>(end - begin)});
    if (!profile) std::abort();  // a test reads each of them
    return std::move(*profile);
}

}  // namespace

const std::vector<CertificateProfile>& certificate_profiles() {
    static const std::vector<CertificateProfile> profiles = {
        built_in("client", truename_certificates_client, truename_certificates_client_end),
        built_in("person", truename_certificates_person, truename_certificates_person_end),
        built_in("server", truename_certificates_server, truename_certificates_server_end),
    };
    return profiles;
}

const CertificateProfile* find_certificate_profile(std::string_view id) {
    const auto& profiles = certificate_profiles();
    const auto found = std::ranges::find(profiles, id, &CertificateProfile::id);
    return found == profiles.end() ? nullptr : &*found;
}

}  // namespace truename::authority
