#include "mail/structure.h"

#include <algorithm>

#include "base/text.h"
#include "mail/enveloped_data.h"
#include "mail/signed_data.h"
#include "mail/signer_trust.h"

namespace truename::mail {

/// Looks at a CMS structure of any kind, and keeps what it says besides its content.
class CmsLook : public CmsHandler {
  public:
    CmsLook();
    Outcome on_content_type(der::Oid type) override;
    Outcome on_member(Bytes tlv) override { return inner_ != nullptr ? inner_->on_member(tlv) : Outcome(); }
    Outcome on_content_info(Bytes tlv) override { return inner_ != nullptr ? inner_->on_content_info(tlv) : Outcome(); }
    Outcome on_content_begin() override { return inner_ != nullptr ? inner_->on_content_begin() : Outcome(); }
    Outcome on_content(Bytes piece) override { return inner_ != nullptr ? inner_->on_content(piece) : Outcome(); }
    Outcome on_end() override { return inner_ != nullptr ? inner_->on_end() : Outcome(); }

    /// `signedData`, in the words of the standard; safe to print.
    [[nodiscard]] const std::string& type() const { return type_; }
    [[nodiscard]] const SignedData* signed_data() const { return inner_ == &signed_ ? &signed_.data() : nullptr; }
    [[nodiscard]] const EnvelopedDataHandler* enveloped() const { return inner_ == &enveloped_ ? &enveloped_ : nullptr; }

  private:
    class Nowhere : public Sink {
        Outcome write(Bytes) override { return {}; }
        Outcome finish() override { return {}; }
    };
    std::string type_;
    Nowhere nowhere_;
    SignedDataHandler signed_;
    EnvelopedDataHandler enveloped_{nullptr, nullptr};
    CmsHandler* inner_ = nullptr;
};

CmsLook::CmsLook() : signed_([this](const SignedData&) -> Sink& { return nowhere_; }) {}

Outcome CmsLook::on_content_type(der::Oid type) {
    type_ = der::describe(type);
    if (type == der::oid::pkcs7_signed_data) inner_ = &signed_;
    if (type == der::oid::enveloped_data || type == der::oid::ct_auth_enveloped_data) inner_ = &enveloped_;
    return inner_ != nullptr ? inner_->on_content_type(type) : Outcome();
}

namespace {

constexpr std::size_t kMostShown = 20;  // of a list of people

/// `ann@example.com, number 0a:1b of CN=...`: the certificate is in the message as a rule.
std::string describe_signer(const SignerInfo& signer, const SignedData& data) {
    std::string text = signer.sid.describe();
    for (const ByteString& der : data.certificates) {
        const auto certificate = x509::parse_certificate(der);
        if (!certificate || !signer.sid.matches(*certificate)) continue;
        text = describe_owner(*certificate) + ", " + text;
        break;
    }
    text += "; " + (signer.digest ? std::string(crypto::name_of(*signer.digest)) : std::string("an unknown digest")) + ", " +
            signer.scheme_name;
    if (signer.signing_time) text += "; says it was on " + format_time(*signer.signing_time);
    return text;
}

std::string describe_cms(const CmsLook& cms) {
    std::string text;
    const auto line = [&](const std::string& words) { text += words + "\n"; };
    if (const SignedData* data = cms.signed_data()) {
        line("signed by " + counted(data->signers.size(), "signer") + ", with " + counted(data->certificates.size(), "certificate") +
             (data->has_content ? ", the content inside" : ""));
        for (std::size_t i = 0; i < std::min(data->signers.size(), kMostShown); ++i) line("  " + describe_signer(data->signers[i], *data));
        if (data->signers.size() > kMostShown) line("  and " + std::to_string(data->signers.size() - kMostShown) + " more");
        if (!data->signers.empty()) line("  not checked: truename mail verify does that");
    } else if (const EnvelopedDataHandler* data_of = cms.enveloped()) {
        line("encrypted with " + data_of->cipher_name() +
             (data_of->is_authenticated() ? ", which notices a change" : ", which does not notice a change by itself"));
        const auto& recipients = data_of->recipients();
        for (std::size_t i = 0; i < std::min(recipients.size(), kMostShown); ++i)
            line("  to " + recipients[i].rid.describe() + "; " + recipients[i].scheme_name);
        if (recipients.size() > kMostShown) line("  and to " + std::to_string(recipients.size() - kMostShown) + " more");
    } else if (!cms.type().empty()) {
        line("a CMS structure of a kind that this program does not read: " + cms.type());
    }
    return text;
}

MessageTrait trait_of(const std::optional<ContentCipher>& cipher) {
    if (!cipher) return MessageTrait::other_cipher;
    switch (cipher->kind) {
        case crypto::CipherKind::des_ede3_cbc:
            return MessageTrait::triple_des_cbc;
        case crypto::CipherKind::aes128_cbc:
            return MessageTrait::aes_128_cbc;
        case crypto::CipherKind::aes192_cbc:
            return MessageTrait::aes_192_cbc;
        case crypto::CipherKind::aes256_cbc:
            return MessageTrait::aes_256_cbc;
        case crypto::CipherKind::aes128_gcm:
            return MessageTrait::aes_128_gcm;
        case crypto::CipherKind::aes192_gcm:
            return MessageTrait::aes_192_gcm;
        case crypto::CipherKind::aes256_gcm:
            return MessageTrait::aes_256_gcm;
        case crypto::CipherKind::aes128_ctr:
            break;  // no cipher of messages
    }
    return MessageTrait::other_cipher;
}

MessageTrait trait_of(const Recipient& recipient) {
    if (recipient.agreement) return MessageTrait::ecdh;
    if (!recipient.transport) return MessageTrait::other_key;
    return recipient.transport->padding == crypto::KeyTransport::Padding::oaep ? MessageTrait::rsa_oaep : MessageTrait::rsa_pkcs1;
}

MessageTrait trait_of(const std::optional<crypto::SignatureScheme>& scheme) {
    if (!scheme) return MessageTrait::other_signature;
    switch (scheme->kind) {
        case crypto::SignatureKind::rsa_pkcs1:
            return MessageTrait::signed_rsa;
        case crypto::SignatureKind::rsa_pss:
            return scheme->salt_size > crypto::digest_size(scheme->digest) ? MessageTrait::signed_rsa_pss_long_salt
                                                                           : MessageTrait::signed_rsa_pss;
        case crypto::SignatureKind::ecdsa:
            return MessageTrait::signed_ecdsa;
        case crypto::SignatureKind::ed25519:
            return MessageTrait::signed_ed25519;
        case crypto::SignatureKind::ed448:
        case crypto::SignatureKind::dsa:
            break;
    }
    return MessageTrait::other_signature;
}

template <class T>
void add_once(std::vector<T>& list, T item) {
    if (std::ranges::find(list, item) == list.end()) list.push_back(std::move(item));
}

void find_needs(const SignedData& data, ShownPart& part) {
    if (data.signers.empty()) part.needs.push_back(MessageTrait::no_signers);
    for (const SignerInfo& signer : data.signers) {
        add_once(part.needs, trait_of(signer.scheme));
        if (signer.digest == crypto::DigestKind::sha1) add_once(part.needs, MessageTrait::sha_1);
        if (!signer.sid.key_identifier.empty()) add_once(part.needs, MessageTrait::signer_key_id);
    }
}

void find_needs(const EnvelopedDataHandler& data, ShownPart& part) {
    part.is_encrypted = true;
    const MessageTrait cipher = trait_of(data.cipher());
    const bool has_tag = cipher == MessageTrait::aes_128_gcm || cipher == MessageTrait::aes_192_gcm || cipher == MessageTrait::aes_256_gcm;
    part.needs.push_back(has_tag && !data.is_authenticated() ? MessageTrait::gcm_in_enveloped_data : cipher);
    for (const Recipient& recipient : data.recipients()) {
        std::vector<MessageTrait> needs{trait_of(recipient)};
        if (!recipient.rid.key_identifier.empty()) needs.push_back(MessageTrait::recipient_key_id);
        add_once(part.recipient_needs, std::move(needs));
    }
}

void find_needs(const CmsLook& cms, ShownPart& part) {
    if (const SignedData* data = cms.signed_data())
        find_needs(*data, part);
    else if (const EnvelopedDataHandler* data_of = cms.enveloped())
        find_needs(*data_of, part);
    else if (!cms.type().empty())
        part.needs.push_back(MessageTrait::other_content);
}

/// Whether a body stands there as it is (RFC 2045 6.2). Other programs encode a whole message that they forward, which that forbids.
bool is_identity_encoding(const HeaderBlock& header) {
    const std::string encoding = ascii_lower(header.find("Content-Transfer-Encoding").value_or("7bit"));
    return encoding == "7bit" || encoding == "8bit" || encoding == "binary";
}

}  // namespace

StructureReader::StructureReader() : parser_(*this) {}

StructureReader::~StructureReader() = default;

Result<BodyView, Failure> StructureReader::on_header(std::size_t depth, HeaderBlock header, const ContentType& type) {
    open_.resize(depth);
    open_.push_back(parts_.size());
    ShownPart& part = parts_.emplace_back();
    part.depth = depth;
    part.type = printable(type.name().substr(0, 80));
    part.is_detached_signature = depth == 1 && is_signature_type(type);
    if (is_signature_type(type) || smime_kind(type) == SmimeKind::cms) {
        look_ = std::make_unique<CmsLook>();
        reader_ = std::make_unique<CmsReader>(*look_);
        auto decoder = TransferDecoder::make(header, *reader_);
        if (decoder) {
            decoder_.emplace(std::move(*decoder));
        } else {
            part.cms_failure = decoder.error().reason;
        }
    }
    if (type.type == "multipart" && type.find("boundary")) {
        if (depth == 0) header_ = std::move(header);
        return BodyView::parts;
    }
    const bool is_open = type.is("message/rfc822") && is_identity_encoding(header);
    if (depth == 0) header_ = std::move(header);
    return is_open ? BodyView::message : BodyView::content;
}

Outcome StructureReader::on_bad_header(std::size_t depth, Failure failure) {
    if (depth == 0) return Unexpected{std::move(failure)};
    open_.resize(depth);
    open_.push_back(parts_.size());
    ShownPart& part = parts_.emplace_back();
    part.depth = depth;
    part.type = "a part";
    part.header_failure = std::move(failure.reason);
    return {};
}

void StructureReader::keep(ShownPart& part, const Outcome& outcome) {
    if (outcome) return;
    part.cms_failure = outcome.error().reason;
    decoder_.reset();
}

Outcome StructureReader::on_content(Bytes piece) {
    ShownPart& part = parts_[open_.back()];
    part.octets += piece.size();
    if (decoder_) keep(part, decoder_->write(piece));
    return {};
}

std::string StructureReader::within_limit(std::string about) {
    constexpr std::size_t kMost = std::size_t{1} << 20;
    if (about_size_ + about.size() > kMost) about = about.substr(0, about.find('\n') + 1) + "  more is left out\n";
    about_size_ += about.size();
    return about;
}

Outcome StructureReader::on_end(std::size_t depth, EntityEnd end) {
    if (depth >= open_.size()) return {};  // it ended before its header
    ShownPart& part = parts_[open_[depth]];
    part.is_cut_off = end == EntityEnd::cut_off;
    if (decoder_) keep(part, decoder_->finish());
    decoder_.reset();
    if (look_) part.about = within_limit(describe_cms(*look_));
    if (look_) find_needs(*look_, part);
    look_.reset();
    open_.resize(depth);
    return {};
}

}  // namespace truename::mail
