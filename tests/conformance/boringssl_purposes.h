#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "der/oid.h"
#include "x509/certificate.h"

namespace truename::conformance {

/// What BoringSSL's library says of a certificate on a path.
struct Remark {
    std::size_t position = 0;  ///< leaf first
    bool is_error = false;
    std::string text;
};

/// What it says of key purposes: `purpose` is asked for as the cases write it (`SERVER_AUTH_STRICT_LEAF`). `path` is leaf first and ends
/// with the anchor where that is `has_anchor`, looked at like others. Throws std::runtime_error for a purpose that is not known.
std::vector<Remark> remarks_on_purposes(std::span<const x509::Certificate* const> path, bool has_anchor, std::string_view purpose);

/// Whether a certificate that an authority's is (CA:TRUE) may not stand for a purpose.
bool forbids_authority(std::string_view purpose);

/// Whether the library takes a critical extension that is unknown to us, for that purpose.
bool knows_extension(const x509::Certificate& certificate, std::string_view name, std::string_view purpose);

}  // namespace truename::conformance
