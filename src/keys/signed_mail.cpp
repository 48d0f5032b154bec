#include "keys/signed_mail.h"

#include "base/text.h"
#include "keys/directory.h"
#include "mail/address.h"
#include "verify/mailboxes.h"
#include "x509/certificate.h"
#include "x509/issuing_rules.h"

namespace truename::keys {

namespace {

Unexpected<Failure> refused(std::string reason) {
    return {Failure{FailureKind::refused, "taking the key from", "the message", std::move(reason), ""}};
}

}  // namespace

mail::Outcome CertificatesOfMail::finish() {
    if (mail::Outcome finished = parser_.finish(); !finished) return finished;
    if (!reader_.is_signed()) return refused("it is not signed");
    const auto from = mail::from_address(reader_.header());
    if (!from) return forward_error(from);
    from_ = *from;
    const mail::SignedData& data = reader_.data();
    const auto signers = mail::check_signers(data, reader_.content());
    if (!signers) return forward_error(signers);
    for (const mail::CheckedSigner& signer : *signers) {
        if (signer.state != mail::SignerState::intact) return refused("its signature is not good, so anybody may have put the key into it");
        const auto certificate = x509::parse_certificate(data.certificates[signer.certificate]);
        if (certificate && verify::find_mailbox(verify::presented_mailboxes(*certificate), from_, {}) != nullptr)
            certificates_.push_back(data.certificates[signer.certificate]);
    }
    if (certificates_.empty()) return refused("it says that it is from " + printable(from_) + ", and nobody of that address has signed it");
    for (const ByteString& der : data.certificates) {
        const auto certificate = x509::parse_certificate(der);
        // One with an address may be somebody's own, and who did not sign is not taken from here.
        if (certificate && x509::is_authority(*certificate) && addresses_of(*certificate).empty()) certificates_.push_back(der);
    }
    return {};
}

}  // namespace truename::keys
