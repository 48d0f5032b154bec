#include "mail/signature_reader.h"

#include <algorithm>

#include "base/text.h"

namespace truename::mail {

Outcome SignatureReader::begin_cms(const HeaderBlock& header) {
    cms_ = std::make_unique<SignedDataHandler>([this](const SignedData& data) -> Sink& {
        content_ = std::make_unique<SignedContent>(folder_, holds_, data.digests, false);
        return *content_;
    });
    cms_reader_ = std::make_unique<CmsReader>(*cms_);
    auto decoder = TransferDecoder::make(header, *cms_reader_);
    if (!decoder) return forward_error(decoder);
    decoder_.emplace(std::move(*decoder));
    return {};
}

Result<BodyView, Failure> SignatureReader::on_header(std::size_t depth, HeaderBlock header, const ContentType& type) {
    if (depth > 0) {
        if (!is_signature_type(type)) return bad_message("where its signature should be is something else: " + printable(type.name()));
        if (Outcome begun = begin_cms(header); !begun) return forward_error(begun);
        return BodyView::content;
    }
    kind_ = smime_kind(type);
    header_ = std::move(header);
    if (kind_ == SmimeKind::clear_signed) {
        const auto digests = read_micalg(type.find("micalg").value_or(""));
        content_ = std::make_unique<SignedContent>(folder_, holds_, digests, true);
        return BodyView::parts;
    }
    if (kind_ == SmimeKind::none) return BodyView::content;
    const std::string said = ascii_lower(type.find("smime-type").value_or("signed-data"));
    if (said == "enveloped-data" || said == "authenveloped-data")
        return refuse("verifying", "it is encrypted", "truename mail decrypt opens it");
    if (said != "signed-data") return bad_message("it is of a kind without a signature: smime-type=" + printable(said.substr(0, 40)));
    if (Outcome begun = begin_cms(header_); !begun) return forward_error(begun);
    return BodyView::content;
}

Result<PartView, Failure> SignatureReader::on_part(std::size_t, std::size_t index, std::uint64_t offset) {
    parts_ = index + 1;
    part_ = index;
    if (index > 1) return bad_message("it has more parts than a signed message has, and nothing says what the signature covers");
    if (index == 0 && source_ != nullptr) content_->stands_in(*source_, offset);
    return index == 0 ? PartView::raw : PartView::parsed;
}

Outcome SignatureReader::on_content(Bytes piece) {
    if (kind_ == SmimeKind::none) return {};
    return kind_ == SmimeKind::clear_signed && part_ == 0 ? content_->write(piece) : decoder_->write(piece);
}

Outcome SignatureReader::on_end(std::size_t depth, EntityEnd end) {
    if (kind_ == SmimeKind::none) return {};
    if (end == EntityEnd::cut_off) return bad_message("it is cut off: the line that ends its parts is missing", "Have it sent again");
    const bool ends_cms = kind_ == SmimeKind::clear_signed ? depth == 1 && part_ == 1 : depth == 0;
    if (ends_cms) {
        if (!decoder_) return bad_message("its signature is missing");
        if (Outcome finished = decoder_->finish(); !finished) return finished;
        if (kind_ == SmimeKind::clear_signed && data().has_content)
            return bad_message("its signature holds a content of its own, and nothing says which of the two is meant");
        if (kind_ == SmimeKind::cms && !data().has_content)
            return bad_message("it holds no content, only certificates or a signature of something else");
        if (data().content_type != to_owned(der::oid::data.content())) return bad_message("what is signed in it is no mail");
    }
    if (depth == 0 && kind_ == SmimeKind::clear_signed && parts_ != 2) return bad_message("its signature is missing");
    return {};
}

}  // namespace truename::mail
