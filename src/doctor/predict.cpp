#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "doctor/describe.h"
#include "doctor/doctor.h"
#include "doctor/examination.h"
#include "doctor/record.h"
#include "doctor/reissue.h"
#include "doctor/staple.h"
#include "verify/names.h"
#include "x509/pem.h"

namespace truename::doctor {

namespace {

constexpr std::string_view kDoing = "reading the certificate in";

// What the files hold, in their order.
struct Inputs {
    std::vector<ByteString> certificates;
    std::vector<ByteString> requests;
    bool has_keys = false;
};

Result<Inputs, Failure> read_inputs(const std::vector<NamedFile>& files) {
    Inputs inputs;
    for (const NamedFile& file : files) {
        auto bundle = x509::read_pem_bundle(file.bytes, file.name);
        if (!bundle) return forward_error(bundle);
        for (const Bytes der : bundle->all(x509::PemKind::certificate)) inputs.certificates.push_back(to_owned(der));
        for (const Bytes der : bundle->all(x509::PemKind::request)) inputs.requests.push_back(to_owned(der));
        inputs.has_keys = inputs.has_keys || bundle->has(x509::PemKind::private_key);
    }
    return inputs;
}

Failure no_input(const PredictInput& input, const Inputs& inputs) {
    std::vector<std::string> names;
    names.reserve(input.files.size());
    for (const NamedFile& file : input.files) names.push_back(printable(file.name));
    Failure failure{FailureKind::input, std::string(kDoing), join(names, ", "), "there is neither a certificate nor a request in it", ""};
    if (inputs.has_keys) {
        failure.reason = "there is only a private key in it";
        failure.next = "Give the certificate that belongs to the key, or a request made with it";
    }
    return failure;
}

Result<AsCa, Failure> wrong(std::string_view word, std::string_view text) {
    return Unexpected{Failure{FailureKind::usage, "reading", "--as-ca " + printable(text), "\"" + printable(word) + "\" is no word of it",
                              "Write keeps or sorts, days=90, shipped or added, with commas between them"}};
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
Result<Case, Failure> case_of_request(const ByteString& der, const PredictInput& input, Case chain, verify::TrustStores& trust,
                                      x509::SignatureChecker& signatures) {
    const auto request = x509::parse_request(der);
    const std::string name = input.files.empty() ? std::string() : printable(input.files.front().name);
    if (input.ocsp) {
        return Unexpected{Failure{FailureKind::usage, "reading", "--ocsp " + printable(input.ocsp->name),
                                  "a response is about one certificate, and " + name + " is a request", "Leave --ocsp out"}};
    }
    if (!request) {
        return Unexpected{Failure{FailureKind::input, "reading the request in", name, x509::describe(request.error()), ""}};
    }
    const AsCa as_ca = input.as_ca.value_or(AsCa{});
    auto issued = issue_request(*request, as_ca, chain.at, signatures);
    if (!issued) {
        return Unexpected{Failure{FailureKind::input, "reading the request in", name, "it asks for no name",
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
    for (const std::string_view piece : split(text, ',')) {
        const std::string_view word = trim(piece);
        const std::optional<unsigned> days = read_days(word);
        if (word == "keeps" || word == "sorts") {
            as_ca.sorts_names = word == "sorts";
        } else if (word == "shipped" || word == "added") {
            as_ca.root_shipped = word == "shipped";
        } else if (days) {
            as_ca.days = *days;
        } else {
            return wrong(word, text);
        }
    }
    return as_ca;
}

Result<Report, Failure> predict(const PredictInput& input, const Settings& prepared) {
    Settings::Impl& settings = prepared.impl();
    auto inputs = read_inputs(input.files);
    if (!inputs) return forward_error(inputs);
    if (inputs->certificates.empty() && inputs->requests.empty()) return Unexpected{no_input(input, *inputs)};

    Report report;
    report.predicted = true;
    report.target = {verify::make_reference_name(input.name).text, std::nullopt, "file"};
    report.at = settings.options.at.value_or(input.now);
    Case chain;
    chain.name = report.target.name;
    chain.at = report.at;
    chain.roots = settings.roots();
    chain.trust = &settings.trust;
    for (const NamedFile& file : input.issuers) {
        const auto bundle = x509::read_pem_bundle(file.bytes, file.name);
        if (!bundle) return forward_error(bundle);
        for (const Bytes der : bundle->all(x509::PemKind::certificate)) chain.fetched.push_back(to_owned(der));
    }
    chain.issuers_were_fetched = !chain.fetched.empty();
    if (input.ocsp) {
        if (const auto checked = check_staple(*input.ocsp); !checked) return forward_error(checked);
        chain.stapled = true;
    }
    verify::TrustStores trust;
    if (inputs->certificates.empty()) {
        auto made = case_of_request(inputs->requests.front(), input, std::move(chain), trust, settings.signatures);
        if (!made) return forward_error(made);
        chain = std::move(*made);
        report.from_request = true;
    } else {
        chain.presented = std::move(inputs->certificates);
    }
    describe_chain(report, chain, "A");
    Judgement judgement(chain, settings);
    Recorder(report, settings).add(judgement, chain, "A", std::nullopt);
    conclude(report, {{&chain, &judgement, "A", {}}}, settings, std::nullopt);
    return report;
}

}  // namespace truename::doctor
