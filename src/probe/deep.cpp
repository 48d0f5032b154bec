#include "probe/deep.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "crypto/digest.h"
#include "probe/wire.h"

namespace truename::probe {

namespace {

using net::Handshake;
using net::KeyOffer;
using net::TlsVersion;

/// How often the very same is asked once more. With the first connection, the one up to TLS 1.2 and the one without a name, five are open
/// at once, so an old process among five that wait for work is found beside a new one.
constexpr int kAgain = 2;

constexpr std::uint8_t kHandshakeFailure = 40;  // RFC 8446 6

bool completed(const net::TlsReport& tls) {
    return tls.handshake == Handshake::completed && !tls.chain.empty();
}

std::string leaf_name(const net::TlsReport& tls) {
    return "SHA-256 " + to_hex(crypto::sha256(tls.chain.front()));
}

bool has_finding(const Endpoint& endpoint, FindingId id) {
    return std::any_of(endpoint.findings.begin(), endpoint.findings.end(), [&](const Finding& finding) { return finding.id == id; });
}

void add_once(Endpoint& endpoint, FindingId id, std::string expected = {}, std::string found = {}) {
    if (has_finding(endpoint, id)) return;
    endpoint.findings.push_back({.id = id, .expected = std::move(expected), .found = std::move(found)});
}

/// Whether the answer should show the same certificate as the first connection, so that another one comes from another process or machine.
bool asks_the_same(const Endpoint& endpoint, const DeepAnswer& answer) {
    // A server with two kinds of keys may choose by version.
    if (answer.question == Question::tls_1_2) return key_column(answer.tls) == key_column(endpoint.tls);
    return answer.question == Question::again || answer.question == Question::injection;
}

/// Compares the answer with the first connection; both have a chain.
void compare(Endpoint& endpoint, const DeepAnswer& answer) {
    const ByteString& first = endpoint.tls.chain.front();
    const ByteString& other = answer.tls.chain.front();
    if (first == other) return;
    const std::string expected = leaf_name(endpoint.tls), found = leaf_name(answer.tls);
    if (asks_the_same(endpoint, answer)) return add_once(endpoint, FindingId::tls_two_certificates, expected, found);
    switch (answer.question) {
        case Question::tls_1_2:
        case Question::rsa_only:
        case Question::ecdsa_only:
            return add_once(endpoint, FindingId::tls_two_key_types, expected, found);
        case Question::no_sni: {
            // Where the port hands out two certificates anyway, the other one has nothing to do with the name.
            const bool seen = std::any_of(endpoint.deep.begin(), endpoint.deep.end(), [&](const DeepAnswer& again) {
                return completed(again.tls) && asks_the_same(endpoint, again) && again.tls.chain.front() == other;
            });
            if (!seen) add_once(endpoint, FindingId::tls_sni_certificate, expected, found);
            return;
        }
        case Question::again:
        case Question::injection:
        case Question::other_name:
        case Question::tls_1_0_only:
        case Question::no_certificate:  // completes without a chain
            return;
    }
}

/// The name asked for fails and another one, or none, works: the fault is in the server's entry for this name.
void conclude_name(Endpoint& endpoint) {
    if (completed(endpoint.tls) || endpoint.hello.server_name.empty() || endpoint.state != EndpointState::tls_failed) return;
    const bool works = std::any_of(endpoint.deep.begin(), endpoint.deep.end(), [](const DeepAnswer& answer) {
        return (answer.question == Question::no_sni || answer.question == Question::other_name) && completed(answer.tls);
    });
    const bool again_works = std::any_of(endpoint.deep.begin(), endpoint.deep.end(), [](const DeepAnswer& answer) {
        return answer.question == Question::again && completed(answer.tls);
    });
    if (!works || again_works) return;
    std::erase_if(endpoint.findings, [](const Finding& finding) { return finding.id == FindingId::server_certificate_load; });
    add_once(endpoint, FindingId::tls_name_only, {}, endpoint.hello.server_name);
    add_once(endpoint, FindingId::server_sni_entry_broken, {}, endpoint.hello.server_name);
}

/// A server that fails with every hello of mail programs and does without a certificate has none. Postfix goes on so when the first of its
/// smtpd_tls_chain_files is missing.
void conclude_certificate(Endpoint& endpoint) {
    for (const DeepAnswer& answer : endpoint.deep) {
        if (answer.question != Question::no_certificate || answer.tls.handshake != Handshake::completed) continue;
        std::erase_if(endpoint.findings, [](const Finding& finding) { return finding.id == FindingId::tls_no_common_cipher; });
        add_once(endpoint, FindingId::server_certificate_load, {}, answer.tls.cipher + ", without a certificate");
    }
}

void add_reach(Endpoint& endpoint, const DeepAnswer& answer) {
    const bool same_name = answer.hello.server_name == endpoint.hello.server_name;
    // A server that hangs up on a smuggled command tells nothing of its TLS, and no mail program does without a certificate.
    const bool tells = answer.question != Question::injection && answer.question != Question::no_certificate;
    if (same_name && tells) record_reach(endpoint.reach, answer.hello, answer.tls, completed(endpoint.tls));
}

/// One question: the first connection's hello, changed.
template <class F>
void ask(std::vector<DeepQuestion>& questions, const Endpoint& endpoint, Question question, F&& change) {
    questions.push_back({question, endpoint.hello});
    change(questions.back().hello);
}

/// Takes what is newer than TLS 1.2 out of a hello; evidence of somebody else's may have one that offers nothing else.
void offer_no_tls_1_3(net::TlsHello& hello) {
    hello.max = TlsVersion::tls_1_2;
    hello.min = std::min(hello.min, hello.max);
}

std::vector<DeepQuestion> first_questions(const Endpoint& endpoint, const Options& options) {
    std::vector<DeepQuestion> questions;
    const net::TlsHello& hello = endpoint.hello;
    for (int i = 0; i < kAgain; ++i) ask(questions, endpoint, Question::again, [](net::TlsHello&) {});
    if (!hello.server_name.empty()) ask(questions, endpoint, Question::no_sni, [](net::TlsHello& h) { h.server_name.clear(); });
    for (const std::string& name : options.other_names) {
        if (name != hello.server_name) ask(questions, endpoint, Question::other_name, [&](net::TlsHello& h) { h.server_name = name; });
    }
    const net::TlsReport& tls = endpoint.tls;
    // Nothing that the hello offered will do: perhaps the server has no certificate at all and can only do without.
    if (tls.alert == kHandshakeFailure && !tls.version) {
        ask(questions, endpoint, Question::no_certificate, [](net::TlsHello& h) {
            h.keys = KeyOffer::none;
            offer_no_tls_1_3(h);
        });
    }
    if (!completed(tls)) return questions;
    const KeyColumn key = key_column(tls);
    if (key != KeyColumn::rsa) ask(questions, endpoint, Question::rsa_only, [](net::TlsHello& h) { h.keys = KeyOffer::rsa; });
    if (key != KeyColumn::ecdsa) ask(questions, endpoint, Question::ecdsa_only, [](net::TlsHello& h) { h.keys = KeyOffer::ecdsa; });
    if (tls.version == TlsVersion::tls_1_3) {
        ask(questions, endpoint, Question::tls_1_2, offer_no_tls_1_3);
    }
    const bool by_command = endpoint.tls_mode == TlsMode::starttls && endpoint.state == EndpointState::judged;
    if (by_command) ask(questions, endpoint, Question::injection, [](net::TlsHello&) {});
    return questions;
}

/// What depends on earlier answers: whether TLS 1.0 alone is spoken, unless a failure has said no to all old versions or to RSA keys. It is
/// asked with an RSA key where the server has one, since clients that stop at TLS 1.0 take no other.
///
/// TLS 1.1 alone is not asked: no client that is known stops there. A server that stops there shows it to the first connection, and one
/// that speaks only TLS 1.3 has said no to all older versions at once when it was asked for TLS 1.2 or less.
std::vector<DeepQuestion> last_questions(const Endpoint& endpoint) {
    std::vector<DeepQuestion> questions;
    if (!completed(endpoint.tls) || endpoint.tls.version == TlsVersion::tls_1_0) return questions;
    const auto answered = [&](Question question, bool with_success) {
        return std::any_of(endpoint.deep.begin(), endpoint.deep.end(),
                           [&](const DeepAnswer& a) { return a.question == question && (!with_success || completed(a.tls)); });
    };
    if (answered(Question::tls_1_0_only, false)) return questions;
    const bool has_rsa = key_column(endpoint.tls) == KeyColumn::rsa || answered(Question::rsa_only, true);
    const Answer known = has_rsa ? endpoint.reach.rsa(TlsVersion::tls_1_0) : endpoint.reach.ecdsa(TlsVersion::tls_1_0);
    if (known != Answer::not_asked) return questions;
    ask(questions, endpoint, Question::tls_1_0_only, [&](net::TlsHello& h) {
        h.min = h.max = TlsVersion::tls_1_0;
        h.keys = has_rsa ? KeyOffer::rsa : KeyOffer::ecdsa;
    });
    return questions;
}

std::vector<DeepQuestion> questions_besides(const Endpoint& endpoint, const std::vector<std::string>& names) {
    std::vector<DeepQuestion> questions;
    for (const std::string& name : names) {
        const bool same = name == endpoint.hello.server_name;
        const Question question = same ? Question::again : name.empty() ? Question::no_sni : Question::other_name;
        ask(questions, endpoint, question, [&](net::TlsHello& hello) { hello.server_name = name; });
    }
    return questions;
}

}  // namespace

std::vector<DeepQuestion> plan_questions(const Target& target, const Endpoint& endpoint, const Options& options) {
    if (endpoint.state != EndpointState::judged && endpoint.state != EndpointState::tls_failed) return {};
    if (!options.deep) {
        const bool besides = options.names_besides && endpoint.deep.empty();
        return besides ? questions_besides(endpoint, options.names_besides(target)) : std::vector<DeepQuestion>();
    }
    return endpoint.deep.empty() ? first_questions(endpoint, options) : last_questions(endpoint);
}

void record_answer(Endpoint& endpoint, DeepAnswer&& answer) {
    add_reach(endpoint, answer);
    endpoint.deep.push_back(std::move(answer));
}

void find_reach_again(Endpoint& endpoint) {
    endpoint.reach = {};
    record_reach(endpoint.reach, endpoint.hello, endpoint.tls, false);
    for (const DeepAnswer& answer : endpoint.deep) add_reach(endpoint, answer);
}

void conclude_deep(Endpoint& endpoint) {
    const bool first_works = completed(endpoint.tls);
    for (const DeepAnswer& answer : endpoint.deep) {
        if (first_works && completed(answer.tls)) compare(endpoint, answer);
        if (!answer.injected.empty()) add_once(endpoint, FindingId::mail_starttls_injection, {}, answer.injected);
    }
    conclude_certificate(endpoint);
    conclude_name(endpoint);
    const auto& oldest = endpoint.reach.answers[Reach::row(TlsVersion::tls_1_0)];
    if (std::find(oldest.begin(), oldest.end(), Answer::yes) != oldest.end()) add_once(endpoint, FindingId::tls_version_1_0);
}

}  // namespace truename::probe
