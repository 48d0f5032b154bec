// Must reach read_evidence and write_evidence with every member, and what is made of evidence without a connection: what a connection that
// showed the same would have been told as, the questions of --deep and what their answers tell, the issuer that is missing, certificates
// that servers made up themselves.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/must.h"
#include "fuzz/text_mutator.h"
#include "net/http.h"
#include "probe/certificates.h"
#include "probe/deep.h"
#include "probe/evidence.h"
#include "probe/issuers.h"
#include "probe/wire.h"

using namespace truename;

namespace {

/// Tells a connection that ended in that way, and showed what the endpoint did.
void record(const probe::Endpoint& shown, net::ConnectionReport report) {
    probe::Endpoint endpoint;
    endpoint.id = shown.id;
    endpoint.protocol = shown.protocol;
    endpoint.port = shown.port;
    endpoint.tls_mode = shown.tls_mode;
    endpoint.address = shown.address;
    endpoint.hello = shown.hello;
    report.tls = shown.tls;
    report.dialog.greeting = report.dialog.answer = report.inside.answer = shown.greeting;
    report.dialog.capabilities = shown.capabilities;
    report.dialog.login_before_tls = shown.login_before_tls;
    if (report.dialog.end == net::DialogEnd::tls_next) report.dialog.leftover = shown.tls.plaintext;
    probe::record_connection(endpoint, std::move(report), probe::Limits());
    must(endpoint.error.has_value() == (endpoint.state != probe::EndpointState::judged), "what did not come about has a reason");
    const bool completed = shown.tls.handshake == net::Handshake::completed;
    must(endpoint.state != probe::EndpointState::judged || completed, "only a handshake that was completed is judged");
    must(endpoint.tls == shown.tls, "what TLS showed is kept");
}

/// Every way in which a connection can have ended.
void record_all(const probe::Endpoint& shown) {
    using net::ConnectionEnd, net::ConnectionPhase, net::DialogEnd, net::DialogStep;
    for (const auto end :
         {ConnectionEnd::unreachable, ConnectionEnd::refused, ConnectionEnd::timeout, ConnectionEnd::dropped, ConnectionEnd::tls}) {
        for (const auto phase : {ConnectionPhase::connect, ConnectionPhase::dialog, ConnectionPhase::handshake, ConnectionPhase::inside}) {
            for (const auto step : {DialogStep::greeting, DialogStep::starttls}) {
                net::ConnectionReport report{.end = end, .phase = phase, .system_error = 101};
                report.tls_unasked = shown.login_before_tls;
                report.dialog.step = step;
                report.dialog.greeting_began = !shown.greeting.empty();
                if (phase == ConnectionPhase::inside) report.inside.end = DialogEnd::limited;
                record(shown, std::move(report));
            }
        }
    }
    for (const auto end : {DialogEnd::tls_next, DialogEnd::limited, DialogEnd::not_offered, DialogEnd::refused, DialogEnd::wrong_protocol,
                           DialogEnd::too_long}) {
        for (const auto step : {DialogStep::greeting, DialogStep::capabilities, DialogStep::starttls}) {
            net::ConnectionReport report{.end = ConnectionEnd::dialog, .phase = ConnectionPhase::dialog};
            report.dialog.end = end;
            report.dialog.step = step;
            report.dialog.masked = shown.login_before_tls;
            record(shown, std::move(report));
        }
    }
}

/// Asks what --deep would ask and answers all of it as the endpoint did, but that nothing comes of asking for TLS 1.0 alone.
void ask(const probe::Target& target, probe::Endpoint endpoint) {
    probe::Options options;
    options.deep = true;
    options.other_names = {"other.example"};
    for (int round = 0; round < 3; ++round) {
        const auto questions = probe::plan_questions(target, endpoint, options);
        must(questions.size() <= 9, "few questions are asked");
        for (const probe::DeepQuestion& asked : questions) {
            must(asked.hello.min <= asked.hello.max || endpoint.hello.min > endpoint.hello.max, "a hello offers something");
            const auto earlier = [&](const probe::DeepAnswer& answer) { return answer.question == asked.question; };
            must(round == 0 || std::ranges::none_of(endpoint.deep, earlier), "nothing is asked that was answered");
        }
        const net::TlsReport silence{.handshake = net::Handshake::failed, .trouble = net::TlsTrouble::timeout};
        for (const probe::DeepQuestion& asked : questions) {
            const bool answers = asked.question != probe::Question::tls_1_0_only;
            probe::record_answer(endpoint, {asked.question, asked.hello, answers ? endpoint.tls : silence, {}, {}});
        }
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

/// Numbers and words of an endpoint stand in the file as they are, unless it writes letters by their numbers.
void check_said(const probe::Endpoint& endpoint, std::string_view text) {
    if (text.find('\\') != std::string_view::npos) return;
    const auto says = [&](const std::string& what) { return text.find(what) != std::string_view::npos; };
    must(says(std::to_string(endpoint.port)) && says(std::to_string(endpoint.elapsed.count())), "a number is what stands there");
    must(says("\"" + std::string(name_of(endpoint.state)) + "\""), "a word is what stands there");
    must(says("\"" + std::string(net::name_of(endpoint.tls.trouble)) + "\""), "so is that for a trouble");
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
    return mutate_text(data, size, max, seed, 0);
}

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
        check_said(endpoint, {reinterpret_cast<const char*>(data), size});
        record_all(endpoint);
        ask(evidence->target, endpoint);
        conclude(endpoint);
        look_for_issuers(endpoint.tls);
    }
    return 0;
}
