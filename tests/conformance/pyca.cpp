#include <algorithm>
#include <cctype>
#include <optional>

#include "tests/conformance/files.h"
#include "tests/conformance/suite.h"
#include "x509/certificate.h"
#include "x509/crl.h"
#include "x509/findings.h"
#include "x509/ocsp_response.h"
#include "x509/pem.h"
#include "x509/request.h"

// The files of pyca/cryptography: certificates, requests, PKCS #7 bundles, revocation lists and OCSP responses. Both libraries of the table
// stop at the first thing that they dislike; we read on and tell it. So what both read must be read, and of what either refuses something
// must be told.
namespace truename::conformance {

namespace {

using std::filesystem::path;

struct Reading {
    bool is_read = false, is_signed = false;
    std::vector<Finding> findings;
};

std::optional<ByteString> first_block(const path& file, x509::PemKind kind) {
    const std::string text = read(file);
    const auto bundle = x509::read_pem_bundle(as_bytes(text), file.string());
    if (!bundle || !bundle->has(kind)) return std::nullopt;
    return to_owned(bundle->all(kind).front());
}

Reading read_certificate(const path& file) {
    Reading reading;
    const auto der = first_block(file, x509::PemKind::certificate);
    if (!der) return reading;
    const auto certificate = x509::parse_certificate(*der);
    reading.is_read = bool(certificate);
    if (certificate) x509::report_findings(*certificate, reading.findings);
    return reading;
}

Reading read_request(const path& file) {
    Reading reading;
    const auto der = first_block(file, x509::PemKind::request);
    if (!der) return reading;
    const auto request = x509::parse_request(*der);
    reading.is_read = bool(request);
    if (!request) return reading;
    x509::report_findings(*request, reading.findings);
    reading.is_signed = x509::verify_proof_of_possession(*request) == crypto::SignatureCheck::valid;
    return reading;
}

/// How many certificates a PKCS #7 bundle holds.
std::size_t certificates_in(const path& file) {
    const std::string text = read(file);
    const auto bundle = x509::read_pem_bundle(as_bytes(text), file.string());
    return bundle ? bundle->all(x509::PemKind::certificate).size() : 0;
}

Case judge_bundle(const path& folder, const std::vector<std::string>& row) {
    const std::size_t count = certificates_in(folder / row[0]);
    const auto says = [](std::size_t number) { return "ok " + std::to_string(number) + " certs"; };
    Case made;
    made.id = row[0];
    made.expected = row[3];  // pyca opens fewer kinds, and counts none
    made.ours = count > 0 || row[3].starts_with("ok") ? says(count) : "error";
    return made;
}

/// Whether a finding is about how something is written.
bool is_of_form(const Finding& finding) {
    const std::string_view name = info(finding.id).name;
    return name.starts_with("cert.") || name == "extension.malformed" || name == "extension.trailing-data" || name == "extension.duplicate";
}

/// `ok`, `ok, extensions error: ...`, `ok; signature True`, `error: ...`.
bool says_ok(const std::string& answer) {
    return answer.starts_with("ok");
}

ByteString der_of(const path& file) {
    const std::string text = read(file);
    return file.extension() == ".pem" ? block_of(file) : to_owned(as_bytes(text));
}

std::string judge_list(Bytes der) {
    const auto crl = x509::parse_crl(der);
    return crl && (crl->version == 1 || crl->version == 2) ? "ok" : "error";
}

/// `ok SUCCESSFUL/REVOKED`; it knows no verdict but that of a single answer.
std::string judge_response(Bytes der) {
    const auto response = x509::parse_ocsp_response(der);
    if (!response) return "error";
    std::string status;
    for (const char c : x509::name_of(response->status)) {  // tryLater, TRY_LATER
        if (std::isupper(static_cast<unsigned char>(c))) status += '_';
        status += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    static constexpr const char* kVerdicts[] = {"GOOD", "REVOKED", "UNKNOWN"};
    const bool is_single = response->answers.size() == 1;
    return "ok " + status + "/" + (is_single ? kVerdicts[static_cast<std::size_t>(response->answers[0].verdict)] : "ValueError");
}

Case judge_list_or_response(const path& folder, const std::vector<std::string>& row) {
    const ByteString der = der_of(folder / row[0]);
    Case made;
    made.id = row[0];
    made.expected = row[2].substr(0, row[2].find(':'));
    made.ours = row[1] == "crl" ? judge_list(der) : judge_response(der);
    return made;
}

Case judge(const path& folder, const std::vector<std::string>& row) {
    const bool is_request = row[1] == "csr";
    const Reading reading = is_request ? read_request(folder / row[0]) : read_certificate(folder / row[0]);
    const bool is_told = !reading.is_read || std::any_of(reading.findings.begin(), reading.findings.end(), is_of_form);
    Case made;
    made.id = row[0];
    for (const Finding& finding : reading.findings) made.findings.emplace_back(info(finding.id).name);
    if (!says_ok(row[2]) || !says_ok(row[3])) {
        made.expected = "something is told";
        made.ours = is_told ? made.expected : "nothing is told";
        return made;
    }
    made.expected = "read";
    made.ours = reading.is_read ? "read" : "refused";
    // That library takes no SHA-1 any more, so its no may mean that, too.
    if (row[2].ends_with("signature True")) {
        made.expected += ", signed with its key";
        if (reading.is_signed) made.ours += ", signed with its key";
    }
    return made;
}

}  // namespace

std::vector<Case> run_pyca(const path& folder) {
    std::vector<Case> cases;
    for (const auto& row : rows_of(folder / "parse.tsv")) {
        const auto add = [&](Case (*how)(const path&, const std::vector<std::string>&)) {
            cases.push_back(guarded(row.at(0), [&] { return how(folder, row); }));
        };
        if (row.at(1) == "certificate" || row.at(1) == "csr") add(judge);
        if (row.at(1) == "crl" || row.at(1) == "ocsp-response") add(judge_list_or_response);
        if (row.at(1) == "pkcs7") add(judge_bundle);
    }
    return cases;
}

}  // namespace truename::conformance
