#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "doctor/causes.h"
#include "doctor/doctor.h"
#include "x509/certificate.h"
#include "x509/request.h"
#include "x509/signature.h"

namespace truename::doctor {

/// A certificate that could be, and the root that would have signed it. Nobody has: the SignatureChecker is told to take them as signed,
/// and both never leave memory.
struct Issued {
    ByteString leaf, root;
    bool self_signed = false;  ///< the leaf is its own issuer, `root` is the same bytes
};

/// How a certificate is to differ from the one that there is.
struct Wanted {
    Changes changes = 0;    ///< those of a certificate: names, alone, validity, issuer, key, form; others change none
    std::string_view name;  ///< what users type
    Time at{};
    bool sorts_names = false;  ///< the authority sorts the names
};

/// The server's certificate as it would be. What is not changed stays: key, dates, extensions, digest, the issuer's name, being its own
/// issuer. Nothing when the name can stand in no certificate.
std::optional<Issued> reissue(const x509::Certificate& old, const Wanted& wanted, x509::SignatureChecker& signatures);

/// What an authority makes of a request: its names in their order or sorted, its key, usages for a TLS server. Nothing when it holds no
/// name and no common name either.
std::optional<Issued> issue_request(const x509::Request& request, const AsCa& as_ca, Time at, x509::SignatureChecker& signatures);

}  // namespace truename::doctor
