#include "mail/enveloped_data.h"

#include <algorithm>

#include "base/text.h"
#include "der/reader.h"
#include "x509/algorithm.h"

namespace truename::mail {

namespace {

using der::Tag;

Unexpected<Failure> broken(std::string_view what, const Error& error) {
    return bad_message("the " + std::string(what) + " of its encryption cannot be read: it " + describe(error.kind));
}

}  // namespace

Unexpected<Failure> cannot_open() {
    return refuse("decrypting", "it does not open: it was changed on the way, or what was encrypted is not what it says",
                  "Have it sent again");
}

Outcome EnvelopedDataHandler::on_content_type(der::Oid type) {
    is_authenticated_ = type == der::oid::ct_auth_enveloped_data;
    if (is_authenticated_ || type == der::oid::enveloped_data) return {};
    if (type == der::oid::pkcs7_signed_data)
        return refuse("decrypting", "it is signed and not encrypted", "truename mail verify checks it");
    return bad_message("it is no encrypted message: its CMS structure holds " + der::describe(type));
}

Outcome EnvelopedDataHandler::on_member(Bytes tlv) {
    const auto tag = static_cast<Tag>(tlv.front());
    if (tag == Tag::set && recipients_.empty()) {
        auto recipients = read_recipients(tlv);
        if (!recipients) return broken("recipients", recipients.error());
        recipients_ = std::move(*recipients);
    } else if (is_authenticated_ && has_content_ && tag == Tag::octet_string) {
        der::Reader reader(tlv);
        const auto mac = reader.read();
        if (!mac) return broken("tag", mac.error());
        if (!mac_.empty()) return bad_message("it has two tags, and nothing says which one counts");
        mac_ = to_owned(mac->value);
    } else if (is_authenticated_ && tag == der::context_constructed(1)) {
        // The tag covers them before the content, but they come behind it: that cannot be checked by stream, and mail has none (RFC
        // 5083 2.1).
        return refuse("decrypting", "its tag covers attributes besides the content, which this program does not read");
    }
    return {};
}

Outcome EnvelopedDataHandler::on_content_info(Bytes tlv) {
    if (tlv.front() != static_cast<std::uint8_t>(Tag::sequence)) return {};
    der::Reader reader(tlv);
    const auto algorithm = x509::read_algorithm_identifier(reader);
    if (!algorithm) return broken("cipher", algorithm.error());
    cipher_name_ = der::describe(algorithm->algorithm);
    const auto cipher = read_content_cipher(*algorithm);
    if (!cipher && cipher.error().kind != ErrorKind::unsupported) return broken("cipher", cipher.error());
    if (!cipher) return {};
    algorithm_ = *cipher;
    cipher_name_ = crypto::name_of(cipher->kind);
    return {};
}

const Recipient* EnvelopedDataHandler::find_own() const {
    const auto is_own = [&](const Recipient& recipient) {
        const auto matches = [&](const ByteString& der) {
            const auto certificate = x509::parse_certificate(der);
            return certificate && recipient.rid.matches(*certificate);
        };
        return matches(reader_->certificate) || std::ranges::any_of(reader_->earlier, matches);
    };
    // One that can be opened before one of an unknown kind. Never two of the first in turn: who watches would learn from the difference.
    const auto can_open = [&](const Recipient& recipient) { return (recipient.transport || recipient.agreement) && is_own(recipient); };
    auto found = std::ranges::find_if(recipients_, can_open);
    if (found == recipients_.end()) found = std::ranges::find_if(recipients_, is_own);
    return found == recipients_.end() ? nullptr : &*found;
}

Outcome EnvelopedDataHandler::on_content_begin() {
    has_content_ = true;
    if (plain_ == nullptr) return {};
    const Recipient* own = find_own();
    if (own == nullptr) {
        std::string to = recipients_.empty() ? "nobody" : recipients_.front().rid.describe();
        if (recipients_.size() > 1) to += " and " + counted(recipients_.size() - 1, "other");
        return refuse("decrypting", "it is not encrypted to this key, but to " + to,
                      "If you had another key when it was sent, give that one and its certificate");
    }
    if (!algorithm_) return refuse("decrypting", "it is encrypted with " + cipher_name_ + ", which this program does not know");
    if (crypto::is_authenticated(algorithm_->kind) != is_authenticated_)
        return bad_message("its cipher, " + cipher_name_ + ", does not belong into this kind of structure");
    auto opened = open_content_key(*own, reader_->key, crypto::key_size(algorithm_->kind));
    if (!opened)
        return refuse("decrypting", "its key is encrypted by " + own->scheme_name + ", which this program or this key cannot open");
    is_key_right_ = opened->is_right;
    auto cipher = crypto::Cipher::decryptor(algorithm_->kind, opened->key.view(), algorithm_->iv);
    if (!cipher) return refuse("decrypting", "this machine's OpenSSL lacks " + cipher_name_);
    cipher_.emplace(std::move(*cipher));
    return {};
}

Outcome EnvelopedDataHandler::on_content(Bytes piece) {
    constexpr std::size_t kStep = std::size_t{64} << 10;
    if (plain_ == nullptr) return {};
    while (!piece.empty()) {
        const Bytes step = piece.first(std::min(piece.size(), kStep));
        piece = piece.subspan(step.size());
        opened_.resize(kStep + crypto::Cipher::kMaxGrowth);
        const std::size_t size = cipher_->update(step, opened_.data());
        if (size == 0) continue;
        if (Outcome written = plain_->write(Bytes(opened_).first(size)); !written) return written;
    }
    return {};
}

Outcome EnvelopedDataHandler::on_end() {
    if (!has_content_) return bad_message("it holds no content");
    if (plain_ == nullptr) return {};
    if (is_authenticated_ && (mac_.size() != algorithm_->tag_size || !cipher_->expect_tag(mac_))) return cannot_open();
    opened_.resize(crypto::Cipher::kMaxGrowth);
    const auto last = cipher_->finish(opened_.data());
    if (!last || !is_key_right_) return cannot_open();
    if (*last > 0) {
        if (Outcome written = plain_->write(Bytes(opened_).first(*last)); !written) return written;
    }
    return plain_->finish();
}

}  // namespace truename::mail
