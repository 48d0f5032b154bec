#include "verify/ocsp_findings.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.h"
#include "x509/ocsp_response.h"

namespace truename::verify {

namespace {

struct Row {
    OcspPoint point;
    FindingId stapled, fetched;
    bool is_answer;  // one that says so is an answer all the same
};

constexpr Row kRows[] = {
    {OcspPoint::revoked, FindingId::revocation_staple_revoked, FindingId::revocation_ocsp_revoked, true},
    {OcspPoint::unknown, FindingId::revocation_staple_unknown, FindingId::revocation_ocsp_unknown, true},
    {OcspPoint::other_certificate, FindingId::revocation_staple_other_certificate, FindingId::revocation_ocsp_other_certificate, false},
    {OcspPoint::unreadable, FindingId::revocation_staple_malformed, FindingId::revocation_ocsp_malformed, false},
    {OcspPoint::error_status, FindingId::revocation_staple_error, FindingId::revocation_ocsp_error, false},
    {OcspPoint::try_later, FindingId::revocation_staple_try_later, FindingId::revocation_ocsp_try_later, false},
    {OcspPoint::signature, FindingId::revocation_staple_signature, FindingId::revocation_ocsp_signature, false},
    {OcspPoint::wrong_signer, FindingId::revocation_staple_wrong_signer, FindingId::revocation_ocsp_wrong_signer, false},
    {OcspPoint::not_yet, FindingId::revocation_staple_not_yet, FindingId::revocation_ocsp_not_yet, false},
    {OcspPoint::stale, FindingId::revocation_staple_stale, FindingId::revocation_ocsp_stale, false},
    {OcspPoint::unknown_critical, FindingId::revocation_staple_unknown_critical, FindingId::revocation_ocsp_unknown_critical, false},
    {OcspPoint::unchecked, FindingId::revocation_staple_unchecked, FindingId::revocation_ocsp_unchecked, false},
    {OcspPoint::made_outside, FindingId::revocation_staple_made_outside, FindingId::revocation_ocsp_made_outside, true},
    {OcspPoint::responder_not_checked, FindingId::revocation_staple_responder_not_checked, FindingId::revocation_ocsp_responder_not_checked,
     true},
};

const Row& row_of(OcspPoint point) {
    return *std::ranges::find(kRows, point, &Row::point);
}

/// Who was revoked stays so, whatever else is wrong with the answer.
bool is_answer(const std::vector<OcspFinding>& found) {
    const auto says = [&](OcspPoint point) { return std::ranges::find(found, point, &OcspFinding::point) != found.end(); };
    if (says(OcspPoint::revoked) || says(OcspPoint::unknown)) return true;
    return std::ranges::all_of(found, [](const OcspFinding& one) { return row_of(one.point).is_answer; });
}

constexpr std::uint8_t bit(StatusSource source) {
    return static_cast<std::uint8_t>(source);
}

/// What is asked of a response about the certificate at that position.
OcspQuestion question_of(Graph& graph, const Path& path, std::size_t position, Time at) {
    const Node& node = graph.node(path.nodes[position]);
    OcspQuestion question{*node.certificate};
    question.at = at;
    const bool has_issuer = path.nodes.size() > position + 1;
    if (has_issuer || node.self_issued) {
        const NodeIndex issuer = path.nodes[has_issuer ? position + 1 : position];
        question.issuer = &*graph.node(issuer).certificate;
        question.key = &graph.key(issuer);
    }
    return question;
}

void judge_response(Graph& graph, Bytes response, const OcspQuestion& question, OcspWay way, StatusTold& told) {
    std::vector<OcspFinding> found = judge_ocsp(response, question, graph.signature_check());
    if (is_answer(found)) told.sources.answered |= bit(way == OcspWay::stapled ? StatusSource::staple : StatusSource::ocsp);
    for (OcspFinding& one : found)
        told.findings.push_back({ocsp_finding(one.point, way), one.field, one.offset, std::move(one.expected), std::move(one.found)});
}

/// RFC 6960 4.4.1: a responder may leave it out, and one that answers from a store does.
void compare_nonce(const AskedSource& asked, std::vector<Finding>& findings) {
    const auto response = x509::parse_ocsp_response(asked.answer);
    if (asked.nonce.empty() || !response || response->status != x509::OcspStatus::successful) return;
    if (!response->nonce) {
        findings.push_back({FindingId::revocation_ocsp_nonce_missing, Field::response_extensions, 0, "", std::string(asked.url)});
    } else if (!equal(*response->nonce, asked.nonce)) {
        findings.push_back({FindingId::revocation_ocsp_nonce_differs, Field::response_extensions, 0, to_hex(asked.nonce),
                            to_hex(response->nonce->first(std::min<std::size_t>(response->nonce->size(), 64)))});
    }
}

}  // namespace

FindingId ocsp_finding(OcspPoint point, OcspWay way) {
    return way == OcspWay::stapled ? row_of(point).stapled : row_of(point).fetched;
}

bool is_no_answer(FindingId id) {
    return id == FindingId::revocation_ocsp_unreachable || id == FindingId::revocation_crl_unreachable ||
           id == FindingId::revocation_crl_not_about ||
           std::ranges::any_of(kRows, [&](const Row& row) { return row.fetched == id && !row.is_answer; });
}

StatusTold staples_told(Graph& graph, const Path& path, std::span<const Bytes> staples, Time at) {
    StatusTold told;
    const OcspQuestion question = question_of(graph, path, 0, at);
    for (const Bytes staple : staples) judge_response(graph, staple, question, OcspWay::stapled, told);
    return told;
}

StatusTold responders_told(Graph& graph, const Path& path, std::size_t position, std::span<const AskedSource> asked) {
    StatusTold told;
    for (const AskedSource& one : asked) {
        if (one.source != StatusSource::ocsp || one.certificate != graph.fingerprint(path.nodes[position])) continue;
        told.sources.asked = bit(StatusSource::ocsp);
        if (one.answer.empty()) {
            told.findings.push_back(
                {FindingId::revocation_ocsp_unreachable, Field::authority_info_access, 0, std::string(one.url), std::string(one.failure)});
            continue;
        }
        judge_response(graph, one.answer, question_of(graph, path, position, one.at), OcspWay::fetched, told);
        compare_nonce(one, told.findings);
    }
    return told;
}

}  // namespace truename::verify
