#pragma once

#include <vector>

#include "base/time.h"
#include "crypto/private_key.h"
#include "mail/sink.h"
#include "x509/certificate.h"

namespace truename::mail {

/// A person who signs or receives: a key and the certificates that belong to it.
struct Identity {
    crypto::PrivateKey key;
    ByteString certificate;           ///< the key's own
    std::vector<ByteString> earlier;  ///< others of the same key: messages may still be encrypted to them
    std::vector<ByteString> issuers;  ///< the others that came with it, without those that sign themselves

    /// Finds the certificate of `key` among `certificates`. Failure (kind input) when there is none.
    static Result<Identity, Failure> make(crypto::PrivateKey key, const std::vector<Bytes>& certificates);
    /// Views the key's own certificate.
    [[nodiscard]] x509::Certificate own() const { return *x509::parse_certificate(certificate); }
};

/// Failure (kind refused) when the identity may not sign a message of `from` at `at`: another address, a certificate that is not for
/// that, or not valid then. Not checked: who vouches for it.
Outcome check_may_sign(const Identity& identity, std::string_view from, Time at);

/// Failure (kind refused) when nothing should be encrypted to a certificate at `at`.
Outcome check_may_receive(const x509::Certificate& certificate, Time at);

}  // namespace truename::mail
