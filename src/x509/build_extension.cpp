#include "crypto/digest.h"
#include "der/writer.h"
#include "x509/algorithm.h"
#include "x509/build.h"

namespace truename::x509 {

namespace {

NewExtension make(der::Oid id, bool critical, der::Writer& contents) {
    return {to_owned(id.content()), critical, contents.take()};
}

ByteString uri(const std::string& address) {
    return encode_general_name({GeneralNameKind::uniform_resource_identifier, to_owned(as_bytes(address))});
}

/// RFC 5280 4.2.1.2 (1): the SHA-1 of the BIT STRING's octets. Of bytes that are no key, the SHA-1 of all of them.
crypto::Sha1 key_identifier(Bytes subject_public_key_info) {
    der::Reader reader(subject_public_key_info);
    const auto info = read_subject_public_key_info(reader);
    return crypto::sha1(info ? info->key : subject_public_key_info);
}

void write_subtrees(der::Writer& w, unsigned tag, const std::vector<NewGeneralName>& subtrees) {
    if (subtrees.empty()) return;
    w.nested(der::context_constructed(tag), [&] {
        for (const NewGeneralName& base : subtrees) w.sequence([&] { w.raw(encode_general_name(base)); });
    });
}

}  // namespace

NewExtension make_subject_alt_name(const std::vector<NewGeneralName>& names, bool critical) {
    return {to_owned(der::oid::subject_alt_name.content()), critical, encode_general_names(names)};
}

NewExtension make_basic_constraints(bool ca, std::optional<std::uint32_t> path_length) {
    der::Writer w;
    w.sequence([&] {
        if (ca) w.boolean(true);
        if (path_length) w.integer(*path_length);
    });
    return make(der::oid::basic_constraints, true, w);
}

NewExtension make_key_usage(const std::vector<KeyUsageBit>& bits) {
    std::uint32_t mask = 0;
    for (const KeyUsageBit bit : bits) mask |= 1U << static_cast<unsigned>(bit);
    der::Writer w;
    w.named_bits(mask);
    return make(der::oid::key_usage, true, w);
}

NewExtension make_extended_key_usage(const std::vector<ByteString>& purposes) {
    der::Writer w;
    w.sequence([&] {
        for (const ByteString& purpose : purposes) w.oid(der::Oid(purpose));
    });
    return make(der::oid::extended_key_usage, false, w);
}

NewExtension make_subject_key_identifier(Bytes subject_public_key_info) {
    der::Writer w;
    w.octet_string(key_identifier(subject_public_key_info));
    return make(der::oid::subject_key_identifier, false, w);
}

NewExtension make_authority_key_identifier(Bytes issuer_public_key_info) {
    der::Writer w;
    w.sequence([&] { w.element(der::context(0), key_identifier(issuer_public_key_info)); });
    return make(der::oid::authority_key_identifier, false, w);
}

NewExtension make_crl_distribution_points(const std::vector<std::string>& uris) {
    der::Writer w;
    w.sequence([&] {
        for (const std::string& address : uris) {
            w.sequence([&] {
                w.nested(der::context_constructed(0), [&] { w.nested(der::context_constructed(0), [&] { w.raw(uri(address)); }); });
            });
        }
    });
    return make(der::oid::crl_distribution_points, false, w);
}

NewExtension make_authority_info_access(const std::vector<std::string>& ocsp, const std::vector<std::string>& ca_issuers) {
    der::Writer w;
    const auto write = [&](der::Oid method, const std::vector<std::string>& addresses) {
        for (const std::string& address : addresses) {
            w.sequence([&] {
                w.oid(method);
                w.raw(uri(address));
            });
        }
    };
    w.sequence([&] {
        write(der::oid::ad_ocsp, ocsp);
        write(der::oid::ad_ca_issuers, ca_issuers);
    });
    return make(der::oid::authority_info_access, false, w);
}

NewExtension make_certificate_policies(const std::vector<ByteString>& policies) {
    der::Writer w;
    w.sequence([&] {
        for (const ByteString& policy : policies) w.sequence([&] { w.oid(der::Oid(policy)); });
    });
    return make(der::oid::certificate_policies, false, w);
}

NewExtension make_name_constraints(const std::vector<NewGeneralName>& permitted, const std::vector<NewGeneralName>& excluded) {
    der::Writer w;
    w.sequence([&] {
        write_subtrees(w, 0, permitted);
        write_subtrees(w, 1, excluded);
    });
    return make(der::oid::name_constraints, true, w);
}

NewExtension make_must_staple() {
    der::Writer w;
    w.sequence([&] { w.integer(5); });
    return make(der::oid::tls_feature, false, w);
}

Result<NewExtension> make_raw_extension(std::string_view dotted, bool critical, Bytes value) {
    auto id = der::parse_dotted(dotted);
    if (!id) return forward_error(id);
    return NewExtension{std::move(*id), critical, to_owned(value)};
}

}  // namespace truename::x509
