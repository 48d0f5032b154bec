#pragma once

#include <string>

#include "base/time.h"
#include "mail/identity.h"
#include "mail/line_ends.h"
#include "mail/sink.h"

namespace truename::mail {

/// The SignedData of a detached signature over content with that digest (RFC 5652 5, RFC 8551 2.5): one signer by issuer and serial number,
/// his certificates, signed attributes with the time and with what may be sent to him. Failure where the key cannot sign, as a token that
/// was pulled out.
Result<ByteString, Failure> detached_signature(const Identity& identity, Bytes content_digest, Time at);

/// The digest with which an identity signs.
crypto::DigestKind signing_digest(const Identity& identity);

/// Makes a multipart/signed of an entity (RFC 8551 3.5.3): what is written is the entity, header and body; it comes out unchanged between
/// the lines that the signature needs. First of all the fields `Content-Type` of the whole come out, so the fields of a message can be
/// written before.
class EntitySigner : public Sink {
  public:
    /// Borrows `identity` and `next`. `line_end` is CRLF or LF and lives for ever.
    EntitySigner(const Identity& identity, Time at, std::string_view line_end, Sink& next);
    Outcome write(Bytes piece) override;
    /// Signs, and finishes `next`.
    Outcome finish() override;

  private:
    class Hash : public Sink {
      public:
        explicit Hash(crypto::DigestKind kind) : digester(kind) {}
        Outcome write(Bytes piece) override {
            digester.add(piece);
            return {};
        }
        Outcome finish() override { return {}; }
        crypto::Digester digester;
    };
    Outcome begin();

    const Identity& identity_;
    Time at_;
    std::string_view line_end_;
    Sink& next_;
    std::string boundary_;
    Hash hash_;
    CanonicalLines lines_;
    bool has_begun_ = false;
    bool ends_in_cr_ = false;
};

}  // namespace truename::mail
