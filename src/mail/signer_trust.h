#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "mail/signature.h"
#include "verify/trust_store.h"

namespace truename::mail {

/// What can be said of one signer, in sentences that are safe to print.
struct SignerOpinion {
    std::string who;                   ///< the address, or the subject of the certificate
    bool is_intact = false;            ///< the content is exactly what the owner of the key signed
    std::vector<std::string> doubts;   ///< why all is not well; empty: it is
    std::string vouched;               ///< `CN=Example CA vouches for the key until 2027-03-01`; empty where nobody does
    std::optional<Time> signing_time;  ///< what the signer says
};

/// Who vouches for a certificate.
struct Vouching {
    ByteString root;                  ///< of a path that is good, but perhaps for time; empty: nobody that is trusted
    std::string by;                   ///< its name, where nothing is wrong on the path
    std::vector<std::string> doubts;  ///< what is, in sentences
};

/// Looks for somebody in `trust` who vouches for a certificate (DER) of somebody's mail, over any of `others` (RFC 8550 4): roots that were
/// added or are this machine's. Not checked: whether it was revoked.
Vouching find_vouching(const ByteString& certificate, const std::vector<ByteString>& others, const verify::TrustStores& trust, Time at);

/// Judges a signer at `at`: whether somebody in `trust` vouches for his certificate (RFC 8550 4, by the verifier of this program; roots
/// that were added or are this machine's), whether it is for mail and for signatures (4.4), and whether `from`, unless it is empty, is one
/// of its addresses (3). Not checked: whether it was revoked.
SignerOpinion judge_signer(const SignedData& data, const CheckedSigner& signer, std::string_view from, const verify::TrustStores& trust,
                           Time at);

/// The addresses of a certificate, safe to print, with commas between them; the subject's name when it has none.
std::string describe_owner(const x509::Certificate& certificate);

/// Why a certificate is not for signing mail, or for receiving encrypted mail; empty when it is (RFC 8550 4.4.2 and 4.4.4).
enum class MailUse : std::uint8_t { signing, receiving };
std::string misuse(const x509::Certificate& certificate, MailUse use);

}  // namespace truename::mail
