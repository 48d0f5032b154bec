#include "verify/path_findings.h"

#include <iterator>
#include <string>

#include "base/text.h"
#include "verify/name_constraints.h"
#include "verify/policies.h"

namespace truename::verify {

namespace {

const x509::Certificate& certificate_of(const Graph& graph, NodeIndex node) {
    return *graph.node(node).certificate;
}

/// RFC 5280 6.1.3(a)(1). That an algorithm or key is of an unknown kind is a finding of the certificate that has it (x509).
void report_signature(Graph& graph, EdgeIndex index, std::vector<Finding>& findings) {
    if (graph.signature(index) != crypto::SignatureCheck::invalid) return;
    const x509::Certificate& subject = certificate_of(graph, graph.edge(index).subject);
    findings.push_back({FindingId::signature_invalid, Field::signature_value, subject.signature_offset, "",
                        x509::describe_signature(subject.signature_algorithm)});
}

void report_identifiers(const Edge& edge, const x509::Certificate& subject, const x509::Certificate& issuer,
                        std::vector<Finding>& findings) {
    const auto& authority = subject.known.authority_key_identifier;
    if (edge.key_identifier == KeyIdentifierFit::differs) {
        findings.push_back({FindingId::path_key_identifier, Field::authority_key_identifier, authority.offset,
                            to_hex(*issuer.known.subject_key_identifier), to_hex(*authority->key_identifier)});
    }
    if (edge.issuer_serial_differs) {
        findings.push_back({FindingId::path_issuer_serial, Field::authority_key_identifier, authority.offset, to_hex(issuer.serial_number),
                            authority->cert_serial_number ? to_hex(*authority->cert_serial_number) : ""});
    }
}

/// How many certificates below `position` count for a path length: RFC 5280 6.1.4(l) leaves out self-issued ones, 4.2.1.9 the last.
std::uint32_t intermediates_below(const Graph& graph, const Path& path, std::size_t position) {
    std::uint32_t count = 0;
    for (std::size_t i = 1; i < position; ++i) count += graph.node(path.nodes[i]).self_issued ? 0 : 1;
    return count;
}

/// The same where the self-issued ones count, too, as libraries have it that do not read RFC 5280 6.1.4(l).
void report_length_of_all(std::size_t position, const x509::Known<x509::BasicConstraints>& constraints, std::vector<AtPosition>& findings) {
    const std::size_t below = position - 1;
    if (below <= *constraints->path_length) return;
    findings.push_back({static_cast<std::uint32_t>(position),
                        {FindingId::path_length_self_issued, Field::basic_constraints, constraints.offset,
                         "at most " + std::to_string(*constraints->path_length), std::to_string(below)}});
}

/// RFC 5280 6.1.4(l) and (m): every limit is compared with what follows it, which is the same as counting the smallest one down.
void report_length(const Graph& graph, const Path& path, std::size_t position, std::vector<AtPosition>& findings) {
    const auto& constraints = certificate_of(graph, path.nodes[position]).known.basic_constraints;
    if (!constraints || !constraints->path_length) return;
    const std::uint32_t below = intermediates_below(graph, path, position);
    if (below <= *constraints->path_length) return report_length_of_all(position, constraints, findings);
    findings.push_back({static_cast<std::uint32_t>(position),
                        {FindingId::path_length_exceeded, Field::basic_constraints, constraints.offset,
                         "at most " + std::to_string(*constraints->path_length), std::to_string(below)}});
}

/// RFC 7633 4.2.2: what an authority's certificate demands, those that it issues have to demand, too.
void report_tls_feature(const Graph& graph, const Path& path, std::size_t position, std::vector<AtPosition>& findings) {
    const auto& wanted = certificate_of(graph, path.nodes[position]).known.tls_feature;
    const auto& there = certificate_of(graph, path.nodes[position - 1]).known.tls_feature;
    if (!wanted) return;
    for (const std::uint32_t feature : *wanted) {
        bool is_there = false;
        for (const std::uint32_t other : *there) is_there = is_there || other == feature;
        if (is_there) continue;
        findings.push_back({static_cast<std::uint32_t>(position),
                            {FindingId::constraint_tls_feature, Field::tls_feature, wanted.offset, "feature " + std::to_string(feature),
                             there.is_present() ? "other features" : "none"}});
        return;
    }
}

/// RFC 5280 6.1.3(b) and (c), 6.1.4(g)
void report_name_constraints(Graph& graph, const Path& path, std::size_t position, std::vector<AtPosition>& findings) {
    std::vector<Finding> found;
    for (std::size_t below = 0; below < position; ++below) {
        if (below != 0 && graph.node(path.nodes[below]).self_issued) continue;
        report_constraints(certificate_of(graph, path.nodes[position]), certificate_of(graph, path.nodes[below]),
                           below == 0 ? Role::leaf : Role::issuer, graph.meter(), found);
    }
    for (Finding& finding : found) findings.push_back({static_cast<std::uint32_t>(position), std::move(finding)});
}

// The last certificate is the anchor where it is its own issuer: its policies are not asked (RFC 5280 6.1.1(d)).
void report_policies(const Graph& graph, const Path& path, std::vector<AtPosition>& findings) {
    std::vector<const x509::Certificate*> certificates;
    certificates.reserve(path.nodes.size());
    for (const NodeIndex node : path.nodes) certificates.push_back(&certificate_of(graph, node));
    if (certificates.size() > 1 && graph.node(path.nodes.back()).self_issued) certificates.pop_back();
    PolicyResult result = process_policies(certificates, {});
    findings.insert(findings.end(), std::make_move_iterator(result.findings.begin()), std::make_move_iterator(result.findings.end()));
}

}  // namespace

void report_edge(Graph& graph, EdgeIndex index, std::vector<Finding>& findings) {
    report_signature(graph, index, findings);
    const Edge& edge = graph.edge(index);
    const x509::Certificate& subject = certificate_of(graph, edge.subject);
    const x509::Certificate& issuer = certificate_of(graph, edge.issuer);
    // RFC 5280 6.1.3(a)(4)
    if (edge.names != x509::NameRelation::same_bytes) {
        findings.push_back({FindingId::path_name_encoding, Field::issuer, subject.issuer.offset(), x509::to_string(issuer.subject),
                            x509::to_string(subject.issuer)});
    }
    report_identifiers(edge, subject, issuer, findings);
    if (issuer.validity.not_after.time < subject.validity.not_after.time) {
        findings.push_back({FindingId::validity_nesting, Field::not_after, subject.validity.not_after_offset,
                            format_time(issuer.validity.not_after.time), format_time(subject.validity.not_after.time)});
    }
}

std::vector<AtPosition> path_findings(Graph& graph, const Path& path) {
    std::vector<AtPosition> findings;
    report_policies(graph, path, findings);
    for (std::size_t position = 1; position < path.nodes.size(); ++position) {
        report_length(graph, path, position, findings);
        report_name_constraints(graph, path, position, findings);
        report_tls_feature(graph, path, position, findings);
    }
    return findings;
}

bool breaks_path(const Placed& placed) {
    const FindingInfo& about = info(placed.finding->id);
    if (placed.role == Role::anchor || about.cls != FindingClass::defect) return false;
    switch (placed.finding->id) {
        case FindingId::usage_not_server:
        case FindingId::usage_issuer_not_server:
        case FindingId::usage_key_usage:
            return false;
        default:
            // What was stapled is the server's business, but that its certificate is revoked.
            if (about.name.starts_with("revocation.staple-") && placed.finding->id != FindingId::revocation_staple_revoked) return false;
            return placed.subject != Subject::name && placed.subject != Subject::chain && !about.name.starts_with("name.");
    }
}

std::vector<AtPosition> end_findings(Graph& graph, const Path& path, PathEnd end) {
    std::vector<AtPosition> findings;
    const auto last = static_cast<std::uint32_t>(path.nodes.size() - 1);
    const NodeIndex node = path.nodes[last];
    const x509::Certificate& certificate = certificate_of(graph, node);
    const auto add = [&](FindingId id, Field field, std::uint32_t offset, std::string found) {
        findings.push_back({last, {id, field, offset, "", std::move(found)}});
    };
    switch (end) {
        case PathEnd::anchor:
        case PathEnd::no_leaf:
            break;
        case PathEnd::self_signed:
            add(FindingId::path_self_signed, Field::issuer, certificate.issuer.offset(), x509::to_string(certificate.issuer));
            break;
        case PathEnd::untrusted_root:
            add(FindingId::path_untrusted_root, Field::subject, certificate.subject.offset(), x509::to_string(certificate.subject));
            break;
        case PathEnd::unknown_issuer:
            add(FindingId::path_unknown_issuer, Field::issuer, certificate.issuer.offset(), x509::to_string(certificate.issuer));
            break;
        case PathEnd::distrusted:
            add(FindingId::path_distrusted, Field::subject, certificate.subject.offset(), x509::to_string(certificate.subject));
            break;
    }
    // A root by all that it says, whose own signature is wrong: the signature of an end that is not trusted counts.
    const bool is_root = end == PathEnd::self_signed || end == PathEnd::untrusted_root;
    if (is_root && !graph.is_self_signed(node)) {
        add(FindingId::signature_invalid, Field::signature_value, certificate.signature_offset,
            x509::describe_signature(certificate.signature_algorithm));
    }
    return findings;
}

}  // namespace truename::verify
