#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/digest.h"
#include "mail/base64.h"
#include "mail/header.h"

namespace truename::mail {

/// What S/MIME makes of an entity (RFC 8551 3.10).
enum class SmimeKind : std::uint8_t {
    none,
    clear_signed,  ///< multipart/signed: the content can be read by everybody
    cms,           ///< application/pkcs7-mime: a CMS structure, whose own type counts
};

/// By its Content-Type alone.
SmimeKind smime_kind(const ContentType& type);

/// Whether it is the type of a detached signature (RFC 8551 3.5.3.2).
bool is_signature_type(const ContentType& type);

/// The digests of a micalg parameter (RFC 8551 3.5.3.2) in any of its spellings; those that are not known are left out.
std::vector<crypto::DigestKind> read_micalg(std::string_view text);

/// `sha-256`
std::string_view micalg_of(crypto::DigestKind digest);

/// The fields of a message that stay with it when its content is signed or encrypted, and MIME-Version where it has none.
std::string fields_of_message(const HeaderBlock& header);

/// The fields that go with the content, and the empty line behind them; every line ends in `line_end`.
std::string header_of_content(const HeaderBlock& header, std::string_view line_end);

/// Whether the content is no lines (RFC 2045 6.2): whoever changed line ends in it would destroy it. A multipart says so of its parts
/// (6.4).
bool is_binary(const HeaderBlock& header);

/// The most octets at the front of an entity that are looked at for its own header.
inline constexpr std::size_t kEntityFront = kMaxHeader + 1;

/// The header that an entity begins with, by its first kEntityFront octets or all of it when it is shorter; without fields when what stands
/// there is none, so that all of it is a body. Whoever checks a message and whoever writes it ask here: they must see the same fields.
HeaderBlock own_header(Bytes front);

/// Undoes the Content-Transfer-Encoding of a CMS structure (RFC 2045 6): base64, or none.
class TransferDecoder {
  public:
    /// Failure for another encoding. Borrows `next`.
    static Result<TransferDecoder, Failure> make(const HeaderBlock& header, Sink& next);
    Outcome write(Bytes piece) { return base64_ ? base64_->write(piece) : next_->write(piece); }
    Outcome finish() { return base64_ ? base64_->finish() : next_->finish(); }

  private:
    std::unique_ptr<Base64Decoder> base64_;
    Sink* next_ = nullptr;
};

/// Writes an entity that was signed or encrypted below the fields of the message that carried it. Of its own header the fields that
/// describe the content come out, and of the others those that people read, only where the message has none of that name: two of them would
/// be read differently by different programs, and what mail servers write of a message (Authentication-Results, Bcc, Delivered-To) nobody
/// has looked at on the way in. MIME-Version goes where the content has no field of its kind: it was put there with the signature or
/// cipher. What has no header is written as a body.
class EntityWriter : public Sink {
  public:
    enum class Lines : std::uint8_t { as_they_are, lf };
    /// `message` gives the fields that are no content fields. With Lines::lf every CRLF of the entity becomes LF, but for a binary body:
    /// for messages that came so. Borrows `next`.
    EntityWriter(const HeaderBlock& message, Lines lines, Sink& next);
    Outcome write(Bytes piece) override;
    Outcome finish() override;

  private:
    Outcome end_header();
    Outcome write_body(Bytes piece);

    const HeaderBlock& message_;
    Lines lines_;
    Sink& next_;
    bool in_header_ = true;
    ByteString header_;
    bool after_cr_ = false;
    ByteString changed_;
};

}  // namespace truename::mail
