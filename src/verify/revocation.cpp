#include "verify/revocation.h"

#include <algorithm>
#include <string>
#include <utility>

#include "verify/trust_store.h"

namespace truename::verify {

namespace {

/// removeFromCRL (RFC 5280 5.3.1): a delta takes back what the complete list says.
constexpr std::uint32_t kRemoveFromCrl = 8;

bool may_sign_crls(const x509::Certificate& certificate) {
    const auto& usage = certificate.known.key_usage;
    return !usage.is_present() || (usage && usage->has(x509::KeyUsageBit::crl_sign));
}

bool is_of(const x509::Name& name, const x509::GeneralNames& names) {
    return std::ranges::any_of(names, [&](const x509::GeneralName& one) {
        const auto directory_name = one.directory_name();
        return directory_name && x509::relation(*directory_name, name) != x509::NameRelation::different;
    });
}

/// The entry of a certificate; nothing when there is none. An entry stands for the certificates of the issuer that it names, or that the
/// entries before it named, or that made the CRL (RFC 5280 5.3.3).
std::optional<x509::RevokedCertificate> find_entry(const x509::CertificateList& crl, const x509::Certificate& certificate) {
    x509::GeneralNames issuer;
    for (const x509::RevokedCertificate& entry : crl.revoked_certificates) {
        if (!entry.certificate_issuer.empty()) issuer = entry.certificate_issuer;
        if (!equal(entry.serial_number, certificate.serial_number)) continue;
        const bool fits = issuer.empty() ? x509::relation(crl.issuer, certificate.issuer) != x509::NameRelation::different
                                         : is_of(certificate.issuer, issuer);
        if (fits) return entry;
    }
    return std::nullopt;
}

/// RFC 5280 5.1: version 2 where there are extensions, one algorithm, no list that is there and empty, times as DER writes
/// them and that a UTCTime or a GeneralizedTime of RFC 5280 can be (4.1.2.5: none before 1950).
bool is_well_formed(const x509::CertificateList& crl) {
    const auto is_right = [](const der::EncodedTime& time) {
        return time.der && time.time >= std::chrono::sys_days(std::chrono::year(1950) / 1 / 1);
    };
    const bool has_extensions = !crl.extensions.empty() || crl.entries_have_extensions;
    return (crl.version == 2 || (crl.version == 1 && !has_extensions)) && equal(crl.signature_inner.tlv, crl.signature_algorithm.tlv) &&
           !(crl.has_revoked_certificates && crl.revoked_certificates.empty()) && is_right(crl.this_update) &&
           (!crl.next_update || is_right(*crl.next_update));
}

/// Tells a finding once of each certificate.
void add_once(std::vector<Finding>& findings, Finding finding) {
    const auto is_told = [&](const Finding& told) { return told.id == finding.id && told.found == finding.found; };
    if (std::none_of(findings.begin(), findings.end(), is_told)) findings.push_back(std::move(finding));
}

}  // namespace

/// RFC 5280 5.2 and 5.3: also an extension of one of its entries.
std::optional<Finding> form_defect(const x509::CertificateList& crl) {
    const auto make = [&](FindingId id, Field field) { return Finding{id, field, 0, "", "of " + x509::to_string(crl.issuer)}; };
    const x509::CrlExtensions& known = crl.known;
    if (known.unknown_critical) return make(FindingId::revocation_crl_unknown_critical, Field::crl_extensions);
    if (!is_well_formed(crl)) return make(FindingId::revocation_crl_malformed, Field::certificate_list);
    const auto is_bad = [](const auto&... extension) {
        return ((extension.state == x509::ExtensionState::malformed || extension.trailing_offset != 0) || ...);
    };
    if (is_bad(known.authority_key_identifier, known.crl_number, known.delta_crl_indicator, known.issuing_distribution_point))
        return make(FindingId::revocation_crl_malformed, Field::crl_extensions);
    if (crl.entries_unknown_critical) return make(FindingId::revocation_crl_unknown_critical, Field::revoked_certificates);
    return std::nullopt;
}

std::vector<Finding> form_facts(const x509::CertificateList& crl) {
    std::vector<Finding> facts;
    const std::uint32_t offset = crl.issuer.offset();
    const auto& number = crl.known.crl_number;
    if (!number.is_present() || number.critical)
        facts.push_back(
            {FindingId::revocation_crl_number, Field::crl_extensions, offset, "", number.is_present() ? "critical" : "no number"});
    if (!crl.next_update)
        facts.push_back({FindingId::revocation_crl_no_next_update, Field::next_update, offset, "", "of " + x509::to_string(crl.issuer)});
    return facts;
}

RevocationLists::RevocationLists(Graph& graph, std::span<const Bytes> crls, Time at, IsCertified is_certified)
    : graph_(graph), at_(at), is_certified_(std::move(is_certified)) {
    for (const Bytes der : crls) {
        if (const auto crl = x509::parse_crl(der)) lists_.push_back({*crl, name_key(crl->issuer), defect_of(*crl)});
    }
}

/// RFC 5280 6.3.3(a): one that is out of date says nothing either.
std::optional<Finding> RevocationLists::defect_of(const x509::CertificateList& crl) const {
    if (auto defect = form_defect(crl)) return defect;
    if (at_ < crl.this_update.time)
        return Finding{FindingId::revocation_crl_not_yet, Field::this_update, 0, format_time(at_), format_time(crl.this_update.time)};
    if (crl.next_update && crl.next_update->time < at_)
        return Finding{FindingId::revocation_crl_stale, Field::next_update, 0, format_time(at_), format_time(crl.next_update->time)};
    return std::nullopt;
}

std::vector<AtPosition> RevocationLists::report(const Path& path) {
    std::vector<AtPosition> findings;
    for (std::size_t position = 0; position + 1 < path.nodes.size(); ++position) {
        for (const Finding& finding : report_at(path, position)) findings.push_back({static_cast<std::uint32_t>(position), finding});
    }
    return findings;
}

const std::vector<Finding>& RevocationLists::report_at(const Path& path, std::size_t position) {
    const Key key{path.nodes[position], path.nodes[position + 1], path.nodes.back()};
    auto known = known_.find(key);
    if (known == known_.end()) {
        std::vector<Finding> found;
        Question question{*graph_.node(path.nodes[position]).certificate, path, position, found, 0, {}, nullptr, {}};
        ask(question);
        known = known_.emplace(key, std::move(found)).first;
    }
    return known->second;
}

/// RFC 5280 6.3.3: first the lists that the certificate names, then those of its issuer.
void RevocationLists::ask(Question& question) {
    const auto is_done = [&] { return question.revoked || question.covered == kAllReasons || graph_.meter().left().name_comparisons == 0; };
    const auto& points = question.certificate.known.crl_distribution_points;
    if (points) {
        for (const x509::DistributionPoint& point : *points) {
            if (is_done()) break;
            for (const List& list : lists_) {
                if (!is_done()) consider(question, list, &point);
            }
        }
    }
    for (const List& list : lists_) {
        if (!is_done()) consider(question, list, nullptr);
    }
    const x509::Certificate& certificate = question.certificate;
    if (question.revoked)
        question.findings.push_back({FindingId::revocation_revoked, Field::serial_number, certificate.serial_offset, "not revoked",
                                     x509::describe_revocation(question.revoked->revocation_date, question.revoked->reason) +
                                         " by the list of " + x509::to_string(question.revoked_by->crl.issuer)});
    else if (question.covered != kAllReasons)
        question.findings.push_back({FindingId::revocation_undetermined, Field::crl_distribution_points,
                                     points.is_present() ? points.offset : certificate.serial_offset,
                                     "a valid list of " + x509::to_string(certificate.issuer),
                                     question.covered == 0 ? "none" : "lists for some reasons only"});
}

void RevocationLists::consider(Question& question, const List& list, const x509::DistributionPoint* point) {
    if (list.crl.known.delta_crl_indicator.is_present()) return;
    const auto reasons = reasons_covered(list.crl, question.certificate, point, graph_.meter());
    if (!reasons || (*reasons & ~question.covered) == 0) return;
    if (list.defect) return add_once(question.findings, *list.defect);
    const auto [known, is_new] = question.signers.try_emplace(&list);
    if (is_new) known->second = find_signer(list, question);
    const Signer signer = known->second;
    if (!signer.node) return note(question, signer.failure, list, x509::to_string(list.crl.issuer));
    for (Finding& fact : form_facts(list.crl)) add_once(question.findings, std::move(fact));
    look_up(question, list, *signer.node);
    question.covered |= *reasons;
}

void RevocationLists::note(Question& question, FindingId id, const List& list, std::string found) {
    const Field field = id == FindingId::revocation_crl_signature ? Field::signature_value : Field::issuer;
    add_once(question.findings, {id, field, list.crl.issuer.offset(), "", std::move(found)});
}

/// RFC 5280 6.3.3(i) to (k)
void RevocationLists::look_up(Question& question, const List& list, NodeIndex signer) {
    const List* delta = delta_of(list, signer);
    const List* by = delta;
    auto entry = delta != nullptr ? entry_of(*delta, question) : std::nullopt;
    if (!entry) {
        by = &list;
        entry = entry_of(list, question);
    }
    if (!entry || entry->reason == kRemoveFromCrl) return;
    question.revoked = entry;
    question.revoked_by = by;
}

/// A list may have millions of entries: gone through once for each certificate, whatever the path.
const std::optional<x509::RevokedCertificate>& RevocationLists::entry_of(const List& list, const Question& question) {
    const NodeIndex node = question.path.nodes[question.position];
    const auto [it, is_new] = entries_.try_emplace({&list, node});
    constexpr std::size_t kEntriesForOneName = 16;  // a serial number is compared sooner than a name
    if (is_new && graph_.meter().take_name_comparison(list.crl.tbs_cert_list.size() / kEntriesForOneName))
        it->second = find_entry(list.crl, question.certificate);
    return it->second;
}

/// Checked once: only reading a long list through costs more than the key's operation.
crypto::SignatureCheck RevocationLists::signature(const List& list, NodeIndex signer) {
    const auto [it, is_new] = signatures_.try_emplace({&list, signer});
    if (is_new) it->second = graph_.signature(list.crl, signer);
    return it->second;
}

/// RFC 5280 6.3.3(c) and (h): of several the newest.
const RevocationLists::List* RevocationLists::delta_of(const List& complete, NodeIndex signer) {
    const List* newest = nullptr;
    for (const List& list : lists_) {
        if (list.defect || !changes(list.crl, complete.crl)) continue;
        if (signature(list, signer) != crypto::SignatureCheck::valid) continue;
        if (newest == nullptr || newest->crl.this_update.time < list.crl.this_update.time) newest = &list;
    }
    return newest;
}

/// RFC 5280 6.3.3(f) and (g): the certificate's own issuer, or another certificate of the CRL's issuer that leads to the same anchor.
RevocationLists::Signer RevocationLists::find_signer(const List& list, const Question& question) {
    Signer signer{std::nullopt, FindingId::revocation_crl_unknown_issuer};
    const auto fail = [&](FindingId id) { signer.failure = id; };
    const auto& nodes = question.path.nodes;
    const auto with_name = graph_.nodes_with_subject(list.issuer_key);
    // A copy: looking for a path to one of them may add anchors of the same name.
    for (const NodeIndex candidate : std::vector<NodeIndex>(with_name.begin(), with_name.end())) {
        const Node& node = graph_.node(candidate);
        if (!graph_.meter().take_name_comparison(list.crl.issuer.tlv().size())) continue;
        if (x509::relation(node.certificate->subject, list.crl.issuer) == x509::NameRelation::different) continue;
        if (signature(list, candidate) != crypto::SignatureCheck::valid) {
            if (signer.failure == FindingId::revocation_crl_unknown_issuer) fail(FindingId::revocation_crl_signature);
            continue;
        }
        if (!may_sign_crls(*node.certificate)) {
            fail(FindingId::revocation_crl_usage);
            continue;
        }
        const auto above = nodes.begin() + static_cast<std::ptrdiff_t>(question.position) + 1;
        if (std::find(above, nodes.end(), candidate) != nodes.end() || is_certified_(candidate, nodes.back())) {
            signer.node = candidate;
            return signer;
        }
    }
    return signer;
}

}  // namespace truename::verify
