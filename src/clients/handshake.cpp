#include "clients/handshake.h"

#include <algorithm>

namespace truename::clients {

namespace {

bool has(const Fact<std::uint8_t>& bits, ServerKey key) {
    return bits.known && (bits.value & static_cast<unsigned>(key)) != 0;
}

ServerKey kind_of(const x509::SubjectPublicKeyInfo& elliptic) {
    using crypto::Curve;
    const std::optional<Curve> curve = elliptic.known_curve;
    return curve == Curve::p256 || curve == Curve::p384 || curve == Curve::p521 ? ServerKey::ecdsa : ServerKey::other_curve;
}

// The kind of key that a column of ServerTls is about.
std::optional<ServerKey> kind_of(const ServerTls& server, std::size_t column) {
    if (column == ServerTls::kOther) return server.other;
    return column == ServerTls::kRsa ? ServerKey::rsa : ServerKey::ecdsa;
}

}  // namespace

std::optional<ServerKey> server_key_of(const x509::SubjectPublicKeyInfo& key) {
    if (key.malformed) return std::nullopt;
    switch (key.kind) {
        case x509::KeyKind::rsa:
            return ServerKey::rsa;
        case x509::KeyKind::rsa_pss:
            return ServerKey::rsa_pss;
        case x509::KeyKind::ec:
            return kind_of(key);
        case x509::KeyKind::ed25519:
            return ServerKey::ed25519;
        case x509::KeyKind::ed448:
            return ServerKey::ed448;
        case x509::KeyKind::dsa:
            return ServerKey::dsa;
        case x509::KeyKind::x25519:
        case x509::KeyKind::x448:
        case x509::KeyKind::unknown:
            break;
    }
    return std::nullopt;
}

Fact<bool> can_use(const TlsRule& rule, ServerKey key) {
    if (has(rule.keys_refused, key)) return {false, true, rule.keys_refused.confidence, rule.keys_refused.source};
    if (has(rule.keys, key)) return {true, true, rule.keys.confidence, rule.keys.source};
    return {};
}

std::optional<FindingId> finding_of(ServerKey key) {
    switch (key) {
        case ServerKey::rsa:
        case ServerKey::ecdsa:
            break;
        case ServerKey::ed25519:
        case ServerKey::ed448:
            return FindingId::key_edwards;
        case ServerKey::dsa:
            return FindingId::key_dsa;
        case ServerKey::rsa_pss:
            return FindingId::key_rsa_pss;
        case ServerKey::other_curve:
            return FindingId::key_curve_unusual;
    }
    return std::nullopt;
}

bool tells_kind_of_key(FindingId id) {
    return id == FindingId::key_edwards || id == FindingId::key_dsa || id == FindingId::key_rsa_pss || id == FindingId::key_curve_unusual;
}

Reaches reaches(const TlsRule& rule, const ServerTls& server) {
    if (!rule.min.known || !rule.max.known) return Reaches::not_judged;
    if (rule.sni.is(false) && server.without_name == ServerTls::Answer::no) return Reaches::no;
    // Our own hello cannot offer what has been dropped, so a server that takes it may still not take that of such a client.
    const bool needs_old = rule.needs_old_ciphers.is(true);
    bool all_no = true, only_unknown_keys = false, old_ciphers = false;
    for (auto version = static_cast<std::size_t>(rule.min.value); version <= static_cast<std::size_t>(rule.max.value); ++version) {
        for (const std::size_t column : {ServerTls::kRsa, ServerTls::kEcdsa, ServerTls::kOther}) {
            const std::optional<ServerKey> kind = kind_of(server, column);
            const Fact<bool> usable = kind ? can_use(rule, *kind) : Fact<bool>{false, true};
            if (usable.is(false)) continue;
            const ServerTls::Answer answer = server.answers[version][column];
            all_no = all_no && answer == ServerTls::Answer::no;
            if (answer != ServerTls::Answer::yes) continue;
            if (usable.known && !needs_old) return Reaches::yes;
            (needs_old ? old_ciphers : only_unknown_keys) = true;
        }
    }
    if (old_ciphers || only_unknown_keys) return Reaches::not_judged;
    return all_no ? Reaches::no : Reaches::not_asked;
}

Reaches reaches(const TlsRule& rule, std::span<const ServerTls> servers) {
    if (servers.empty()) return Reaches::not_asked;
    Reaches worst = Reaches::yes;
    for (const ServerTls& server : servers) {
        const Reaches one = reaches(rule, server);
        if (one == Reaches::no) return one;
        if (one != Reaches::yes && worst != Reaches::not_judged) worst = one;
    }
    return worst;
}

Barrier barrier(const TlsRule& rule, std::span<const ServerTls> servers) {
    const auto server = std::find_if(servers.begin(), servers.end(), [&](const ServerTls& s) { return reaches(rule, s) == Reaches::no; });
    if (server == servers.end()) return Barrier::none;
    if (rule.sni.is(false) && server->without_name == ServerTls::Answer::no) return Barrier::name;
    const auto takes = [&](std::size_t version) {
        const auto& row = server->answers[version];
        return std::find(row.begin(), row.end(), ServerTls::Answer::yes) != row.end();
    };
    const auto min = static_cast<std::size_t>(rule.min.value), max = static_cast<std::size_t>(rule.max.value);
    for (std::size_t version = min; version <= max; ++version) {
        if (takes(version)) return Barrier::key;
    }
    for (std::size_t version = max + 1; version < server->answers.size(); ++version) {
        if (takes(version)) return Barrier::old_client;
    }
    return Barrier::old_server;
}

}  // namespace truename::clients
