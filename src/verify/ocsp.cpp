#include "verify/ocsp.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "x509/crl.h"
#include "x509/ocsp_response.h"
#include "x509/print.h"

namespace truename::verify {

namespace {

using crypto::SignatureCheck;

/// By so much the clocks of a responder and of this machine may differ.
constexpr std::chrono::seconds kClockSkew = std::chrono::minutes(5);

/// One response that is judged.
class Judging {
  public:
    Judging(const x509::OcspResponse& response, const OcspQuestion& question, const CheckSignature& check)
        : response_(response), question_(question), check_(check) {}

    std::vector<OcspFinding> judge();

  private:
    void add(OcspPoint point, Field field, std::uint32_t offset, std::string expected, std::string found) {
        findings_.push_back({point, field, offset, std::move(expected), std::move(found)});
    }
    void report_other();
    bool is_signed();
    bool report_signer(const std::vector<x509::Certificate>& delegates);
    std::string fault_of(const x509::Certificate& delegate) const;
    [[nodiscard]] std::vector<OcspFinding> dates_of(const x509::OcspAnswer& answer) const;
    void report_made();

    const x509::OcspResponse& response_;
    const OcspQuestion& question_;
    const CheckSignature& check_;
    std::vector<OcspFinding> findings_;
};

/// Revoked is worse than unknown, and that is worse than good.
int badness(x509::OcspVerdict verdict) {
    return verdict == x509::OcspVerdict::revoked ? 2 : verdict == x509::OcspVerdict::unknown ? 1 : 0;
}

void Judging::report_other() {
    const std::string serial = to_hex(question_.certificate.serial_number);
    const auto& answers = response_.answers;
    std::string found = "no certificate";
    if (!answers.empty()) found = "the one with " + to_hex(answers.front().serial_number);
    const auto same =
        std::ranges::find_if(answers, [&](const auto& answer) { return equal(answer.serial_number, question_.certificate.serial_number); });
    if (same != answers.end()) found = "the one with " + serial + " of another issuer";
    add(OcspPoint::other_certificate, Field::single_response, answers.empty() ? 0 : answers.front().offset,
        "the certificate with the serial number " + serial, std::move(found));
}

/// Why a certificate that signed may not answer for the issuer; empty when it may. RFC 6960 4.2.2.2
std::string Judging::fault_of(const x509::Certificate& delegate) const {
    const std::string name = x509::to_string(delegate.subject);
    const bool issued =
        x509::relation(delegate.issuer, question_.issuer->subject) != x509::NameRelation::different &&
        delegate.signature_unused_bits == 0 &&
        check_(delegate.tbs_certificate, delegate.signature_algorithm, delegate.signature_value, *question_.key) == SignatureCheck::valid;
    if (!issued) return name + ", whom the issuer did not certify";
    const auto& purposes = delegate.known.extended_key_usage;
    if (!purposes || !purposes->has(der::oid::kp_ocsp_signing)) return name + ", who may not sign OCSP responses";
    const auto& usage = delegate.known.key_usage;
    const bool may_sign =
        !usage.is_present() ||
        (usage && (usage->has(x509::KeyUsageBit::digital_signature) || usage->has(x509::KeyUsageBit::content_commitment)));
    if (!may_sign) return name + ", whose key usage does not allow it";
    for (const x509::Extension& extension : delegate.extensions) {
        if (extension.critical && !x509::is_understood(extension.id) && !(extension.id == der::oid::ocsp_no_check))
            return name + ", whose certificate has an unknown critical extension";
    }
    const auto& validity = delegate.validity;
    if (question_.at < validity.not_before.time) return name + ", valid only from " + format_date(validity.not_before.time);
    if (question_.at > validity.not_after.time) return name + ", valid only until " + format_date(validity.not_after.time);
    return {};
}

/// Who signed it, the issuer or one of those whom the response names, and may they? True when they may.
bool Judging::report_signer(const std::vector<x509::Certificate>& delegates) {
    const x509::Certificate& issuer = *question_.issuer;
    const auto has_signed = [&](const x509::SubjectPublicKeyInfo& key) {
        return response_.signature_unused_bits == 0 &&
               check_(response_.response_data, response_.signature_algorithm, response_.signature_value, key) == SignatureCheck::valid;
    };
    const auto add_here = [&](OcspPoint point, std::string found) {
        const std::string expected = x509::to_string(issuer.subject) + " or a responder that it certified";
        add(point, Field::responder_id, response_.responder.offset, point == OcspPoint::wrong_signer ? expected : "", std::move(found));
    };
    const bool names_issuer = x509::is_named(response_.responder, issuer);
    if (names_issuer && has_signed(*question_.key)) return true;
    for (const x509::Certificate& delegate : delegates) {
        if (!has_signed(delegate.subject_public_key_info)) continue;
        std::string fault = fault_of(delegate);
        if (!fault.empty()) {
            add_here(OcspPoint::wrong_signer, std::move(fault));
            return false;
        }
        const auto is_no_check = [](const x509::Extension& extension) { return extension.id == der::oid::ocsp_no_check; };
        if (std::ranges::none_of(delegate.extensions, is_no_check))
            add_here(OcspPoint::responder_not_checked, x509::to_string(delegate.subject));
        return true;
    }
    if (!names_issuer && delegates.empty())
        add_here(OcspPoint::wrong_signer, x509::describe(response_.responder) + ", whose certificate did not come with it");
    else
        add(OcspPoint::signature, Field::signature_value, response_.signature_offset,
            "a signature of " + x509::describe(response_.responder), x509::describe_signature(response_.signature_algorithm));
    return false;
}

bool Judging::is_signed() {
    if (question_.issuer == nullptr) {
        add(OcspPoint::unchecked, Field::signature_value, response_.signature_offset, "", x509::to_string(question_.certificate.issuer));
        return true;
    }
    std::vector<x509::Certificate> delegates;
    for (const Bytes der : response_.certificates) {
        const auto certificate = x509::parse_certificate(der);
        if (certificate && x509::is_named(response_.responder, *certificate)) delegates.push_back(*certificate);
    }
    return report_signer(delegates);
}

/// RFC 6960 3.2(5) and (6), 4.2.2.1
std::vector<OcspFinding> Judging::dates_of(const x509::OcspAnswer& answer) const {
    std::vector<OcspFinding> findings;
    const Time at = question_.at;
    if (answer.this_update > at + kClockSkew)
        findings.push_back({OcspPoint::not_yet, Field::this_update, answer.offset, format_time(at), format_time(answer.this_update)});
    else if (response_.produced_at > at + kClockSkew)
        findings.push_back(
            {OcspPoint::not_yet, Field::produced_at, response_.produced_offset, format_time(at), format_time(response_.produced_at)});
    const Time until = answer.next_update.value_or(answer.this_update + question_.max_age);
    if (at > until) findings.push_back({OcspPoint::stale, Field::next_update, answer.offset, format_time(at), format_time(until)});
    return findings;
}

/// RFC 6960 4.4.4: of what ended before its archive cutoff a responder need not know that it was revoked.
void Judging::report_made() {
    const x509::Validity& validity = question_.certificate.validity;
    const auto keeps = [&](const x509::OcspAnswer& answer) {
        return answer.archive_cutoff && *answer.archive_cutoff <= validity.not_after.time;
    };
    const bool late = response_.produced_at > validity.not_after.time && std::ranges::none_of(response_.answers, keeps);
    if (!late && response_.produced_at >= validity.not_before.time) return;
    add(OcspPoint::made_outside, Field::produced_at, response_.produced_offset,
        format_time(validity.not_before.time) + " to " + format_time(validity.not_after.time), format_time(response_.produced_at));
}

std::vector<OcspFinding> Judging::judge() {
    if (response_.status != x509::OcspStatus::successful) {
        const bool is_later = response_.status == x509::OcspStatus::try_later;
        add(is_later ? OcspPoint::try_later : OcspPoint::error_status, Field::ocsp_response, 0, "successful",
            std::string(x509::name_of(response_.status)));
        return std::move(findings_);
    }
    const x509::OcspAnswer* counts = nullptr;
    std::vector<OcspFinding> dates;
    for (const x509::OcspAnswer& answer : response_.answers) {
        if (!x509::is_about(answer, question_.certificate, question_.key)) continue;
        std::vector<OcspFinding> of_answer = dates_of(answer);
        const auto rank = [](bool of_now, const x509::OcspAnswer& one) { return std::pair(of_now, badness(one.verdict)); };
        if (counts != nullptr && rank(of_answer.empty(), answer) <= rank(dates.empty(), *counts)) continue;
        counts = &answer;
        dates = std::move(of_answer);
    }
    if (counts == nullptr) {
        report_other();
        return std::move(findings_);
    }
    bool counts_for_something = is_signed();
    if (response_.unknown_critical || counts->unknown_critical) {
        const Field field = counts->unknown_critical ? Field::single_response : Field::response_extensions;
        add(OcspPoint::unknown_critical, field, counts->unknown_critical ? counts->offset : 0, "", "an unknown critical extension");
        counts_for_something = false;
    }
    std::ranges::move(dates, std::back_inserter(findings_));
    report_made();
    if (!counts_for_something) return std::move(findings_);
    if (counts->verdict == x509::OcspVerdict::revoked)
        add(OcspPoint::revoked, Field::single_response, counts->offset, "good",
            x509::describe_revocation(counts->revoked_at, counts->reason));
    if (counts->verdict == x509::OcspVerdict::unknown) add(OcspPoint::unknown, Field::single_response, counts->offset, "good", "unknown");
    return std::move(findings_);
}

}  // namespace

std::vector<OcspFinding> judge_ocsp(Bytes response, const OcspQuestion& question, const CheckSignature& check) {
    const auto read = x509::parse_ocsp_response(response);
    if (!read) return {{OcspPoint::unreadable, read.error().field, read.error().offset, "", x509::describe(read.error())}};
    return Judging(*read, question, check).judge();
}

}  // namespace truename::verify
