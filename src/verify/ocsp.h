#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "crypto/public_key.h"
#include "finding/field.h"
#include "x509/certificate.h"

namespace truename::verify {

/// What an OCSP response says of a certificate, and why it may say nothing.
enum class OcspPoint : std::uint8_t {
    revoked,
    unknown,            ///< the responder does not know the certificate
    other_certificate,  ///< it is about others only
    unreadable,
    error_status,           ///< the responder answered with an error message
    try_later,              ///< that one which says so
    signature,              ///< whoever it names did not sign it, or by an algorithm that is not known here
    wrong_signer,           ///< who signed it may not answer for the issuer
    not_yet,                ///< it is of a later time
    stale,                  ///< newer information is there, or it is too old
    unknown_critical,       ///< an extension is critical and not known here
    unchecked,              ///< the issuer is not at hand, so nobody can tell who may have signed it
    made_outside,           ///< it was made before the certificate began, or when the responder need not know it any more
    responder_not_checked,  ///< the issuer's responder has no id-pkix-ocsp-nocheck: it may be revoked itself, and nobody looked
};

/// One of them, with the part of the response (and its offset there) that shows it.
struct OcspFinding {
    OcspPoint point{};
    Field field{};
    std::uint32_t offset = 0;
    std::string expected, found;
};

/// For how long a response without nextUpdate is good: RFC 6960 4.2.2.1 only says that newer information is there at any time.
inline constexpr std::chrono::seconds kMaxOcspAge = std::chrono::days(7);

/// What is asked. Everything is borrowed.
struct OcspQuestion {
    const x509::Certificate& certificate;             ///< its serial number, issuer and validity
    const x509::Certificate* issuer = nullptr;        ///< nothing: not at hand
    const x509::SubjectPublicKeyInfo* key = nullptr;  ///< the issuer's, with inherited parameters; there when `issuer` is
    Time at{};
    std::chrono::seconds max_age = kMaxOcspAge;  ///< of a response without nextUpdate, from its thisUpdate on
};

/// Whether that key made a signature.
using CheckSignature = std::function<crypto::SignatureCheck(Bytes signed_bytes, const x509::AlgorithmIdentifier& algorithm, Bytes signature,
                                                            const x509::SubjectPublicKeyInfo& key)>;

/// Judges a response by RFC 6960 3.2 and 4.2.2: that it is about the certificate, that the issuer signed it or a responder whose
/// certificate the issuer issued for that (and sent with it), and that it is of now. Nothing: it says that the certificate is good. What it
/// says is told also when it is stale, but not when somebody else signed it or a critical extension may say otherwise. Of several answers
/// the worst counts among those that are of now. Not checked: a nonce (who asked compares it), and whether a delegated responder is
/// revoked.
std::vector<OcspFinding> judge_ocsp(Bytes response, const OcspQuestion& question, const CheckSignature& check);

}  // namespace truename::verify
