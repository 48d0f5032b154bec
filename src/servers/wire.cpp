#include "servers/wire.h"

#include <algorithm>
#include <thread>

#include "base/text.h"
#include "probe/probe.h"
#include "x509/certificate.h"

namespace truename::servers {

namespace {

using std::chrono::steady_clock;

/// Questions at once: with eight connections each they stay below the 100 processes that Dovecot and Postfix allow a service.
constexpr std::size_t kAtOnce = 6;

probe::Target target_of(const WireQuestion& question, std::size_t number) {
    probe::Target target;
    target.text = std::to_string(number);
    target.is_address = question.name.empty();
    target.name = question.name.empty() ? question.listener.address : question.name;
    target.port = question.listener.port.number;
    target.protocol = question.listener.port.protocol;
    target.source = "settings";
    return target;
}

void count(WireAnswer& answer, const net::TlsReport& tls, const std::optional<Failure>& failure) {
    if (tls.handshake == net::Handshake::completed && !tls.chain.empty()) return answer.leaves.push_back(tls.chain.front());
    ++answer.failed;
    if (!answer.failure && failure) answer.failure = failure;
}

WireAnswer answer_of(const probe::Evidence& evidence) {
    WireAnswer answer;
    for (const probe::Endpoint& endpoint : evidence.endpoints) {
        answer.closed = endpoint.state == probe::EndpointState::refused;
        count(answer, endpoint.tls, endpoint.error);
        for (const probe::DeepAnswer& again : endpoint.deep) count(answer, again.tls, again.error);
    }
    if (evidence.error) answer.failure = evidence.error;
    return answer;
}

/// Those questions of one address and one kind of keys.
Result<void, Failure> ask_some(const std::vector<WireQuestion>& questions, const std::vector<std::size_t>& numbers, unsigned connections,
                               const Clock& clock, const std::stop_token& stop, std::vector<WireAnswer>& answers) {
    probe::Options options;
    options.connect = questions[numbers.front()].listener.address;
    options.keys = questions[numbers.front()].keys;
    options.repeats = connections - 1;
    std::size_t next = 0;
    const auto source = [&]() -> std::optional<probe::Target> {
        if (next == numbers.size()) return std::nullopt;
        const std::size_t number = numbers[next];
        return target_of(questions[number], numbers[next++]);
    };
    const auto sink = [&](probe::Evidence&& evidence) { answers[std::stoul(evidence.target.text)] = answer_of(evidence); };
    return probe::probe(source, options, sink, clock, stop);
}

/// What is wrong with an answer; empty when nothing is.
std::string fault_of(const Expectation& expectation, const WireAnswer& answer) {
    const std::string where = to_string(expectation.question);
    if (answer.closed) return where + ": nothing listens";
    const auto good = static_cast<std::size_t>(std::count(answer.leaves.begin(), answer.leaves.end(), expectation.leaf));
    const std::size_t other = answer.leaves.size() - good;
    if (answer.failed != 0) {
        const std::string why = answer.failure ? answer.failure->reason : "no handshake";
        return where + ": " + std::to_string(answer.failed) + " of " + counted(answer.failed + answer.leaves.size(), "connection") +
               " failed (" + printable(why) + ")";
    }
    if (answer.leaves.empty()) return where + ": it was not asked";
    if (other == 0) return {};
    return where + ": " + std::to_string(other) + " of " + counted(answer.leaves.size(), "connection") + " got another certificate" +
           (good == 0 ? "" : ", so it serves two at once");
}

}  // namespace

std::string to_string(const WireQuestion& question) {
    std::string text(probe::info(question.listener.port.protocol).name);
    text += " " + question.listener.address + " port " + std::to_string(question.listener.port.number);
    if (!question.name.empty()) text += " as " + printable(question.name);
    if (question.keys != net::KeyOffer::any) text += " (" + std::string(name_of(question.keys)) + ")";
    return text;
}

net::KeyOffer offer_for(const PairOnDisk& pair) {
    const auto certificate = x509::parse_certificate(pair.chain.front());
    const bool is_rsa = certificate && x509::describe_key(certificate->subject_public_key_info).starts_with("RSA");
    return is_rsa ? net::KeyOffer::rsa : net::KeyOffer::ecdsa;
}

Result<std::vector<WireAnswer>, Failure> ask(const std::vector<WireQuestion>& questions, unsigned connections, const Clock& clock,
                                             const std::stop_token& stop) {
    std::vector<WireAnswer> answers(questions.size());
    std::vector<bool> taken(questions.size(), false);
    for (std::size_t first = 0; first < questions.size(); ++first) {
        std::vector<std::size_t> numbers;
        for (std::size_t i = first; i < questions.size() && numbers.size() < kAtOnce; ++i) {
            const bool alike =
                questions[i].listener.address == questions[first].listener.address && questions[i].keys == questions[first].keys;
            if (taken[i] || taken[first] || !alike) continue;
            numbers.push_back(i);
        }
        for (const std::size_t number : numbers) taken[number] = true;
        if (numbers.empty()) continue;
        if (auto asked = ask_some(questions, numbers, connections, clock, stop, answers); !asked) return forward_error(asked);
    }
    return answers;
}

Result<Proof, Failure> prove(const std::vector<Expectation>& expectations, const Patience& patience, const Clock& clock,
                             const std::stop_token& stop) {
    Proof proof;
    std::vector<WireQuestion> changed, same;
    for (const Expectation& each : expectations) (each.changed ? changed : same).push_back(each.question);
    const steady_clock::time_point start = steady_clock::now();
    unsigned good_rounds = 0;
    std::this_thread::sleep_for(patience.settle);
    while (good_rounds < 2 && !stop.stop_requested()) {
        const auto answers = ask(changed, kConnectionsToProve, clock, stop);
        if (!answers) return forward_error(answers);
        const auto others = ask(same, 1, clock, stop);
        if (!others) return forward_error(others);
        ++proof.rounds;
        proof.wrong.clear();
        bool all_answer = true;
        std::size_t next_changed = 0, next_same = 0;
        for (const Expectation& each : expectations) {
            const WireAnswer& answer = each.changed ? (*answers)[next_changed++] : (*others)[next_same++];
            proof.connections += answer.leaves.size() + answer.failed;
            all_answer = all_answer && answer.failed == 0;
            std::string fault = fault_of(each, answer);
            if (!fault.empty()) proof.wrong.push_back(std::move(fault));
        }
        good_rounds = proof.wrong.empty() ? good_rounds + 1 : 0;
        if (good_rounds == 0 && steady_clock::now() - start > (all_answer ? patience.whole : patience.come_back)) break;
        if (good_rounds < 2) std::this_thread::sleep_for(patience.pause);
    }
    proof.proved = good_rounds == 2;
    return proof;
}

}  // namespace truename::servers
