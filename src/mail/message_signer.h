#pragma once

#include <memory>
#include <string>
#include <vector>

#include "mail/entity_signer.h"
#include "mail/mime_parser.h"

namespace truename::mail {

/// Signs a message that is pushed in and pushes the result on: its own fields stay where they are and as they are; the content and the
/// fields that describe it are what is signed, and not an octet of them changes (RFC 8551 3.5.3).
class MessageSigner : public Sink, private MimeHandler {
  public:
    /// Borrows `identity` and `next`.
    MessageSigner(const Identity& identity, Time at, Sink& next) : identity_(identity), at_(at), next_(next), parser_(*this) {}
    Outcome write(Bytes piece) override { return parser_.write(piece); }
    /// Failure (kind refused) before anything came out when the message is not from the signer.
    Outcome finish() override { return parser_.finish(); }
    /// Behind finish(): whether the content has octets beyond ASCII, which servers on the way may encode anew.
    [[nodiscard]] bool has_8bit() const { return has_8bit_; }

  private:
    Result<BodyView, Failure> on_header(std::size_t depth, HeaderBlock header, const ContentType& type) override;
    Result<PartView, Failure> on_part(std::size_t, std::size_t, std::uint64_t) override { return PartView::parsed; }
    Outcome on_content(Bytes piece) override;
    Outcome on_end(std::size_t, EntityEnd) override { return signer_->finish(); }

    const Identity& identity_;
    Time at_;
    Sink& next_;
    MimeParser parser_;
    std::unique_ptr<EntitySigner> signer_;
    bool has_8bit_ = false;
};

/// Whether any octet is beyond ASCII.
bool has_8bit(Bytes piece);

}  // namespace truename::mail
