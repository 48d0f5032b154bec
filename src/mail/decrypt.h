#pragma once

#include <memory>
#include <optional>
#include <string>

#include "mail/enveloped_data.h"
#include "mail/verify.h"

namespace truename::mail {

/// What was found in an encrypted message.
struct DecryptVerdict {
    bool is_protected = false;                  ///< a changed ciphertext would have been noticed, by a tag or by a signature inside
    std::string cipher;                         ///< `AES-256-CBC`
    std::optional<SignatureVerdict> signature;  ///< nothing when what was encrypted is not signed
};

/// Opens a message that is pushed in. Nothing of it can be had before its end was seen and all that protects it was checked; only its
/// outermost part is decrypted, so that nothing can be put around a part to lead it out (EFAIL).
class MessageDecryptor : public Sink, private MimeHandler {
  public:
    /// Borrows `reader`, and what `options` borrow.
    MessageDecryptor(const Identity& reader, VerifyOptions options);
    Outcome write(Bytes piece) override { return parser_.write(piece); }
    /// Failure for what is not encrypted, is for somebody else, or does not open.
    Outcome finish() override;
    /// Behind finish().
    [[nodiscard]] const DecryptVerdict& verdict() const { return verdict_; }
    /// The message as it was before: its fields and what was encrypted, without a signature. Only for who has looked at the verdict.
    Outcome write_content(Sink& sink);

  private:
    Result<BodyView, Failure> on_header(std::size_t depth, HeaderBlock header, const ContentType& type) override;
    Result<PartView, Failure> on_part(std::size_t, std::size_t, std::uint64_t) override { return PartView::parsed; }
    Outcome on_content(Bytes piece) override { return decoder_->write(piece); }
    Outcome on_end(std::size_t, EntityEnd) override { return decoder_->finish(); }
    Outcome check_inside();

    VerifyOptions options_;
    Spool plain_;
    EnvelopedDataHandler cms_;
    CmsReader cms_reader_;
    MimeParser parser_;
    std::optional<TransferDecoder> decoder_;
    HeaderBlock header_;
    std::unique_ptr<SignatureReader> inside_;
    DecryptVerdict verdict_;
};

}  // namespace truename::mail
