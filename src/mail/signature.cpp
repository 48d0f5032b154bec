#include "mail/signature.h"

#include <algorithm>

#include "x509/algorithm.h"

namespace truename::mail {

SignedContent::Hashes::Hashes(const std::vector<crypto::DigestKind>& kinds) {
    for (const crypto::DigestKind kind : kinds) digesters.emplace_back(kind);
}

Outcome SignedContent::Hashes::write(Bytes piece) {
    for (crypto::Digester& digester : digesters) digester.add(piece);
    return {};
}

SignedContent::SignedContent(std::string folder, Spool::Holds holds, const std::vector<crypto::DigestKind>& digests, bool canonical)
    : spool_(std::move(folder), holds), canonical_(canonical), hashes_(digests), lines_(hashes_) {}

Outcome SignedContent::write(Bytes piece) {
    const Outcome hashed = hashes_.digesters.empty() ? Outcome() : canonical_ ? lines_.write(piece) : hashes_.write(piece);
    size_ += piece.size();
    return hashed && source_ == nullptr ? spool_.write(piece) : hashed;
}

void SignedContent::stands_in(Source& source, std::uint64_t offset) {
    source_ = &source;
    offset_ = offset;
}

Outcome SignedContent::replay(Sink& sink) {
    if (source_ == nullptr) return spool_.replay(sink);
    if (Outcome replayed = source_->replay(offset_, size_, sink); !replayed) return replayed;
    return sink.finish();
}

Result<ByteString, Failure> SignedContent::front(std::size_t size) {
    if (source_ == nullptr) return spool_.front(size);
    ByteCollector collector;
    if (Outcome replayed = source_->replay(offset_, std::min<std::uint64_t>(size, size_), collector); !replayed)
        return forward_error(replayed);
    return std::move(collector.bytes);
}

Result<ByteString, Failure> SignedContent::digest(crypto::DigestKind kind) {
    if (!is_done_) {
        for (crypto::Digester& digester : hashes_.digesters) done_[digester.kind()] = digester.finish();
        is_done_ = true;
    }
    if (const auto found = done_.find(kind); found != done_.end()) return found->second;
    Hashes again({kind});
    CanonicalLines lines(again);
    if (Outcome replayed = replay(canonical_ ? static_cast<Sink&>(lines) : again); !replayed) return forward_error(replayed);
    return done_[kind] = again.digesters.front().finish();
}

namespace {

bool is_weak(crypto::DigestKind digest) {
    return digest == crypto::DigestKind::md5 || digest == crypto::DigestKind::sha1;
}

SignerState check_signature(const SignerInfo& signer, const x509::Certificate& certificate, const ByteString& content_digest,
                            const SignedData& data) {
    const auto key = x509::make_public_key(certificate.subject_public_key_info);
    if (!key) return SignerState::not_checkable;
    crypto::SignatureCheck check{};
    if (signer.signed_attributes.empty()) {
        // RFC 5652 5.3: without attributes the content must be plain data, and the signature is over its digest.
        if (data.content_type != to_owned(der::oid::data.content())) return SignerState::forged;
        if (signer.scheme->digest != *signer.digest) return SignerState::not_checkable;
        check = key->verify_digest(*signer.scheme, content_digest, signer.signature);
    } else {
        if (signer.message_digest.empty() || signer.content_type != data.content_type) return SignerState::forged;
        check = key->verify(*signer.scheme, signer.signed_attributes, signer.signature);
    }
    if (check == crypto::SignatureCheck::unsupported) return SignerState::not_checkable;
    if (check == crypto::SignatureCheck::invalid)
        return signer.signed_attributes.empty() || signer.message_digest == content_digest ? SignerState::forged : SignerState::altered;
    return signer.signed_attributes.empty() || signer.message_digest == content_digest ? SignerState::intact : SignerState::altered;
}

/// The certificate of a signer; of several that he may mean the newest, which is the renewed one as a rule.
std::optional<std::size_t> find_certificate(const SignerInfo& signer, const SignedData& data) {
    std::optional<std::size_t> found;
    Time newest{};
    for (std::size_t i = 0; i < data.certificates.size(); ++i) {
        const auto certificate = x509::parse_certificate(data.certificates[i]);
        if (!certificate || !signer.means(*certificate)) continue;
        if (found && certificate->validity.not_before.time <= newest) continue;
        found = i;
        newest = certificate->validity.not_before.time;
    }
    return found;
}

/// Whether a content could be the signed attributes of another message: a SET of SEQUENCEs. Without attributes a signature over them would
/// be one over such a content, too, which its signer has never seen.
bool looks_like_attributes(Bytes front, std::optional<std::uint64_t> size) {
    constexpr std::uint8_t kLong = 0x80;  // of a length, with the number of octets that say it (X.690 8.1.3.5)
    if (front.size() < 2 || front[0] != static_cast<std::uint8_t>(der::Tag::set)) return false;
    const std::size_t octets = (front[1] & kLong) != 0 ? front[1] & 0x7fU : 0U, header = 2U + octets;
    if (header >= front.size() || front[header] != static_cast<std::uint8_t>(der::Tag::sequence)) return false;
    std::uint64_t length = octets == 0 ? front[1] : 0;
    for (std::size_t i = 0; i < octets; ++i) length = length << 8 | front[2 + i];
    return !size || header + length == *size;
}

Result<SignerState, Failure> check_signer(const SignerInfo& signer, const x509::Certificate& certificate, const SignedData& data,
                                          SignedContent& content) {
    const bool has_digest = signer.scheme->kind != crypto::SignatureKind::ed25519 && signer.scheme->kind != crypto::SignatureKind::ed448;
    if (is_weak(*signer.digest) || (has_digest && is_weak(signer.scheme->digest))) return SignerState::weak;
    if (signer.signed_attributes.empty()) {
        constexpr std::size_t kFront = 11;  // a SET with eight octets of length, and one behind them
        const auto front = content.front(kFront);
        if (!front) return forward_error(front);
        if (looks_like_attributes(*front, content.hashed_size())) return SignerState::forged;
    }
    const auto digest = content.digest(*signer.digest);
    if (!digest) return forward_error(digest);
    return check_signature(signer, certificate, *digest, data);
}

}  // namespace

Result<std::vector<CheckedSigner>, Failure> check_signers(const SignedData& data, SignedContent& content) {
    std::vector<CheckedSigner> checked;
    for (const SignerInfo& signer : data.signers) {
        CheckedSigner& result = checked.emplace_back();
        result.info = &signer;
        if (!signer.digest || !signer.scheme) continue;
        result.state = SignerState::no_certificate;
        const auto found = find_certificate(signer, data);
        if (!found) continue;
        result.certificate = *found;
        const auto state = check_signer(signer, *x509::parse_certificate(data.certificates[*found]), data, content);
        if (!state) return forward_error(state);
        result.state = *state;
    }
    return checked;
}

}  // namespace truename::mail
