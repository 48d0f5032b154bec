#include "mail/identity.h"

#include "base/text.h"
#include "mail/signer_trust.h"
#include "verify/mailboxes.h"

namespace truename::mail {

namespace {

Outcome check_time(const x509::Certificate& certificate, Time at, std::string_view doing) {
    const Time begin = certificate.validity.not_before.time, end = certificate.validity.not_after.time;
    if (at >= begin && at <= end) return {};
    const std::string when = at < begin ? "is not valid before " + format_date(begin) : "has expired on " + format_date(end);
    return Unexpected{
        Failure{FailureKind::refused, std::string(doing), describe_owner(certificate), "the certificate " + when, "A new one is needed"}};
}

}  // namespace

Result<Identity, Failure> Identity::make(crypto::PrivateKey key, const std::vector<Bytes>& certificates) {
    const ByteString info = key.public_key_info();
    Identity identity{std::move(key), {}, {}, {}};
    for (const Bytes der : certificates) {
        const auto certificate = x509::parse_certificate(der);
        if (!certificate) continue;
        if (equal(certificate->subject_public_key_info.tlv, info)) {
            if (identity.certificate.empty()) {
                identity.certificate = to_owned(der);
            } else {
                identity.earlier.push_back(to_owned(der));
            }
        } else if (!x509::is_self_issued(*certificate)) {
            identity.issuers.push_back(to_owned(der));
        }
    }
    if (identity.certificate.empty())
        return Unexpected{Failure{FailureKind::input, "looking for", "the certificate of the key", "none of the certificates belongs to it",
                                  "--key and --cert must be of the same person"}};
    return identity;
}

Outcome check_may_sign(const Identity& identity, std::string_view from, Time at) {
    const x509::Certificate own = identity.own();
    const auto presented = verify::presented_mailboxes(own);
    if (verify::find_mailbox(presented, from, {}) == nullptr)
        return refuse("signing", "it is from " + printable(from) + ", and the certificate is of " + describe_owner(own),
                      "Readers would say that the signature is somebody else's");
    if (std::string text = misuse(own, MailUse::signing); !text.empty()) return refuse("signing", std::move(text));
    return check_time(own, at, "signing as");
}

Outcome check_may_receive(const x509::Certificate& certificate, Time at) {
    if (std::string text = misuse(certificate, MailUse::receiving); !text.empty())
        return Unexpected{Failure{FailureKind::refused, "encrypting to", describe_owner(certificate), std::move(text), ""}};
    return check_time(certificate, at, "encrypting to");
}

}  // namespace truename::mail
