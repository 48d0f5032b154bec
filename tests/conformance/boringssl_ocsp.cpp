#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>

#include "base/time.h"
#include "tests/conformance/boringssl.h"
#include "tests/conformance/files.h"
#include "verify/ocsp_findings.h"
#include "x509/signature.h"

// OCSP responses of BoringSSL's PKI library: what a responder says of a certificate, and how the response was.
namespace truename::conformance {

namespace {

using verify::OcspPoint;

/// What is told of a response.
class Told {
  public:
    explicit Told(std::vector<verify::OcspFinding> findings) : findings_(std::move(findings)) {}

    [[nodiscard]] bool has(OcspPoint point) const {
        return std::ranges::find(findings_, point, &verify::OcspFinding::point) != findings_.end();
    }

    /// The library's word for the state of the certificate.
    [[nodiscard]] std::string status() const {
        const bool is_good = std::ranges::all_of(findings_, [](const verify::OcspFinding& found) { return is_harmless(found.point); });
        if (is_good) return "GOOD";
        return has(OcspPoint::revoked) && !has(OcspPoint::stale) && !has(OcspPoint::not_yet) ? "REVOKED" : "UNKNOWN";
    }

    /// Its word for the response, whoever signed it.
    [[nodiscard]] std::string response() const {
        if (has(OcspPoint::unreadable))
            return findings_[0].field == Field::response_data ? "PARSE_RESPONSE_DATA_ERROR" : "PARSE_RESPONSE_ERROR";
        static constexpr std::pair<OcspPoint, const char*> kWords[] = {
            {OcspPoint::error_status, "ERROR_RESPONSE"},
            {OcspPoint::try_later, "ERROR_RESPONSE"},
            {OcspPoint::other_certificate, "NO_MATCHING_RESPONSE"},
            {OcspPoint::made_outside, "BAD_PRODUCED_AT"},
            {OcspPoint::unknown_critical, "UNHANDLED_CRITICAL_EXTENSION"},
            {OcspPoint::stale, "INVALID_DATE"},
            {OcspPoint::not_yet, "INVALID_DATE"},
        };
        const auto word = std::ranges::find_if(kWords, [&](const auto& row) { return has(row.first); });
        return word == std::end(kWords) ? "PROVIDED" : word->second;
    }

    [[nodiscard]] std::vector<std::string> ids() const {
        std::vector<std::string> ids;
        for (const verify::OcspFinding& found : findings_)
            ids.emplace_back(info(verify::ocsp_finding(found.point, verify::OcspWay::stapled)).name);
        return ids;
    }

  private:
    /// That nobody looked whether a responder is revoked is no reason there.
    static bool is_harmless(OcspPoint point) { return point == OcspPoint::responder_not_checked; }

    std::vector<verify::OcspFinding> findings_;
};

void judge_response(const std::vector<std::string>& row, const std::map<std::string, ByteString>& blocks, Case& one) {
    const auto certificate = x509::parse_certificate(blocks.at("CERTIFICATE")),
               issuer = x509::parse_certificate(blocks.at("CA CERTIFICATE"));
    if (!certificate || !issuer) {
        one.ours = "UNKNOWN: " + x509::describe(certificate ? issuer.error() : certificate.error());
        return;
    }
    verify::OcspQuestion question{*certificate, &*issuer, &issuer->subject_public_key_info};
    question.at = *parse_time(row[3]);
    question.max_age = std::chrono::seconds(std::stol(row[4]));
    x509::SignatureChecker signatures;
    const Told told(verify::judge_ocsp(blocks.at("OCSP RESPONSE"), question, [&](auto&&... what) { return signatures.check(what...); }));
    one.ours = told.status() + " " + told.response();
    one.findings = told.ids();
}

}  // namespace

void add_ocsp(const std::filesystem::path& folder, std::vector<Case>& cases) {
    const auto judge_row = [&](const std::vector<std::string>& row) {
        Case one;
        one.id = "ocsp/" + row[0];
        one.features = {row[2]};
        one.expected = row[1] + " " + row[2];
        judge_response(row, blocks_of(folder / "ocsp" / row[0]), one);
        return one;
    };
    for (const auto& row : rows_of(folder / "ocsp.tsv")) cases.push_back(guarded("ocsp/" + row.at(0), [&] { return judge_row(row); }));
}

}  // namespace truename::conformance
