#include "wizard/address_wizard.h"

#include <algorithm>

#include "base/text.h"
#include "net/address.h"
#include "wizard/answer.h"
#include "x509/dns_name.h"

namespace truename::wizard {

namespace {

address::InternetAddress address_of(const Answers& answers) {
    return *address::make_internet_address(answers["domain"], answers["prefix"] == "@" ? "" : answers["prefix"]);
}

Page ask_domain(const AddressFacts& facts) {
    Page page{.id = "domain",
              .title = "What stands behind the @ of your users' addresses?",
              .text = {"The domain: for ann@example.com it is example.com."},
              .choices = {},
              .takes_text = true,
              .suggestion = facts.domains.empty() ? "" : facts.domains.front()};
    for (const std::string& domain : facts.domains) page.choices.push_back({domain, domain});
    return page;
}

Page ask_servers(const AddressFacts& facts, const std::string& name) {
    return {
        .id = "servers",
        .title = "Shall " + join(facts.servers, " and ") + " have the name " + name + ", too?",
        .text =
            {"Postfix greets by its name, and mail servers that it sends to compare it with the name of its address. What would change is "
             "shown before anything is done."},
        .choices = yes_or_no("Yes, change their configuration", "No, leave them as they are"),
        .takes_text = false,
        .suggestion = "yes"};
}

Page ask_who_makes_records(const std::string& domain) {
    return {
        .id = "records",
        .title = "Who makes the records that are missing in the zone of " + domain + "?",
        .text =
            {"The lines for the zone are shown in the end. They can be added at once where you have the key to a name server that takes "
             "changes (RFC 2136)."},
        .choices = {{"hand", "I do, by hand or at the provider's page"}, {"update", "Have them added by the name server"}},
        .takes_text = false,
        .suggestion = "hand"};
}

}  // namespace

Page AddressWizard::ask_prefix(const Answers& answers) const {
    const std::string& domain = answers["domain"];
    Page page{
        .id = "prefix",
        .title = "By which name shall they reach the mail server?",
        .text = {"One name for everything: it is typed into every mail program, and stands first in the certificate. You can type another "
                 "first word than these."},
        .choices = {},
        .takes_text = true,
        .suggestion = ""};
    std::vector<std::string> names;
    names.reserve(address::kPrefixes.size());
    for (const std::string_view prefix : address::kPrefixes) names.push_back(address::make_internet_address(domain, prefix)->name);
    const auto known = facts_.addresses_of(names);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string& name = names[i];
        const std::string_view prefix = address::kPrefixes[i];
        const auto& addresses = known.at(name);
        page.choices.push_back(
            {std::string(prefix), name + (addresses.empty() ? "" : ", which has the address " + printable(addresses.front()))});
        if (page.suggestion.empty() && !addresses.empty()) page.suggestion = prefix;
    }
    page.choices.push_back({"@", domain + " itself"});
    if (page.suggestion.empty()) page.suggestion = address::kPrefixes.front();
    return page;
}

Page AddressWizard::ask_address(const Answers& answers) const {
    Page page{.id = "address",
              .title = "Which address shall " + address_of(answers).name + " have?",
              .text = {"The one by which the Internet reaches this mail server; behind a router that is the router's."},
              .choices = {},
              .takes_text = true,
              .suggestion = facts_.own_addresses.empty() ? "unknown" : facts_.own_addresses.front()};
    for (const std::string& address : facts_.own_addresses) page.choices.push_back({address, address + ", an address of this machine"});
    page.choices.push_back({"unknown", "I do not know it yet"});
    return page;
}

std::optional<Page> AddressWizard::next(const Answers& answers) const {
    if (!answers.has("domain")) return ask_domain(facts_);
    if (!answers.has("prefix")) return ask_prefix(answers);
    const address::InternetAddress address = address_of(answers);
    if (!answers.has("address") && facts_.addresses_of({address.name}).at(address.name).empty()) return ask_address(answers);
    if (!answers.has("servers") && !facts_.servers.empty()) return ask_servers(facts_, address.name);
    if (!answers.has("records")) return ask_who_makes_records(address.domain);
    if (answers["records"] == "update" && !answers.has("update"))
        return Page{
            "update",   "Which name server takes changes?", {"Its address, with its port where that is not 53: 192.0.2.53:5353."}, {}, true,
            "127.0.0.1"};
    if (answers["records"] == "update" && !answers.has("update-key"))
        return Page{"update-key",
                    "In which file is the key that it knows you by?",
                    {"As tsig-keygen writes it."},
                    {{"none", "None: it knows me by my address"}},
                    true,
                    ""};
    if (!answers.has("files"))
        return Page{
            "files",
            "Where does your web server have its files?",
            {"Programs can set up an account by the address alone when a web server of the domain has three small files with settings."},
            {{"none", "There is none, or these files are not wanted"}},
            true,
            "none"};
    return std::nullopt;
}

Result<std::string, std::string> AddressWizard::check(const Answers& answers, const Page& page, std::string_view text) const {
    auto chosen = choose(page, text);
    if (!chosen) return chosen;
    const auto refused = [](const Failure& failure) { return Unexpected{failure.reason + ". " + failure.next + "."}; };
    if (page.id == "domain") {
        const auto address = address::make_internet_address(*chosen, "");
        if (!address) return refused(address.error());
        // Every name that is offered next has to fit before it.
        for (const std::string_view prefix : address::kPrefixes) {
            if (const auto name = address::make_internet_address(*chosen, prefix); !name)
                return Unexpected{"\"" + printable(*chosen) + "\" is too long for a name before it."};
        }
        return address->domain;
    }
    if (page.id == "prefix" && *chosen != "@") {
        const auto address = address::make_internet_address(answers["domain"], *chosen);
        if (!address) return refused(address.error());
    }
    if (page.id == "address" && *chosen != "unknown") {
        const auto parsed = net::SocketAddress::from_text(*chosen, 0);
        if (!parsed) return Unexpected{"\"" + printable(*chosen) + "\" is no IPv4 or IPv6 address."};
        return parsed->text();
    }
    if (page.id == "update") return name_server(*chosen);
    if (page.id == "update-key" && *chosen != "none") return readable_file(*chosen);
    if (page.id == "files" && *chosen != "none") return folder_path(*chosen);
    return chosen;
}

std::vector<Step> AddressWizard::steps(const Answers& answers) const {
    Step step{{"address", "--domain", answers["domain"], "--prefix", answers["prefix"] == "@" ? "" : answers["prefix"]}};
    const auto add = [&](std::initializer_list<std::string> words) { step.command.insert(step.command.end(), words); };
    step.command.insert(step.command.end(), facts_.options.begin(), facts_.options.end());
    if (answers.has("address") && answers["address"] != "unknown") add({"--address", answers["address"]});
    step.look = step.command;
    if (answers["servers"] == "yes") {
        step.rehearsal = step.command;
        step.rehearsal.emplace_back("--dry-run");
        add({"--set-up"});
    }
    if (answers["records"] == "update") {
        add({"--update", answers["update"]});
        if (answers["update-key"] != "none") add({"--update-key", answers["update-key"]});
    }
    if (answers["files"] != "none") add({"--files", answers["files"]});
    return {step};
}

}  // namespace truename::wizard
