#include "mail/signer_trust.h"

#include <algorithm>

#include "base/text.h"
#include "mail/mail_path.h"
#include "verify/mailboxes.h"
#include "x509/extension.h"
#include "x509/name.h"

namespace truename::mail {

namespace {

constexpr unsigned kLeastRsaBits = 2048;  // SP 800-131A: shorter ones protect nothing since 2014

bool is_for_mail(const x509::Certificate& certificate) {
    const auto fit = x509::purpose_fit(certificate.known.extended_key_usage, der::oid::kp_email_protection);
    return fit != x509::PurposeFit::other;
}

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
    const auto presented = verify::presented_mailboxes(certificate);
    for (const verify::PresentedMailbox* each : verify::compared_mailboxes(presented)) {
        if (texts.size() < 10) texts.push_back(printable(each->text));
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
    const x509::SubjectPublicKeyInfo& key = certificate.subject_public_key_info;
    const x509::KeyKind kind = key.kind;
    const bool is_rsa = kind == x509::KeyKind::rsa;
    if (use == MailUse::receiving && !is_rsa && kind != x509::KeyKind::ec)
        return "Nothing can be encrypted to the certificate: its key is of a kind that only signs, or that is not known here";
    if (is_rsa && key.bits < kLeastRsaBits)
        return "The key is too short (" + x509::describe_key(key) + "): others can find its private half";
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
    if (!certificate || !signer.info->means(*certificate)) return opinion;
    opinion.who = describe_owner(*certificate);
    if (!opinion.is_intact) return opinion;
    if (std::string text = misuse(*certificate, MailUse::signing); !text.empty()) opinion.doubts.push_back(std::move(text));
    judge_path(data, signer, trust, at, opinion);
    judge_address(*certificate, from, opinion);
    return opinion;
}

}  // namespace truename::mail
