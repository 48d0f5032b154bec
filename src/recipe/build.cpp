#include "x509/build.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "base/text.h"
#include "der/oid.h"
#include "recipe/file.h"
#include "recipe/recipe.h"

namespace truename::recipe {

namespace {

namespace oid = der::oid;

struct NamedOid {
    std::string_view name;
    der::Oid id;
};

constexpr std::array kPurposes = {
    NamedOid{"anyExtendedKeyUsage", oid::any_extended_key_usage},
    NamedOid{"serverAuth", oid::kp_server_auth},
    NamedOid{"clientAuth", oid::kp_client_auth},
    NamedOid{"codeSigning", oid::kp_code_signing},
    NamedOid{"emailProtection", oid::kp_email_protection},
    NamedOid{"timeStamping", oid::kp_time_stamping},
    NamedOid{"OCSPSigning", oid::kp_ocsp_signing},
};

constexpr std::array kExtensions = {
    NamedOid{"subjectAltName", oid::subject_alt_name},
    NamedOid{"basicConstraints", oid::basic_constraints},
    NamedOid{"keyUsage", oid::key_usage},
    NamedOid{"extKeyUsage", oid::extended_key_usage},
    NamedOid{"nameConstraints", oid::name_constraints},
    NamedOid{"subjectKeyIdentifier", oid::subject_key_identifier},
    NamedOid{"authorityKeyIdentifier", oid::authority_key_identifier},
    NamedOid{"authorityInfoAccess", oid::authority_info_access},
    NamedOid{"cRLDistributionPoints", oid::crl_distribution_points},
    NamedOid{"certificatePolicies", oid::certificate_policies},
    NamedOid{"tlsFeature", oid::tls_feature},
};

template <std::size_t N>
Result<ByteString> find_oid(const std::array<NamedOid, N>& names, std::string_view text) {
    for (const NamedOid& row : names)
        if (row.name == text) return to_owned(row.id.content());
    return der::parse_dotted(text);
}

std::optional<crypto::SignatureScheme> find_scheme(std::string_view text, const crypto::SignatureScheme& usual) {
    crypto::SignatureScheme scheme = usual;
    if (text == "ed25519" || text == "ed448") {
        scheme.kind = text == "ed25519" ? crypto::SignatureKind::ed25519 : crypto::SignatureKind::ed448;
        return scheme;
    }
    for (const auto& [prefix, kind] :
         {std::pair{"rsa-pss-", crypto::SignatureKind::rsa_pss}, std::pair{"rsa-", crypto::SignatureKind::rsa_pkcs1},
          std::pair{"ecdsa-", crypto::SignatureKind::ecdsa}}) {
        if (!text.starts_with(prefix)) continue;
        scheme.kind = kind;
        text.remove_prefix(std::string_view(prefix).size());
        break;
    }
    using enum crypto::DigestKind;
    for (const auto& [name, digest] : {std::pair{"md5", md5}, std::pair{"sha1", sha1}, std::pair{"sha224", sha224},
                                       std::pair{"sha256", sha256}, std::pair{"sha384", sha384}, std::pair{"sha512", sha512}}) {
        if (text != name) continue;
        scheme.digest = scheme.mgf_digest = digest;
        scheme.salt_size = static_cast<std::uint32_t>(crypto::digest_size(digest));
        return scheme;
    }
    return {};
}

// Makes the items of one recipe. Steps that fail note the first reason and give something empty, so that the callers stay short; what was
// made is thrown away then.
class Kitchen {
  public:
    Kitchen(const Recipe& recipe, const std::filesystem::path& keys) : recipe_(recipe), keys_(keys) {}

    Result<Built, Failure> run() {
        Built built;
        for (const Description& d : recipe_.certificates) {
            current_ = &d;
            const crypto::PrivateKey* key = find_key(d.key);
            ByteString der = make_certificate(d);
            if (failure_) return Unexpected{*failure_};
            built.certificates.emplace(d.name, Item{std::move(der), *key});
        }
        for (const Description& d : recipe_.requests) {
            current_ = &d;
            const crypto::PrivateKey* key = find_key(d.key);
            ByteString der = make_request(d);
            if (failure_) return Unexpected{*failure_};
            built.requests.emplace(d.name, Item{std::move(der), *key});
        }
        return built;
    }

  private:
    void complain(std::string reason) {
        if (failure_) return;
        failure_ = Failure{FailureKind::input,
                           "making '" + current_->name + "'",
                           recipe_.source + " line " + std::to_string(current_->line),
                           std::move(reason),
                           {}};
    }

    template <class T>
    T take(Result<T> result, std::string_view what, std::string_view text) {
        if (result) return *std::move(result);
        complain("the " + std::string(what) + " '" + printable(text) + "' cannot be written: it " + describe(result.error().kind));
        return T{};
    }

    const crypto::PrivateKey* find_key(const std::string& name) {
        if (const auto known = loaded_.find(name); known != loaded_.end()) return &known->second;
        if (name.find('/') != std::string::npos) {
            complain("the key '" + printable(name) + "' is no name of a file in the folder of keys");
            return nullptr;
        }
        const auto pem = read_file(keys_ / (name + ".pem"), 64U << 10, "reading the key");
        if (!pem) {
            complain(to_sentence(pem.error()));
            return nullptr;
        }
        auto key = crypto::PrivateKey::from_pem(*pem);
        if (!key) {
            complain("the key '" + printable(name) + "' cannot be read");
            return nullptr;
        }
        return &loaded_.emplace(name, *std::move(key)).first->second;
    }

    const Description* find_issuer(const Description& d) {
        const auto at = std::ranges::find(recipe_.certificates, d.issuer, &Description::name);
        if (at != recipe_.certificates.end()) return &*at;
        complain("its issuer '" + printable(d.issuer) + "' is not in the recipe");
        return nullptr;
    }

    crypto::SignatureScheme scheme_for(const std::optional<std::string>& text, const crypto::PrivateKey& key) {
        if (!text) return key.usual_scheme();
        const auto scheme = find_scheme(*text, key.usual_scheme());
        if (!scheme)
            complain("no signature is called '" + printable(*text) + "' (sha256, sha1, rsa-pss-sha256, ecdsa-sha384, ed25519 ...)");
        return scheme.value_or(key.usual_scheme());
    }

    std::vector<x509::NewGeneralName> general_names(const std::vector<std::string>& texts) {
        std::vector<x509::NewGeneralName> result;
        result.reserve(texts.size());
        for (const std::string& text : texts) result.push_back(take(x509::parse_general_name(text), "name", text));
        return result;
    }

    // RFC 5280 4.2.1.10: the base of an address is address and mask, written 192.0.2.0/24 here.
    std::vector<x509::NewGeneralName> subtrees(const std::vector<std::string>& texts) {
        std::vector<x509::NewGeneralName> result;
        result.reserve(texts.size());
        for (const std::string& text : texts) {
            const std::size_t slash = text.find('/');
            if (!text.starts_with("IP:") || slash == std::string::npos) {
                result.push_back(take(x509::parse_general_name(text), "subtree", text));
                continue;
            }
            auto address = take(x509::parse_general_name(text.substr(0, slash)), "subtree", text);
            const std::size_t size = address.value.size();
            const auto prefix = static_cast<std::size_t>(std::strtoul(text.c_str() + slash + 1, nullptr, 10));
            for (std::size_t i = 0; i < size; ++i) {
                const std::size_t bits = std::clamp<std::size_t>(prefix, i * 8, i * 8 + 8) - i * 8;
                address.value.push_back(static_cast<std::uint8_t>(0xFF00U >> bits));
            }
            result.push_back(std::move(address));
        }
        return result;
    }

    x509::NewExtension key_usage(const Description& d) {
        std::vector<x509::KeyUsageBit> bits;
        for (const std::string& text : d.key_usage) {
            unsigned number = 0;
            while (number <= 8 && x509::name_of(static_cast<x509::KeyUsageBit>(number)) != text) ++number;
            if (number > 8) complain("no key usage is called '" + printable(text) + "'");
            bits.push_back(static_cast<x509::KeyUsageBit>(number % 9));
        }
        return x509::make_key_usage(bits);
    }

    void add_key_identifiers(const Description& d, const ByteString& own, std::vector<x509::NewExtension>& extensions) {
        if (!d.key_identifiers) return;
        extensions.push_back(x509::make_subject_key_identifier(own));
        if (d.issuer == d.name && !d.issuer_key) return;
        const Description* issuer = find_issuer(d);
        const crypto::PrivateKey* key = issuer ? find_key(d.issuer_key.value_or(issuer->key)) : nullptr;
        if (key) extensions.push_back(x509::make_authority_key_identifier(key->public_key_info()));
    }

    void set_criticality(const Description& d, std::vector<x509::NewExtension>& extensions) {
        for (const auto& [names, critical] : {std::pair{&d.critical, true}, std::pair{&d.not_critical, false}})
            for (const std::string& name : *names) {
                const ByteString id = take(find_oid(kExtensions, name), "extension", name);
                for (x509::NewExtension& extension : extensions)
                    if (extension.id == id) extension.critical = critical;
            }
    }

    std::vector<x509::NewExtension> extensions_of(const Description& d, const ByteString& own) {
        std::vector<x509::NewExtension> result;
        if (d.ca) result.push_back(x509::make_basic_constraints(*d.ca, d.path_length));
        if (!d.key_usage.empty()) result.push_back(key_usage(d));
        if (!d.extended_key_usage.empty()) {
            std::vector<ByteString> purposes;
            purposes.reserve(d.extended_key_usage.size());
            for (const std::string& text : d.extended_key_usage) purposes.push_back(take(find_oid(kPurposes, text), "purpose", text));
            result.push_back(x509::make_extended_key_usage(purposes));
        }
        if (!d.names.empty()) result.push_back(x509::make_subject_alt_name(general_names(d.names), d.subject.empty()));
        if (!d.permitted.empty() || !d.excluded.empty())
            result.push_back(x509::make_name_constraints(subtrees(d.permitted), subtrees(d.excluded)));
        // Version 1 has no extensions, so only those that somebody wrote down are put into it.
        if (d.version >= 3) add_key_identifiers(d, own, result);
        if (!d.ocsp.empty() || !d.ca_issuers.empty()) result.push_back(x509::make_authority_info_access(d.ocsp, d.ca_issuers));
        if (!d.crl.empty()) result.push_back(x509::make_crl_distribution_points(d.crl));
        if (!d.policies.empty()) {
            std::vector<ByteString> policies;
            policies.reserve(d.policies.size());
            for (const std::string& text : d.policies) policies.push_back(take(der::parse_dotted(text), "policy", text));
            result.push_back(x509::make_certificate_policies(policies));
        }
        if (d.must_staple) result.push_back(x509::make_must_staple());
        for (const RawExtension& raw : d.extensions)
            result.push_back(take(x509::make_raw_extension(raw.id, raw.critical, raw.value), "extension", raw.id));
        set_criticality(d, result);
        return result;
    }

    // Without one in the recipe: from what the certificate is, so that it is stable and differs between two of the same issuer.
    static ByteString serial_of(const Description& d) {
        if (d.serial) return *d.serial;
        const crypto::Sha256 hash = crypto::sha256(as_bytes(d.name + '\n' + d.subject + '\n' + d.issuer));
        ByteString serial(hash.begin(), hash.begin() + 8);
        serial[0] = static_cast<std::uint8_t>((serial[0] & 0x3FU) | 0x40U);  // positive and eight bytes long
        return serial;
    }

    void apply(const Description& d, bool in_tbs, ByteString& bytes) {
        for (const Patch& patch : d.patches) {
            if (patch.in_tbs != in_tbs) continue;
            auto at = bytes.begin();
            for (unsigned n = 0; n < patch.occurrence; ++n) {
                at = std::search(n == 0 ? at : at + 1, bytes.end(), patch.find.begin(), patch.find.end());
                if (at == bytes.end()) return complain("the bytes " + to_hex(patch.find) + " of a patch are not found in " + to_hex(bytes));
            }
            const auto gap = bytes.erase(at, at + static_cast<std::ptrdiff_t>(patch.find.size()));
            bytes.insert(gap, patch.replace.begin(), patch.replace.end());
        }
    }

    ByteString sign(const crypto::PrivateKey& key, const crypto::SignatureScheme& scheme, const ByteString& tbs) {
        const auto signature = key.sign(scheme, tbs);
        if (signature) return x509::encode_signed(tbs, x509::encode_signature_algorithm(scheme), *signature);
        complain("its issuer's key cannot make this signature");
        return {};
    }

    ByteString make_certificate(const Description& d) {
        const Description* issuer = find_issuer(d);
        const crypto::PrivateKey* key = find_key(d.key);
        const crypto::PrivateKey* signer = issuer ? find_key(d.signed_by.value_or(issuer->key)) : nullptr;
        if (!key || !signer) return {};

        x509::CertificateTemplate t;
        t.version = d.version;
        t.serial_number = serial_of(d);
        t.subject = take(x509::encode_name(d.subject), "subject", d.subject);
        const std::string& issuer_name = d.issuer_name ? *d.issuer_name : issuer->subject;
        t.issuer = take(x509::encode_name(issuer_name), "issuer's name", issuer_name);
        t.not_before = d.not_before;
        t.not_after = d.not_after;
        t.subject_public_key_info = key->public_key_info();
        t.extensions = extensions_of(d, t.subject_public_key_info);
        const crypto::SignatureScheme scheme = scheme_for(d.signature, *signer);
        if (d.inner_signature) t.signature_inner = x509::encode_signature_algorithm(scheme_for(d.inner_signature, *signer));
        if (failure_) return {};

        ByteString tbs = x509::encode_tbs_certificate(t, x509::encode_signature_algorithm(scheme));
        apply(d, true, tbs);
        ByteString der = sign(*signer, scheme, tbs);
        apply(d, false, der);
        return der;
    }

    ByteString make_request(const Description& d) {
        const crypto::PrivateKey* key = find_key(d.key);
        if (!key) return {};
        x509::RequestTemplate t;
        t.subject = take(x509::encode_name(d.subject), "subject", d.subject);
        if (!d.names.empty()) t.extensions.push_back(x509::make_subject_alt_name(general_names(d.names)));
        if (d.must_staple) t.extensions.push_back(x509::make_must_staple());
        for (const RawExtension& raw : d.extensions)
            t.extensions.push_back(take(x509::make_raw_extension(raw.id, raw.critical, raw.value), "extension", raw.id));
        const crypto::SignatureScheme scheme = scheme_for(d.signature, *key);
        if (failure_) return {};
        auto der = x509::sign_request(t, *key, scheme);
        if (!der) complain("its key cannot make this signature");
        return der.value_or(ByteString{});
    }

    const Recipe& recipe_;
    const std::filesystem::path& keys_;
    const Description* current_ = nullptr;
    std::map<std::string, crypto::PrivateKey> loaded_;
    std::optional<Failure> failure_;
};

}  // namespace

Bytes Built::certificate(std::string_view name) const {
    const auto at = certificates.find(name);
    assert(at != certificates.end());
    return at->second.der;
}

Result<Built, Failure> build(const Recipe& recipe, const std::filesystem::path& keys) {
    return Kitchen(recipe, keys).run();
}

}  // namespace truename::recipe
