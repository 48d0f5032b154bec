#include "authority/draft.h"

#include <algorithm>

#include "base/text.h"
#include "crypto/random.h"
#include "crypto/rsa_flaw.h"
#include "x509/algorithm.h"
#include "x509/dns_name.h"
#include "x509/findings.h"
#include "x509/ip_address.h"
#include "x509/issuing_rules.h"
#include "x509/mailbox.h"
#include "x509/server_request.h"

namespace truename::authority {

namespace {

constexpr std::size_t kEmptyName = 2;        // octets of a Name without attributes
constexpr std::chrono::hours kBackdated{1};  // for clocks that are behind
constexpr std::string_view kShard = "{shard}";
constexpr std::string_view kAnotherKey = "Make another key: P-256, RSA of 2048 bits or more, or Ed25519";

Failure refused(std::string object, std::string reason, std::string next) {
    return {FailureKind::input, "making a certificate for", std::move(object), std::move(reason), std::move(next)};
}

bool is_in(std::string_view host, std::string_view domain) {
    if (equal_ignoring_ascii_case(host, domain)) return true;
    return host.size() > domain.size() + 1 && host[host.size() - domain.size() - 1] == '.' &&
           equal_ignoring_ascii_case(host.substr(host.size() - domain.size()), domain);
}

Failure outside(const std::string& name, const Signer& signer) {
    return refused(name, "this authority may only issue for " + join(signer.domains, ", "),
                   "Make another authority for other domains: its root says what it is for, so that trusting it is safe");
}

bool is_permitted(std::string_view host, const Signer& signer) {
    return signer.domains.empty() || std::ranges::any_of(signer.domains, [&](const std::string& domain) { return is_in(host, domain); });
}

Result<x509::NewGeneralName, Failure> read_host(const std::string& text, const Order& order, const Signer& signer) {
    const std::string name = printable(text);
    const auto traits = x509::classify_dns_name(text);
    if (traits.is_ip_address) {
        if (!signer.domains.empty()) return Unexpected{outside(name, signer)};
        return *x509::parse_general_name("IP:" + text);
    }
    const auto ascii = x509::to_a_labels(text);
    const auto checked = x509::classify_dns_name(ascii.value_or(text));
    if (!ascii || !checked.valid || checked.has_trailing_dot || checked.has_leading_dot || (checked.has_star && !checked.is_wildcard))
        return Unexpected{
            refused(name, "it is no name of a host", "Write it as mail programs have it in their settings: mail.example.com")};
    if (!is_permitted(*ascii, signer)) return Unexpected{outside(name, signer)};
    if (checked.is_internal && !order.internal_names && signer.domains.empty())
        return Unexpected{refused(name, "it is a name inside of one network, which somebody else's server may have too",
                                  "Leave it out, or say that you mean it with --internal-names")};
    return *x509::parse_general_name("DNS:" + *ascii);
}

/// RFC 5321 4.1.2, Dot-string in ASCII: what mail programs write into certificates. Quoted and other local parts are not certified.
bool is_local_part(std::string_view text) {
    constexpr std::string_view kOthers = "!#$%&'*+-/=?^_`{|}~.";
    return !text.empty() && text.size() <= 64 && !text.starts_with('.') && !text.ends_with('.') &&
           text.find("..") == std::string_view::npos &&
           std::ranges::all_of(text, [&](char c) { return is_alphanumeric(c) || kOthers.find(c) != std::string_view::npos; });
}

Result<x509::NewGeneralName, Failure> read_mailbox(const std::string& text, const Signer& signer) {
    const std::size_t at = std::min(text.find('@'), text.size());
    const auto host = x509::to_a_labels(at == text.size() ? std::string_view() : std::string_view(text).substr(at + 1));
    const auto traits = x509::classify_dns_name(host.value_or(""));
    if (!is_local_part(std::string_view(text).substr(0, at)) || !host || !traits.valid || traits.has_star || traits.has_trailing_dot)
        return Unexpected{refused(printable(text), "it is no address of a mailbox", "Write it as mail is sent to it: ada@example.com")};
    if (!is_permitted(*host, signer)) return Unexpected{outside(printable(text), signer)};
    return x509::NewGeneralName{x509::GeneralNameKind::rfc822_name, to_owned(as_bytes(text.substr(0, at + 1) + *host))};
}

Result<std::vector<x509::NewGeneralName>, Failure> read_names(const Order& order, const Signer& signer) {
    std::vector<x509::NewGeneralName> names;
    if (order.names.empty()) return Unexpected{refused("nobody", "no name is asked for", "Name it: --name mail.example.com")};
    if (order.names.size() > kMostNames)
        return Unexpected{refused(printable(order.names.front()),
                                  std::to_string(order.names.size()) + " names are asked for, and at most " + std::to_string(kMostNames) +
                                      " are put in one certificate",
                                  "Make several certificates")};
    for (const std::string& text : order.names) {
        auto name = order.profile->names == CertificateProfile::Names::hosts ? read_host(text, order, signer) : read_mailbox(text, signer);
        if (!name) return forward_error(name);
        const bool is_there = std::ranges::any_of(
            names, [&](const x509::NewGeneralName& one) { return one.kind == name->kind && equal(one.value, name->value); });
        if (!is_there) names.push_back(std::move(*name));
    }
    return names;
}

/// The key, when it is one and nobody can compute its private half.
Result<x509::SubjectPublicKeyInfo, Failure> read_key(const Order& order) {
    const auto unusable = [&](std::string_view reason) {
        return Unexpected{refused(printable(order.names.front()), std::string(reason), std::string(kAnotherKey))};
    };
    der::Reader reader{Bytes(order.public_key_info)};
    const auto key = x509::read_subject_public_key_info(reader);
    if (key && !key->rsa_modulus.empty()) {
        const auto flaw = crypto::find_rsa_flaw(key->rsa_modulus, key->rsa_exponent);
        if (flaw) return unusable("its key must not be certified: " + std::string(crypto::describe(*flaw)));
    }
    if (!key || !x509::make_public_key(*key)) return unusable("its key cannot be used");
    return *key;
}

/// Keys that nobody should make any more, although some programs take them.
bool is_weak(FindingId id) {
    return id == FindingId::key_rsa_under_1024 || id == FindingId::key_rsa_under_2048 || id == FindingId::key_ec_under_256 ||
           id == FindingId::key_dsa;
}

/// What is wrong with the draft by the same rules by which certificates of others are looked at. Nobody signed it, so it is read with an
/// empty signature in its place.
Result<void, Failure> check(const Draft& draft) {
    const ByteString der = signed_certificate(draft.row, draft.algorithm);
    const auto certificate = x509::parse_certificate(der);
    if (!certificate)
        return Unexpected{refused(draft.names.front(), "it could not be read: " + x509::describe(certificate.error()), "Look at the key")};
    std::vector<Finding> findings;
    x509::report_findings(*certificate, findings);
    x509::report_issuing_rules(*certificate, findings);
    for (const Finding& finding : findings) {
        const FindingInfo& row = info(finding.id);
        if (row.cls == FindingClass::fact && !is_weak(finding.id)) continue;
        if (finding.id == FindingId::name_internal || finding.id == FindingId::cert_empty_subject) continue;  // both were meant
        return Unexpected{refused(draft.names.front(),
                                  std::string(row.title) + (finding.found.empty() ? "" : " (" + printable(finding.found) + ")"),
                                  row.name.starts_with("key.") ? std::string(kAnotherKey) : "")};
    }
    return {};
}

std::vector<x509::NewExtension> extensions(const Order& order, const Signer& signer, const std::vector<x509::NewGeneralName>& names,
                                           bool is_rsa, std::int64_t shard, bool has_subject) {
    std::vector<x509::NewExtension> list = {
        x509::make_authority_key_identifier(signer.certificate.subject_public_key_info.tlv),
        x509::make_subject_key_identifier(order.public_key_info),
        x509::make_key_usage(is_rsa ? order.profile->usage_rsa : order.profile->usage),
        x509::make_extended_key_usage(order.profile->purposes),
        x509::make_basic_constraints(false),
        x509::make_subject_alt_name(names, !has_subject),
    };
    if (!signer.list_url.empty())
        list.push_back(x509::make_crl_distribution_points({list_address(signer.list_url, std::to_string(shard))}));
    return list;
}

}  // namespace

bool has_shards(std::string_view list_url) {
    return list_url.find(kShard) != std::string_view::npos;
}

std::string list_address(std::string_view pattern, std::string_view place) {
    std::string address(pattern);
    if (has_shards(pattern)) return address.replace(address.find(kShard), kShard.size(), place);
    if (place == "0") return address;
    const std::size_t dot = address.find('.', address.find_last_of('/') + 1);
    return address.insert(std::min(dot, address.size()), "-" + std::string(place));
}

ByteString new_serial() {
    ByteString serial = {0x01};
    const ByteString random = crypto::random_bytes(16);
    serial.insert(serial.end(), random.begin(), random.end());
    return serial;
}

ByteString signed_certificate(const CertificateRow& row, Bytes algorithm) {
    return x509::encode_signed(row.tbs, algorithm, row.signature);
}

Result<Draft, Failure> make_draft(const Order& order, const Signer& signer, std::int64_t shard, Time now) {
    const auto names = read_names(order, signer);
    if (!names) return forward_error(names);
    const auto key = read_key(order);
    if (!key) return forward_error(key);

    Draft draft;
    for (const x509::NewGeneralName& name : *names)
        draft.names.push_back(name.kind == x509::GeneralNameKind::ip_address ? x509::to_string(*x509::to_ip_address(name.value))
                                                                             : std::string(as_text(name.value)));
    const Time not_after =
        std::min(now + std::chrono::days(order.days.value_or(order.profile->days)), signer.certificate.validity.not_after.time);
    if (not_after < now + std::chrono::days(1))
        return Unexpected{Failure{
            FailureKind::usage, "making a certificate for", draft.names.front(), "the authority's own certificate ends too early",
            "It ends on " + format_date(signer.certificate.validity.not_after.time) + ": truename ca renew --issuer makes another"}};
    draft.algorithm = x509::encode_signature_algorithm(signer.scheme);
    const ByteString subject = x509::encode_common_name(draft.names.front());
    draft.row = {new_serial(), signer.id, order.profile->id, join(draft.names, "\n"), 0, to_seconds(not_after), shard, {}, {}};
    draft.row.not_before = to_seconds(std::max(now - kBackdated, signer.certificate.validity.not_before.time));

    x509::CertificateTemplate made;
    made.serial_number = draft.row.serial;
    made.issuer = to_owned(signer.certificate.subject.tlv());
    made.not_before = from_seconds(draft.row.not_before);
    made.not_after = not_after;
    made.subject = subject;
    made.subject_public_key_info = order.public_key_info;
    const bool is_rsa = key->kind == x509::KeyKind::rsa || key->kind == x509::KeyKind::rsa_pss;
    made.extensions = extensions(order, signer, *names, is_rsa, draft.row.shard, subject.size() > kEmptyName);
    draft.row.tbs = x509::encode_tbs_certificate(made, draft.algorithm);
    if (auto checked = check(draft); !checked) return forward_error(checked);
    return draft;
}

}  // namespace truename::authority
