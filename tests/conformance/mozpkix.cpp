#include <algorithm>
#include <map>
#include <stdexcept>

#include "base/text.h"
#include "base/time.h"
#include "der/oid.h"
#include "tests/conformance/files.h"
#include "tests/conformance/suite.h"
#include "tests/conformance/trial.h"
#include "x509/build.h"

// The table of mozilla::pkix for extended key usages. Every row becomes two chains, with the usages in the server's certificate and in that
// of its authority, and a mail program with that library judges them.
namespace truename::conformance {

namespace {

using Oids = std::vector<ByteString>;

der::Oid oid_of(std::string_view name) {
    static const std::map<std::string_view, der::Oid> kNames = {
        {"serverAuth", der::oid::kp_server_auth},
        {"clientAuth", der::oid::kp_client_auth},
        {"codeSigning", der::oid::kp_code_signing},
        {"emailProtection", der::oid::kp_email_protection},
        {"timeStamping", der::oid::kp_time_stamping},
        {"OCSPSigning", der::oid::kp_ocsp_signing},
        {"anyExtendedKeyUsage", der::oid::any_extended_key_usage},
        {"id_Netscape_stepUp", der::oid::netscape_server_gated_crypto},
        {"documentSigning", der::make_oid<1, 3, 6, 1, 5, 5, 7, 3, 36>},
        {"documentSigningAdobe", der::make_oid<1, 2, 840, 113583, 1, 1, 5>},
        {"documentSigningMicrosoft", der::make_oid<1, 3, 6, 1, 4, 1, 311, 10, 3, 12>},
        {"unknownOID", der::make_oid<2, 25, 1>},
    };
    const auto row = kNames.find(name);
    if (row == kNames.end()) throw std::runtime_error("the key purpose " + std::string(name) + " is not known");
    return row->second;
}

/// The usages of a row. A mail program asks for servers: where the case asks for another purpose, that one stands in their place; for any,
/// it is enough that there are some.
Oids usages_of(const std::string& names, const std::string& asked) {
    Oids usages;
    const auto add = [&](der::Oid usage) { usages.push_back(to_owned(usage.content())); };
    for (const std::string_view name : split(names, ',')) {
        if (name == asked)
            add(der::oid::kp_server_auth);
        else
            add(oid_of(name == "serverAuth" ? "unknownOID" : name));
    }
    if (asked == "anyExtendedKeyUsage") add(der::oid::kp_server_auth);
    return usages;
}

/// A root, and what it issues.
class Authority {
  public:
    [[nodiscard]] const ByteString& root() const { return root_; }
    [[nodiscard]] ByteString authority(const Oids& usages) const {
        return issue("CN=Root", "CN=CA", {x509::make_basic_constraints(true), x509::make_extended_key_usage(usages)});
    }
    [[nodiscard]] ByteString server(std::string_view issuer, const Oids& usages) const {
        return issue(issuer, "CN=mail.example.com",
                     {x509::make_subject_alt_name({*x509::parse_general_name("mail.example.com")}), x509::make_extended_key_usage(usages)});
    }

  private:
    [[nodiscard]] ByteString issue(std::string_view issuer, std::string_view subject, std::vector<x509::NewExtension> extensions) const {
        x509::CertificateTemplate wanted;
        wanted.issuer = *x509::encode_name(issuer);
        wanted.subject = *x509::encode_name(subject);
        wanted.not_before = *parse_time("2026-01-01");
        wanted.not_after = *parse_time("2026-12-31");
        ++issued_;
        wanted.serial_number = {0x01, static_cast<std::uint8_t>(issued_ >> 8U),
                                static_cast<std::uint8_t>(issued_)};  // libraries refuse two of one issuer with one number
        wanted.subject_public_key_info = key_.public_key_info();
        wanted.extensions = std::move(extensions);
        return *x509::sign_certificate(wanted, key_);
    }

    crypto::PrivateKey key_ = *crypto::PrivateKey::generate_ec(crypto::Curve::p256);
    mutable unsigned issued_ = 0;
    ByteString root_ = issue("CN=Root", "CN=Root", {x509::make_basic_constraints(true)});
};

/// Whether a mail program with that library takes the chain.
bool is_taken(const Authority& authority, std::vector<ByteString> chain, std::vector<std::string>& findings) {
    const Trial trial{
        .chain = std::move(chain), .anchors = {authority.root()}, .name = "mail.example.com", .at = *parse_time("2026-06-01")};
    const Answer answer = judge(trial, "thunderbird");
    findings.insert(findings.end(), answer.findings.begin(), answer.findings.end());
    return answer.accepted;
}

std::string words(std::string_view end_entity, std::string_view ca) {
    return "end entity " + std::string(end_entity) + ", CA " + std::string(ca);
}

}  // namespace

std::vector<Case> run_mozpkix(const std::filesystem::path& folder) {
    const Authority authority;
    const Oids right = {to_owned(der::oid::kp_server_auth.content())};
    const auto word = [](bool is_good) { return is_good ? "ok" : "inadequate"; };
    std::vector<Case> cases;
    const auto judge_row = [&](const std::vector<std::string>& row) {
        const Oids usages = usages_of(row.at(0), row.at(1));
        Case one;
        one.id = row[0] + "/" + row[1];
        one.expected = words(row.at(2), row.at(3));
        const bool end_entity = is_taken(authority, {authority.server("CN=Root", usages)}, one.findings);
        const bool ca = is_taken(authority, {authority.server("CN=CA", right), authority.authority(usages)}, one.findings);
        one.ours = words(word(end_entity), word(ca));
        return one;
    };
    for (const auto& row : rows_of(folder / "eku.tsv"))
        cases.push_back(guarded(row.at(0) + "/" + row.at(1), [&] { return judge_row(row); }));
    return cases;
}

}  // namespace truename::conformance
