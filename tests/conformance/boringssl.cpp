#include "tests/conformance/boringssl.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <stdexcept>

#include "base/text.h"
#include "base/time.h"
#include "der/value.h"
#include "der/writer.h"
#include "tests/conformance/files.h"
#include "tests/conformance/suite.h"
#include "tests/conformance/trial.h"
#include "verify/name_constraints.h"
#include "x509/crl.h"
#include "x509/extension_content.h"
#include "x509/ip_address.h"
#include "x509/name.h"
#include "x509/signature.h"

// The test data of BoringSSL's PKI library: names, name constraints, signatures, revocation lists; other parts have files of their own.
namespace truename::conformance {

namespace {

using std::filesystem::path;

using Row = std::vector<std::string>;

/// Judges every row of a table; `id_of` says what the case is called.
template <class IdOf, class Judge>
void add_rows(const path& table, std::vector<Case>& cases, const IdOf& id_of, const Judge& judge) {
    for (const Row& row : rows_of(table)) cases.push_back(guarded(id_of(row), [&] { return judge(row); }));
}

/// `ascii-T61STRING-case_swap-extra_rdn.pem`: the type of its strings, how they are spelled, and what is in it besides.
struct NameFile {
    std::string type, more;
};

NameFile read_name_file(const std::string& file) {
    const auto words = split(std::string_view(file).substr(0, file.rfind('.')), '-');
    return {words.size() > 1 ? std::string(words[1]) : "", words.size() > 3 ? std::string(words[3]) : ""};
}

/// A name and another one of the same attributes, or one that begins with them, have the types of their strings as features.
void add_names(const path& folder, std::vector<Case>& cases) {
    const auto id_of = [](const Row& row) { return "dn/" + row.at(0) + "/" + row.at(1) + "/" + row.at(2); };
    add_rows(folder / "dn-match.tsv", cases, id_of, [&](const Row& row) {
        const ByteString a = block_of(folder / "dn" / row[1]), b = block_of(folder / "dn" / row[2]);
        const auto left = x509::parse_name(a), right = x509::parse_name(b);
        bool ours = left && right;
        if (ours)
            ours =
                row[0] == "equal" ? x509::relation(*left, *right) != x509::NameRelation::different : x509::is_within_subtree(*left, *right);
        Case one = made(id_of(row), row.at(3), ours, "yes", "no");
        const NameFile name = read_name_file(row.at(1)), base = read_name_file(row.at(2));
        const bool holds_it = row.at(0) == "in_subtree" && name.more == "extra_rdn" && base.more.empty();
        if (name.more == base.more || holds_it) one.features = {name.type, base.type};
        return one;
    });
}

/// Names under constraints, as the verifier looks at them: subject and subjectAltName (GeneralNames) as elements, either empty.
bool is_permitted(Bytes subject, Bytes names, const x509::NameConstraints& constraints) {
    x509::Certificate issuer, certificate;
    issuer.known.name_constraints.state = x509::ExtensionState::good;
    issuer.known.name_constraints.content = constraints;
    if (!subject.empty()) {
        const auto name = x509::parse_name(subject);
        if (!name) return false;
        certificate.subject = *name;
    }
    if (!names.empty()) {
        auto& known = certificate.known.subject_alt_name;
        known.state = x509::ExtensionState::good;
        if (!x509::decode(x509::Extension{.id = der::oid::subject_alt_name, .value = names}, known.content)) return false;
    }
    std::vector<Finding> findings;
    verify::Meter meter{verify::Budget{}};
    verify::report_constraints(issuer, certificate, verify::Role::leaf, meter, findings);
    return std::ranges::none_of(findings, [](const Finding& finding) { return info(finding.id).cls == FindingClass::defect; });
}

bool is_name_permitted(x509::GeneralNameKind kind, Bytes value, const x509::NameConstraints& constraints) {
    der::Writer writer;
    const auto number = static_cast<unsigned>(kind);
    const bool constructed = kind == x509::GeneralNameKind::directory_name;
    writer.sequence([&] { writer.element(constructed ? der::context_constructed(number) : der::context(number), value); });
    return is_permitted(Bytes(), writer.bytes(), constraints);
}

/// `192.0.2.1`, `1:2::3`, or numbers with blanks, commas or brackets between them.
ByteString address_of(const std::string& text) {
    if (const auto address = x509::parse_ip_address(text)) {
        const Bytes bytes = address->bytes();
        return to_owned(bytes);
    }
    return {};
}

/// `subject=FILE san=FILE`, with `-` for none.
bool is_certificate_permitted(const path& folder, const std::string& what, const x509::NameConstraints& constraints) {
    const std::size_t blank = what.find(' ');
    const std::string subject = what.substr(8, blank - 8), san = what.substr(blank + 5);
    const ByteString name = subject == "-" ? ByteString() : block_of(folder / subject);
    const ByteString names = san == "-" ? ByteString() : block_of(folder / san);
    return is_permitted(name, names, constraints);
}

void add_name_constraints(const path& folder, std::vector<Case>& cases) {
    const path files = folder / "name-constraints";
    const auto id_of = [](const Row& row) { return "name-constraints/" + row.at(0) + "/" + row.at(1) + "/" + row.at(2); };
    add_rows(folder / "name-constraints.tsv", cases, id_of, [&](const Row& row) {
        const ByteString der = block_of(files / row[0]);
        x509::NameConstraints constraints;
        bool ours = bool(x509::decode(x509::Extension{.id = der::oid::name_constraints, .value = der}, constraints));
        if (row[1] == "DNSName") {
            ours = ours && is_name_permitted(x509::GeneralNameKind::dns_name, as_bytes(row[2]), constraints);
        } else if (row[1] == "IP") {
            const ByteString address = address_of(row[2]);
            ours = ours && is_name_permitted(x509::GeneralNameKind::ip_address, address, constraints);
        } else if (row[1] == "DirectoryName") {
            const ByteString name = block_of(files / row[2].substr(row[2].find(':') + 1));
            ours = ours && is_name_permitted(x509::GeneralNameKind::directory_name, name, constraints);
        } else if (row[1] == "Cert") {
            ours = ours && is_certificate_permitted(files, row[2], constraints);
        } else if (row[1] == "parse") {
            ours = ours && is_understood(constraints);
        } else {
            throw std::runtime_error("names of the kind " + row[1] + " are not known");
        }
        return made(id_of(row), row.at(3), ours, "yes", "no");
    });
}

void add_signed_data(const path& folder, std::vector<Case>& cases) {
    const auto id_of = [](const Row& row) { return "signed-data/" + row.at(0); };
    add_rows(folder / "signed-data.tsv", cases, id_of, [&](const Row& row) {
        const auto blocks = blocks_of(folder / "signed-data" / row[0]);
        der::Reader key_reader(blocks.at("PUBLIC KEY")), algorithm_reader(blocks.at("ALGORITHM")), signature_reader(blocks.at("SIGNATURE"));
        const auto key = x509::read_subject_public_key_info(key_reader);
        const auto algorithm = x509::read_algorithm_identifier(algorithm_reader);
        const auto element = signature_reader.read(der::Tag::bit_string);
        const auto signature = element ? der::read_octets_of_bit_string(*element) : Result<Bytes>(forward_error(element));
        bool ours = key && algorithm && signature;
        x509::SignatureChecker checker;
        if (ours) ours = checker.check(blocks.at("DATA"), *algorithm, *signature, *key) == crypto::SignatureCheck::valid;
        Case one = made(id_of(row), row.at(1), ours, "SUCCESS", "FAILURE");
        one.features = {row[0].substr(0, row[0].find('-'))};  // the kind of key
        return one;
    });
}

void add_crls(const path& folder, std::vector<Case>& cases) {
    const auto id_of = [](const Row& row) { return "crl/" + row.at(0); };
    add_rows(folder / "crl.tsv", cases, id_of, [&](const Row& row) {
        const auto blocks = blocks_of(folder / "crl" / row[0]);
        Trial trial;
        trial.chain = {blocks.at("CERTIFICATE")};
        trial.anchors = {blocks.at("CA CERTIFICATE")};
        if (const auto above = blocks.find("CA CERTIFICATE 2"); above != blocks.end()) {
            trial.chain.push_back(blocks.at("CA CERTIFICATE"));
            trial.anchors = {above->second};
        }
        trial.at = *parse_time(row[3]);
        trial.crls.emplace();
        const ByteString& der = blocks.at("CRL");
        const auto crl = x509::parse_crl(der);
        if (crl && crl->this_update.time + std::chrono::seconds(std::stol(row[4])) >= trial.at) trial.crls->push_back(der);
        const Answer answer = judge(trial, "reference");
        const auto has = [&](const char* id) {
            return std::find(answer.findings.begin(), answer.findings.end(), id) != answer.findings.end();
        };
        Case one;
        one.id = id_of(row);
        one.features = {row[2]};
        one.expected = row[1];
        one.ours = has("revocation.revoked") ? "REVOKED" : has("revocation.undetermined") ? "UNKNOWN" : "GOOD";
        one.findings = answer.findings;
        return one;
    });
}

}  // namespace

bool is_understood(const x509::NameConstraints& constraints) {
    if (constraints.permitted.empty() && constraints.excluded.empty()) return false;
    for (const x509::GeneralSubtrees& list : {constraints.permitted, constraints.excluded}) {
        for (const x509::GeneralSubtree& subtree : list) {
            const bool bounded = subtree.minimum != 0 || subtree.has_maximum;
            if (bounded || verify::match_subtree(subtree.base, subtree.base) == verify::SubtreeMatch::unsupported) return false;
        }
    }
    return true;
}

std::vector<Case> run_boringssl(const path& folder) {
    std::vector<Case> cases;
    add_names(folder, cases);
    add_name_constraints(folder, cases);
    add_signed_data(folder, cases);
    add_crls(folder, cases);
    add_chains(folder, cases);
    add_parsing(folder, cases);
    add_ocsp(folder, cases);
    return cases;
}

}  // namespace truename::conformance
