#include "mail/signer_trust.h"

#include <algorithm>

#include "base/text.h"
#include "verify/mailboxes.h"
#include "verify/path_findings.h"
#include "verify/verification.h"
#include "x509/extension.h"
#include "x509/name.h"

namespace truename::mail {

namespace {

bool is_for_mail(const x509::Certificate& certificate) {
    const auto fit = x509::purpose_fit(certificate.known.extended_key_usage, der::oid::kp_email_protection);
    return fit != x509::PurposeFit::other;
}

/// Trusts what was added and what is this machine's; content with a path on which nothing is wrong and on which no issuer is limited to
/// other purposes than mail.
class MailReader : public verify::PathClient {
  public:
    explicit MailReader(verify::Verification& verification) : verification_(verification) {}

    verify::Trust trusts(verify::NodeIndex node) override {
        const verify::Anchor* anchor = verification_.node(node).anchor;
        return anchor != nullptr && (anchor->added || anchor->system) ? verify::Trust::yes : verify::Trust::no;
    }
    bool accepts(verify::PathIndex path) override { return doubts(path).empty(); }

    std::vector<std::string> doubts(verify::PathIndex index) {
        std::vector<std::string> list;
        for (const verify::Placed& placed : verification_.findings(index, verify::PathEnd::anchor)) {
            if (!verify::breaks_path(placed)) continue;
            std::string text = std::string(info(placed.finding->id).title);
            if (is_about_time(placed) && !placed.finding->found.empty()) text += " (" + printable(placed.finding->found) + ")";
            if (std::ranges::find(list, text) == list.end()) list.push_back(std::move(text));
        }
        const std::vector<std::string> others = issuers_for_others(index);
        list.insert(list.end(), others.begin(), others.end());
        return list;
    }

    /// Whether the path was good at some time, as far as it is now.
    bool was_good(verify::PathIndex index) {
        return issuers_for_others(index).empty() &&
               std::ranges::all_of(verification_.findings(index, verify::PathEnd::anchor),
                                   [](const verify::Placed& placed) { return !verify::breaks_path(placed) || is_about_time(placed); });
    }

  private:
    static bool is_about_time(const verify::Placed& placed) { return info(placed.finding->id).name.starts_with("validity."); }

    /// The issuers on the path that may not issue for mail, in sentences.
    std::vector<std::string> issuers_for_others(verify::PathIndex index) {
        std::vector<std::string> list;
        const std::vector<verify::NodeIndex>& nodes = verification_.path(index).nodes;
        for (std::size_t i = 1; i + 1 < nodes.size(); ++i) {
            const x509::Certificate* issuer = verification_.node(nodes[i]).certificate;
            if (issuer != nullptr && !is_for_mail(*issuer)) list.push_back(x509::to_string(issuer->subject) + " may not issue for mail");
        }
        return list;
    }

    verify::Verification& verification_;
};

void judge_path(const SignedData& data, const CheckedSigner& signer, const verify::TrustStores& trust, Time at, SignerOpinion& opinion) {
    const ByteString& leaf = data.certificates[signer.certificate];
    Vouching vouching = find_vouching(leaf, data.certificates, trust, at);
    for (std::string& doubt : vouching.doubts) opinion.doubts.push_back(std::move(doubt));
    if (!vouching.by.empty())
        opinion.vouched = vouching.by + " vouches for the key until " + format_date(x509::parse_certificate(leaf)->validity.not_after.time);
}

void judge_address(const x509::Certificate& certificate, std::string_view from, SignerOpinion& opinion) {
    if (from.empty()) return;  // nobody can say whose it should be, which is told of the message
    const auto presented = verify::presented_mailboxes(certificate);
    if (verify::find_mailbox(presented, from, {}) != nullptr) {
        opinion.who = printable(from);
        return;
    }
    const bool only_case = verify::find_mailbox(presented, from, {.local_part_folded = true}) != nullptr;
    opinion.doubts.push_back("The message says that it is from " + printable(from) + ", and the signature is of " + opinion.who +
                             (only_case ? ": another address by the case of its letters" : ""));
}

std::string_view describe(SignerState state) {
    switch (state) {
        case SignerState::intact:
            return "";
        case SignerState::altered:
            return "The message was changed after it was signed";
        case SignerState::forged:
            return "The signature was not made with the key of the certificate, or what it covers was changed";
        case SignerState::no_certificate:
            return "The certificate of the signer is not in the message";
        case SignerState::weak:
            return "The signature is made with MD5 or SHA-1: others can make a message that fits it";
        case SignerState::not_checkable:
            return "The signature is made in a way that this program does not know";
    }
    return "";
}

}  // namespace

std::string describe_owner(const x509::Certificate& certificate) {
    std::vector<std::string> texts;
    for (const verify::PresentedMailbox& each : verify::presented_mailboxes(certificate)) {
        const bool is_old = each.place == verify::MailboxPlace::email_address && !texts.empty();
        if (!is_old && texts.size() < 10) texts.push_back(printable(each.text));
    }
    std::string text = texts.empty() ? x509::to_string(certificate.subject) : join(texts, ", ");
    clip(text);
    return text;
}

Vouching find_vouching(const ByteString& leaf, const std::vector<ByteString>& others, const verify::TrustStores& trust, Time at) {
    const std::vector<Bytes> given(others.begin(), others.end());
    const Bytes presented[] = {leaf};
    verify::Input input;
    input.presented = presented;
    input.given = given;
    input.at = at;
    verify::Memory memory;
    verify::Verification verification(input, trust, memory);
    MailReader reader(verification);
    const verify::Habit habit{.search = verify::PathSearch::any_good_path, .uses_given = true};
    const verify::FoundPath found = verification.find_path(habit, reader);
    const auto certificate = x509::parse_certificate(leaf);
    if (!certificate) return {{}, {}, {"The certificate cannot be read"}};
    if (!found.path || found.end != verify::PathEnd::anchor)
        return {{},
                {},
                {"Nobody that is trusted here vouches for the key: the certificate was issued by " +
                 (x509::is_self_issued(*certificate) ? "its owner" : x509::to_string(certificate->issuer))}};
    Vouching vouching{{}, {}, reader.doubts(*found.path)};
    const x509::Certificate* root = verification.node(verification.path(*found.path).nodes.back()).certificate;
    if (root != nullptr && reader.was_good(*found.path)) vouching.root = to_owned(root->der);
    if (root != nullptr && vouching.doubts.empty()) vouching.by = x509::to_string(root->subject);
    return vouching;
}

std::string misuse(const x509::Certificate& certificate, MailUse use) {
    using x509::KeyUsageBit;
    if (!is_for_mail(certificate)) return "The certificate is not for mail: its extended key usage names other purposes";
    const x509::KeyKind kind = certificate.subject_public_key_info.kind;
    const bool is_rsa = kind == x509::KeyKind::rsa;
    if (use == MailUse::receiving && !is_rsa && kind != x509::KeyKind::ec)
        return "Nothing can be encrypted to the certificate: its key is of a kind that only signs, or that is not known here";
    const auto& usage = certificate.known.key_usage;
    if (!usage.is_present()) return "";
    const bool may = use == MailUse::signing ? usage->has(KeyUsageBit::digital_signature) || usage->has(KeyUsageBit::content_commitment)
                                             : usage->has(is_rsa ? KeyUsageBit::key_encipherment : KeyUsageBit::key_agreement);
    if (usage && may) return "";
    return use == MailUse::signing ? "The certificate is not for signatures: its key usage names other uses"
                                   : "The certificate is not for receiving encrypted mail: its key usage names other uses";
}

SignerOpinion judge_signer(const SignedData& data, const CheckedSigner& signer, std::string_view from, const verify::TrustStores& trust,
                           Time at) {
    SignerOpinion opinion;
    opinion.is_intact = signer.state == SignerState::intact;
    opinion.signing_time = signer.info->signing_time;
    opinion.who = signer.info->sid.describe();
    if (!opinion.is_intact) opinion.doubts.emplace_back(describe(signer.state));
    const bool has_certificate = signer.state != SignerState::no_certificate && signer.certificate < data.certificates.size();
    const auto certificate = has_certificate ? x509::parse_certificate(data.certificates[signer.certificate])
                                             : Result<x509::Certificate, x509::ParseError>(Unexpected{x509::ParseError{}});
    if (!certificate || !signer.info->sid.matches(*certificate)) return opinion;
    opinion.who = describe_owner(*certificate);
    if (!opinion.is_intact) return opinion;
    if (std::string text = misuse(*certificate, MailUse::signing); !text.empty()) opinion.doubts.push_back(std::move(text));
    judge_path(data, signer, trust, at, opinion);
    judge_address(*certificate, from, opinion);
    return opinion;
}

}  // namespace truename::mail
