#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "finding/finding.h"
#include "verify/graph.h"
#include "verify/ocsp.h"
#include "verify/path.h"

namespace truename::verify {

/// By which way an OCSP response came.
enum class OcspWay : std::uint8_t { stapled, fetched };

/// The id by which that is told of a response that came that way.
FindingId ocsp_finding(OcspPoint point, OcspWay way);

/// Whether a finding about a fetched response or list says that it is no answer: who looks there still does not know whether the
/// certificate is revoked.
bool is_no_answer(FindingId id);

/// Where it may be seen whether a certificate is revoked; as bits.
enum class StatusSource : std::uint8_t { staple = 1, ocsp = 2, crl = 4 };

/// An OCSP responder that was asked about a certificate, or a revocation list that was fetched for it, and what came of it. All of it is
/// borrowed.
struct AskedSource {
    StatusSource source = StatusSource::ocsp;
    crypto::Sha256 certificate{};  ///< about which one
    std::string_view url;
    Bytes answer;              ///< the response or the list; empty: none came
    std::string_view failure;  ///< then why, in words
    Bytes nonce;               ///< that the question had; empty: none
    Time at{};                 ///< when it was asked: an answer of then is judged by that time
};

/// Bits of StatusSource: who was asked about a certificate (a staple comes unasked), and who gave an answer that counts (good, revoked,
/// unknown).
struct StatusSources {
    std::uint8_t asked = 0, answered = 0;
};

/// What such sources say of one certificate of a path.
struct StatusTold {
    std::vector<Finding> findings;
    StatusSources sources;
};

/// What responses that came with the handshake say of the server's certificate, the first of the path, and why they may say nothing
/// (ocsp.h). The next certificate of the path is taken as its issuer; a self-issued one alone is its own. Fields and offsets are those of
/// the response.
StatusTold staples_told(Graph& graph, const Path& path, std::span<const Bytes> staples, Time at);

/// The same for the certificate at that position of the path and the responders that were asked about it; also that one gave no answer, or
/// one without the nonce that it was sent.
StatusTold responders_told(Graph& graph, const Path& path, std::size_t position, std::span<const AskedSource> asked);

}  // namespace truename::verify
