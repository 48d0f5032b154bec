#include "mail/mail_path.h"

#include <algorithm>

#include "base/text.h"
#include "verify/path_findings.h"
#include "x509/extension.h"
#include "x509/issuing_rules.h"
#include "x509/name.h"

namespace truename::mail {

namespace {

bool is_about_time(const verify::Placed& placed) {
    return info(placed.finding->id).name.starts_with("validity.");
}

/// What an anchor says of itself and of those below it holds for mail: a root for one domain vouches for nobody elsewhere, and one that has
/// ended for nobody any more. (RFC 5280 6.1.1(d) leaves that to whoever asks; TLS clients differ.)
bool binds_anchor(const verify::Placed& placed) {
    const FindingInfo& about = info(placed.finding->id);
    return placed.role == verify::Role::anchor && about.cls == FindingClass::defect &&
           (is_about_time(placed) || about.name.starts_with("constraint.") || placed.finding->id == FindingId::path_length_exceeded);
}

/// Whether it is a doubt: a defect of the path, work that was not done, or a signature or key that others can make.
bool is_doubt(const verify::Placed& placed) {
    switch (placed.finding->id) {
        case FindingId::work_budget:
        case FindingId::key_rsa_under_1024:
        case FindingId::key_rsa_under_2048:
            return true;
        case FindingId::signature_md5:
        case FindingId::signature_sha1:
            return placed.role != verify::Role::anchor;  // nobody relies on what a root says of itself
        default:
            return verify::breaks_path(placed) || binds_anchor(placed);
    }
}

/// Whether a certificate may issue others' for mail (RFC 5280 4.2.1.3 and 4.2.1.9, RFC 8550 4.4.2). Roots of version 1 cannot say it.
bool may_issue(const x509::Certificate& issuer) {
    const auto& usage = issuer.known.key_usage;
    const bool signs = !usage.is_present() || (usage && usage->has(x509::KeyUsageBit::key_cert_sign));
    const bool is_for_mail = x509::purpose_fit(issuer.known.extended_key_usage, der::oid::kp_email_protection) != x509::PurposeFit::other;
    return (x509::is_authority(issuer) || issuer.version == 1) && signs && is_for_mail;
}

void add_once(std::vector<std::string>& list, std::string text) {
    if (std::ranges::find(list, text) == list.end()) list.push_back(std::move(text));
}

}  // namespace

verify::Trust MailReader::trusts(verify::NodeIndex node) {
    const verify::Anchor* anchor = verification_.node(node).anchor;
    return anchor != nullptr && (anchor->added || anchor->system) ? verify::Trust::yes : verify::Trust::no;
}

std::vector<std::string> MailReader::find_doubts(verify::PathIndex index, bool minds_time) {
    std::vector<std::string> list;
    // Asked first, so that work that is used up by it is among the findings. A path must not be believed for what nobody could check.
    const verify::Path& path = verification_.path(index);
    const bool all_checked = std::ranges::all_of(
        path.edges, [&](verify::EdgeIndex edge) { return verification_.signature(edge) == crypto::SignatureCheck::valid; });
    for (const verify::Placed& placed : verification_.findings(index, verify::PathEnd::anchor)) {
        if (!is_doubt(placed) || (!minds_time && is_about_time(placed))) continue;
        std::string text(info(placed.finding->id).title);
        if (is_about_time(placed) && !placed.finding->found.empty()) text += " (" + printable(placed.finding->found) + ")";
        add_once(list, std::move(text));
    }
    for (std::size_t i = 1; i < path.nodes.size(); ++i) {
        const x509::Certificate* issuer = verification_.node(path.nodes[i]).certificate;
        if (issuer != nullptr && !may_issue(*issuer)) add_once(list, x509::to_string(issuer->subject) + " may not issue for mail");
    }
    if (!all_checked && list.empty())
        list.emplace_back("A signature on the way to the authority could not be checked: its key is of a kind that is not known here");
    return list;
}

}  // namespace truename::mail
