#include "tests/conformance/trial.h"

#include <stdexcept>

#include "clients/judge.h"
#include "clients/library.h"
#include "verify/verification.h"
#include "x509/pem.h"

namespace truename::conformance {

namespace {

std::vector<ByteString> blocks_of(std::string_view pem, x509::PemKind kind) {
    const auto bundle = x509::read_pem_bundle(as_bytes(pem), "case");
    if (!bundle) throw std::runtime_error(to_sentence(bundle.error()));
    std::vector<ByteString> list;
    for (const Bytes der : bundle->all(kind)) list.push_back(to_owned(der));
    return list;
}

bool is_too_long(const verify::Verification& verification, const verify::FoundPath& found, unsigned most) {
    const auto& nodes = verification.path(*found.path).nodes;
    unsigned intermediates = 0;
    for (std::size_t i = 1; i + 1 < nodes.size(); ++i) intermediates += verification.node(nodes[i]).self_issued ? 0 : 1;
    return intermediates > most;
}

}  // namespace

std::vector<ByteString> certificates_of(std::string_view pem) {
    return blocks_of(pem, x509::PemKind::certificate);
}

std::vector<ByteString> crls_of(std::string_view pem) {
    return blocks_of(pem, x509::PemKind::crl);
}

Answer judge(const Trial& trial, std::string_view profile) {
    const auto profiles = clients::select(clients::compiled(), std::vector<std::string>{std::string(profile)});
    if (!profiles) throw std::runtime_error("there is no profile " + std::string(profile));
    verify::TrustStores trust;
    trust.use_shipped(false);
    for (const ByteString& der : trial.anchors) trust.add_certificate(der, true);
    const std::vector<Bytes> chain(trial.chain.begin(), trial.chain.end());
    std::vector<Bytes> crls;
    verify::Input input;
    input.presented = chain;
    input.name = trial.name;
    input.at = trial.at;
    if (trial.crls) {
        crls.assign(trial.crls->begin(), trial.crls->end());
        input.crls = crls;
    }
    x509::SignatureChecker signatures;
    verify::Verification verification(input, trust, signatures);
    clients::Context context;
    context.host = trial.name;
    context.roots = clients::Roots::none;
    context.issuers_were_fetched = true;
    clients::Judge judge(verification, context);
    const clients::Verdict verdict = judge.judge(*profiles->front());
    Answer answer;
    for (const verify::Placed& placed : verdict.findings) {
        const bool counts = !trial.of_client || placed.finding->id != FindingId::usage_not_server;
        if (counts) answer.findings.emplace_back(info(placed.finding->id).name);
    }
    answer.accepted = verdict.outcome != clients::Outcome::not_judged && answer.findings.empty();
    if (verdict.outcome == clients::Outcome::not_judged) answer.findings.push_back("not judged: " + verdict.why);
    if (answer.accepted && trial.max_intermediates && is_too_long(verification, verdict.path, *trial.max_intermediates)) {
        answer.accepted = false;
        answer.findings.emplace_back("more intermediates than the case allows");
    }
    return answer;
}

}  // namespace truename::conformance
