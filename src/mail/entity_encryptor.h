#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crypto/cipher.h"
#include "mail/base64.h"
#include "mail/content_cipher.h"
#include "mail/sink.h"

namespace truename::mail {

/// Makes an application/pkcs7-mime of an entity (RFC 8551 3.3, 3.4): EnvelopedData, or AuthEnvelopedData for GCM, in BER while it comes.
/// First of all the content fields of the whole come out, so the fields of a message can be written before.
class EntityEncryptor : public Sink {
  public:
    /// An encryptor to the keys of these certificates, with a fresh content key. Failure (kind refused) when one cannot receive. `line_end`
    /// is CRLF or LF and lives for ever; `next` is borrowed.
    static Result<std::unique_ptr<EntityEncryptor>, Failure> make(const std::vector<ByteString>& recipients, crypto::CipherKind kind,
                                                                  std::string_view line_end, Sink& next);
    Outcome write(Bytes piece) override;
    /// Ends the structure and finishes the sink behind it.
    Outcome finish() override;

  private:
    EntityEncryptor(ContentCipher algorithm, crypto::Cipher cipher, std::string_view line_end, Sink& next)
        : algorithm_(std::move(algorithm)), cipher_(std::move(cipher)), line_end_(line_end), next_(next), base64_(next, line_end) {}
    Outcome begin();
    Outcome flush();
    [[nodiscard]] bool is_authenticated() const { return crypto::is_authenticated(algorithm_.kind); }

    ContentCipher algorithm_;
    crypto::Cipher cipher_;
    std::string_view line_end_;
    Sink& next_;
    Base64Encoder base64_;
    ByteString recipient_infos_;  // a SET
    bool has_agreement_ = false;
    bool has_begun_ = false;
    ByteString string_;  // room for the header of a string, and what is in it
    std::size_t used_ = 0;
};

}  // namespace truename::mail
