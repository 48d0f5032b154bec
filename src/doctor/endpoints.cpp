#include "doctor/endpoints.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "doctor/describe.h"
#include "doctor/record.h"
#include "doctor/render/view.h"
#include "x509/certificate.h"

namespace truename::doctor {

namespace {

constexpr std::size_t kMostChains = 64;  // of one target

// The words of probe and of reports are the same, in the same order.
static_assert(static_cast<int>(probe::EndpointState::tls_failed) == static_cast<int>(EndpointState::tls_failed));

// Of the same certificates under the same name; `id` becomes that of the same certificates under any name.
ShownChain* chain_of(std::vector<ShownChain>& chains, const std::vector<ByteString>& certificates, const std::string& name,
                     std::string& id) {
    for (ShownChain& chain : chains) {
        if (*chain.certificates != certificates) continue;
        id = chain.id;
        if (chain.name == name) return &chain;
    }
    return nullptr;
}

std::size_t number_of_ids(const std::vector<ShownChain>& chains) {
    std::set<std::string_view> ids;
    for (const ShownChain& chain : chains) ids.insert(chain.id);
    return ids.size();
}

void add(std::vector<ShownChain>& chains, const Sight& sight, const std::string& name) {
    const net::TlsReport& tls = sight.answer != nullptr ? sight.answer->tls : sight.endpoint->tls;
    if (tls.chain.empty()) return;
    std::string id;
    ShownChain* chain = chain_of(chains, tls.chain, name, id);
    if (chain == nullptr) {
        if (chains.size() >= kMostChains) return;
        chains.push_back({id.empty() ? chain_id(number_of_ids(chains)) : id, &tls.chain, name, {}, {}});
        chain = &chains.back();
    }
    const bool is_new = std::find(chain->staples.begin(), chain->staples.end(), tls.staple) == chain->staples.end();
    if (!tls.staple.empty() && is_new) chain->staples.push_back(tls.staple);
    chain->sights.push_back(sight);
}

// The kind of key that a handshake showed; nothing where no certificate came that can be read.
std::optional<clients::ServerKey> key_of(const net::TlsReport& tls) {
    if (tls.chain.empty()) return std::nullopt;
    const auto leaf = x509::parse_certificate(tls.chain.front());
    return leaf ? clients::server_key_of(leaf->subject_public_key_info) : std::nullopt;
}

const net::TlsReport& tls_of(const Sight& sight) {
    return sight.answer != nullptr ? sight.answer->tls : sight.endpoint->tls;
}

bool has_name(const Sight& sight) {
    return !(sight.answer != nullptr ? sight.answer->hello : sight.endpoint->hello).server_name.empty();
}

// Whether the client may get that far with the key that was shown there.
bool takes_key(const Sight& sight, const clients::TlsRule& rule) {
    const auto key = key_of(tls_of(sight));
    return !key || !clients::can_use(rule, *key).is(false);
}

// Whether the client's hello has a name where this one has, and none where this one has none.
bool is_named_alike(const Sight& sight, const clients::TlsRule& rule) {
    return has_name(sight) != rule.sni.is(false);
}

// Some connection to the same port, asked for the same server or for none, that showed a certificate.
template <class F>
bool any_sight(const probe::Endpoint& endpoint, F holds) {
    if (!endpoint.tls.chain.empty() && holds(Sight{&endpoint, nullptr})) return true;
    return std::any_of(endpoint.deep.begin(), endpoint.deep.end(), [&](const probe::DeepAnswer& answer) {
        return answer.question != probe::Question::other_name && !answer.tls.chain.empty() && holds(Sight{&endpoint, &answer});
    });
}

// A client sees what is shown to its kind of hello; where nobody asked just so, what comes nearest: the key counts more than the name.
bool is_seen_by(const Sight& sight, const clients::TlsRule& rule) {
    if (sight.endpoint->deep.empty()) return true;  // nobody was asked in another way
    const bool only_old = sight.answer != nullptr && sight.answer->question == probe::Question::tls_1_0_only;
    if (only_old && rule.max.known && rule.max.value > clients::TlsVersion::tls1_0) return false;
    const auto takes = [&](const Sight& one) { return takes_key(one, rule); };
    if (!takes(sight) && any_sight(*sight.endpoint, takes)) return false;
    return is_named_alike(sight, rule) ||
           !any_sight(*sight.endpoint, [&](const Sight& one) { return takes(one) == takes(sight) && is_named_alike(one, rule); });
}

Handshake handshake_of(net::Handshake value) {
    switch (value) {
        case net::Handshake::completed:
            return Handshake::completed;
        case net::Handshake::failed:
            return Handshake::failed;
        case net::Handshake::none:
            return Handshake::none;
    }
    return Handshake::none;
}

// `port 993`, `ports 143 and 587`.
std::string ports(std::vector<std::string> list) {
    if (list.size() == 1) return "port " + list[0];
    const std::string last = list.back();
    list.pop_back();
    return "ports " + join(list, ", ") + " and " + last;
}

using Groups = std::map<std::string, std::vector<std::string>>;  // by chain: who shows it

// `key` of an endpoint decides alone which chain it shows: then the groups by chain, else nothing.
template <class F>
Groups groups_by(const Report& report, F key) {
    std::map<std::string, std::string> chain_by_key;
    Groups groups;
    for (const Endpoint& endpoint : report.endpoints) {
        if (!endpoint.chain) continue;
        const auto [at, is_new] = chain_by_key.try_emplace(key(endpoint), *endpoint.chain);
        if (at->second != *endpoint.chain) return {};
        if (is_new) groups[*endpoint.chain].push_back(at->first);
    }
    return groups;
}

std::string sentence(const Groups& groups, bool are_ports) {
    std::string text;
    for (const auto& [chain, who] : groups) {
        std::string subject = are_ports ? ports(who) : join(who, " and ");
        if (text.empty()) subject[0] = static_cast<char>(subject[0] >= 'a' && subject[0] <= 'z' ? subject[0] - 'a' + 'A' : subject[0]);
        text += (text.empty() ? "" : ", ") + subject + (who.size() == 1 ? " shows" : " show") + " chain " + chain;
    }
    return text + ".";
}

std::string how_chains_differ(const Report& report) {
    if (const Groups groups = groups_by(report, [](const Endpoint& e) { return e.address; }); groups.size() > 1)
        return sentence(groups, false);
    if (const Groups groups = groups_by(report, [](const Endpoint& e) { return std::to_string(e.port); }); groups.size() > 1) {
        return sentence(groups, true);
    }
    const Groups groups = groups_by(report, [](const Endpoint& e) { return e.id; });
    return groups.size() > 1 ? sentence(groups, false) : std::string();
}

bool was_shown_at_first(const std::vector<ShownChain>& chains, const std::string& id) {
    return std::any_of(chains.begin(), chains.end(), [&](const ShownChain& chain) {
        return chain.id == id &&
               std::any_of(chain.sights.begin(), chain.sights.end(), [](const Sight& sight) { return sight.answer == nullptr; });
    });
}

std::string asked_how(const probe::DeepAnswer& answer) {
    using probe::Question;
    switch (answer.question) {
        case Question::no_sni:
            return "Without a name in the hello (SNI)";
        case Question::other_name:
            return "With " + answer.hello.server_name + " in the hello (SNI)";
        case Question::rsa_only:
            return "To a client that takes only RSA keys";
        case Question::ecdsa_only:
            return "To a client that takes only ECDSA keys";
        case Question::tls_1_0_only:
            return "To a client that speaks only TLS 1.0";
        case Question::again:
        case Question::tls_1_2:
        case Question::injection:
        case Question::no_certificate:
            break;
    }
    return "Asked again";
}

// `Without a name in the hello (SNI) the server shows chain B (port 993).` for a chain that no first connection saw.
std::string how_it_was_seen(const ShownChain& chain) {
    std::vector<std::string> list;
    for (const probe::Endpoint* endpoint : chain.endpoints()) {
        const std::string port = std::to_string(endpoint->port);
        if (std::find(list.begin(), list.end(), port) == list.end()) list.push_back(port);
    }
    return asked_how(*chain.sights.front().answer) + " the server shows chain " + chain.id + " (" + ports(list) + ").";
}

// What a hello without a name got: of the first connection where that sent none, else of --deep.
clients::ServerTls::Answer without_name(const probe::Endpoint& endpoint) {
    using Answer = clients::ServerTls::Answer;
    const auto answer_of = [](const net::TlsReport& tls) {
        if (tls.handshake == net::Handshake::completed) return Answer::yes;
        return tls.trouble == net::TlsTrouble::alert ? Answer::no : Answer::not_asked;
    };
    if (endpoint.hello.server_name.empty()) return answer_of(endpoint.tls);
    for (const probe::DeepAnswer& answer : endpoint.deep) {
        if (answer.question == probe::Question::no_sni) return answer_of(answer.tls);
    }
    return Answer::not_asked;
}

// `Without a name in the hello (SNI) the server ends the handshake (port 993).` where --deep asked so and a name works.
std::string who_needs_a_name(const std::vector<ShownChain>& chains) {
    std::vector<std::string> list;
    for (const ShownChain& chain : chains) {
        for (const probe::Endpoint* endpoint : chain.endpoints()) {
            const bool with_name = !endpoint->hello.server_name.empty() && endpoint->tls.handshake == net::Handshake::completed;
            const std::string port = std::to_string(endpoint->port);
            if (with_name && without_name(*endpoint) == clients::ServerTls::Answer::no &&
                std::find(list.begin(), list.end(), port) == list.end())
                list.push_back(port);
        }
    }
    return list.empty() ? "" : "Without a name in the hello (SNI) the server ends the handshake (" + ports(list) + ").";
}

// Renewed is not served.
void find_older(const Report& report, std::vector<std::string>& sentences) {
    for (const Chain& older : report.chains) {
        const Chain* newer = renewal_of(report, older.id);
        if (newer == nullptr) continue;
        sentences.push_back("Chain " + older.id + " is the older one (until " + format_date(*older.certificates.front().not_after) +
                            "), chain " + newer->id + " its renewal (until " + format_date(*newer->certificates.front().not_after) +
                            "): who shows " + older.id + " was not reloaded.");
        if (sentences.size() > 4) return;
    }
}

// Who forgets an issuer on one port and sends it on another has the file at hand.
void find_sent_elsewhere(const Report& report, std::vector<std::string>& sentences) {
    const auto ports_with = [&](auto&& shows) {
        std::set<std::string> numbers;
        for (const Endpoint& endpoint : report.endpoints) {
            if (endpoint.chain && shows(*endpoint.chain)) numbers.insert(std::to_string(endpoint.port));
        }
        return std::vector<std::string>(numbers.begin(), numbers.end());
    };
    const auto sends = [&](const std::string& id, const std::string& subject) {
        const Chain* chain = chain_named(report, id);
        return chain != nullptr && chain->certificates.size() > 1 &&
               std::any_of(chain->certificates.begin() + 1, chain->certificates.end(),
                           [&](const Certificate& certificate) { return certificate.subject == subject; });
    };
    for (const ReportFinding& finding : report.findings) {
        if (finding.id != FindingId::path_incomplete || !finding.chain) continue;
        const auto senders = ports_with([&](const std::string& id) { return id != *finding.chain && sends(id, finding.expected); });
        const auto forgetful = ports_with([&](const std::string& id) { return id == *finding.chain; });
        if (senders.empty() || forgetful.empty()) continue;
        std::string text = ports(senders) + (senders.size() == 1 ? " sends" : " send") + " the certificate of " +
                           short_name(finding.expected) + ", which " + ports(forgetful) + (forgetful.size() == 1 ? " leaves" : " leave") +
                           " out: the file that is configured there has it.";
        text[0] = 'P';
        if (std::find(sentences.begin(), sentences.end(), text) == sentences.end()) sentences.push_back(std::move(text));
    }
}

}  // namespace

std::vector<const probe::Endpoint*> ShownChain::endpoints() const {
    std::vector<const probe::Endpoint*> list;
    for (const Sight& sight : sights) {
        if (std::find(list.begin(), list.end(), sight.endpoint) == list.end()) list.push_back(sight.endpoint);
    }
    return list;
}

std::vector<std::string> ShownChain::shown_to(const clients::TlsRule& rule) const {
    std::vector<std::string> ids;
    for (const Sight& sight : sights) {
        if (!is_seen_by(sight, rule)) continue;
        if (std::find(ids.begin(), ids.end(), sight.endpoint->id) == ids.end()) ids.push_back(sight.endpoint->id);
    }
    return ids;
}

std::vector<std::string> questions_for(const std::vector<ShownChain>& chains, const std::string& id) {
    std::vector<std::string> questions;
    if (was_shown_at_first(chains, id)) return questions;
    for (const ShownChain& chain : chains) {
        if (chain.id != id) continue;
        for (const Sight& sight : chain.sights) {
            const std::string question(probe::name_of(sight.answer->question));
            if (std::find(questions.begin(), questions.end(), question) == questions.end()) questions.push_back(question);
        }
    }
    return questions;
}

std::vector<ShownChain> group_chains(const probe::Evidence& evidence) {
    std::vector<ShownChain> chains;
    for (const probe::Endpoint& endpoint : evidence.endpoints) add(chains, {&endpoint, nullptr}, evidence.target.name);
    for (const probe::Endpoint& endpoint : evidence.endpoints) {
        for (const probe::DeepAnswer& answer : endpoint.deep) {
            const bool other = answer.question == probe::Question::other_name;
            add(chains, {&endpoint, &answer}, other ? answer.hello.server_name : evidence.target.name);
        }
    }
    return chains;
}

void record_endpoints(Report& report, const probe::Evidence& evidence, const std::vector<ShownChain>& chains) {
    for (const probe::Endpoint& seen : evidence.endpoints) {
        Endpoint made;
        made.id = seen.id;
        made.protocol = probe::info(seen.protocol).name;
        made.port = seen.port;
        made.tls = seen.tls_mode == probe::TlsMode::implicit ? TlsMode::implicit : TlsMode::starttls;
        made.address = seen.address;
        made.sni = seen.hello.server_name;
        made.state = static_cast<EndpointState>(seen.state);
        made.handshake = handshake_of(seen.tls.handshake);
        for (const ShownChain& chain : chains) {
            if (!seen.tls.chain.empty() && *chain.certificates == seen.tls.chain) made.chain = chain.id;
        }
        if (seen.tls.version) made.tls_version = net::name_of(*seen.tls.version);
        if (seen.tls.handshake != net::Handshake::none) made.asks_client_certificate = seen.tls.asks_client_certificate;
        made.error = seen.error;
        for (const Finding& finding : seen.findings) {
            ReportFinding of_wire;
            of_wire.id = finding.id;
            of_wire.endpoint = seen.id;
            of_wire.field = finding.field;
            of_wire.expected = finding.expected;
            of_wire.found = finding.found;
            report.findings.push_back(std::move(of_wire));
        }
        report.endpoints.push_back(std::move(made));
    }
}

clients::ServerTls server_tls(const probe::Endpoint& endpoint) {
    clients::ServerTls tls;
    tls.without_name = without_name(endpoint);
    const auto to_answer = [](probe::Answer answer) {
        return answer == probe::Answer::yes  ? clients::ServerTls::Answer::yes
               : answer == probe::Answer::no ? clients::ServerTls::Answer::no
                                             : clients::ServerTls::Answer::not_asked;
    };
    static constexpr std::pair<net::TlsVersion, clients::TlsVersion> kVersions[] = {
        {net::TlsVersion::tls_1_0, clients::TlsVersion::tls1_0},
        {net::TlsVersion::tls_1_1, clients::TlsVersion::tls1_1},
        {net::TlsVersion::tls_1_2, clients::TlsVersion::tls1_2},
        {net::TlsVersion::tls_1_3, clients::TlsVersion::tls1_3}};
    for (const auto& [seen, known] : kVersions) {
        auto& row = tls.answers[static_cast<std::size_t>(known)];
        row[clients::ServerTls::kRsa] = to_answer(endpoint.reach.rsa(seen));
        row[clients::ServerTls::kEcdsa] = to_answer(endpoint.reach.ecdsa(seen));
        row[clients::ServerTls::kOther] = to_answer(endpoint.reach.other(seen));
    }
    if (const auto key = key_of(endpoint.tls); key && clients::finding_of(*key)) tls.other = key;
    return tls;
}

std::vector<std::string> differences(const Report& report, const std::vector<ShownChain>& chains) {
    std::vector<std::string> sentences;
    if (std::string text = how_chains_differ(report); !text.empty()) sentences.push_back(std::move(text));
    find_older(report, sentences);
    find_sent_elsewhere(report, sentences);
    std::set<std::string> told;
    for (const ShownChain& chain : chains) {
        if (!was_shown_at_first(chains, chain.id) && told.insert(chain.id).second) sentences.push_back(how_it_was_seen(chain));
    }
    if (std::string text = who_needs_a_name(chains); !text.empty()) sentences.push_back(std::move(text));
    return sentences;
}

}  // namespace truename::doctor
