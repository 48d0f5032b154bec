#include "authority/issuers.h"

#include <algorithm>

#include "authority/draft.h"
#include "base/text.h"
#include "x509/build.h"
#include "x509/dns_name.h"

namespace truename::authority {

namespace {

constexpr std::size_t kLongestName = 64;  // RFC 5280 A.1, ub-common-name

Failure unusable(std::string object, std::string reason, std::string next) {
    return {FailureKind::usage, "making an authority for", std::move(object), std::move(reason), std::move(next)};
}

Result<ByteString, Failure> name_of(const Plan& plan, std::string_view what) {
    const std::string name = plan.name + " " + std::string(what);
    if (trim(plan.name).empty() || name.size() > kLongestName || !is_utf8(name) || printable(name) != name)
        return Unexpected{unusable("\"" + printable(plan.name) + "\"", "it cannot be the name of an authority",
                                   "Use up to 45 letters, as --name \"Example Mail\"")};
    return x509::encode_name({{to_owned(der::oid::common_name.content()), name, der::Tag::utf8_string, true}});
}

/// Hosts and mailboxes of the domains, and no address at all: what the authority cannot issue for, trusting it cannot harm (RFC 5280
/// 4.2.1.10). Names of kinds that are not listed are not limited, but no mail program looks at them.
Result<std::vector<x509::NewExtension>, Failure> limits(const Plan& plan) {
    std::vector<x509::NewGeneralName> permitted, excluded;
    for (const std::string& domain : plan.domains) {
        const auto ascii = x509::to_a_labels(domain);
        const auto traits = x509::classify_dns_name(ascii.value_or(domain));
        if (!ascii || !traits.valid || traits.has_star || traits.is_ip_address || traits.has_trailing_dot)
            return Unexpected{unusable("\"" + printable(domain) + "\"", "it is no domain", "Write it as example.com")};
        permitted.push_back(*x509::parse_subtree("DNS:" + *ascii));
        permitted.push_back({x509::GeneralNameKind::rfc822_name, to_owned(as_bytes(*ascii))});
        permitted.push_back({x509::GeneralNameKind::rfc822_name, to_owned(as_bytes("." + *ascii))});
    }
    if (permitted.empty()) return std::vector<x509::NewExtension>();
    for (const char* everything : {"IP:0.0.0.0/0", "IP:::/0"}) excluded.push_back(*x509::parse_subtree(everything));
    return std::vector<x509::NewExtension>{x509::make_name_constraints(permitted, excluded)};
}

x509::CertificateTemplate of_years(unsigned years, Time now) {
    x509::CertificateTemplate made;
    made.serial_number = new_serial();
    made.not_before = now - std::chrono::hours(1);
    made.not_after = now + std::chrono::days(365) * years;
    return made;
}

Result<ByteString, Failure> sign(const x509::CertificateTemplate& made, const crypto::PrivateKey& key, const Plan& plan) {
    auto certificate = x509::sign_certificate(made, key);
    if (!certificate) return Unexpected{unusable(printable(plan.name), "the key cannot sign", "Choose another with --key")};
    return std::move(*certificate);
}

}  // namespace

Result<ByteString, Failure> make_root(const Plan& plan, const crypto::PrivateKey& key, Time now) {
    auto name = name_of(plan, "Root CA");
    if (!name) return name;
    auto constraints = limits(plan);
    if (!constraints) return forward_error(constraints);
    x509::CertificateTemplate made = of_years(plan.root_years, now);
    made.issuer = made.subject = *name;
    made.subject_public_key_info = key.public_key_info();
    made.extensions = {x509::make_subject_key_identifier(made.subject_public_key_info), x509::make_basic_constraints(true, 1),
                       x509::make_key_usage({x509::KeyUsageBit::key_cert_sign, x509::KeyUsageBit::crl_sign})};
    std::ranges::move(*constraints, std::back_inserter(made.extensions));
    return sign(made, key, plan);
}

Result<ByteString, Failure> make_intermediate(const Plan& plan, std::size_t number, Bytes root, const crypto::PrivateKey& root_key,
                                              const crypto::PrivateKey& key, Time now) {
    auto name = name_of(plan, number == 1 ? "Issuing CA" : "Issuing CA " + std::to_string(number));
    if (!name) return name;
    auto constraints = limits(plan);
    if (!constraints) return forward_error(constraints);
    const auto issuer = x509::parse_certificate(root);
    if (!issuer) return Unexpected{unusable(printable(plan.name), "its root cannot be read: " + x509::describe(issuer.error()), "")};
    x509::CertificateTemplate made = of_years(plan.intermediate_years, now);
    made.not_after = std::min(made.not_after, issuer->validity.not_after.time);
    made.issuer = to_owned(issuer->subject.tlv());
    made.subject = std::move(*name);
    made.subject_public_key_info = key.public_key_info();
    made.extensions = {x509::make_authority_key_identifier(issuer->subject_public_key_info.tlv),
                       x509::make_subject_key_identifier(made.subject_public_key_info), x509::make_basic_constraints(true, 0),
                       x509::make_key_usage({x509::KeyUsageBit::key_cert_sign, x509::KeyUsageBit::crl_sign})};
    std::ranges::move(*constraints, std::back_inserter(made.extensions));
    return sign(made, root_key, plan);
}

}  // namespace truename::authority
