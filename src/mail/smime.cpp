#include "mail/smime.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace truename::mail {

namespace {

struct Micalg {
    std::string_view name;
    crypto::DigestKind digest;
};

// As RFC 8551 spells them first; `sha1` and its like are what older programs write.
constexpr Micalg kMicalgs[] = {
    {"sha-256", crypto::DigestKind::sha256}, {"sha-384", crypto::DigestKind::sha384}, {"sha-512", crypto::DigestKind::sha512},
    {"sha-224", crypto::DigestKind::sha224}, {"sha-1", crypto::DigestKind::sha1},     {"sha256", crypto::DigestKind::sha256},
    {"sha384", crypto::DigestKind::sha384},  {"sha512", crypto::DigestKind::sha512},  {"sha224", crypto::DigestKind::sha224},
    {"sha1", crypto::DigestKind::sha1},
};

}  // namespace

namespace {

/// A type that some gateways write for every file; then its name says what it is (RFC 8551 3.10).
bool is_file_named(const ContentType& type, std::string_view ending) {
    return type.is("application/octet-stream") && ascii_lower(type.find("name").value_or("")).ends_with(ending);
}

}  // namespace

SmimeKind smime_kind(const ContentType& type) {
    if (type.is("application/pkcs7-mime") || type.is("application/x-pkcs7-mime") || is_file_named(type, ".p7m")) return SmimeKind::cms;
    if (!type.is("multipart/signed")) return SmimeKind::none;
    const std::string protocol = ascii_lower(type.find("protocol").value_or(""));
    return protocol == "application/pkcs7-signature" || protocol == "application/x-pkcs7-signature" ? SmimeKind::clear_signed
                                                                                                    : SmimeKind::none;
}

bool is_signature_type(const ContentType& type) {
    return type.is("application/pkcs7-signature") || type.is("application/x-pkcs7-signature") || is_file_named(type, ".p7s");
}

std::vector<crypto::DigestKind> read_micalg(std::string_view text) {
    std::vector<crypto::DigestKind> digests;
    for (const std::string_view piece : split(text, ',')) {
        const auto known = std::ranges::find(kMicalgs, ascii_lower(trim(piece)), &Micalg::name);
        if (known != std::end(kMicalgs) && std::ranges::find(digests, known->digest) == digests.end()) digests.push_back(known->digest);
    }
    return digests;
}

std::string_view micalg_of(crypto::DigestKind digest) {
    return std::ranges::find(kMicalgs, digest, &Micalg::digest)->name;
}

std::string fields_of_message(const HeaderBlock& header) {
    std::string fields;
    for (const HeaderField& field : header.fields()) {
        if (!is_content_field(field.name)) fields += field.raw;
    }
    if (!fields.empty() && fields.back() != '\n') fields += header.line_end();
    if (header.count("MIME-Version") == 0) fields += "MIME-Version: 1.0" + std::string(header.line_end());
    return fields;
}

std::string header_of_content(const HeaderBlock& header, std::string_view line_end) {
    std::string fields;
    for (const HeaderField& field : header.fields()) {
        if (!is_content_field(field.name)) continue;
        std::string_view rest = field.raw;
        while (!rest.empty()) {
            const std::size_t end = rest.find('\n');
            std::string_view line = rest.substr(0, end);
            if (line.ends_with('\r')) line.remove_suffix(1);
            fields.append(line).append(line_end);
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        }
    }
    return fields + std::string(line_end);
}

Result<TransferDecoder, Failure> TransferDecoder::make(const HeaderBlock& header, Sink& next) {
    const std::string encoding = ascii_lower(header.find("Content-Transfer-Encoding").value_or("7bit"));
    TransferDecoder decoder;
    decoder.next_ = &next;
    if (encoding == "base64") {
        decoder.base64_ = std::make_unique<Base64Decoder>(next);
    } else if (encoding != "binary" && encoding != "8bit" && encoding != "7bit") {
        return bad_message("its signature or ciphertext is encoded as \"" + printable(encoding.substr(0, 40)) + "\", which is not base64");
    }
    return decoder;
}

bool is_binary(const HeaderBlock& header) {
    return equal_ignoring_ascii_case(header.find("Content-Transfer-Encoding").value_or(""), "binary");
}

HeaderBlock own_header(Bytes front) {
    const auto body = find_body(as_text(front));
    if (!body && front.size() >= kEntityFront) return {};
    auto header = HeaderBlock::parse(front.first(body.value_or(front.size())));
    return header ? std::move(*header) : HeaderBlock();
}

EntityWriter::EntityWriter(const HeaderBlock& message, Lines lines, Sink& next) : message_(message), lines_(lines), next_(next) {}

Outcome EntityWriter::write(Bytes piece) {
    if (!in_header_) return write_body(piece);
    const std::size_t before = header_.size();
    const Bytes some = piece.first(std::min(piece.size(), kEntityFront - before));
    header_.insert(header_.end(), some.begin(), some.end());
    const auto body = find_body(as_text(header_));
    if (!body && header_.size() < kEntityFront) return {};
    if (!body) {
        if (Outcome ended = end_header(); !ended) return ended;
        return write_body(piece.subspan(some.size()));
    }
    header_.resize(*body);
    if (Outcome ended = end_header(); !ended) return ended;
    return write_body(piece.subspan(*body - before));
}

namespace {

constexpr std::string_view kReadByPeople[] = {"From",       "To",          "Cc",         "Subject",     "Date",
                                              "Message-ID", "In-Reply-To", "References", "MIME-Version"};

bool is_read_by_people(std::string_view name) {
    return std::ranges::any_of(kReadByPeople, [&](std::string_view each) { return equal_ignoring_ascii_case(each, name); });
}

}  // namespace

Outcome EntityWriter::end_header() {
    in_header_ = false;
    const HeaderBlock own = own_header(header_);
    const std::string_view front = as_text(header_), line_end = message_.line_end();
    // Simple programs encrypt a text without any header. A CR alone ends no line: behind it a header would go on.
    const bool is_bare = own.fields().empty() && !front.empty() && !front.starts_with("\r\n") && !front.starts_with('\n');
    const bool is_plain = !is_bare && std::ranges::none_of(own.fields(), [](const auto& field) { return is_content_field(field.name); });
    std::string fields;
    for (const HeaderField& field : message_.fields()) {
        const bool goes = is_content_field(field.name) || (is_plain && equal_ignoring_ascii_case(field.name, "MIME-Version"));
        if (!goes) fields += field.raw;
    }
    if (own.fields().empty()) {
        if (is_bare) fields += line_end;
        if (Outcome written = write_body(as_bytes(fields)); !written) return written;
        return write_body(header_);
    }
    for (const HeaderField& field : own.fields()) {
        if (is_content_field(field.name) || (is_read_by_people(field.name) && message_.count(field.name) == 0)) fields += field.raw;
    }
    if (!fields.empty() && fields.back() != '\n') fields += line_end;
    fields += line_end;
    if (Outcome written = write_body(as_bytes(fields)); !written) return written;
    if (is_binary(own)) lines_ = Lines::as_they_are;
    return {};
}

Outcome EntityWriter::write_body(Bytes piece) {
    if (piece.empty()) return {};
    if (lines_ == Lines::as_they_are) return next_.write(piece);
    changed_.resize(piece.size() + 1);
    std::size_t used = 0;
    if (after_cr_ && piece.front() != '\n') changed_[used++] = '\r';
    after_cr_ = piece.back() == '\r';
    if (after_cr_) piece = piece.first(piece.size() - 1);
    while (!piece.empty()) {
        const void* found = std::memchr(piece.data(), '\r', piece.size());
        const std::size_t size =
            found != nullptr ? static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - piece.data()) : piece.size();
        std::memcpy(changed_.data() + used, piece.data(), size);
        used += size;
        if (size == piece.size()) break;
        // The last octet is none, so there is one behind it; a CR that ends no line stays.
        if (size + 1 == piece.size() || piece[size + 1] != '\n') changed_[used++] = '\r';
        piece = piece.subspan(size + 1);
    }
    return used > 0 ? next_.write(Bytes(changed_).first(used)) : Outcome();
}

Outcome EntityWriter::finish() {
    if (in_header_) {
        if (Outcome ended = end_header(); !ended) return ended;
    }
    if (after_cr_) {
        const std::uint8_t cr = '\r';
        if (Outcome written = next_.write(Bytes(&cr, 1)); !written) return written;
    }
    return next_.finish();
}

}  // namespace truename::mail
