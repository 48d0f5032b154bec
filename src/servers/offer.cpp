#include "servers/offer.h"

#include <algorithm>

#include "base/text.h"
#include "crypto/pkcs12.h"
#include "servers/pem_text.h"
#include "x509/certificate.h"
#include "x509/dns_match.h"
#include "x509/pem.h"
#include "x509/print.h"
#include "x509/signature.h"

namespace truename::servers {

namespace {

constexpr std::size_t kMaxCertificates = 200, kMaxChain = 12;

Unexpected<Failure> failed(std::string_view doing, std::string_view object, std::string reason, std::string next = {}) {
    return Unexpected{Failure{FailureKind::input, std::string(doing), printable(object), std::move(reason), std::move(next)}};
}

bool is_base64(std::string_view text) {
    return !text.empty() &&
           text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n") == std::string_view::npos;
}

/// How long the DER value is that begins there, as its first bytes say; nothing where they do not.
std::optional<std::size_t> length_of(Bytes der) {
    if (der.size() < 2) return std::nullopt;
    if (der[1] < 0x80) return std::size_t{2} + der[1];
    const std::size_t octets = der[1] & 0x7fU;
    if (octets == 0 || octets > 4 || der.size() < 2 + octets) return std::nullopt;
    std::size_t length = 0;
    for (std::size_t i = 0; i < octets; ++i) length = length << 8 | der[2 + i];
    return 2 + octets + length;
}

/// Whether a block of PEM is a key that a passphrase locks (RFC 5958, or RFC 1421 4.6.1.1 as OpenSSL wrote it).
bool is_locked(std::string_view block) {
    return block.find("BEGIN ENCRYPTED PRIVATE KEY") != std::string_view::npos ||
           block.find("Proc-Type: 4,ENCRYPTED") != std::string_view::npos;
}

bool has_key(const std::vector<NamedKey>& keys, const x509::Certificate& certificate, std::size_t& number) {
    const ByteString wanted = to_owned(certificate.subject_public_key_info.tlv);
    for (number = 0; number < keys.size(); ++number) {
        if (keys[number].key.public_key_info() == wanted) return true;
    }
    return false;
}

/// A certificate with the key that belongs to it.
struct Found {
    const ByteString* der;
    const crypto::PrivateKey* key;
    Time not_before;
};

/// The newest certificate that belongs to one of the keys: a renewal may come with what it replaces.
std::optional<Found> find_own(const std::vector<ByteString>& certificates, const std::vector<NamedKey>& keys) {
    std::optional<Found> best;
    for (const ByteString& der : certificates) {
        const auto certificate = x509::parse_certificate(der);
        std::size_t number = 0;
        if (!certificate || !has_key(keys, *certificate, number)) continue;
        if (!best || certificate->validity.not_before.time > best->not_before)
            best = Found{&der, &keys[number].key, certificate->validity.not_before.time};
    }
    return best;
}

/// Who of the pool issued the certificate; null for nobody.
const ByteString* find_issuer(const x509::Certificate& certificate, const std::vector<ByteString>& pool, x509::SignatureChecker& checker) {
    for (const ByteString& der : pool) {
        const auto issuer = x509::parse_certificate(der);
        if (!issuer || x509::relation(certificate.issuer, issuer->subject) == x509::NameRelation::different) continue;
        if (checker.check(certificate, issuer->subject_public_key_info) != crypto::SignatureCheck::invalid) return &der;
    }
    return nullptr;
}

std::string names_in_words(const std::vector<ByteString>& certificates) {
    std::string words;
    for (std::size_t i = 0; i < certificates.size() && i < 5; ++i) {
        const std::vector<std::string> names = host_names(certificates[i]);
        words += (i == 0 ? "" : "; ") + (names.empty() ? std::string("a certificate without a name") : printable(names.front()));
    }
    return words;
}

std::string files_in_words(const std::vector<NamedKey>& keys) {
    std::vector<std::string> files;
    for (const NamedKey& each : keys) {
        if (std::find(files.begin(), files.end(), each.file) == files.end()) files.push_back(each.file);
    }
    return first_few(files);
}

}  // namespace

Result<void, Failure> Offer::add_pkcs12(std::string_view name, Bytes file, std::string_view passphrase) {
    const std::size_t whole = length_of(file).value_or(0);
    if (whole > file.size()) {
        return failed("opening", name, "it is cut off: " + std::to_string(file.size()) + " of " + counted(whole, "byte") + " are there",
                      "Copy it once more, as a binary file");
    }
    auto contents = crypto::read_pkcs12(file, passphrase);
    if (!contents && contents.error().kind == ErrorKind::unsupported) {
        return failed("opening", name, "it is locked by a cipher that this machine's library has put away",
                      "Make it anew with AES: openssl pkcs12 -legacy -in FILE -nodes | openssl pkcs12 -export -out NEW");
    }
    if (!contents)
        return failed("opening", name, passphrase.empty() ? "it is locked" : "the passphrase does not open it",
                      "--passphrase-file FILE opens it");
    for (ByteString& der : contents->certificates) certificates_.push_back(std::move(der));
    if (contents->key) keys_.push_back({std::move(*contents->key), std::string(name)});
    return {};
}

Result<void, Failure> Offer::add_keys(std::string_view name, std::string_view text, std::string_view passphrase) {
    for (const PemSpan& span : pem_spans(text)) {
        if (span.kind != PemSpan::Kind::private_key) continue;
        const std::string_view block = text.substr(span.begin, span.end - span.begin);
        auto key = crypto::PrivateKey::from_pem(block, passphrase);
        if (!key && !is_locked(block)) return failed("reading the key in", name, "it is damaged, or of a kind that is not known here");
        if (!key) {
            return failed("reading the key in", name, passphrase.empty() ? "it is locked" : "the passphrase does not open it",
                          "--passphrase-file FILE opens it");
        }
        keys_.push_back({std::move(*key), std::string(name)});
    }
    return {};
}

Result<void, Failure> Offer::add(std::string_view name, Bytes file, std::string_view passphrase) {
    if (crypto::looks_like_pkcs12(file)) return add_pkcs12(name, file, passphrase);
    if (auto key = crypto::PrivateKey::from_der(file)) {
        keys_.push_back({std::move(*key), std::string(name)});
        return {};
    }
    const std::string_view text = as_text(file);
    if (is_base64(text)) {
        const auto der = from_base64(text);
        if (der) return add(name, *der, passphrase);
    }
    if (auto added = add_certificates(name, file); !added) return added;
    return add_keys(name, text, passphrase);
}

Result<void, Failure> Offer::add_certificates(std::string_view name, Bytes file) {
    const auto bundle = x509::read_pem_bundle(file, printable(name));
    if (!bundle) return Unexpected{bundle.error()};
    for (const Bytes der : bundle->all(x509::PemKind::certificate)) {
        if (certificates_.size() == kMaxCertificates)
            return failed("reading", name, "more than " + std::to_string(kMaxCertificates) + " certificates",
                          "Give the server's own and its issuers");
        certificates_.push_back(to_owned(der));
    }
    return {};
}

std::string first_few(const std::vector<std::string>& names) {
    constexpr std::size_t kMost = 5;
    const std::size_t shown = names.size() == kMost + 1 ? names.size() : std::min(names.size(), kMost);
    const std::string text = printable(join({names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown)}, ", "));
    return shown == names.size() ? text : text + " and " + std::to_string(names.size() - shown) + " more";
}

std::vector<std::string> host_names(const ByteString& der) {
    const auto certificate = x509::parse_certificate(der);
    if (!certificate) return {};
    std::vector<std::string> names;
    for (const x509::GeneralName& name : *certificate->known.subject_alt_name) {
        if (name.kind == x509::GeneralNameKind::dns_name) names.push_back(ascii_lower(name.text()));
    }
    if (!names.empty()) return names;
    for (const std::string& name : x509::common_names(certificate->subject)) names.push_back(ascii_lower(name));
    return names;
}

bool covers(const std::vector<std::string>& names, std::string_view host) {
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return x509::matches_dns_id(name, host, x509::kStrictDnsMatch); });
}

std::vector<ByteString> issuers_among(const std::vector<ByteString>& pool, const ByteString& der) {
    x509::SignatureChecker checker;
    const auto certificate = x509::parse_certificate(der);
    const ByteString* issuer = certificate ? find_issuer(*certificate, pool, checker) : nullptr;
    return issuer == nullptr ? std::vector<ByteString>() : std::vector<ByteString>{*issuer};
}

Result<Completed, Failure> complete(const Offer& offer, const std::vector<NamedKey>& keys_at_hand, const FetchIssuers& fetch) {
    constexpr std::string_view kDoing = "finding the server's certificate in";
    const std::string_view kObject = "what was given";
    if (offer.certificates().empty()) return failed(kDoing, kObject, "there is no certificate in it");
    if (offer.keys().empty() && keys_at_hand.empty()) return failed(kDoing, kObject, "there is no private key", "--key FILE names it");
    const std::vector<NamedKey>& keys = offer.keys().empty() ? keys_at_hand : offer.keys();
    const auto own = find_own(offer.certificates(), keys);
    if (!own) {
        return failed(kDoing, kObject,
                      "the private key in " + files_in_words(keys) + " belongs to none of the certificates (" +
                          names_in_words(offer.certificates()) + ")",
                      "Take the key with which the certificate was requested: --key FILE");
    }
    Completed result{{{*own->der}, *own->key}, {}};
    std::vector<ByteString>& chain = result.credential.chain;
    std::vector<ByteString> pool = offer.certificates();
    std::size_t fetched = 0;
    x509::SignatureChecker checker;
    bool whole = false;
    while (!whole && chain.size() < kMaxChain) {
        const ByteString last = chain.back();
        const auto certificate = x509::parse_certificate(last);
        if (!certificate || x509::is_self_issued(*certificate)) break;
        const ByteString* issuer = find_issuer(*certificate, pool, checker);
        if (issuer == nullptr) {
            for (ByteString& der : fetch(last)) pool.push_back(std::move(der));
            issuer = find_issuer(*certificate, pool, checker);
        }
        if (issuer == nullptr) {
            result.notes.push_back("The certificate of " + printable(x509::to_string(certificate->issuer)) +
                                   " is not at hand: either it is a root, or the chain is not complete (--issuer FILE adds it).");
            break;
        }
        const auto parsed = x509::parse_certificate(*issuer);
        whole = x509::is_self_issued(*parsed);
        if (whole) break;
        const auto& given = offer.certificates();
        if (std::find(given.begin(), given.end(), *issuer) == given.end()) ++fetched;
        chain.push_back(*issuer);
    }
    if (fetched != 0) result.notes.push_back("The chain was not complete: " + counted(fetched, "issuer") + " found elsewhere and added.");
    return result;
}

Result<void, Failure> check_credential(const Credential& credential, const std::vector<std::string>& names, Time now) {
    constexpr std::string_view kDoing = "looking at";
    const std::vector<std::string> own = host_names(credential.chain.front());
    const std::string object = "the certificate for " + (own.empty() ? "nobody" : first_few(own));
    const auto certificate = x509::parse_certificate(credential.chain.front());
    if (!certificate) return failed(kDoing, object, "it cannot be read");
    if (certificate->validity.not_after.time < now)
        return failed(kDoing, object, "it ended on " + format_date(certificate->validity.not_after.time), "Get a new one");
    if (certificate->validity.not_before.time > now) {
        return failed(kDoing, object, "it begins only on " + format_date(certificate->validity.not_before.time),
                      "Is this machine's clock right (" + format_date(now) + ")?");
    }
    for (const std::string& name : names) {
        if (!covers(own, name))
            return failed(kDoing, object, printable(name) + " is not among its names",
                          "Get one for that name, or name another: --name NAME");
    }
    return {};
}

std::string ends_soon(const Credential& credential, Time now) {
    const auto certificate = x509::parse_certificate(credential.chain.front());
    if (!certificate) return {};
    const Time end = certificate->validity.not_after.time;
    const auto life = end - certificate->validity.not_before.time, left = end - now;
    constexpr std::chrono::hours kFew{14 * 24};
    if (left >= life / 4 && (left >= kFew || life < 2 * kFew)) return {};
    const auto days = std::chrono::duration_cast<std::chrono::hours>(left).count() / 24;
    return "The new certificate ends on " + format_date(end) + " already, in " + counted(static_cast<std::size_t>(days), "day") +
           ": is it the renewed one?";
}

}  // namespace truename::servers
