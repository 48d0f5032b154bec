#include "x509/trust_settings.h"

#include "der/reader.h"
#include "der/value.h"

namespace truename::x509 {

namespace {

/// Whether one of the identifiers in that SEQUENCE OF is the purpose, or stands for all.
bool lists(const der::Tlv& identifiers, der::Oid purpose) {
    for (der::Reader reader(identifiers); !reader.at_end();) {
        const auto element = reader.read(der::Tag::object_identifier);
        const auto oid = element ? der::read_oid(*element) : Result<der::Oid>(forward_error(element));
        if (!oid) return false;
        if (*oid == purpose || *oid == der::oid::any_extended_key_usage) return true;
    }
    return false;
}

}  // namespace

// X509_CERT_AUX ::= SEQUENCE { trust SEQUENCE OF OBJECT IDENTIFIER OPTIONAL, reject [0] SEQUENCE OF OBJECT IDENTIFIER OPTIONAL,
//                              alias UTF8String OPTIONAL, keyid OCTET STRING OPTIONAL, other [1] OPTIONAL }
ExplicitTrust explicit_trust(Bytes settings, der::Oid purpose) {
    const auto outer = der::Reader(settings).read(der::Tag::sequence);
    if (!outer) return ExplicitTrust::none;
    ExplicitTrust said = ExplicitTrust::none;
    for (der::Reader fields(*outer); !fields.at_end();) {
        const auto field = fields.read();
        if (!field) break;
        if (field->tag == der::Tag::sequence) said = lists(*field, purpose) ? ExplicitTrust::trusted : ExplicitTrust::rejected;
        if (field->tag == der::context_constructed(0) && lists(*field, purpose)) return ExplicitTrust::rejected;
    }
    return said;
}

}  // namespace truename::x509
