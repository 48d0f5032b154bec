#include "verify/crl_scope.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "der/writer.h"
#include "x509/name.h"

namespace truename::verify {

namespace {

bool same(const x509::Name& a, const x509::Name& b) {
    return x509::relation(a, b) != x509::NameRelation::different;
}

/// One name of a distribution point. A name relative to an issuer is put together here, so it has bytes of its own.
struct PointName {
    x509::GeneralNameKind kind{};
    Bytes value;
    ByteString own;
    std::optional<x509::Name> directory_name;
};

bool same(const PointName& a, const PointName& b) {
    if (a.kind != b.kind) return false;
    if (a.directory_name && b.directory_name) return same(*a.directory_name, *b.directory_name);
    if (a.kind == x509::GeneralNameKind::dns_name) return equal_ignoring_ascii_case(as_text(a.value), as_text(b.value));
    return equal(a.value, b.value);
}

using PointNames = std::vector<PointName>;

void add(const x509::GeneralNames& names, PointNames& to) {
    for (const x509::GeneralName& name : names) to.push_back({name.kind, name.value, {}, name.directory_name()});
}

/// The issuer's name with one more RelativeDistinguishedName. RFC 5280 4.2.1.13
void add_below(const x509::Name& issuer, Bytes attributes, PointNames& to) {
    const auto outer = der::Reader(issuer.tlv()).read();
    if (!outer) return;
    der::Writer writer;
    writer.sequence([&] { writer.raw(outer->value).set([&] { writer.raw(attributes); }); });
    PointName name{x509::GeneralNameKind::directory_name, {}, writer.bytes(), {}};
    if (const auto parsed = x509::parse_name(name.own)) name.directory_name = *parsed;
    to.push_back(std::move(name));
}

PointNames names_of(const x509::DistributionPointName& point, const x509::Name& issuer) {
    PointNames names;
    add(point.full_name, names);
    if (!point.relative_name.empty()) add_below(issuer, point.relative_name, names);
    return names;
}

/// The same for the issuer of a list.
bool is_issuer(const x509::CertificateList& crl, const x509::Name& name, Meter& meter) {
    return meter.take_name_comparison(crl.issuer.tlv().size() + name.tlv().size()) && same(crl.issuer, name);
}

bool is_named(const x509::DistributionPointName& point) {
    return !point.full_name.empty() || !point.relative_name.empty();
}

bool has_common_name(const PointNames& a, const PointNames& b, Meter& meter) {
    return std::any_of(a.begin(), a.end(), [&](const PointName& left) {
        return std::any_of(b.begin(), b.end(), [&](const PointName& right) {
            return meter.take_name_comparison(left.value.size() + right.value.size()) && same(left, right);
        });
    });
}

/// What the names of a point are relative to: its cRLIssuer where it has one, else the certificate's issuer.
x509::Name base_of(const x509::DistributionPoint& point, const x509::Name& issuer) {
    for (const x509::GeneralName& name : point.crl_issuer) {
        if (const auto directory_name = name.directory_name()) return *directory_name;
    }
    return issuer;
}

/// RFC 5280 6.3.3(b)(1)
bool is_from_right_issuer(const x509::CertificateList& crl, const x509::Certificate& certificate, const x509::DistributionPoint* point,
                          Meter& meter) {
    if (point == nullptr || point->crl_issuer.empty()) return is_issuer(crl, certificate.issuer, meter);
    const auto& issuing = crl.known.issuing_distribution_point;
    if (!issuing || !issuing->indirect_crl) return false;
    for (const x509::GeneralName& name : point->crl_issuer) {
        const auto directory_name = name.directory_name();
        if (directory_name && is_issuer(crl, *directory_name, meter)) return true;
    }
    return false;
}

/// RFC 5280 6.3.3(b)(2)(i)
bool is_from_right_point(const x509::CertificateList& crl, const x509::Certificate& certificate, const x509::DistributionPoint* point,
                         Meter& meter) {
    const auto& issuing = crl.known.issuing_distribution_point;
    if (!issuing || !is_named(*issuing)) return true;
    PointNames wanted;
    if (point == nullptr) {
        wanted.push_back({x509::GeneralNameKind::directory_name, {}, {}, certificate.issuer});
    } else if (is_named(*point)) {
        wanted = names_of(*point, base_of(*point, certificate.issuer));
    } else {
        add(point->crl_issuer, wanted);
    }
    return has_common_name(names_of(*issuing, crl.issuer), wanted, meter);
}

/// RFC 5280 6.3.3(b)(2)(ii) to (iv)
bool is_about_such(const x509::CertificateList& crl, const x509::Certificate& certificate) {
    const auto& point = crl.known.issuing_distribution_point;
    if (!point) return true;
    const bool is_ca = certificate.known.basic_constraints && certificate.known.basic_constraints->ca;
    return !point->only_contains_attribute_certs && !(point->only_contains_user_certs && is_ca) &&
           !(point->only_contains_ca_certs && !is_ca);
}

Reasons reasons_in(const std::optional<der::BitString>& flags) {
    if (!flags) return kAllReasons;
    Reasons reasons = 0;
    for (unsigned bit = 1; bit <= 8; ++bit) {
        if (flags->has(bit)) reasons = static_cast<Reasons>(reasons | 1U << bit);
    }
    return reasons;
}

Bytes value_of(const x509::CertificateList& crl, der::Oid id) {
    for (const x509::Extension& extension : crl.extensions) {
        if (extension.id == id) return extension.value;
    }
    return {};
}

/// Compares the contents of two INTEGERs that are not negative, as DER writes them.
bool is_less(Bytes a, Bytes b) {
    if (a.size() != b.size()) return a.size() < b.size();
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

}  // namespace

std::optional<Reasons> reasons_covered(const x509::CertificateList& crl, const x509::Certificate& certificate,
                                       const x509::DistributionPoint* point, Meter& meter) {
    if (!is_from_right_issuer(crl, certificate, point, meter) || !is_from_right_point(crl, certificate, point, meter) ||
        !is_about_such(crl, certificate))
        return std::nullopt;
    Reasons reasons = point == nullptr ? kAllReasons : reasons_in(point->reasons);
    if (crl.known.issuing_distribution_point) reasons &= reasons_in(crl.known.issuing_distribution_point->only_some_reasons);
    return reasons;
}

bool changes(const x509::CertificateList& delta, const x509::CertificateList& complete) {
    const x509::CrlExtensions &changed = delta.known, &base = complete.known;
    if (!changed.delta_crl_indicator || !changed.crl_number || !base.crl_number) return false;
    const bool fits = !is_less(*base.crl_number, *changed.delta_crl_indicator) && is_less(*base.crl_number, *changed.crl_number);
    return fits && same(delta.issuer, complete.issuer) &&
           equal(value_of(delta, der::oid::issuing_distribution_point), value_of(complete, der::oid::issuing_distribution_point)) &&
           equal(value_of(delta, der::oid::authority_key_identifier), value_of(complete, der::oid::authority_key_identifier));
}

}  // namespace truename::verify
