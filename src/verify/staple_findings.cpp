#include "verify/staple_findings.h"

#include <utility>

namespace truename::verify {

FindingId staple_finding(OcspPoint point) {
    switch (point) {
        case OcspPoint::revoked:
            return FindingId::revocation_staple_revoked;
        case OcspPoint::unknown:
            return FindingId::revocation_staple_unknown;
        case OcspPoint::other_certificate:
            return FindingId::revocation_staple_other_certificate;
        case OcspPoint::unreadable:
            return FindingId::revocation_staple_malformed;
        case OcspPoint::error_status:
            return FindingId::revocation_staple_error;
        case OcspPoint::try_later:
            return FindingId::revocation_staple_try_later;
        case OcspPoint::signature:
            return FindingId::revocation_staple_signature;
        case OcspPoint::wrong_signer:
            return FindingId::revocation_staple_wrong_signer;
        case OcspPoint::not_yet:
            return FindingId::revocation_staple_not_yet;
        case OcspPoint::stale:
            return FindingId::revocation_staple_stale;
        case OcspPoint::unknown_critical:
            return FindingId::revocation_staple_unknown_critical;
        case OcspPoint::made_outside:
            return FindingId::revocation_staple_made_outside;
        case OcspPoint::responder_not_checked:
            return FindingId::revocation_staple_responder_not_checked;
        case OcspPoint::unchecked:
            break;
    }
    return FindingId::revocation_staple_unchecked;
}

std::vector<Finding> staple_findings(Graph& graph, const Path& path, std::span<const Bytes> staples, Time at) {
    const Node& leaf = graph.node(path.nodes.front());
    OcspQuestion question{*leaf.certificate};
    question.at = at;
    const bool has_issuer = path.nodes.size() > 1;
    if (has_issuer || leaf.self_issued) {
        const NodeIndex issuer = path.nodes[has_issuer ? 1 : 0];
        question.issuer = &*graph.node(issuer).certificate;
        question.key = &graph.key(issuer);
    }
    std::vector<Finding> findings;
    for (const Bytes staple : staples) {
        for (OcspFinding& found : judge_ocsp(staple, question, graph.signature_check()))
            findings.push_back({staple_finding(found.point), found.field, found.offset, std::move(found.expected), std::move(found.found)});
    }
    return findings;
}

}  // namespace truename::verify
