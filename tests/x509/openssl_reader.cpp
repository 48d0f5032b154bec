#include "tests/x509/openssl_reader.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>

#include "base/text.h"
#include "base/time.h"

namespace truename::x509 {

namespace {

template <auto Free>
struct FreeWith {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};
using X509Owner = std::unique_ptr<X509, FreeWith<X509_free>>;

std::string hex(const ASN1_STRING* text) {
    if (text == nullptr) return "none";
    return to_hex(Bytes(ASN1_STRING_get0_data(text), static_cast<std::size_t>(ASN1_STRING_length(text))));
}

std::string hex(const X509_NAME* name) {
    unsigned char* encoded = nullptr;
    const int size = i2d_X509_NAME(name, &encoded);
    const std::string result = size < 0 ? std::string(kRefused) : to_hex(Bytes(encoded, static_cast<std::size_t>(size)));
    OPENSSL_free(encoded);
    return result;
}

std::string digits(const ASN1_OBJECT* object) {
    return to_hex(Bytes(OBJ_get0_data(object), OBJ_length(object)));
}

std::string time_of(const ASN1_TIME* time) {
    std::tm fields{};
    if (ASN1_TIME_to_tm(time, &fields) != 1) return std::string(kRefused);
    return format_time(Time(std::chrono::seconds(timegm(&fields))));
}

/// Magnitude with a sign, as OpenSSL keeps an INTEGER.
std::string number_of(const ASN1_INTEGER* number) {
    return (ASN1_STRING_type(number) == V_ASN1_NEG_INTEGER ? "-" : "") + hex(number);
}

std::string number_of(Bytes contents) {
    if (contents[0] < 0x80) return to_hex(contents.size() > 1 && contents[0] == 0 ? contents.subspan(1) : contents);
    ByteString magnitude = to_owned(contents);
    bool carry = true;
    for (std::size_t i = magnitude.size(); i-- > 0;) {
        magnitude[i] = static_cast<std::uint8_t>(~magnitude[i] + (carry ? 1 : 0));
        carry = carry && magnitude[i] == 0;
    }
    std::size_t zeros = 0;
    while (zeros + 1 < magnitude.size() && magnitude[zeros] == 0) ++zeros;
    return "-" + to_hex(Bytes(magnitude).subspan(zeros));
}

std::string general_name(const GENERAL_NAME* name) {
    const std::string kind = std::to_string(name->type) + ":";
    switch (name->type) {
        case GEN_EMAIL:
        case GEN_DNS:
        case GEN_URI:
            return kind + hex(name->d.ia5);
        case GEN_IPADD:
            return kind + hex(name->d.ip);
        case GEN_DIRNAME:
            return kind + hex(name->d.dirn);
        case GEN_RID:
            return kind + digits(name->d.rid);
        case GEN_OTHERNAME:
            return kind + digits(name->d.otherName->type_id);
        default:
            return kind;
    }
}

std::string general_name(const GeneralName& name) {
    const std::string kind = std::to_string(static_cast<int>(name.kind)) + ":";
    switch (name.kind) {
        case GeneralNameKind::x400_address:
        case GeneralNameKind::edi_party_name:
            return kind;
        case GeneralNameKind::other_name:
            return kind + to_hex(name.other_name_type().content());
        default:
            return kind + to_hex(name.value);
    }
}

void put_names(X509* x, SeenValues& seen) {
    int critical = 0;
    auto* names = static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(x, NID_subject_alt_name, &critical, nullptr));
    if (names == nullptr) {
        if (critical != -1) seen["subjectAltName"] = kRefused;
        return;
    }
    std::string& text = seen["subjectAltName"];
    for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) text += general_name(sk_GENERAL_NAME_value(names, i)) + " ";
    GENERAL_NAMES_free(names);
}

void put_basic_constraints(X509* x, SeenValues& seen) {
    int critical = 0;
    auto* constraints = static_cast<BASIC_CONSTRAINTS*>(X509_get_ext_d2i(x, NID_basic_constraints, &critical, nullptr));
    if (constraints == nullptr) {
        if (critical != -1) seen["basicConstraints"] = kRefused;
        return;
    }
    seen["basicConstraints"] =
        (constraints->ca != 0 ? "ca " : "") + (constraints->pathlen != nullptr ? number_of(constraints->pathlen) : "");
    BASIC_CONSTRAINTS_free(constraints);
}

void put_usage(X509* x, SeenValues& seen) {
    int critical = 0;
    auto* usage = static_cast<ASN1_BIT_STRING*>(X509_get_ext_d2i(x, NID_key_usage, &critical, nullptr));
    if (usage != nullptr) {
        std::string& text = seen["keyUsage"];
        for (int bit = 0; bit < 9; ++bit) text += ASN1_BIT_STRING_get_bit(usage, bit) != 0 ? '1' : '0';
    } else if (critical != -1) {
        seen["keyUsage"] = kRefused;
    }
    ASN1_BIT_STRING_free(usage);
    auto* purposes = static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(x, NID_ext_key_usage, &critical, nullptr));
    if (purposes != nullptr) {
        std::string& text = seen["extKeyUsage"];
        for (int i = 0; i < sk_ASN1_OBJECT_num(purposes); ++i) text += digits(sk_ASN1_OBJECT_value(purposes, i)) + " ";
    } else if (critical != -1) {
        seen["extKeyUsage"] = kRefused;
    }
    EXTENDED_KEY_USAGE_free(purposes);
}

void put_key_identifiers(X509* x, SeenValues& seen) {
    int critical = 0;
    auto* subject = static_cast<ASN1_OCTET_STRING*>(X509_get_ext_d2i(x, NID_subject_key_identifier, &critical, nullptr));
    if (subject != nullptr || critical != -1) seen["subjectKeyIdentifier"] = subject != nullptr ? hex(subject) : std::string(kRefused);
    ASN1_OCTET_STRING_free(subject);
    auto* authority = static_cast<AUTHORITY_KEYID*>(X509_get_ext_d2i(x, NID_authority_key_identifier, &critical, nullptr));
    if (authority != nullptr || critical != -1)
        seen["authorityKeyIdentifier"] = authority != nullptr ? hex(authority->keyid) : std::string(kRefused);
    AUTHORITY_KEYID_free(authority);
}

template <class T, class Describe>
void put(SeenValues& seen, const std::string& name, const Known<T>& known, Describe&& describe) {
    if (known.is_present()) seen[name] = known ? describe(*known) : std::string(kRefused);
}

}  // namespace

std::optional<SeenValues> read_with_openssl(Bytes der) {
    const unsigned char* at = der.data();
    const X509Owner owner(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    ERR_clear_error();
    if (!owner || at != der.data() + der.size()) return std::nullopt;
    X509* x = owner.get();
    SeenValues seen;
    const long version = X509_get_version(x);  // what is negative has no number here
    seen["version"] = std::to_string(version < 0 ? kUnknownVersion : static_cast<std::uint32_t>(version + 1));
    seen["serialNumber"] = number_of(X509_get0_serialNumber(x));
    seen["issuer"] = hex(X509_get_issuer_name(x));
    seen["subject"] = hex(X509_get_subject_name(x));
    seen["notBefore"] = time_of(X509_get0_notBefore(x));
    seen["notAfter"] = time_of(X509_get0_notAfter(x));
    ASN1_OBJECT* algorithm = nullptr;
    const unsigned char* key = nullptr;
    int size = 0;
    X509_PUBKEY_get0_param(&algorithm, &key, &size, nullptr, X509_get_X509_PUBKEY(x));
    seen["subjectPublicKeyInfo"] = digits(algorithm) + " " + to_hex(Bytes(key, static_cast<std::size_t>(size)));
    seen["tbsCertificate.signature"] = digits(X509_get0_tbs_sigalg(x)->algorithm);
    const ASN1_BIT_STRING* signature = nullptr;
    const X509_ALGOR* outer = nullptr;
    X509_get0_signature(&signature, &outer, x);
    seen["signatureAlgorithm"] = digits(outer->algorithm);
    seen["signatureValue"] = hex(signature);
    std::string& extensions = seen["extensions"];
    for (int i = 0; i < X509_get_ext_count(x); ++i) {
        X509_EXTENSION* extension = X509_get_ext(x, i);
        extensions += digits(X509_EXTENSION_get_object(extension)) + (X509_EXTENSION_get_critical(extension) != 0 ? "!" : "") +
                      hex(X509_EXTENSION_get_data(extension)) + " ";
    }
    put_names(x, seen);
    put_basic_constraints(x, seen);
    put_usage(x, seen);
    put_key_identifiers(x, seen);
    ERR_clear_error();
    return seen;
}

SeenValues values_of(const Certificate& certificate) {
    SeenValues seen;
    seen["version"] = std::to_string(certificate.version);
    seen["serialNumber"] = number_of(certificate.serial_number);
    seen["issuer"] = to_hex(certificate.issuer.tlv());
    seen["subject"] = to_hex(certificate.subject.tlv());
    seen["notBefore"] = format_time(certificate.validity.not_before.time);
    seen["notAfter"] = format_time(certificate.validity.not_after.time);
    const SubjectPublicKeyInfo& key = certificate.subject_public_key_info;
    seen["subjectPublicKeyInfo"] = to_hex(key.algorithm.algorithm.content()) + " " + to_hex(key.key);
    seen["tbsCertificate.signature"] = to_hex(certificate.signature_inner.algorithm.content());
    seen["signatureAlgorithm"] = to_hex(certificate.signature_algorithm.algorithm.content());
    ByteString signature = to_owned(certificate.signature_value);
    if (!signature.empty()) signature.back() &= static_cast<std::uint8_t>(0xFFU << certificate.signature_unused_bits);  // as OpenSSL does
    seen["signatureValue"] = to_hex(signature);
    std::string& extensions = seen["extensions"];
    for (const Extension& extension : certificate.extensions)
        extensions += to_hex(extension.id.content()) + (extension.critical ? "!" : "") + to_hex(extension.value) + " ";
    const KnownExtensions& known = certificate.known;
    put(seen, "subjectAltName", known.subject_alt_name, [](const GeneralNames& names) {
        std::string text;
        for (const GeneralName& name : names) text += general_name(name) + " ";
        return text;
    });
    put(seen, "basicConstraints", known.basic_constraints, [](const BasicConstraints& constraints) {
        std::string text = constraints.ca ? "ca " : "";
        if (constraints.path_length) {
            ByteString number;
            for (int shift = 24; shift >= 0; shift -= 8) number.push_back(static_cast<std::uint8_t>(*constraints.path_length >> shift));
            while (number.size() > 1 && number[0] == 0) number.erase(number.begin());
            text += to_hex(number);
        }
        return text;
    });
    put(seen, "keyUsage", known.key_usage, [](const KeyUsage& usage) {
        std::string text;
        for (unsigned bit = 0; bit < 9; ++bit) text += usage.bits.has(bit) ? '1' : '0';
        return text;
    });
    put(seen, "extKeyUsage", known.extended_key_usage, [](const ExtendedKeyUsage& usage) {
        std::string text;
        for (const der::Oid purpose : usage) text += to_hex(purpose.content()) + " ";
        return text;
    });
    put(seen, "subjectKeyIdentifier", known.subject_key_identifier, [](Bytes identifier) { return to_hex(identifier); });
    put(seen, "authorityKeyIdentifier", known.authority_key_identifier, [](const AuthorityKeyIdentifier& authority) {
        return authority.key_identifier ? to_hex(*authority.key_identifier) : std::string("none");
    });
    return seen;
}

}  // namespace truename::x509
