#include "doctor/endpoints.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "doctor/record.h"
#include "doctor/render/view.h"

namespace truename::doctor {

namespace {

constexpr std::size_t kMostChains = 64;  // of one target

// The words of probe and of reports are the same, in the same order.
static_assert(static_cast<int>(probe::EndpointState::tls_failed) == static_cast<int>(EndpointState::tls_failed));

ShownChain* chain_of(std::vector<ShownChain>& chains, const std::vector<ByteString>& certificates) {
    const auto at = std::find_if(chains.begin(), chains.end(), [&](const ShownChain& c) { return *c.certificates == certificates; });
    return at == chains.end() ? nullptr : &*at;
}

void add(std::vector<ShownChain>& chains, const probe::Endpoint& endpoint, const net::TlsReport& tls, bool without_name) {
    if (tls.chain.empty()) return;
    ShownChain* chain = chain_of(chains, tls.chain);
    if (chain == nullptr) {
        if (chains.size() >= kMostChains) return;
        chains.push_back({chain_id(chains.size()), &tls.chain, {}, false, without_name});
        chain = &chains.back();
    }
    chain->stapled = chain->stapled || !tls.staple.empty();
    chain->only_without_name = chain->only_without_name && without_name;
    if (std::find(chain->endpoints.begin(), chain->endpoints.end(), &endpoint) == chain->endpoints.end())
        chain->endpoints.push_back(&endpoint);
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

// Renewed is not served: the same first name and issuer, another end.
void find_older(const Report& report, std::vector<std::string>& sentences) {
    for (const Chain& older : report.chains) {
        for (const Chain& newer : report.chains) {
            if (older.certificates.empty() || newer.certificates.empty()) continue;
            const Certificate &a = older.certificates.front(), &b = newer.certificates.front();
            if (a.names != b.names || a.issuer != b.issuer || !a.not_after || !b.not_after || *a.not_after >= *b.not_after) continue;
            sentences.push_back("Chain " + older.id + " is the older one (until " + format_date(*a.not_after) + "), chain " + newer.id +
                                " its renewal (until " + format_date(*b.not_after) + "): who shows " + older.id + " was not reloaded.");
            if (sentences.size() > 4) return;
        }
    }
}

}  // namespace

std::vector<ShownChain> group_chains(const probe::Evidence& evidence) {
    std::vector<ShownChain> chains;
    for (const probe::Endpoint& endpoint : evidence.endpoints) add(chains, endpoint, endpoint.tls, false);
    for (const probe::Endpoint& endpoint : evidence.endpoints) {
        for (const probe::DeepAnswer& answer : endpoint.deep) {
            const bool same_name = answer.question == probe::Question::again || answer.question == probe::Question::tls_1_2 ||
                                   answer.question == probe::Question::injection;
            if (same_name) add(chains, endpoint, answer.tls, false);
            if (answer.question == probe::Question::no_sni) add(chains, endpoint, answer.tls, true);
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
    }
    return tls;
}

std::vector<std::string> differences(const Report& report, const std::vector<ShownChain>& chains) {
    std::vector<std::string> sentences;
    if (std::string text = how_chains_differ(report); !text.empty()) sentences.push_back(std::move(text));
    find_older(report, sentences);
    for (const ShownChain& chain : chains) {
        if (chain.only_without_name) sentences.push_back("Without a name in the hello (SNI) the server shows chain " + chain.id + ".");
    }
    return sentences;
}

}  // namespace truename::doctor
