#include <algorithm>
#include <charconv>
#include <map>
#include <stdexcept>

#include "base/text.h"
#include "clients/library.h"
#include "clients/name_match.h"
#include "tests/conformance/files.h"
#include "tests/conformance/suite.h"
#include "tests/conformance/trial.h"
#include "verify/node_findings.h"
#include "x509/findings.h"

// One table: does a name match a certificate's names, for one library after another.
namespace truename::conformance {

namespace {

struct Library {
    std::string_view column, profile, unreadable;  ///< the kind of what this profile cannot read
};
constexpr Library kLibraries[] = {
    {"openssl_3.0.19", "openssl", "path"},
    {"gnutls_3.7.9", "gnutls", "handshake"},
    {"nss_3.87.1_CERT_VerifyCertName", "nss", "parse"},
    {"go_1.19.8", "go", "parse"},
    {"node_20.20.2", "node", "path"},
    {"java_17.0.15_TLS", "java", "parse"},
    {"perl_IO::Socket::SSL_2.081_imap", "perl", "path"},
};

void append_utf8(unsigned character, std::string& out) {
    if (character < 0x80) {
        out += static_cast<char>(character);
    } else if (character < 0x800) {
        out += static_cast<char>(0xc0U | character >> 6U);
        out += static_cast<char>(0x80U | (character & 0x3fU));
    } else {
        out += static_cast<char>(0xe0U | character >> 12U);
        out += static_cast<char>(0x80U | (character >> 6U & 0x3fU));
        out += static_cast<char>(0x80U | (character & 0x3fU));
    }
}

/// `\xNN` is a byte, `\uNNNN` a character.
std::string unescaped(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t digits = text.starts_with("\\x") ? 2 : text.starts_with("\\u") ? 4 : 0;
        unsigned number = 0;
        if (digits != 0) std::from_chars(text.data() + 2, text.data() + 2 + digits, number, 16);
        if (digits == 4) append_utf8(number, out);
        if (digits == 2) out += static_cast<char>(number);
        if (digits == 0) out += text.front();
        text.remove_prefix(digits == 0 ? 1 : digits + 2);
    }
    return out;
}

const clients::Profile& profile_of(std::string_view id) {
    const auto profiles = clients::select(clients::compiled(), std::vector<std::string>{std::string(id)});
    if (!profiles) throw std::runtime_error("there is no profile " + std::string(id));
    return *profiles->front();
}

/// What the profile cannot read in the certificate; empty when it reads it.
std::vector<std::string> unreadable(const x509::Certificate& certificate, const clients::Profile& profile, std::string_view kind) {
    std::vector<Finding> findings;
    x509::report_findings(certificate, findings);
    std::vector<std::string> names;
    for (const Finding& finding : findings) {
        const auto reactions = profile.reactions_to(finding.id);
        const auto first = std::ranges::find_if(reactions, [&](const clients::Reaction& reaction) {
            const auto& fields = reaction.when.fields;
            return fields.empty() || std::ranges::find(fields, finding.field) != fields.end();
        });
        if (first != reactions.end() && first->action.is(clients::Action::refuses) && first->kind == kind)
            names.emplace_back(info(finding.id).name);
    }
    return names;
}

Case judge_pair(const x509::Certificate& certificate, const std::string& name, const Library& library) {
    Case made;
    const clients::Profile& profile = profile_of(library.profile);
    made.features = {std::string(library.column)};
    made.findings = unreadable(certificate, profile, library.unreadable);
    if (!made.findings.empty()) {
        made.ours = "parse-error";
        return made;
    }
    const verify::PresentedNames presented = verify::presented_names(certificate);
    verify::ReferenceName reference;
    reference.typed = name;  // with brackets, which a user of ours may type
    reference.text = x509::to_a_labels(name).value_or(ascii_lower(name));
    clients::NameMatcher matcher(presented, reference);
    const clients::Matched matched = matcher.match(profile.names, false).matched;
    made.ours = matched == clients::Matched::yes ? "match" : matched == clients::Matched::no ? "no-match" : "unknown";
    return made;
}

}  // namespace

std::vector<Case> run_names(const std::filesystem::path& folder) {
    std::map<std::string, ByteString> certificates;
    for (const auto& row : rows_of(folder / "certs.tsv"))
        certificates.emplace(row[0], certificates_of("-----BEGIN CERTIFICATE-----\n" + row[1] + "\n-----END CERTIFICATE-----\n").at(0));
    const std::string text = read(folder / "names.tsv");
    const auto head = split(std::string_view(text).substr(0, text.find('\n')), '\t');
    const auto column = [&](std::string_view name) {
        const auto it = std::find(head.begin(), head.end(), name);
        if (it == head.end()) throw std::runtime_error("names.tsv has no column " + std::string(name));
        return static_cast<std::size_t>(it - head.begin());
    };
    std::vector<Case> cases;
    for (const auto& row : rows_of(folder / "names.tsv")) {
        const std::string name = unescaped(row[column("reference")]);
        if (name.find('\0') != std::string::npos) continue;  // nobody can type one
        const auto judge_for = [&](const Library& library) {
            const auto certificate = x509::parse_certificate(certificates.at(row[column("cert")]));
            if (!certificate) throw std::runtime_error("the certificate cannot be read: " + x509::describe(certificate.error()));
            Case one = judge_pair(*certificate, name, library);
            one.id = row[0] + "/" + std::string(library.profile);
            const std::string& answer = row[column(library.column)];
            one.expected = answer == "error" ? "no-match" : answer;  // who cannot compare does not go on
            one.features.push_back(row[column("presented")] + " | " + row[column("reference")]);
            return one;
        };
        for (const Library& library : kLibraries) {
            if (row[column(library.column)] == "n/a") continue;
            cases.push_back(guarded(row[0] + "/" + std::string(library.profile), [&] { return judge_for(library); }));
        }
    }
    return cases;
}

}  // namespace truename::conformance
