#include "mail/content_cipher.h"

#include <algorithm>

#include "der/reader.h"
#include "der/value.h"

namespace truename::mail {

namespace {

struct CipherOid {
    der::Oid oid;
    crypto::CipherKind kind;
};

constexpr CipherOid kCiphers[] = {
    {der::oid::aes128_cbc, crypto::CipherKind::aes128_cbc}, {der::oid::aes192_cbc, crypto::CipherKind::aes192_cbc},
    {der::oid::aes256_cbc, crypto::CipherKind::aes256_cbc}, {der::oid::des_ede3_cbc, crypto::CipherKind::des_ede3_cbc},
    {der::oid::aes128_gcm, crypto::CipherKind::aes128_gcm}, {der::oid::aes192_gcm, crypto::CipherKind::aes192_gcm},
    {der::oid::aes256_gcm, crypto::CipherKind::aes256_gcm},
};

}  // namespace

Result<ContentCipher> read_content_cipher(const x509::AlgorithmIdentifier& algorithm) {
    const auto known = std::ranges::find(kCiphers, algorithm.algorithm, &CipherOid::oid);
    if (known == std::end(kCiphers)) return fail(ErrorKind::unsupported, algorithm.offset);
    ContentCipher cipher{known->kind, {}, crypto::kTagSize};
    der::Reader parameters(algorithm.parameters, algorithm.offset);
    if (!crypto::is_authenticated(cipher.kind)) {
        const auto iv = parameters.read(der::Tag::octet_string);
        if (!iv) return forward_error(iv);
        cipher.iv = to_owned(iv->value);
    } else {
        const auto sequence = parameters.read(der::Tag::sequence);
        if (!sequence) return forward_error(sequence);
        der::Reader fields(*sequence);
        const auto nonce = fields.read(der::Tag::octet_string);
        if (!nonce) return forward_error(nonce);
        cipher.iv = to_owned(nonce->value);
        cipher.tag_size = 12;  // DEFAULT
        if (!fields.at_end()) {
            const auto size = fields.read(der::Tag::integer);
            const auto number = size ? der::read_small(*size) : Result<std::uint32_t>(forward_error(size));
            if (!number) return forward_error(number);
            cipher.tag_size = *number;
        }
        if (cipher.tag_size < 12 || cipher.tag_size > crypto::kTagSize) return fail(ErrorKind::bad_value, algorithm.offset);
    }
    if (cipher.iv.size() != crypto::iv_size(cipher.kind)) return fail(ErrorKind::bad_value, algorithm.offset);
    return cipher;
}

void write_content_cipher(der::Writer& writer, const ContentCipher& cipher) {
    writer.sequence([&] {
        writer.oid(std::ranges::find(kCiphers, cipher.kind, &CipherOid::kind)->oid);
        if (!crypto::is_authenticated(cipher.kind)) {
            writer.octet_string(cipher.iv);
            return;
        }
        writer.sequence([&] {
            writer.octet_string(cipher.iv);
            writer.integer(static_cast<std::int64_t>(cipher.tag_size));
        });
    });
}

}  // namespace truename::mail
