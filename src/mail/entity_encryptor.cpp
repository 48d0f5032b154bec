#include "mail/entity_encryptor.h"

#include <algorithm>

#include "crypto/random.h"
#include "crypto/secret.h"
#include "der/writer.h"
#include "mail/recipient.h"

namespace truename::mail {

namespace {

/// How long the strings are of which the content is made, but for the last; a multiple of a block and of three, so that most lines of
/// base64 are made in one go.
constexpr std::size_t kString = std::size_t{48} * 1000;
/// Identifier and length of a string of 256 to 65,535 octets (X.690 8.1.3.5).
constexpr std::size_t kStringHeader = 4;

constexpr std::uint8_t kIndefinite = 0x80;
constexpr std::uint8_t kEnd[] = {0, 0};

}  // namespace

Result<std::unique_ptr<EntityEncryptor>, Failure> EntityEncryptor::make(const std::vector<ByteString>& recipients, crypto::CipherKind kind,
                                                                        std::string_view line_end, Sink& next) {
    const crypto::SecretBytes key{crypto::random_bytes(crypto::key_size(kind))};
    ContentCipher algorithm{kind, crypto::random_bytes(crypto::iv_size(kind)), crypto::kTagSize};
    auto cipher = crypto::Cipher::encryptor(kind, key.view(), algorithm.iv);
    if (!cipher) return Unexpected{Failure{FailureKind::local, "encrypting", "the message", "this machine's OpenSSL lacks the cipher", ""}};
    std::unique_ptr<EntityEncryptor> made(new EntityEncryptor(std::move(algorithm), std::move(*cipher), line_end, next));
    der::Writer set;
    ByteString infos;
    for (const ByteString& der : recipients) {
        const auto certificate = x509::parse_certificate(der);
        if (!certificate) return Unexpected{Failure{FailureKind::input, "encrypting to", "a certificate", "it cannot be read", ""}};
        const auto info = encrypt_to(*certificate, key.view());
        if (!info) return forward_error(info);
        made->has_agreement_ = made->has_agreement_ || certificate->subject_public_key_info.kind != x509::KeyKind::rsa;
        infos.insert(infos.end(), info->begin(), info->end());
    }
    set.set([&] { set.raw(infos); });
    made->recipient_infos_ = set.take();
    return made;
}

Outcome EntityEncryptor::begin() {
    has_begun_ = true;
    string_.resize(kStringHeader + kString + crypto::Cipher::kMaxGrowth);
    const std::string end(line_end_);
    const std::string fields = std::string("Content-Type: application/pkcs7-mime; smime-type=") +
                               (is_authenticated() ? "authEnveloped-data" : "enveloped-data") + ";" + end + " name=\"smime.p7m\"" + end +
                               "Content-Transfer-Encoding: base64" + end + "Content-Disposition: attachment; filename=\"smime.p7m\"" + end +
                               end;
    if (Outcome written = next_.write(as_bytes(fields)); !written) return written;
    const auto open = [](der::Writer& writer, der::Tag tag) {
        const std::uint8_t header[] = {static_cast<std::uint8_t>(tag), kIndefinite};
        writer.raw(header);
    };
    der::Writer writer;
    open(writer, der::Tag::sequence);
    writer.oid(is_authenticated() ? der::oid::ct_auth_enveloped_data : der::oid::enveloped_data);
    open(writer, der::context_constructed(0));
    open(writer, der::Tag::sequence);
    // RFC 5652 6.1: 2 once a recipient is named otherwise than version 0 of its structure does; RFC 5083 2.1: 0.
    writer.integer(has_agreement_ && !is_authenticated() ? 2 : 0);
    writer.raw(recipient_infos_);
    open(writer, der::Tag::sequence);
    writer.oid(der::oid::data);
    write_content_cipher(writer, algorithm_);
    open(writer, der::context_constructed(0));
    return base64_.write(writer.bytes());
}

Outcome EntityEncryptor::flush() {
    if (used_ == 0) return {};
    string_[0] = 0x04;
    string_[1] = 0x82;
    string_[2] = static_cast<std::uint8_t>(used_ >> 8);
    string_[3] = static_cast<std::uint8_t>(used_);
    Outcome written = base64_.write(Bytes(string_).first(kStringHeader + used_));
    used_ = 0;
    return written;
}

Outcome EntityEncryptor::write(Bytes piece) {
    if (!has_begun_) {
        if (Outcome begun = begin(); !begun) return begun;
    }
    while (!piece.empty()) {
        const Bytes step = piece.first(std::min(piece.size(), kString - used_));
        piece = piece.subspan(step.size());
        used_ += cipher_.update(step, string_.data() + kStringHeader + used_);
        // What a block still lacks may wait in the cipher for ever, so nearly full must do.
        if (kString - used_ >= crypto::Cipher::kMaxGrowth) continue;
        if (Outcome flushed = flush(); !flushed) return flushed;
    }
    return {};
}

Outcome EntityEncryptor::finish() {
    if (!has_begun_) {
        if (Outcome begun = begin(); !begun) return begun;
    }
    const auto last = cipher_.finish(string_.data() + kStringHeader + used_);
    if (!last) return Unexpected{Failure{FailureKind::local, "encrypting", "the message", "OpenSSL does not end the cipher", ""}};
    used_ += *last;
    // The last string may be shorter than flush() can say.
    der::Writer writer;
    if (used_ > 0) writer.octet_string(Bytes(string_).subspan(kStringHeader, used_));
    used_ = 0;
    writer.raw(kEnd).raw(kEnd);  // encryptedContent, EncryptedContentInfo
    if (is_authenticated()) writer.octet_string(cipher_.tag());
    writer.raw(kEnd).raw(kEnd).raw(kEnd);  // the data, its [0], ContentInfo
    if (Outcome written = base64_.write(writer.bytes()); !written) return written;
    if (Outcome ended = base64_.finish(); !ended) return ended;
    return next_.finish();
}

}  // namespace truename::mail
