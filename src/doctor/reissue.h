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

/// The server's certificate as it would be after `changes` (kChangeNames, kChangeValidity, kChangeIssuer, kChangeKey, kChangeForm; others
/// change no certificate). What is not changed stays: key, dates, extensions, digest, the issuer's name, being its own issuer. Nothing when
/// `name` can stand in no certificate.
std::optional<Issued> reissue(const x509::Certificate& old, Changes changes, std::string_view name, Time at,
                              x509::SignatureChecker& signatures);

/// What an authority makes of a request: its names in their order or sorted, its key, usages for a TLS server. Nothing when it holds no
/// name and no common name either.
std::optional<Issued> issue_request(const x509::Request& request, const AsCa& as_ca, Time at, x509::SignatureChecker& signatures);

}  // namespace truename::doctor
