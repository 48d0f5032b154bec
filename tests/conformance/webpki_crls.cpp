#include "tests/conformance/files.h"
#include "tests/conformance/suite.h"
#include "verify/revocation.h"

// The revocation lists of rustls's webpki. What its own tests expect is whether a list is fit for use; where that is not known, what
// OpenSSL and pyca/cryptography found: whether it can be read.
namespace truename::conformance {

namespace {

/// `ok`, or `error` with its name.
std::string judge_list(Bytes der, bool is_used, std::vector<std::string>& findings) {
    const auto crl = x509::parse_crl(der);
    if (!crl) {
        findings.push_back(x509::describe(crl.error()));
        return "error";
    }
    if (!is_used) return "ok";
    if (const auto defect = verify::form_defect(*crl)) findings.emplace_back(info(defect->id).name);
    for (const Finding& fact : verify::form_facts(*crl)) findings.emplace_back(info(fact.id).name);  // the profile `webpki` refuses them
    return findings.empty() ? "ok" : "error";
}

}  // namespace

std::vector<Case> run_webpki_crls(const std::filesystem::path& folder) {
    std::vector<Case> cases;
    const auto judge_row = [&](const std::vector<std::string>& row) {
        Case one;
        one.id = row[0];
        const bool is_used = row[1] != "unknown";
        const std::string& word = is_used ? row[1] : row[3];
        one.expected = word.substr(0, word.find(' '));
        if (is_used && one.expected == "error") one.features = {word.substr(6)};
        const std::string der = read(folder / row[0]);
        one.ours = judge_list(as_bytes(der), is_used, one.findings);
        return one;
    };
    for (const auto& row : rows_of(folder / "expect.tsv")) cases.push_back(guarded(row.at(0), [&] { return judge_row(row); }));
    return cases;
}

}  // namespace truename::conformance
