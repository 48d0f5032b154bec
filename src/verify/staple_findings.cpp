#include "verify/staple_findings.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "x509/crl.h"
#include "x509/ocsp_response.h"

namespace truename::verify {

namespace {

void report_staple(const x509::Certificate& certificate, std::span<const x509::OcspAnswer> answers, std::vector<Finding>& findings) {
    const auto about =
        std::find_if(answers.begin(), answers.end(), [&](const x509::OcspAnswer& answer) { return x509::is_about(answer, certificate); });
    const auto add = [&](FindingId id, std::string expected, std::string found) {
        findings.push_back({id, Field::serial_number, certificate.serial_offset, std::move(expected), std::move(found)});
    };
    if (about == answers.end()) {
        const std::string serial = "the certificate with the serial number " + to_hex(certificate.serial_number);
        add(FindingId::revocation_staple_other_certificate, serial,
            answers.empty() ? "no certificate" : "the one with " + to_hex(answers.front().serial_number));
        return;
    }
    switch (about->verdict) {
        case x509::OcspVerdict::good:
            return;
        case x509::OcspVerdict::revoked:
            return add(FindingId::revocation_staple_revoked, "good", x509::describe_revocation(about->revoked_at, about->reason));
        case x509::OcspVerdict::unknown:
            return add(FindingId::revocation_staple_unknown, "good", "unknown");
    }
}

}  // namespace

void report_staples(const x509::Certificate& certificate, std::span<const Bytes> staples, std::vector<Finding>& findings) {
    for (const Bytes staple : staples) {
        const auto response = x509::parse_ocsp_response(staple);
        if (!response || response->status != x509::OcspStatus::successful) continue;
        if (const auto answers = x509::parse_ocsp_answers(response->response_data)) report_staple(certificate, *answers, findings);
    }
}

}  // namespace truename::verify
