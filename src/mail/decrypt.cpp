#include "mail/decrypt.h"

#include "base/text.h"

namespace truename::mail {

MessageDecryptor::MessageDecryptor(const Identity& reader, VerifyOptions options)
    : options_(std::move(options)),
      plain_(options_.spool_folder, Spool::Holds::secrets),
      cms_(&reader, &plain_),
      cms_reader_(cms_),
      parser_(*this) {}

Result<BodyView, Failure> MessageDecryptor::on_header(std::size_t, HeaderBlock header, const ContentType& type) {
    header_ = std::move(header);
    const SmimeKind kind = smime_kind(type);
    if (kind == SmimeKind::clear_signed) return refuse("decrypting", "it is signed and not encrypted", "truename mail verify checks it");
    if (kind == SmimeKind::none)
        return refuse("decrypting", "it is not encrypted",
                      "An encrypted part deeper inside of a message is not opened: others could read along");
    const std::string said = ascii_lower(type.find("smime-type").value_or("enveloped-data"));
    if (said == "signed-data") return refuse("decrypting", "it is signed and not encrypted", "truename mail verify checks it");
    if (said != "enveloped-data" && said != "authenveloped-data")
        return bad_message("it is of a kind that is not encrypted: smime-type=" + printable(said.substr(0, 40)));
    auto decoder = TransferDecoder::make(header_, cms_reader_);
    if (!decoder) return forward_error(decoder);
    decoder_.emplace(std::move(*decoder));
    return BodyView::content;
}

Outcome MessageDecryptor::finish() {
    if (Outcome finished = parser_.finish(); !finished) return finished;
    verdict_.cipher = cms_.cipher_name();
    verdict_.is_protected = cms_.is_authenticated();
    return check_inside();
}

namespace {

/// Whether an entity may be signed, by what it says. What it is otherwise, encrypted once more or certificates alone, is written as it is;
/// one that does not say is looked into (SignatureReader::is_other_cms()).
bool may_be_signed(const HeaderBlock& header) {
    const auto type = content_type_of(header);
    if (!type || smime_kind(*type) != SmimeKind::cms) return type.has_value();
    const std::string said = ascii_lower(type->find("smime-type").value_or("signed-data"));
    return said == "signed-data";
}

}  // namespace

Outcome MessageDecryptor::check_inside() {
    const auto front = plain_.front(kMaxHeader);
    if (!front) return forward_error(front);
    const auto body = find_body(as_text(*front));
    // What does not begin as an entity is a text, as simple programs encrypt it.
    const auto header = HeaderBlock::parse(Bytes(*front).first(body.value_or(0)));
    if (!body || !header) return {};
    if (!may_be_signed(*header)) return {};
    inside_ = std::make_unique<SignatureReader>(options_.spool_folder, Spool::Holds::secrets);
    MimeParser parser(*inside_);
    Outcome read = plain_.replay(parser);
    if (inside_->is_other_cms()) {
        inside_.reset();
        return {};
    }
    // What cannot be read inside of a chained cipher was changed, and how it looks then is nobody's business.
    if (!read && read.error().kind != FailureKind::local && !verdict_.is_protected) return cannot_open();
    if (!read) return read;
    if (!inside_->is_signed()) return {};
    auto judged = judge_signatures(*inside_, header_, options_);
    if (!judged) return forward_error(judged);
    verdict_.is_protected = verdict_.is_protected || judged->belief >= Belief::intact;
    verdict_.signature = std::move(*judged);
    return {};
}

Outcome MessageDecryptor::write_content(Sink& sink) {
    EntityWriter writer(header_, header_.line_end() == "\n" ? EntityWriter::Lines::lf : EntityWriter::Lines::as_they_are, sink);
    return verdict_.signature ? inside_->content().replay(writer) : plain_.replay(writer);
}

}  // namespace truename::mail
