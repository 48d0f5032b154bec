#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mail/cms_reader.h"
#include "mail/content_cipher.h"
#include "mail/recipient.h"

namespace truename::mail {

/// The failure of a message that does not open: one text for every reason (see open_content_key()).
Unexpected<Failure> cannot_open();

/// Takes what a CmsReader tells of an EnvelopedData or AuthEnvelopedData (RFC 5652 6.1, RFC 5083 2.1), opens the content and gives it to a
/// sink, which must let nothing out before on_end() was a success: only then the tag or the padding was right.
class EnvelopedDataHandler : public CmsHandler {
  public:
    /// Opens with the key of `reader` and gives the content to `plain`; both are borrowed. Without them it is only looked at.
    EnvelopedDataHandler(const Identity* reader, Sink* plain) : reader_(reader), plain_(plain) {}
    Outcome on_content_type(der::Oid type) override;
    Outcome on_member(Bytes tlv) override;
    Outcome on_content_info(Bytes tlv) override;
    Outcome on_content_begin() override;
    Outcome on_content(Bytes piece) override;
    Outcome on_end() override;

    /// AuthEnvelopedData, which has a tag.
    [[nodiscard]] bool is_authenticated() const { return is_authenticated_; }
    /// Nothing when it is not known; cipher_name() says what it is.
    [[nodiscard]] const std::optional<ContentCipher>& cipher() const { return algorithm_; }
    /// `AES-256-CBC`, or the name of what this program does not know; safe to print.
    [[nodiscard]] const std::string& cipher_name() const { return cipher_name_; }
    [[nodiscard]] const std::vector<Recipient>& recipients() const { return recipients_; }

  private:
    [[nodiscard]] const Recipient* find_own() const;

    const Identity* reader_;
    Sink* plain_;
    bool is_authenticated_ = false;
    bool is_key_right_ = false;
    bool has_content_ = false;
    std::vector<Recipient> recipients_;
    std::optional<ContentCipher> algorithm_;
    std::string cipher_name_;
    std::optional<crypto::Cipher> cipher_;
    ByteString mac_;
    ByteString opened_;
};

}  // namespace truename::mail
