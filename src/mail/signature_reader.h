#pragma once

#include <memory>
#include <optional>
#include <string>

#include "mail/mime_parser.h"
#include "mail/signature.h"
#include "mail/smime.h"

namespace truename::mail {

/// Reads an entity whose outermost part may be signed, multipart/signed or opaque (RFC 8551 3.5), through a MimeParser. What is signed
/// deeper inside is not looked at: nobody could tell which part of what he sees that would cover.
///
///     SignatureReader reader(folder, Spool::Holds::secrets);
///     MimeParser parser(reader);
///     ... parser.write(piece) ... parser.finish();
///     if (reader.is_signed()) check_signers(reader.data(), reader.content());
class SignatureReader : public MimeHandler {
  public:
    /// `folder` and `holds` are for the Spool of what is signed. With `source`, from which the entity comes, none is needed where what is
    /// signed stands there as it is; borrowed.
    SignatureReader(std::string folder, Spool::Holds holds, Source* source = nullptr)
        : folder_(std::move(folder)), holds_(holds), source_(source) {}

    Result<BodyView, Failure> on_header(std::size_t depth, HeaderBlock header, const ContentType& type) override;
    Result<PartView, Failure> on_part(std::size_t depth, std::size_t index, std::uint64_t offset) override;
    Outcome on_content(Bytes piece) override;
    Outcome on_end(std::size_t depth, EntityEnd end) override;

    // Once the parser has finished:

    /// Whether there is a SignedData with a content. Otherwise the content of the entity went nowhere.
    [[nodiscard]] bool is_signed() const { return content_ != nullptr; }
    /// Whether the entity is a CMS structure of another kind, as its own type says. Then it was not read to its end.
    [[nodiscard]] bool is_other_cms() const { return kind_ == SmimeKind::cms && cms_ != nullptr && cms_->is_other_kind(); }
    /// Whether it is a multipart/signed, which everybody can read.
    [[nodiscard]] bool is_clear() const { return kind_ == SmimeKind::clear_signed; }
    [[nodiscard]] const HeaderBlock& header() const { return header_; }
    [[nodiscard]] const SignedData& data() const { return cms_->data(); }
    /// What is signed: an entity with its own header.
    [[nodiscard]] SignedContent& content() { return *content_; }

  private:
    Outcome begin_cms(const HeaderBlock& header);

    std::string folder_;
    Spool::Holds holds_;
    Source* source_;
    HeaderBlock header_;
    SmimeKind kind_ = SmimeKind::none;
    std::size_t part_ = 0;
    std::size_t parts_ = 0;
    std::unique_ptr<SignedContent> content_;
    std::unique_ptr<SignedDataHandler> cms_;
    std::unique_ptr<CmsReader> cms_reader_;
    std::optional<TransferDecoder> decoder_;
};

}  // namespace truename::mail
