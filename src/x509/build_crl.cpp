#include "x509/build_crl.h"

#include <algorithm>

#include "der/oid.h"
#include "der/writer.h"

namespace truename::x509 {

namespace {

/// A tag with the length of what follows.
ByteString header(der::Tag tag, std::size_t size) {
    der::Writer w;
    w.element(tag, {});
    ByteString bytes = w.take();
    if (size < 0x80) {
        bytes.back() = static_cast<std::uint8_t>(size);
        return bytes;
    }
    ByteString digits;
    for (; size != 0; size >>= 8) digits.push_back(static_cast<std::uint8_t>(size));
    bytes.back() = static_cast<std::uint8_t>(0x80 | digits.size());
    bytes.insert(bytes.end(), digits.rbegin(), digits.rend());
    return bytes;
}

void append(ByteString& to, Bytes bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

NewExtension extension(der::Oid id, bool critical, ByteString value) {
    return {to_owned(id.content()), critical, std::move(value)};
}

/// What stands before and behind the entries.
ByteString before_entries(const CrlTemplate& crl, Bytes algorithm) {
    der::Writer w;
    w.integer(1);
    w.raw(algorithm);
    w.raw(crl.issuer);
    w.time(crl.this_update);
    w.time(crl.next_update);
    return w.take();
}

ByteString behind_entries(const CrlTemplate& crl) {
    der::Writer w;
    w.nested(der::context_constructed(0), [&] { write_extensions(w, crl.extensions); });
    return w.take();
}

}  // namespace

void NewRevokedCertificates::add(Bytes serial_number, Time revocation_date, std::optional<std::uint32_t> reason) {
    der::Writer& w = entries_;
    w.sequence([&] {
        w.element(der::Tag::integer, serial_number);
        w.time(revocation_date);
        if (!reason || *reason == 0) return;
        w.sequence([&] {
            w.sequence([&] {
                w.oid(der::oid::crl_reason);
                w.nested(der::Tag::octet_string, [&] { w.integer(*reason, der::Tag::enumerated); });
            });
        });
    });
    ++size_;
}

ByteString NewRevokedCertificates::take() {
    size_ = 0;
    return entries_.take();
}

NewExtension make_crl_number(std::uint64_t number) {
    ByteString magnitude;
    for (; number != 0; number >>= 8) magnitude.insert(magnitude.begin(), static_cast<std::uint8_t>(number));
    der::Writer w;
    w.unsigned_integer(magnitude);
    return extension(der::oid::crl_number, false, w.take());
}

NewExtension make_issuing_distribution_point(const std::string& uri) {
    der::Writer w;
    w.sequence([&] {
        w.nested(der::context_constructed(0), [&] {
            w.nested(der::context_constructed(0), [&] {
                w.raw(encode_general_name({GeneralNameKind::uniform_resource_identifier, to_owned(as_bytes(uri))}));
            });
        });
    });
    return extension(der::oid::issuing_distribution_point, true, w.take());
}

Result<ByteString> sign_crl(const CrlTemplate& crl, NewRevokedCertificates entries, const crypto::PrivateKey& issuer_key) {
    const crypto::SignatureScheme scheme = issuer_key.usual_scheme();
    const ByteString algorithm = encode_signature_algorithm(scheme);
    const ByteString before = before_entries(crl, algorithm), behind = behind_entries(crl);
    ByteString revoked = entries.take();
    // revokedCertificates is left out where nothing is revoked (RFC 5280 5.1.2.6).
    const ByteString revoked_header = revoked.empty() ? ByteString() : header(der::Tag::sequence, revoked.size());
    const std::size_t tbs_size = before.size() + revoked_header.size() + revoked.size() + behind.size();

    ByteString tbs;
    constexpr std::size_t kRoom = 2'048;  // for the outer header, algorithm and signature, so that nothing of this size is copied again
    tbs.reserve(tbs_size + kRoom);
    append(tbs, header(der::Tag::sequence, tbs_size));
    append(tbs, before);
    append(tbs, revoked_header);
    append(tbs, revoked);
    revoked = {};
    append(tbs, behind);
    auto signature = issuer_key.sign(scheme, tbs);
    if (!signature) return signature;

    der::Writer tail;
    tail.raw(algorithm);
    tail.bit_string(*signature);
    const ByteString outer = header(der::Tag::sequence, tbs.size() + tail.bytes().size());
    append(tbs, tail.bytes());
    tbs.insert(tbs.begin(), outer.begin(), outer.end());
    return tbs;
}

}  // namespace truename::x509
