#include "address/records.h"

#include <algorithm>

#include "address/records_text.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "net/address.h"
#include "x509/certificate.h"

namespace truename::address {

namespace {

using net::DnsOutcome;
using net::DnsType;

bool is_answered(const net::DnsReply* reply) {
    return reply != nullptr &&
           (reply->outcome == DnsOutcome::found || reply->outcome == DnsOutcome::no_record || reply->outcome == DnsOutcome::no_name);
}

/// Checks one wanted record against the data of those that are there. `if_another` is what it means when only others are there.
RecordCheck check(const DnsView& view, Record wanted, std::vector<std::string> found, RecordState if_another, Need need, std::string why) {
    const net::DnsReply* reply = view.find(wanted.owner, wanted.type);
    RecordCheck check{std::move(wanted), std::move(found), RecordState::unknown, need, {}, std::move(why)};
    if (reply != nullptr) check.proof = reply->proof;
    const bool is_there = std::ranges::find(check.found, check.wanted.data) != check.found.end();
    if (is_answered(reply)) check.state = is_there ? RecordState::there : check.found.empty() ? RecordState::missing : if_another;
    if (reply != nullptr && !reply->reason.empty()) check.why = printable(reply->reason);
    return check;
}

DnsType type_of_address(const std::string& address) {
    return address.find(':') == std::string::npos ? DnsType::a : DnsType::aaaa;
}

/// Addresses of `name` of one type.
std::vector<std::string> addresses_of(const DnsView& view, const std::string& name, DnsType type) {
    std::vector<std::string> found = view.addresses(name);
    std::erase_if(found, [&](const std::string& each) { return type_of_address(each) != type; });
    return found;
}

void check_addresses(std::vector<RecordCheck>& checks, const DnsView& view, const std::string& name, std::vector<std::string> wished,
                     Need need, const std::string& why) {
    if (wished.empty()) wished = view.addresses(name);
    for (const std::string& each : wished) {
        const DnsType type = type_of_address(each);
        checks.push_back(check(view, {name, type, each}, addresses_of(view, name, type), RecordState::differs, need, why));
    }
    if (wished.empty()) checks.push_back(check(view, {name, DnsType::a, ""}, {}, RecordState::differs, need, why));
}

/// Addresses that the name has besides those that it shall have.
void check_other_addresses(std::vector<RecordCheck>& checks, const DnsView& view, const std::string& name,
                           const std::vector<std::string>& wished) {
    for (const std::string& each : view.addresses(name)) {
        const DnsType type = type_of_address(each);
        const bool is_told = std::ranges::any_of(checks, [&](const RecordCheck& check) {
            return check.wanted.owner == name && check.wanted.type == type && check.state == RecordState::differs;
        });
        if (is_told || std::ranges::find(wished, each) != wished.end()) continue;
        // Some programs take one of several addresses at random; those of another type are somebody's choice.
        const bool is_rival = std::ranges::any_of(wished, [&](const std::string& other) { return type_of_address(other) == type; });
        checks.push_back(check(view, {name, type, ""}, {each}, is_rival ? RecordState::differs : RecordState::other, Need::needed,
                               is_rival ? "the name has this address, too: programs that take it come to another machine"
                                        : "the name has this address, too; left alone"));
    }
}

void check_mail_exchanger(std::vector<RecordCheck>& checks, const DnsView& view, const InternetAddress& address) {
    std::vector<std::string> found;
    bool is_ours = false;
    for (const net::MailExchanger& each : view.mail_exchangers(address.domain)) {
        found.push_back(to_data(each));
        is_ours |= each.name == address.name;
    }
    RecordCheck mx = check(view, {address.domain, DnsType::mx, to_data(net::MailExchanger{10, address.name})}, std::move(found),
                           is_ours ? RecordState::there : RecordState::other, Need::needed, "mail for the domain comes here");
    if (mx.state == RecordState::other) {
        const bool takes_none =
            std::ranges::any_of(view.mail_exchangers(address.domain), [](const auto& each) { return each.name.empty(); });
        mx.why = takes_none ? "the domain says that it takes no mail; left alone" : "mail for the domain goes elsewhere first; left alone";
    }
    checks.push_back(std::move(mx));
}

void check_service(std::vector<RecordCheck>& checks, const DnsView& view, const InternetAddress& address, std::string_view label,
                   std::uint16_t port, Need need) {
    const std::string owner = srv_owner(label, address.domain);
    std::vector<std::string> found;
    bool is_ours = false;
    for (const net::ServiceRecord& each : view.services(owner)) {
        found.push_back(to_data(each));
        is_ours |= each.target == address.name && each.port == port;
    }
    RecordCheck srv =
        check(view, {owner, DnsType::srv, to_data(net::ServiceRecord{0, 1, port, address.name})}, std::move(found),
              is_ours ? RecordState::there : RecordState::other, need, "programs that look for it find the server by themselves");
    if (srv.state == RecordState::other) {
        const bool is_denied = std::ranges::any_of(view.services(owner), [](const auto& each) { return each.target.empty(); });
        const bool is_own = std::ranges::any_of(view.services(owner), [&](const auto& each) { return each.target == address.name; });
        srv.why = is_denied ? "programs are told that there is no such service, although it answers"
                  : is_own  ? "programs are sent to another port of the name"
                            : "programs are sent elsewhere";
    }
    checks.push_back(std::move(srv));
}

void check_reverse(std::vector<RecordCheck>& checks, const DnsView& view, const InternetAddress& address,
                   const std::vector<std::string>& addresses) {
    for (const std::string& each : addresses) {
        const auto owner = net::reverse_name(each);
        if (!owner) continue;
        std::vector<std::string> found = view.names_of_address(each);
        for (std::string& name : found) name += '.';
        checks.push_back(
            check(view, {*owner, DnsType::ptr, address.name + "."}, std::move(found), RecordState::differs, Need::provider,
                  "many mail servers look whether an address has a name that leads back to it; who gave you the address sets it"));
    }
}

/// TLSA records of the name as a mail exchanger: that they fit when there are any, and that there could be when the zone is signed.
void check_tlsa(std::vector<RecordCheck>& checks, const DnsView& view, const InternetAddress& address, const Wishes& wishes) {
    const std::string owner = tlsa_owner(address.name);
    const net::DnsReply* reply = view.find(owner, DnsType::tlsa);
    if (reply == nullptr || wishes.smtp_chain.empty()) return;
    const auto records = view.tlsa(owner);
    std::vector<std::string> found;
    found.reserve(records.size());
    for (const net::TlsaRecord& each : records) found.push_back(to_data(each));
    const auto certificate = x509::parse_certificate(wishes.smtp_chain.front());
    // Without a signed zone nobody looks at them (RFC 7672 2.2).
    if (!certificate || reply->proof != net::DnsProof::secure) return;
    const crypto::Sha256 key = crypto::sha256(certificate->subject_public_key_info.tlv);
    const net::TlsaRecord wanted{3, 1, 1, ByteString(key.begin(), key.end())};
    RecordCheck tlsa = check(view, {owner, DnsType::tlsa, to_data(wanted)}, std::move(found), RecordState::differs, Need::optional,
                             "mail servers that look can be sure of the certificate; it has to change with each new key");
    if (std::ranges::any_of(records, [&](const net::TlsaRecord& each) { return fits(each, wishes.smtp_chain); }))
        tlsa.state = RecordState::there;
    if (tlsa.state == RecordState::differs) {
        tlsa.need = Need::needed;
        tlsa.why = "no record fits the certificate on port 25: mail servers that look will not deliver";
    }
    checks.push_back(std::move(tlsa));
}

}  // namespace

std::string zone_line(const Record& record) {
    const std::string line = record.owner + ". IN " + std::string(net::name_of(record.type)) + " ";
    return record.data.empty() ? "; " + line + "(not known yet)" : line + record.data;
}

std::vector<std::string> lines_to_add(const std::vector<Record>& records) {
    constexpr std::string_view kTtl = "3600";
    std::vector<std::string> lines;
    for (const Record& record : records) {
        if (record.data.empty()) continue;
        lines.push_back("add " + record.owner + ". " + std::string(kTtl) + " IN " + std::string(net::name_of(record.type)) + " " +
                        record.data);
    }
    return lines;
}

std::string_view name_of(RecordState state) {
    switch (state) {
        case RecordState::there:
            return "there";
        case RecordState::missing:
            return "missing";
        case RecordState::differs:
            return "differs";
        case RecordState::other:
            return "other";
        case RecordState::unknown:
            return "unknown";
    }
    return "";
}

std::string_view name_of(Need need) {
    switch (need) {
        case Need::needed:
            return "needed";
        case Need::optional:
            return "optional";
        case Need::provider:
            return "provider";
    }
    return "";
}

std::vector<RecordCheck> check_records(const DnsView& view, const InternetAddress& address, const Wishes& wishes) {
    std::vector<RecordCheck> checks;
    const std::vector<std::string> addresses = wishes.addresses.empty() ? view.addresses(address.name) : wishes.addresses;
    check_addresses(checks, view, address.name, addresses, Need::needed, "the name that users type");
    if (!wishes.addresses.empty()) check_other_addresses(checks, view, address.name, wishes.addresses);
    check_mail_exchanger(checks, view, address);
    for (const AnnouncedService& service : announced_services()) {
        for (const probe::Port& port : wishes.services) {
            if (port.protocol == service.protocol) check_service(checks, view, address, service.label, port.number, Need::needed);
        }
    }
    if (wishes.has_files) {
        for (const std::string& host : {"autoconfig." + address.domain, "autodiscover." + address.domain}) {
            if (view.addresses(host).empty())
                checks.push_back(check(view, {host, DnsType::a, addresses.empty() ? "" : addresses.front()}, {}, RecordState::differs,
                                       Need::needed, "programs look there for the files with settings"));
        }
        check_service(checks, view, address, "_autodiscover", 443, Need::optional);
    }
    check_tlsa(checks, view, address, wishes);
    check_reverse(checks, view, address, addresses);
    return checks;
}

bool fits(const net::TlsaRecord& record, const std::vector<ByteString>& chain) {
    if (record.selector > 1 || record.matching > 2 || record.usage > 3) return false;
    const bool is_end_entity = record.usage == 1 || record.usage == 3;
    for (std::size_t i = is_end_entity ? 0 : 1; i < (is_end_entity ? std::min<std::size_t>(1, chain.size()) : chain.size()); ++i) {
        const auto certificate = x509::parse_certificate(chain[i]);
        if (!certificate) continue;
        const Bytes selected = record.selector == 0 ? Bytes(chain[i]) : certificate->subject_public_key_info.tlv;
        const ByteString matched = record.matching == 0   ? to_owned(selected)
                                   : record.matching == 1 ? crypto::digest(crypto::DigestKind::sha256, selected)
                                                          : crypto::digest(crypto::DigestKind::sha512, selected);
        if (matched == record.data) return true;
    }
    return false;
}

}  // namespace truename::address
