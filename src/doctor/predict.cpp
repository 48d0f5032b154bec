#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "doctor/crl_file.h"
#include "doctor/describe.h"
#include "doctor/doctor.h"
#include "doctor/examination.h"
#include "doctor/predict_files.h"
#include "doctor/record.h"
#include "doctor/reissue.h"
#include "doctor/staple.h"
#include "verify/names.h"
#include "x509/request.h"

namespace truename::doctor {

namespace {

constexpr std::uint16_t kUsualPort = 993;  // that dialogs name: IMAP over TLS

Result<AsCa, Failure> wrong(std::string_view word, std::string_view text) {
    return Unexpected{Failure{FailureKind::usage, "reading", "--as-ca " + printable(text), "\"" + printable(word) + "\" is no word of it",
                              "Write keeps or sorts, days=90, shipped or added, with commas between them"}};
}

Result<AsCa, Failure> contradiction(std::string_view one, std::string_view other, std::string_view text) {
    return Unexpected{Failure{FailureKind::usage, "reading", "--as-ca " + printable(text),
                              "\"" + printable(one) + "\" and \"" + printable(other) + "\" contradict each other", "Keep one of them"}};
}

std::optional<unsigned> read_days(std::string_view word) {
    if (word.starts_with("days=")) {
        word.remove_prefix(5);
    } else if (word.ends_with("d")) {
        word.remove_suffix(1);
    } else {
        return std::nullopt;
    }
    unsigned days = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), days);
    if (error != std::errc() || end != word.data() + word.size() || days == 0 || days > 36500) return std::nullopt;
    return days;
}

// The chain of a request: the certificate that an authority would make of it, and trust for that authority.
Result<Case, Failure> case_of_request(const PredictFiles& files, const AsCa& as_ca, Case chain, verify::TrustStores& trust,
                                      x509::SignatureChecker& signatures) {
    const auto request = x509::parse_request(*files.request);
    if (!request) {
        return Unexpected{Failure{FailureKind::input, "reading the request in", files.request_file, x509::describe(request.error()), ""}};
    }
    // RFC 2986 3: what an authority checks first.
    if (x509::verify_proof_of_possession(*request) == crypto::SignatureCheck::invalid) {
        return Unexpected{Failure{FailureKind::input, "reading the request in", files.request_file,
                                  "it is signed with another key than its own, so no authority will take it", "Make it anew with its key"}};
    }
    auto issued = issue_request(*request, as_ca, chain.at, signatures);
    if (!issued) {
        return Unexpected{Failure{FailureKind::input, "reading the request in", files.request_file, "it asks for no name",
                                  "Make it with -addext subjectAltName=DNS:mail.example.com"}};
    }
    trust.use_shipped(false);
    trust.add_certificate(issued->root, !as_ca.root_shipped);
    chain.roots = as_ca.root_shipped ? clients::Roots::system : clients::Roots::none;
    chain.trust = &trust;
    chain.presented = {std::move(issued->leaf)};
    chain.sorts_names = as_ca.sorts_names;
    return chain;
}

}  // namespace

Result<AsCa, Failure> parse_as_ca(std::string_view text) {
    AsCa as_ca;
    std::string_view names, root, life;  // the word that said it
    for (const std::string_view piece : split(text, ',')) {
        const std::string_view word = trim(piece);
        const std::optional<unsigned> days = read_days(word);
        std::string_view* said = nullptr;
        if (days) said = &life;
        if (word == "keeps" || word == "sorts") said = &names;
        if (word == "shipped" || word == "added") said = &root;
        if (said == nullptr) return wrong(word, text);
        if (!said->empty() && *said != word) return contradiction(*said, word, text);
        *said = word;
        if (days) as_ca.days = *days;
    }
    as_ca.sorts_names = names == "sorts";
    as_ca.root_shipped = root != "added";
    return as_ca;
}

Result<Report, Failure> predict(const PredictInput& input, const Settings& prepared) {
    Settings::Impl& settings = prepared.impl();
    auto files = read_predict_files(input, settings.options);
    if (!files) return forward_error(files);

    Report report;
    report.predicted = true;
    report.clients = settings.clients();
    report.target = {verify::make_reference_name(input.name).text, std::nullopt, "file"};
    report.at = settings.options.at.value_or(input.now);
    Case chain;
    chain.name = report.target.name;
    chain.port = kUsualPort;
    chain.at = report.at;
    chain.roots = settings.roots();
    chain.trust = &settings.trust;
    chain.fetched = files->issuers;
    chain.issuers_were_fetched = !chain.fetched.empty();
    if (input.ocsp) {
        auto staple = read_staple(*input.ocsp);
        if (!staple) return forward_error(staple);
        chain.stapled = true;
        chain.staples.push_back(std::move(*staple));
    }
    for (const NamedFile& file : input.crls) {
        auto lists = read_crls(file);
        if (!lists) return forward_error(lists);
        if (!chain.crls) chain.crls.emplace();
        std::move(lists->begin(), lists->end(), std::back_inserter(*chain.crls));
    }
    verify::TrustStores trust;
    if (files->request) {
        auto made = case_of_request(*files, input.as_ca.value_or(AsCa{}), std::move(chain), trust, settings.memory.signatures);
        if (!made) return forward_error(made);
        chain = std::move(*made);
        report.from_request = true;
    } else {
        for (const FileCertificate& certificate : files->certificates) chain.presented.push_back(certificate.der);
    }
    if (input.takes_first_as_signed && chain.presented.size() > 1) {
        const auto leaf = x509::parse_certificate(chain.presented[0]), issuer = x509::parse_certificate(chain.presented[1]);
        if (leaf && issuer) settings.memory.signatures.remember(*leaf, issuer->subject_public_key_info, crypto::SignatureCheck::valid);
    }
    describe_chain(report, chain, "A");
    if (files->request && input.as_ca.value_or(AsCa{}).root_shipped) {
        const std::vector<std::string>& names = report.chains.front().certificates.front().names;
        std::copy_if(names.begin(), names.end(), std::back_inserter(report.uncertifiable),
                     [](const std::string& name) { return !is_certifiable(name); });
    }
    Judgement judgement(chain, settings);
    if (!files->request) {
        if (const auto checked = check_one_server(*files, judgement.verification()); !checked) return forward_error(checked);
    }
    Recorder(report, settings).add(judgement, chain, "A", std::nullopt);
    conclude(report, {{&chain, &judgement, "A", {}}}, settings, std::nullopt);
    return report;
}

}  // namespace truename::doctor
