#include "address/dns_view.h"

#include <algorithm>
#include <set>

namespace truename::address {

namespace {

using net::DnsQuestion;
using net::DnsType;

constexpr std::size_t kMost = 20;  // names of one kind that are followed

constexpr AnnouncedService kServices[] = {
    {probe::Protocol::imaps, "_imaps"},
    {probe::Protocol::imap, "_imap"},
    {probe::Protocol::pop3s, "_pop3s"},
    {probe::Protocol::pop3, "_pop3"},
    {probe::Protocol::submissions, "_submissions"},
    {probe::Protocol::submission, "_submission"},
    {probe::Protocol::sieve, "_sieve"},
    {probe::Protocol::tls, "_autodiscover"},
};

/// The records of a reply, read by `read`.
template <class Read>
auto records(const net::DnsReply* reply, Read read) {
    std::vector<typename decltype(read(Bytes()))::value_type> found;
    if (reply == nullptr) return found;
    for (const ByteString& data : reply->data) {
        if (auto record = read(data)) found.push_back(std::move(*record));
    }
    return found;
}

void add_addresses(std::set<DnsQuestion>& questions, const std::string& name) {
    if (name.empty() || name.find('\\') != std::string::npos) return;  // what no host is called
    questions.insert({name, DnsType::a});
    questions.insert({name, DnsType::aaaa});
}

/// A name and those above it, without the last label's (RFC 8659 3; no registry has such records).
std::vector<std::string> names_up(std::string name) {
    std::vector<std::string> names;
    for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.')) {
        names.push_back(name);
        name.erase(0, dot + 1);
    }
    return names;
}

std::set<DnsQuestion> first_questions(const InternetAddress& address) {
    std::set<DnsQuestion> questions;
    for (const std::string& name : {address.name, address.domain, "autoconfig." + address.domain, "autodiscover." + address.domain})
        add_addresses(questions, name);
    questions.insert({address.domain, DnsType::mx});
    for (const std::string& name : names_up(address.name)) questions.insert({name, DnsType::caa});
    for (const AnnouncedService& service : kServices) questions.insert({srv_owner(service.label, address.domain), DnsType::srv});
    return questions;
}

std::set<DnsQuestion> second_questions(const DnsView& view, const InternetAddress& address, std::vector<std::string> addresses) {
    std::set<DnsQuestion> questions;
    const auto exchangers = view.mail_exchangers(address.domain);
    for (std::size_t i = 0; i < std::min(exchangers.size(), kMost); ++i) {
        add_addresses(questions, exchangers[i].name);
        if (!exchangers[i].name.empty()) questions.insert({tlsa_owner(exchangers[i].name), DnsType::tlsa});
    }
    for (const AnnouncedService& service : kServices) {
        const auto targets = view.services(srv_owner(service.label, address.domain));
        for (std::size_t i = 0; i < std::min(targets.size(), kMost); ++i) add_addresses(questions, targets[i].target);
    }
    for (const std::string& each : view.addresses(address.name)) addresses.push_back(each);
    for (std::size_t i = 0; i < std::min(addresses.size(), kMost); ++i) {
        if (const auto name = net::reverse_name(addresses[i])) questions.insert({*name, DnsType::ptr});
    }
    return questions;
}

}  // namespace

std::span<const AnnouncedService> announced_services() {
    return kServices;
}

std::string srv_owner(std::string_view label, const std::string& domain) {
    return std::string(label) + "._tcp." + domain;
}

std::string tlsa_owner(const std::string& host) {
    return "_25._tcp." + host;
}

void DnsView::add(std::vector<net::DnsReply> replies) {
    for (net::DnsReply& reply : replies) {
        const net::DnsQuestion question = reply.question;
        replies_.insert_or_assign(question, std::move(reply));
    }
}

const net::DnsReply* DnsView::find(const std::string& name, net::DnsType type) const {
    const auto found = replies_.find({name, type});
    return found == replies_.end() ? nullptr : &found->second;
}

std::vector<std::string> DnsView::addresses(const std::string& name) const {
    auto all = records(find(name, DnsType::a), net::read_address_record);
    for (std::string& each : records(find(name, DnsType::aaaa), net::read_address_record)) all.push_back(std::move(each));
    return all;
}

std::vector<std::string> DnsView::names_of_address(const std::string& address) const {
    const auto owner = net::reverse_name(address);
    return owner ? records(find(*owner, DnsType::ptr), net::read_name_record) : std::vector<std::string>();
}

std::vector<net::MailExchanger> DnsView::mail_exchangers(const std::string& domain) const {
    auto all = records(find(domain, DnsType::mx), net::read_mail_exchanger);
    std::ranges::stable_sort(all, {}, &net::MailExchanger::preference);
    return all;
}

std::vector<net::ServiceRecord> DnsView::services(const std::string& owner) const {
    auto all = records(find(owner, DnsType::srv), net::read_service_record);
    std::ranges::stable_sort(all, {}, &net::ServiceRecord::priority);
    return all;
}

std::vector<net::TlsaRecord> DnsView::tlsa(const std::string& owner) const {
    return records(find(owner, DnsType::tlsa), net::read_tlsa_record);
}

std::vector<net::CaaRecord> DnsView::caa(const InternetAddress& address) const {
    for (const std::string& name : names_up(address.name)) {
        auto own = records(find(name, DnsType::caa), net::read_caa_record);
        if (!own.empty()) return own;
    }
    return {};
}

bool DnsView::knows_caa(const InternetAddress& address) const {
    return std::ranges::all_of(names_up(address.name), [&](const std::string& name) {
        const net::DnsReply* reply = find(name, DnsType::caa);
        return reply != nullptr && (reply->outcome == net::DnsOutcome::found || reply->outcome == net::DnsOutcome::no_record ||
                                    reply->outcome == net::DnsOutcome::no_name);
    });
}

DnsView look_up(net::DnsClient& client, const InternetAddress& address, const std::vector<std::string>& addresses) {
    DnsView view;
    const auto first = first_questions(address);
    view.add(client.ask({first.begin(), first.end()}));
    std::vector<DnsQuestion> second;
    for (const DnsQuestion& question : second_questions(view, address, addresses)) {
        if (!first.contains(question)) second.push_back(question);
    }
    if (!second.empty()) view.add(client.ask(second));
    return view;
}

}  // namespace truename::address
