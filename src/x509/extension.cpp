#include "x509/extension.h"

#include <algorithm>
#include <array>

#include "x509/extension_content.h"

namespace truename::x509 {

namespace {

struct ExtensionRow {
    der::Oid id;
    Field field;
};

// What this program reads. Anything else that is critical is unknown to it.
constexpr ExtensionRow kRows[] = {
    {der::oid::subject_key_identifier, Field::subject_key_identifier},
    {der::oid::key_usage, Field::key_usage},
    {der::oid::subject_alt_name, Field::subject_alt_name},
    {der::oid::basic_constraints, Field::basic_constraints},
    {der::oid::name_constraints, Field::name_constraints},
    {der::oid::crl_distribution_points, Field::crl_distribution_points},
    {der::oid::certificate_policies, Field::certificate_policies},
    {der::oid::policy_mappings, Field::policy_mappings},
    {der::oid::authority_key_identifier, Field::authority_key_identifier},
    {der::oid::policy_constraints, Field::policy_constraints},
    {der::oid::extended_key_usage, Field::extended_key_usage},
    {der::oid::inhibit_any_policy, Field::inhibit_any_policy},
    {der::oid::authority_info_access, Field::authority_info_access},
    {der::oid::tls_feature, Field::tls_feature},
    {der::oid::ct_precert_scts, Field::signed_certificate_timestamps},
};

/// Nearly all are certificate extensions of X.509 itself, `2.5.29.n`: their Field by `n`, because every extension is asked often.
constexpr auto kFieldsUnderCe = [] {
    std::array<Field, 128> fields{};
    fields.fill(Field::unknown_extension);
    for (const ExtensionRow& row : kRows) {
        if (row.id.content().size() == 3) fields[row.id.content()[2]] = row.field;
    }
    return fields;
}();

}  // namespace

Field Extension::field() const {
    const Bytes octets = id.content();
    if (octets.size() == 3 && octets[0] == 0x55 && octets[1] == 0x1D && octets[2] < 128) return kFieldsUnderCe[octets[2]];
    const auto row = std::find_if(std::begin(kRows), std::end(kRows), [&](const ExtensionRow& r) { return r.id == id; });
    return row == std::end(kRows) ? Field::unknown_extension : row->field;
}

Result<Extension> read_extension(der::Reader& reader) {
    const auto sequence = reader.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    const auto id = fields.read(der::Tag::object_identifier);
    if (!id) return forward_error(id);
    const auto oid = der::read_oid(*id);
    if (!oid) return forward_error(oid);
    Extension extension{.id = *oid, .value = {}, .offset = sequence->offset};
    if (fields.next_is(der::Tag::boolean)) {
        const auto element = fields.read();
        if (!element) return forward_error(element);
        const auto critical = der::read_boolean(*element);
        if (!critical) return forward_error(critical);
        extension.critical = *critical;
        extension.is_boolean = !*critical || der::is_der_boolean(*element);
        extension.der_critical = *critical && der::is_der_boolean(*element);
    }
    const auto value = fields.read(der::Tag::octet_string);
    if (!value) return forward_error(value);
    if (!fields.at_end()) extension.extra_offset = fields.offset();
    extension.value = value->value;
    extension.value_offset = value->value_offset();
    return extension;
}

Result<Extension> read_strict_extension(der::Reader& reader) {
    auto extension = read_extension(reader);
    if (extension && extension->extra_offset != 0) return fail(ErrorKind::trailing_data, extension->extra_offset);
    return extension;
}

std::string_view name_of(KeyUsageBit bit) {
    static constexpr std::string_view kNames[] = {"digitalSignature", "contentCommitment", "keyEncipherment",
                                                  "dataEncipherment", "keyAgreement",      "keyCertSign",
                                                  "cRLSign",          "encipherOnly",      "decipherOnly"};
    return kNames[static_cast<std::size_t>(bit)];
}

Result<der::Oid> read_oid_element(der::Reader& reader) {
    const auto element = reader.read(der::Tag::object_identifier);
    if (!element) return forward_error(element);
    return der::read_oid(*element);
}

bool ExtendedKeyUsage::has(der::Oid purpose) const {
    for (const der::Oid present : *this) {
        if (present == purpose) return true;
    }
    return false;
}

PurposeFit purpose_fit(const Known<ExtendedKeyUsage>& usage, der::Oid purpose) {
    if (!usage) return PurposeFit::not_said;
    if (usage->has(purpose)) return PurposeFit::listed;
    return usage->has(der::oid::any_extended_key_usage) ? PurposeFit::any : PurposeFit::other;
}

/// DistributionPoint ::= SEQUENCE { distributionPoint [0], reasons [1], cRLIssuer [2] GeneralNames }, all OPTIONAL
Result<DistributionPoint> read_distribution_point(der::Reader& reader) {
    const auto sequence = reader.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    DistributionPoint point;
    if (const auto name = read_point_name(fields, point); !name) return forward_error(name);
    const auto reasons = read_optional(fields, der::context(1));
    if (!reasons) return forward_error(reasons);
    if (*reasons) {
        const auto bits = der::read_bit_string(**reasons);
        if (!bits) return forward_error(bits);
        point.reasons = *bits;
    }
    const auto issuer = read_optional(fields, der::context_constructed(2));
    if (!issuer) return forward_error(issuer);
    if (*issuer) {
        const auto names = read_implicit_names(**issuer);
        if (!names) return forward_error(names);
        point.crl_issuer = *names;
    }
    if (const auto end = fields.expect_end(); !end) return forward_error(end);
    return point;
}

Result<AccessDescription> read_access_description(der::Reader& reader) {
    const auto sequence = reader.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    const auto method = read_oid_element(fields);
    if (!method) return forward_error(method);
    const auto location = read_general_name(fields);
    if (!location) return forward_error(location);
    if (const auto end = fields.expect_end(); !end) return forward_error(end);
    return AccessDescription{*method, *location};
}

Result<PolicyQualifier> read_policy_qualifier(der::Reader& reader) {
    const auto sequence = reader.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    const auto id = read_oid_element(fields);
    if (!id) return forward_error(id);
    const auto qualifier = fields.read();
    if (!qualifier) return forward_error(qualifier);
    if (const auto end = fields.expect_end(); !end) return forward_error(end);
    return PolicyQualifier{*id, qualifier->tlv};
}

Result<PolicyInformation> read_policy_information(der::Reader& reader) {
    const auto sequence = reader.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    const auto policy = read_oid_element(fields);
    if (!policy) return forward_error(policy);
    PolicyInformation information{*policy, sequence->offset, {}};
    if (!fields.at_end()) {
        const auto qualifiers = fields.read(der::Tag::sequence);
        if (!qualifiers) return forward_error(qualifiers);
        information.qualifiers = PolicyQualifiers(*qualifiers);
    }
    if (const auto end = fields.expect_end(); !end) return forward_error(end);
    return information;
}

Result<PolicyMapping> read_policy_mapping(der::Reader& reader) {
    const auto sequence = reader.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    const auto issuer = read_oid_element(fields);
    if (!issuer) return forward_error(issuer);
    const auto subject = read_oid_element(fields);
    if (!subject) return forward_error(subject);
    if (const auto end = fields.expect_end(); !end) return forward_error(end);
    return PolicyMapping{*issuer, *subject};
}

/// GeneralSubtree ::= SEQUENCE { base GeneralName, minimum [0] INTEGER DEFAULT 0, maximum [1] INTEGER OPTIONAL }
Result<GeneralSubtree> read_general_subtree(der::Reader& reader) {
    const auto sequence = reader.read(der::Tag::sequence);
    if (!sequence) return forward_error(sequence);
    der::Reader fields(*sequence);
    const auto base = read_general_name(fields);
    if (!base) return forward_error(base);
    GeneralSubtree subtree{.base = *base};
    const auto minimum = read_optional(fields, der::context(0));
    if (!minimum) return forward_error(minimum);
    if (*minimum) {
        const auto number = der::read_small(**minimum);
        if (!number) return forward_error(number);
        subtree.minimum = *number;
    }
    const auto maximum = read_optional(fields, der::context(1));
    if (!maximum) return forward_error(maximum);
    subtree.has_maximum = maximum->has_value();
    if (const auto end = fields.expect_end(); !end) return forward_error(end);
    return subtree;
}

Result<std::uint32_t> read_feature(der::Reader& reader) {
    const auto element = reader.read(der::Tag::integer);
    if (!element) return forward_error(element);
    return der::read_small(*element);
}

bool TlsFeature::must_staple() const {
    constexpr std::uint32_t kStatusRequest = 5;
    for (const std::uint32_t feature : *this) {
        if (feature == kStatusRequest) return true;
    }
    return false;
}

namespace {

void put_known(const Extension& extension, KnownExtensions& known) {
    switch (extension.field()) {
        case Field::subject_alt_name:
            put(extension, known.subject_alt_name);
            break;
        case Field::basic_constraints:
            put(extension, known.basic_constraints);
            break;
        case Field::key_usage:
            put(extension, known.key_usage);
            break;
        case Field::extended_key_usage:
            put(extension, known.extended_key_usage);
            break;
        case Field::authority_key_identifier:
            put(extension, known.authority_key_identifier);
            break;
        case Field::subject_key_identifier:
            put(extension, known.subject_key_identifier);
            break;
        case Field::crl_distribution_points:
            put(extension, known.crl_distribution_points);
            break;
        case Field::authority_info_access:
            put(extension, known.authority_info_access);
            break;
        case Field::certificate_policies:
            put(extension, known.certificate_policies);
            break;
        case Field::policy_mappings:
            put(extension, known.policy_mappings);
            break;
        case Field::policy_constraints:
            put(extension, known.policy_constraints);
            break;
        case Field::inhibit_any_policy:
            put(extension, known.inhibit_any_policy);
            break;
        case Field::name_constraints:
            put(extension, known.name_constraints);
            break;
        case Field::tls_feature:
            put(extension, known.tls_feature);
            break;
        case Field::signed_certificate_timestamps:
            put(extension, known.signed_certificate_timestamps);
            break;
        default:
            if (extension.id == der::oid::issuer_alt_name) put(extension, known.issuer_alt_name);
    }
}

}  // namespace

Result<void> read_known_extensions(const Extensions& extensions, KnownExtensions& known) {
    for (der::Reader reader(extensions.contents(), extensions.offset()); !reader.at_end();) {
        const auto extension = read_extension(reader);
        if (!extension) return forward_error(extension);
        put_known(*extension, known);
    }
    return {};
}

bool is_understood(der::Oid extension) {
    return extension == der::oid::issuer_alt_name || Extension{.id = extension, .value = {}}.field() != Field::unknown_extension;
}

}  // namespace truename::x509
