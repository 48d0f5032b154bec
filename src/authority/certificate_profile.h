#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "finding/failure.h"
#include "x509/extension.h"

namespace truename::authority {

/// What the certificates of one kind are: a file of data/certificates/.
struct CertificateProfile {
    enum class Names : std::uint8_t { hosts, mailbox };

    std::string id;     ///< the file's name without .toml
    std::string title;  ///< what it is for, as a noun: `server`
    Names names = Names::hosts;
    unsigned days = 0;                                ///< lifetime
    std::vector<ByteString> purposes;                 ///< extKeyUsage: contents of the OIDs
    std::vector<x509::KeyUsageBit> usage, usage_rsa;  ///< keyUsage, and where the key is RSA
};

/// The profiles of the program, by id.
const std::vector<CertificateProfile>& certificate_profiles();

/// The profile of that id; null when there is none.
const CertificateProfile* find_certificate_profile(std::string_view id);

/// Reads a profile. Fails with `input` for what is missing, unknown or of the wrong type, and says where.
Result<CertificateProfile, Failure> read_certificate_profile(std::string_view id, std::string_view toml);

}  // namespace truename::authority
