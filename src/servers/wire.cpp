#include "servers/wire.h"

#include <algorithm>
#include <map>
#include <thread>

#include "base/text.h"
#include "probe/probe.h"
#include "x509/certificate.h"

namespace truename::servers {

namespace {

using std::chrono::steady_clock;

/// Connections at once: they stay below the 100 processes that Dovecot and Postfix allow a service.
constexpr std::size_t kMostAtOnce = 48;

/// Connections to one port that are open at once: the question of each.
using Wave = std::vector<std::size_t>;

std::string port_of(const WireQuestion& question) {
    return to_string(WireQuestion{question.listener, "", question.keys});
}

/// For each question the first that is the same.
std::vector<std::size_t> firsts_of(const std::vector<WireQuestion>& questions) {
    std::map<std::string, std::size_t> known;
    std::vector<std::size_t> firsts;
    for (std::size_t i = 0; i < questions.size(); ++i) firsts.push_back(known.try_emplace(to_string(questions[i]), i).first->second);
    return firsts;
}

/// The questions of each port, in the order of the questions, each once.
std::vector<Wave> by_port(const std::vector<WireQuestion>& questions) {
    const std::vector<std::size_t> firsts = firsts_of(questions);
    std::map<std::string, std::size_t> known;
    std::vector<Wave> ports;
    for (std::size_t i = 0; i < questions.size(); ++i) {
        if (firsts[i] != i) continue;
        const auto [found, is_new] = known.try_emplace(port_of(questions[i]), ports.size());
        if (is_new) ports.emplace_back();
        ports[found->second].push_back(i);
    }
    return ports;
}

std::vector<Wave> waves_of(const std::vector<WireQuestion>& questions) {
    std::vector<Wave> waves;
    for (Wave& port : by_port(questions)) {
        // What is asked most often comes first, so that all of it is in one wave.
        std::stable_sort(port.begin(), port.end(),
                         [&](std::size_t a, std::size_t b) { return questions[a].connections > questions[b].connections; });
        Wave all;
        for (const std::size_t number : port) all.insert(all.end(), questions[number].connections, number);
        // About equally large, so that the last is no single connection.
        const std::size_t count = (all.size() + kMostAtOnce - 1) / kMostAtOnce;
        for (std::size_t i = 0; i < count; ++i) {
            const auto begin = all.begin() + static_cast<std::ptrdiff_t>(all.size() * i / count);
            waves.emplace_back(begin, all.begin() + static_cast<std::ptrdiff_t>(all.size() * (i + 1) / count));
        }
    }
    return waves;
}

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

/// Sorts what one wave showed by the questions.
void take(const probe::Evidence& evidence, const std::vector<WireQuestion>& questions, const Wave& wave, bool late,
          std::vector<WireAnswer>& answers) {
    const auto answer_to = [&](const std::string& name) -> WireAnswer& {
        const auto found = std::find_if(wave.begin(), wave.end(), [&](std::size_t number) { return questions[number].name == name; });
        WireAnswer& answer = answers[found == wave.end() ? wave.front() : *found];
        answer.asked = true;
        return answer;
    };
    for (const probe::Endpoint& endpoint : evidence.endpoints) {
        if (late && endpoint.state == probe::EndpointState::timeout) continue;
        count(answer_to(endpoint.hello.server_name), endpoint.tls, endpoint.error);
        for (const probe::DeepAnswer& again : endpoint.deep) count(answer_to(again.hello.server_name), again.tls, again.error);
        if (!endpoint.deep.empty() || endpoint.tls.handshake == net::Handshake::completed) continue;
        // A port that comes to no TLS is asked only once, and that is the answer to all.
        for (const std::size_t number : wave) {
            answers[number].asked = true;
            answers[number].closed = endpoint.state == probe::EndpointState::refused;
            answers[number].failed = std::max<std::size_t>(answers[number].failed, 1);
            answers[number].failure = endpoint.error;
        }
    }
}

std::chrono::milliseconds left_of(const Asking& asking) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(asking.until - steady_clock::now());
}

/// Waves of one address and one kind of keys.
Result<void, Failure> ask_waves(const std::vector<WireQuestion>& questions, const std::vector<Wave>& waves, const Asking& asking,
                                std::vector<WireAnswer>& answers) {
    const WireQuestion& like = questions[waves.front().front()];
    probe::Options options;
    options.connect = like.listener.address;
    options.keys = like.keys;
    options.limits.target = std::clamp(left_of(asking), std::chrono::milliseconds(1), options.limits.target);
    options.names_besides = [&](const probe::Target& target) {
        const Wave& wave = waves[std::stoul(target.text)];
        std::vector<std::string> names;
        for (std::size_t i = 1; i < wave.size(); ++i) names.push_back(questions[wave[i]].name);
        return names;
    };
    std::size_t next = 0;
    const auto source = [&]() -> std::optional<probe::Target> {
        if (next == waves.size()) return std::nullopt;
        const std::size_t number = next++;
        return target_of(questions[waves[number].front()], number);
    };
    const auto sink = [&](probe::Evidence&& evidence) {
        const bool late = left_of(asking) <= std::chrono::milliseconds(0);
        take(evidence, questions, waves[std::stoul(evidence.target.text)], late, answers);
    };
    return probe::probe(source, options, sink, *asking.clock, asking.stop);
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

void ask_processes(std::vector<WireQuestion>& questions) {
    for (const Wave& port : by_port(questions)) {
        const auto names = static_cast<unsigned>(port.size());
        for (const std::size_t number : port) questions[number].connections = (kConnectionsToProve + names - 1) / names;
    }
}

Result<std::vector<WireAnswer>, Failure> ask(const std::vector<WireQuestion>& questions, const Asking& asking) {
    std::vector<WireAnswer> answers(questions.size());
    const std::vector<Wave> waves = waves_of(questions);
    std::size_t all = 0, done = 0;
    for (const Wave& wave : waves) all += wave.size();
    for (std::size_t first = 0; first < waves.size() && !asking.stop.stop_requested();) {
        if (asking.progress) asking.progress(done, all);
        if (left_of(asking) <= std::chrono::milliseconds(0)) break;
        const WireQuestion& like = questions[waves[first].front()];
        std::vector<Wave> together;
        std::size_t connections = 0;
        for (; first < waves.size(); ++first) {
            const WireQuestion& next = questions[waves[first].front()];
            const bool alike = next.listener.address == like.listener.address && next.keys == like.keys;
            if (!alike || (!together.empty() && connections + waves[first].size() > kMostAtOnce)) break;
            connections += waves[first].size();
            together.push_back(waves[first]);
        }
        if (auto asked = ask_waves(questions, together, asking, answers); !asked) return forward_error(asked);
        done += connections;
    }
    const std::vector<std::size_t> firsts = firsts_of(questions);
    for (std::size_t i = 0; i < questions.size(); ++i) {
        if (firsts[i] != i) answers[i] = answers[firsts[i]];
    }
    return answers;
}

Result<Proof, Failure> prove(const std::vector<Expectation>& expectations, const Patience& patience, const Asking& asking) {
    Proof proof;
    std::vector<WireQuestion> changed, questions;
    for (const Expectation& each : expectations) {
        if (each.changed) changed.push_back(each.question);
    }
    ask_processes(changed);
    for (std::size_t i = 0, next = 0; i < expectations.size(); ++i)
        questions.push_back(expectations[i].changed ? changed[next++] : expectations[i].question);
    const steady_clock::time_point start = steady_clock::now();
    unsigned good_rounds = 0;
    std::this_thread::sleep_for(patience.settle);
    while (good_rounds < 2 && !asking.stop.stop_requested()) {
        const auto answers = ask(questions, asking);
        if (!answers) return forward_error(answers);
        ++proof.rounds;
        proof.wrong.clear();
        bool all_answer = true;
        for (std::size_t i = 0; i < expectations.size(); ++i) {
            const WireAnswer& answer = (*answers)[i];
            proof.connections += answer.leaves.size() + answer.failed;
            all_answer = all_answer && answer.failed == 0;
            std::string fault = fault_of(expectations[i], answer);
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
