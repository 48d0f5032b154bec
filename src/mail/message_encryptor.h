#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mail/entity_encryptor.h"
#include "mail/entity_signer.h"
#include "mail/mime_parser.h"

namespace truename::mail {

/// How a message is to be encrypted.
struct EncryptOptions {
    std::vector<ByteString> recipients;  ///< certificates, DER
    crypto::CipherKind cipher = crypto::CipherKind::aes256_cbc;
    const Identity* signer = nullptr;  ///< who signs before that; nobody when null; borrowed
    Time at{};
};

/// Encrypts a message that is pushed in, signed before if somebody signs (RFC 8551 3.7: sign, then encrypt), and pushes the result on. Its
/// own fields stay where they are and readable by all; the content goes in with CRLF line ends (RFC 8551 3.1.1), a binary one as it is.
class MessageEncryptor : public Sink, private MimeHandler {
  public:
    /// Borrows `next`.
    MessageEncryptor(EncryptOptions options, Sink& next) : options_(std::move(options)), next_(next), parser_(*this) {}
    Outcome write(Bytes piece) override { return parser_.write(piece); }
    /// Failure (kind refused) before anything came out when a recipient cannot receive or the message is not from the signer.
    Outcome finish() override { return parser_.finish(); }

  private:
    Result<BodyView, Failure> on_header(std::size_t depth, HeaderBlock header, const ContentType& type) override;
    Result<PartView, Failure> on_part(std::size_t, std::size_t, std::uint64_t) override { return PartView::parsed; }
    Outcome on_content(Bytes piece) override { return content_->write(piece); }
    Outcome on_end(std::size_t, EntityEnd) override { return content_->finish(); }

    EncryptOptions options_;
    Sink& next_;
    MimeParser parser_;
    std::unique_ptr<EntityEncryptor> encryptor_;
    std::unique_ptr<EntitySigner> signer_;
    std::optional<CanonicalLines> lines_;
    Sink* content_ = nullptr;
};

}  // namespace truename::mail
