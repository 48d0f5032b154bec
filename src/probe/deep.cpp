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

/// How often the same is asked once more. Postfix and Cyrus give each connection to one of several processes, each with the certificate of
/// its start.
constexpr int kAgain = 3;

bool is_ecdsa(const net::TlsReport& tls) {
    return tls.signature.starts_with("ecdsa");
}

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

/// Compares the answer with the first connection; both have a chain.
void compare(Endpoint& endpoint, const DeepAnswer& answer) {
    const ByteString& first = endpoint.tls.chain.front();
    const ByteString& other = answer.tls.chain.front();
    if (first == other) return;
    const std::string expected = leaf_name(endpoint.tls), found = leaf_name(answer.tls);
    switch (answer.question) {
        case Question::again:
            return add_once(endpoint, FindingId::tls_two_certificates, expected, found);
        case Question::rsa_only:
        case Question::ecdsa_only:
            return add_once(endpoint, FindingId::tls_two_key_types, expected, found);
        case Question::no_sni: {
            // Where the port hands out two certificates anyway, the other one has nothing to do with the name.
            const bool seen = std::any_of(endpoint.deep.begin(), endpoint.deep.end(), [&](const DeepAnswer& again) {
                return again.question == Question::again && !again.tls.chain.empty() && again.tls.chain.front() == other;
            });
            if (!seen) add_once(endpoint, FindingId::tls_sni_certificate, expected, found);
            return;
        }
        case Question::other_name:
        case Question::tls_1_2:
        case Question::tls_1_0_only:
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

}  // namespace

std::vector<DeepQuestion> plan_questions(const Endpoint& endpoint, const Options& options) {
    std::vector<DeepQuestion> questions;
    if (endpoint.state != EndpointState::judged && endpoint.state != EndpointState::tls_failed) return questions;
    const net::TlsHello& hello = endpoint.hello;
    const auto ask = [&](Question question, auto&& change) {
        DeepQuestion one{question, hello};
        change(one.hello);
        questions.push_back(std::move(one));
    };
    for (int i = 0; i < kAgain; ++i) ask(Question::again, [](net::TlsHello&) {});
    if (!hello.server_name.empty()) ask(Question::no_sni, [](net::TlsHello& h) { h.server_name.clear(); });
    for (const std::string& name : options.other_names) {
        if (name != hello.server_name) ask(Question::other_name, [&](net::TlsHello& h) { h.server_name = name; });
    }
    const net::TlsReport& tls = endpoint.tls;
    if (!completed(tls)) return questions;
    if (is_ecdsa(tls)) {
        ask(Question::rsa_only, [](net::TlsHello& h) { h.keys = KeyOffer::rsa; });
    } else {
        ask(Question::ecdsa_only, [](net::TlsHello& h) { h.keys = KeyOffer::ecdsa; });
    }
    if (tls.version == TlsVersion::tls_1_3) ask(Question::tls_1_2, [](net::TlsHello& h) { h.min = h.max = TlsVersion::tls_1_2; });
    if (tls.version != TlsVersion::tls_1_0) {
        const auto only_1_0 = [](KeyOffer keys) {
            return [keys](net::TlsHello& h) {
                h.min = h.max = TlsVersion::tls_1_0;
                h.keys = keys;
            };
        };
        ask(Question::tls_1_0_only, only_1_0(KeyOffer::rsa));
        if (is_ecdsa(tls)) ask(Question::tls_1_0_only, only_1_0(KeyOffer::ecdsa));
    }
    return questions;
}

void conclude_deep(Endpoint& endpoint) {
    const bool first_works = completed(endpoint.tls);
    for (const DeepAnswer& answer : endpoint.deep) {
        const bool same_name = answer.hello.server_name == endpoint.hello.server_name;
        if (same_name) record_reach(endpoint.reach, answer.hello, answer.tls, first_works);
        if (first_works && completed(answer.tls)) compare(endpoint, answer);
    }
    conclude_name(endpoint);
    const auto& oldest = endpoint.reach.answers[Reach::row(TlsVersion::tls_1_0)];
    if (oldest[0] == Answer::yes || oldest[1] == Answer::yes) add_once(endpoint, FindingId::tls_version_1_0);
}

}  // namespace truename::probe
