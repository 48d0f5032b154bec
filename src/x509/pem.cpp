#include "x509/pem.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <iterator>
#include <optional>
#include <utility>

#include "base/text.h"
#include "der/reader.h"
#include "x509/pkcs7.h"

namespace truename::x509 {

namespace {

constexpr std::string_view kBegin = "-----BEGIN ", kEnd = "-----END ", kDashes = "-----";

PemKind kind_of(std::string_view label) {
    static constexpr std::pair<std::string_view, PemKind> kKinds[] = {
        {"CERTIFICATE", PemKind::certificate},
        {"X509 CERTIFICATE", PemKind::certificate},
        {"X.509 CERTIFICATE", PemKind::certificate},
        {"TRUSTED CERTIFICATE", PemKind::trusted_certificate},
        {"CERTIFICATE REQUEST", PemKind::request},
        {"NEW CERTIFICATE REQUEST", PemKind::request},
        {"X509 CRL", PemKind::crl},
        {"PUBLIC KEY", PemKind::public_key},
        {"RSA PUBLIC KEY", PemKind::public_key},
        {"PKCS7", PemKind::pkcs7},
        {"PKCS #7 SIGNED DATA", PemKind::pkcs7},
        {"CMS", PemKind::pkcs7},
        {"DH PARAMETERS", PemKind::parameters},
        {"EC PARAMETERS", PemKind::parameters},
        {"DSA PARAMETERS", PemKind::parameters},
    };
    if (label.ends_with("PRIVATE KEY")) return PemKind::private_key;  // also ENCRYPTED, RSA, EC, OPENSSH
    for (const auto& [name, kind] : kKinds) {
        if (name == label) return kind;
    }
    return PemKind::other;
}

/// The lines of a text one by one, whatever ends them: LF, CRLF or a lone CR.
class Lines {
  public:
    explicit Lines(std::string_view text) : text_(text), line_feed_(find_line_feed()) {}

    std::optional<std::string_view> next() {
        if (at_ == text_.size()) return std::nullopt;
        ++number_;
        if (line_feed_ < at_) line_feed_ = find_line_feed();
        const std::string_view line = text_.substr(at_, line_feed_ - at_);
        const std::size_t carriage_return = line.find('\r');
        if (carriage_return == std::string_view::npos)
            at_ = std::min(line_feed_ + 1, text_.size());
        else
            at_ += carriage_return + (at_ + carriage_return + 1 == line_feed_ && line_feed_ < text_.size() ? 2 : 1);
        return trim(line.substr(0, carriage_return));
    }
    /// Of the line that next() gave, counted from 1.
    [[nodiscard]] std::size_t number() const { return number_; }

  private:
    [[nodiscard]] std::size_t find_line_feed() const { return std::min(text_.find('\n', at_), text_.size()); }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_feed_;  // the next one from at_ on, or the end; kept, or a text of lone CRs would be searched again for every line
    std::size_t number_ = 0;
};

/// The label of `-----BEGIN label-----`; nothing for other lines.
std::optional<std::string_view> label_of(std::string_view line, std::string_view start) {
    if (!line.starts_with(start) || !line.ends_with(kDashes) || line.size() < start.size() + kDashes.size()) return std::nullopt;
    return line.substr(start.size(), line.size() - start.size() - kDashes.size());
}

/// The certificates and lists in a PKCS #7 bundle as blocks of their own; the bundle itself when there are none or it cannot be opened.
/// too_large for more than `most`.
Result<std::vector<PemBlock>> unpacked(PemBlock bundle, std::size_t most) {
    std::vector<PemBlock> blocks;
    const auto contents = read_pkcs7(bundle.der, most);
    if (!contents && contents.error().kind == ErrorKind::too_large) return forward_error(contents);
    if (contents) {
        for (const Bytes der : contents->certificates) blocks.push_back({PemKind::certificate, "CERTIFICATE", bundle.line, to_owned(der)});
        for (const Bytes der : contents->crls) blocks.push_back({PemKind::crl, "X509 CRL", bundle.line, to_owned(der)});
    }
    if (blocks.empty()) blocks.push_back(std::move(bundle));
    return blocks;
}

class PemReader {
  public:
    PemReader(std::string_view text, std::string_view name, const PemLimits& limits) : lines_(text), name_(name), limits_(limits) {}

    Result<PemBundle, Failure> read() {
        PemBundle bundle;
        while (const auto line = lines_.next()) {
            if (line->starts_with(kEnd)) return fail_at(lines_.number(), "an END without its BEGIN");
            if (!line->starts_with(kBegin)) continue;
            const auto label = label_of(*line, kBegin);
            if (!label) return fail_at(lines_.number(), "a BEGIN line that does not end in five dashes");
            if (bundle.blocks.size() == limits_.blocks) return fail_at_limit(lines_.number());
            auto block = read_block(*label);
            if (!block) return forward_error(block);
            if (block->kind != PemKind::pkcs7) {
                bundle.blocks.push_back(std::move(*block));
                continue;
            }
            const std::size_t first = block->line;
            auto inside = unpacked(std::move(*block), limits_.blocks - bundle.blocks.size());
            if (!inside) return fail_at_limit(first);
            std::move(inside->begin(), inside->end(), std::back_inserter(bundle.blocks));
        }
        if (bundle.blocks.empty()) return fail_at(lines_.number(), "the file ends without a BEGIN at the start of a line");
        return bundle;
    }

  private:
    /// Where each line begins in the base64 of a block, and its number: a file of 16 MB may have millions.
    using LineStarts = std::deque<std::pair<std::uint32_t, std::uint32_t>>;

    [[nodiscard]] Unexpected<Failure> fail_at(std::size_t line, const std::string& reason) const {
        return {Failure{FailureKind::input, "reading PEM", std::string(name_), "line " + std::to_string(line) + ": " + reason,
                        "Copy the file again as a whole: every block from its BEGIN line to its END line."}};
    }

    [[nodiscard]] Unexpected<Failure> fail_at_limit(std::size_t line) const {
        return fail_at(line, "more than " + std::to_string(limits_.blocks) + " blocks in one file");
    }

    /// From the line after BEGIN through END.
    Result<PemBlock, Failure> read_block(std::string_view label) {
        PemBlock block{kind_of(label), printable(label), lines_.number(), {}};
        std::string base64;
        LineStarts line_starts;
        bool in_headers = true;
        while (const auto line = lines_.next()) {
            if (line->starts_with(kEnd)) {
                const auto end = label_of(*line, kEnd);
                if (end != label)
                    return fail_at(lines_.number(), "the END of the " + block.label + " that begins in line " + std::to_string(block.line) +
                                                        " is another one: " + printable(*line));
                if (block.kind == PemKind::private_key) return block;  // never decoded
                return decode(std::move(block), base64, line_starts);
            }
            if (line->starts_with(kBegin)) break;
            // RFC 1421 headers (`Proc-Type: 4,ENCRYPTED`) stand first and hold a colon, which base64 never does.
            if (in_headers && line->find(':') != std::string_view::npos) continue;
            in_headers = in_headers && line->empty();
            if (block.kind == PemKind::private_key || line->empty()) continue;
            line_starts.emplace_back(static_cast<std::uint32_t>(base64.size()), static_cast<std::uint32_t>(lines_.number()));
            base64 += *line;
        }
        return fail_at(block.line, "a " + block.label + " that has no END line");
    }

    Result<PemBlock, Failure> decode(PemBlock block, const std::string& base64, const LineStarts& line_starts) const {
        auto bytes = from_base64(base64);
        if (!bytes) {
            const auto after =
                std::find_if(line_starts.begin(), line_starts.end(), [&](const auto& s) { return s.first > bytes.error().offset; });
            const std::size_t line = after == line_starts.begin() ? block.line : std::prev(after)->second;
            return fail_at(line, bytes.error().kind == ErrorKind::truncated
                                     ? "the " + block.label + " ends too early: characters are missing"
                                     : "a character that does not belong into a " + block.label);
        }
        if (bytes->empty()) return fail_at(block.line, "a " + block.label + " with nothing in it");
        block.der = std::move(*bytes);
        if (block.kind == PemKind::trusted_certificate) cut_trust_settings(block);
        return block;
    }

    /// OpenSSL writes X509_CERT_AUX after the certificate of a TRUSTED CERTIFICATE.
    static void cut_trust_settings(PemBlock& block) {
        const auto first = der::Reader(block.der).read();
        if (!first) return;
        const std::size_t size = first->tlv.size();
        block.settings = to_owned(Bytes(block.der).subspan(size));
        block.der.resize(size);
    }

    Lines lines_;
    std::string_view name_;
    const PemLimits& limits_;
};

/// UTF-16 with a byte order mark, as Windows' editors save it, with every character over 127 as `?`: PEM has none.
std::string from_utf16(Bytes bytes, bool big_endian) {
    std::string text;
    text.reserve(bytes.size() / 2);
    for (std::size_t i = 2; i + 1 < bytes.size(); i += 2) {
        const unsigned unit = big_endian ? bytes[i] * 256U + bytes[i + 1] : bytes[i + 1] * 256U + bytes[i];
        text += unit < 0x80 ? static_cast<char>(unit) : '?';
    }
    return text;
}

bool begins_with(Bytes bytes, std::initializer_list<std::uint8_t> start) {
    return bytes.size() >= start.size() && std::equal(start.begin(), start.end(), bytes.begin());
}

/// What one DER element on its own is: by the first things inside it.
PemKind kind_of_der(const der::Tlv& outer) {
    der::Reader parts(outer);
    const auto first = parts.read();
    if (!first) return PemKind::other;
    if (first->tag == der::Tag::object_identifier) return PemKind::pkcs7;  // ContentInfo
    if (first->tag == der::Tag::integer) return PemKind::private_key;      // PKCS #8, PKCS #1, SEC 1 and PKCS #12 begin with a version
    if (first->tag != der::Tag::sequence) return PemKind::other;
    der::Reader fields(*first);
    if (fields.next_is(der::context_constructed(0))) return PemKind::certificate;
    if (!fields.next_is(der::Tag::integer)) return fields.next_is(der::Tag::object_identifier) ? PemKind::public_key : PemKind::other;
    const auto number = fields.read();
    if (!number) return PemKind::other;
    // A version 1 certificate has serial number, algorithm, issuer, validity; a request version and subject; a CRL its version first too.
    const auto second = fields.read();
    const auto third = second ? fields.read() : second;
    if (!third) return PemKind::other;
    der::Reader inside(*second);
    if (!inside.next_is(der::Tag::object_identifier)) return PemKind::request;
    return fields.next_is(der::Tag::sequence) ? PemKind::certificate : PemKind::crl;
}

std::string_view guess(Bytes file) {
    const std::string head = ascii_lower(as_text(file.first(std::min<std::size_t>(file.size(), 512))));
    if (file.empty()) return "the file is empty";
    if (head.find("<html") != std::string::npos || head.find("<!doctype") != std::string::npos) return "this is a web page";
    if (head.find("ssh-rsa") != std::string::npos || head.find("ssh-ed25519") != std::string::npos) return "this is a key for SSH";
    if (head.find("miic") == 0 || head.find("miid") == 0 || head.find("miie") == 0 || head.find("miif") == 0 || head.find("miig") == 0)
        return "this is base64 without the BEGIN and END lines";
    return "there is no PEM block and no DER certificate in it";
}

Result<PemBundle, Failure> read_der(Bytes file, std::string_view name, const PemLimits& limits) {
    const auto failure = [&](std::string reason, std::string next) -> Unexpected<Failure> {
        return {Failure{FailureKind::input, "reading a certificate", std::string(name), std::move(reason), std::move(next)}};
    };
    const std::string_view next = "Give a file with a certificate, a chain or a request in PEM or DER form.";
    der::Reader reader(file);
    const auto outer = file.empty() ? Result<der::Tlv>(fail(ErrorKind::missing, 0)) : reader.read(der::Tag::sequence);
    if (!outer) {
        if (begins_with(file, {0x30, 0x82}) || begins_with(file, {0x30, 0x83}))
            return failure("the DER in it is cut short", "Copy the file again.");
        if (begins_with(file, {0x30, 0x80}))
            return failure("it is BER with lengths that are not definite, not DER",
                           "If it is a PKCS #7 bundle, unpack it first: openssl pkcs7 -inform DER -in FILE -print_certs");
        return failure(std::string(guess(file)), std::string(next));
    }
    const PemKind kind = kind_of_der(*outer);
    if (kind == PemKind::private_key)
        return failure("this is a private key or a PKCS #12 file, not a certificate",
                       "Take the certificate out of it: openssl pkcs12 -in FILE -nokeys");
    if (kind == PemKind::other) return failure(std::string(guess(file)), std::string(next));
    PemBundle bundle;
    bundle.was_der = true;
    bundle.blocks.push_back(PemBlock{kind, {}, 0, to_owned(file)});
    if (kind != PemKind::pkcs7) return bundle;
    auto inside = unpacked(std::move(bundle.blocks.front()), limits.blocks);
    if (!inside) return failure("it holds more than " + std::to_string(limits.blocks) + " certificates", "Give fewer of them.");
    if (inside->front().kind == PemKind::pkcs7)
        return failure("this is a PKCS #7 message from which no certificate can be taken",
                       "Try to unpack it: openssl pkcs7 -inform DER -in FILE -print_certs");
    bundle.blocks = std::move(*inside);
    return bundle;
}

}  // namespace

std::vector<Bytes> PemBundle::all(PemKind kind) const {
    std::vector<Bytes> contents;
    for (const PemBlock& block : blocks) {
        if (block.kind == kind || (kind == PemKind::certificate && block.kind == PemKind::trusted_certificate))
            contents.emplace_back(block.der);
    }
    return contents;
}

bool PemBundle::has(PemKind kind) const {
    return std::any_of(blocks.begin(), blocks.end(), [&](const PemBlock& block) {
        return block.kind == kind || (kind == PemKind::certificate && block.kind == PemKind::trusted_certificate);
    });
}

Result<PemBundle, Failure> read_pem_bundle(Bytes file, std::string_view name, const PemLimits& limits) {
    if (file.size() > limits.file_bytes) {
        return Unexpected{Failure{FailureKind::input, "reading PEM", std::string(name),
                                  "it is larger than " + std::to_string(limits.file_bytes >> 20) + " MB", "Give the certificates alone."}};
    }
    std::string converted;
    std::string_view text = as_text(file);
    if (begins_with(file, {0xFF, 0xFE}) || begins_with(file, {0xFE, 0xFF})) {
        converted = from_utf16(file, file[0] == 0xFE);
        text = converted;
    } else if (begins_with(file, {0xEF, 0xBB, 0xBF})) {
        text.remove_prefix(3);
    }
    if (text.find(kBegin) == std::string_view::npos) return read_der(file, name, limits);
    return PemReader(text, name, limits).read();
}

std::string to_pem(std::string_view label, Bytes der) {
    const std::string base64 = to_base64(der);
    std::string text = std::string(kBegin) + std::string(label) + "-----\n";
    for (std::size_t at = 0; at < base64.size(); at += 64) text += base64.substr(at, 64) + "\n";
    return text + std::string(kEnd) + std::string(label) + "-----\n";
}

}  // namespace truename::x509
