#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/text.h"
#include "tests/conformance/suite.h"
#include "tests/conformance/trial.h"
#include "verify/ocsp_findings.h"
#include "x509/ocsp_response.h"
#include "x509/signature.h"

// OpenSSL's OCSP responses: whether an issuer's certificate stands behind them. What they are about is not at hand.
namespace truename::conformance {

namespace {

using Json = nlohmann::json;

x509::Certificate read_certificate(Bytes der) {
    const auto certificate = x509::parse_certificate(der);
    if (!certificate) throw std::runtime_error(x509::describe(certificate.error()));
    return *certificate;
}

bool has_issued(const x509::Certificate& issuer, const x509::Certificate& certificate, x509::SignatureChecker& signatures) {
    return x509::relation(certificate.issuer, issuer.subject) != x509::NameRelation::different &&
           signatures.check(certificate, issuer.subject_public_key_info) == crypto::SignatureCheck::valid;
}

/// A certificate of that issuer with the serial number that the response is about.
x509::Certificate imagine(const x509::OcspResponse& response, const x509::Certificate& issuer, Time at) {
    x509::Certificate imagined;
    imagined.serial_number = response.answers.at(0).serial_number;
    imagined.issuer = issuer.subject;
    imagined.validity.not_after.time = at;
    return imagined;
}

Case judge_case(const Json& json, const std::filesystem::path& files) {
    Case one;
    one.id = json.at("id").get<std::string>();
    one.features = {json.at("group").get<std::string>()};
    one.expected = json.at("accept").get<bool>() ? "accept" : "refuse";
    one.ours = "refuse";
    const auto der = from_base64(read(files / json.at("response").get<std::string>()));
    if (!der) throw std::runtime_error("no base64 in the response of " + one.id);
    const auto response = x509::parse_ocsp_response(*der);
    if (!response || response->answers.empty()) return one;

    // The trusted certificate, or one that it issued.
    std::vector<ByteString> ders = certificates_of(read(files / json.at("issuer").get<std::string>()));
    const x509::Certificate trusted = read_certificate(ders.at(0));
    std::vector<ByteString> more;
    if (const auto name = json.at("untrusted").get<std::string>(); !name.empty()) more = certificates_of(read(files / name));
    const Time at{std::chrono::seconds(json.at("attime").get<std::int64_t>())};
    x509::SignatureChecker signatures;
    x509::Certificate issuer = trusted;
    for (const ByteString& bytes : more) {
        const x509::Certificate candidate = read_certificate(bytes);
        const bool fits = x509::is_about(response->answers[0], imagine(*response, candidate, at), &candidate.subject_public_key_info);
        if (fits && has_issued(trusted, candidate, signatures)) issuer = candidate;
    }
    const x509::Certificate imagined = imagine(*response, issuer, at);
    verify::OcspQuestion question{imagined, &issuer, &issuer.subject_public_key_info};
    question.at = at;
    const auto check = [&](auto&&... what) { return signatures.check(what...); };
    bool accepted = true;
    for (const verify::OcspFinding& found : verify::judge_ocsp(*der, question, check)) {
        const FindingInfo& about = info(verify::ocsp_finding(found.point, verify::OcspWay::stapled));
        one.findings.emplace_back(about.name);
        // What it says, and when, is another question than who said it.
        using enum verify::OcspPoint;
        constexpr verify::OcspPoint kOther[] = {revoked, unknown, stale, not_yet};
        accepted = accepted && (about.cls == FindingClass::fact || std::ranges::find(kOther, found.point) != std::end(kOther));
    }
    if (accepted) one.ours = "accept";
    return one;
}

}  // namespace

std::vector<Case> run_openssl_ocsp(const std::filesystem::path& folder) {
    std::vector<Case> cases;
    for (const Json& one : Json::parse(read(folder / "ocsp.json")))
        cases.push_back(guarded(one.at("id"), [&] { return judge_case(one, folder / "files"); }));
    return cases;
}

}  // namespace truename::conformance
