// Must reach read_evidence and write_evidence with every member, and what is made of evidence without a connection: the questions of
// --deep and what their answers tell, the issuer that is missing, certificates that servers made up themselves.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/must.h"
#include "net/http.h"
#include "probe/certificates.h"
#include "probe/deep.h"
#include "probe/evidence.h"
#include "probe/issuers.h"

using namespace truename;

namespace {

/// Asks what --deep would ask and answers all of it as the endpoint did.
void ask(probe::Endpoint endpoint) {
    probe::Options options;
    options.other_names = {"other.example"};
    for (int round = 0; round < 2; ++round) {
        const auto questions = probe::plan_questions(endpoint, options);
        must(questions.size() <= 9, "few questions are asked");
        for (const probe::DeepQuestion& asked : questions) {
            must(asked.hello.min <= asked.hello.max || endpoint.hello.min > endpoint.hello.max, "a hello offers something");
            const auto earlier = [&](const probe::DeepAnswer& answer) { return answer.question == asked.question; };
            must(round == 0 || std::ranges::none_of(endpoint.deep, earlier), "nothing is asked that was answered");
        }
        for (const probe::DeepQuestion& asked : questions)
            probe::record_answer(endpoint, {asked.question, asked.hello, endpoint.tls, {}, {}});
    }
    const probe::Reach before = endpoint.reach;
    probe::find_reach_again(endpoint);
    const probe::Reach once = endpoint.reach;
    probe::find_reach_again(endpoint);
    must(endpoint.reach == once, "what is reached is found again");
    endpoint.reach = before;
}

void conclude(probe::Endpoint endpoint) {
    probe::conclude_deep(endpoint);
    const auto once = endpoint.findings;
    probe::conclude_deep(endpoint);
    must(endpoint.findings.size() <= once.size(), "what was concluded is told once");
    probe::name_certificates(endpoint);
    must(endpoint.findings.size() <= once.size() + 1, "a certificate is made up by one program");
}

void look_for_issuers(const net::TlsReport& tls) {
    const auto missing = probe::missing_issuer(tls.chain);
    const auto holds = [&](const ByteString& der) { return missing->data() == der.data() && missing->size() == der.size(); };
    must(!missing || std::ranges::any_of(tls.chain, holds), "an issuer is missing of one of the chain");
    for (const ByteString& der : tls.chain) {
        const auto urls = probe::issuer_urls(der);
        must(urls.size() <= 4, "few addresses are asked");
        for (const std::string& url : urls) must(net::parse_http_url(url).has_value(), "each over http");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto evidence = probe::read_evidence({reinterpret_cast<const char*>(data), size});
    if (!evidence) {
        must(evidence.error().kind == FailureKind::input && !evidence.error().reason.empty(), "a bad file is told with its reason");
        return 0;
    }
    const std::string text = probe::write_evidence(*evidence);
    must(text.find('\n') == text.size() - 1, "evidence is one line");
    const auto again = probe::read_evidence(text);
    must(again && *again == *evidence, "what was read is written so that it reads the same");
    must(probe::write_evidence(*again) == text, "and the same text comes of it");
    for (const probe::Endpoint& endpoint : evidence->endpoints) {
        ask(endpoint);
        conclude(endpoint);
        look_for_issuers(endpoint.tls);
    }
    return 0;
}
