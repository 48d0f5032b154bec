#include "wizard/certificate_wizard.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "request/foretell.h"
#include "wizard/answer.h"
#include "x509/dns_name.h"

namespace truename::wizard {

namespace {

std::vector<std::string> names_of(const Answers& answers) {
    std::vector<std::string> names;
    for (const std::string_view name : split(answers["names"], ' ')) names.emplace_back(name);
    return names;
}

/// Names with blanks or commas between them, as A-labels, each once.
Result<std::string, std::string> check_names(std::string_view text) {
    std::string spaced(text);
    std::ranges::replace(spaced, ',', ' ');
    std::vector<std::string> names;
    for (const std::string_view word : split(spaced, ' ')) {
        if (word.empty()) continue;
        const auto name = x509::to_a_labels(word);
        if (!name || !x509::classify_dns_name(*name).valid || x509::classify_dns_name(*name).is_ip_address)
            return Unexpected{"\"" + printable(word) + "\" is no name of a server."};
        if (std::ranges::find(names, *name) == names.end()) names.push_back(*name);
    }
    if (names.empty()) return Unexpected{std::string("A name is wanted.")};
    return join(names, " ");
}

/// The domains that the names are in, each once: what an authority for them is held to.
std::vector<std::string> domains_of(const std::vector<std::string>& names) {
    std::vector<std::string> domains;
    for (const std::string& name : names) {
        const bool has_host = std::ranges::count(name, '.') > 1;
        const std::string domain = has_host ? name.substr(name.find('.') + 1) : name;
        if (std::ranges::find(domains, domain) == domains.end()) domains.push_back(domain);
    }
    return domains;
}

Page ask_names(const CertificateFacts& facts) {
    return {
        .id = "names",
        .title = "By which name do your users reach the mail server?",
        .text = {"Exactly as it is typed into mail programs. Where there are several, the most important first, with blanks between them: "
                 "some programs look at the first name alone."},
        .choices = {},
        .takes_text = true,
        .suggestion = join(facts.names, " ")};
}

Page ask_source(bool has_servers) {
    Page page{.id = "source",
              .title = "Who shall make the certificate?",
              .text = {"What mail programs would say to it is told before anything is done."},
              .choices = {{"order", "A public authority that issues by itself, such as Let's Encrypt (ACME)"},
                          {"own", "An authority of my own: programs have to be given its root once"},
                          {"request", "Another authority: make a request that I send there"},
                          {"file", "It is made already: I have it in a file"}},
              .takes_text = false,
              .suggestion = "order"};
    if (has_servers) return page;
    page.text.emplace_back(
        "This machine has neither Dovecot nor Postfix where Debian puts them, so that only a request can be made here. Elsewhere they are "
        "named so: truename certificate --server dovecot --config FOLDER");
    std::erase_if(page.choices, [](const Choice& choice) { return choice.value != "request"; });
    page.suggestion = "request";
    return page;
}

/// The name that stands first where the authority puts them in another order than was asked for; empty where the first stays it.
std::string other_first(const acme::PublicAuthority& authority, const std::vector<std::string>& names) {
    for (const std::vector<std::string>& order : acme::orders_of(authority, names)) {
        if (order.front() != names.front()) return order.front();
    }
    return {};
}

Page ask_split(const acme::PublicAuthority& authority, const std::vector<std::string>& names) {
    return {
        .id = "split",
        .title = "Order one certificate for each name?",
        .text =
            {request::order_in_words(authority, other_first(authority, names)),
             "With one certificate for each name the servers choose by the name that a program asks for; what asks for none is shown that "
             "of " +
                 names.front() + ". The other names get places in their configurations (local_name in Dovecot, tls_server_sni_maps in " +
                 "Postfix), which can be undone."},
        .choices = yes_or_no("Yes, one for each name", "No, one for all of them"),
        .takes_text = false,
        .suggestion = "yes"};
}

Page ask_proof() {
    return {.id = "proof",
            .title = "How can the authority see that the names are yours?",
            .text = {"It asks the names themselves on port 80, or the DNS."},
            .choices = {{"http-port", "Answer on port 80 just now: no web server runs here"},
                        {"webroot", "By a file of the web server that runs here"},
                        {"dns-update", "By a record in the DNS that my name server takes from here (RFC 2136)"},
                        {"dns-hook", "By a record in the DNS that a program of mine makes"}},
            .takes_text = false,
            .suggestion = "http-port"};
}

Result<std::string, std::string> check_port(const std::string& text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error == std::errc() && end == text.data() + text.size() && port != 0) return text;
    return Unexpected{"\"" + printable(text) + "\" is no port."};
}

Page ask_about_proof(const std::string& proof) {
    if (proof == "http-port")
        return {"http-port",
                "On which port of this machine does the authority's question for port 80 arrive?",
                {"80, unless a router or a proxy before it hands it on to another."},
                {},
                true,
                "80"};
    if (proof == "webroot") return {"webroot", "From which folder does the web server serve these names?", {}, {}, true, "/var/www/html"};
    if (proof == "dns-update")
        return {"dns-update",
                "Which name server takes changes of the zone?",
                {"Its address, with its port where that is not 53: 192.0.2.53:5353."},
                {},
                true,
                "127.0.0.1"};
    return {"dns-hook",
            "Which program makes the record?",
            {"It is run as PROGRAM present NAME VALUE to add a TXT record, and as PROGRAM cleanup NAME VALUE."},
            {},
            true,
            ""};
}

}  // namespace

Page CertificateWizard::ask_directory() const {
    Page page{.id = "directory",
              .title = "Which authority?",
              .text = {"The address of another one's directory can be typed, too: it begins with https://."},
              .choices = {},
              .takes_text = true,
              .suggestion = ""};
    for (const acme::PublicAuthority& authority : facts_.authorities)
        page.choices.push_back({authority.directories.front() + "directory", printable(authority.title)});
    if (!page.choices.empty()) page.suggestion = page.choices.front().value;
    return page;
}

std::optional<Page> CertificateWizard::next_for_order(const Answers& answers) const {
    if (!answers.has("directory")) return ask_directory();
    const bool is_offered = std::ranges::any_of(facts_.authorities, [&](const acme::PublicAuthority& authority) {
        return answers["directory"].starts_with(authority.directories.front());
    });
    if (!is_offered && !answers.has("roots"))
        return Page{"roots",
                    "Who vouches for the server of this directory itself?",
                    {"A file with certificates, for an authority inside of a network."},
                    {{"none", "Authorities that this machine trusts anyway"}},
                    true,
                    "none"};
    const std::vector<std::string> names = names_of(answers);
    const acme::PublicAuthority authority = acme::authority_at(answers["directory"]);
    if (!answers.has("split") && names.size() > 1 && !other_first(authority, names).empty()) return ask_split(authority, names);
    if (!answers.has("proof")) return ask_proof();
    if (!answers.has(answers["proof"])) return ask_about_proof(answers["proof"]);
    if (answers["proof"] == "dns-update" && !answers.has("dns-update-key"))
        return Page{"dns-update-key",
                    "In which file is the key that it knows you by?",
                    {"As tsig-keygen writes it."},
                    {{"none", "None: it knows me by my address"}},
                    true,
                    ""};
    return std::nullopt;
}

std::optional<Page> CertificateWizard::next_for_own(const Answers& answers) const {
    if (!answers.has("store"))
        return Page{"store", "In which folder is your authority?", {"Where there is none yet, it is made there."}, {}, true, facts_.store};
    if (!answers.has("authority") && !facts_.has_authority(answers["store"]))
        return Page{"authority",
                    "What is it called?",
                    {"Its root has this name; mail programs show it: the name of your company, for one."},
                    {},
                    true,
                    ""};
    if (!answers.has("passphrase"))
        return Page{"passphrase",
                    "In which file is its passphrase?",
                    {"A file that only you can read (mode 0600), with the passphrase in its first line."},
                    {},
                    true,
                    ""};
    return std::nullopt;
}

std::optional<Page> CertificateWizard::next(const Answers& answers) const {
    if (!answers.has("names")) return ask_names(facts_);
    if (!answers.has("source")) return ask_source(facts_.has_servers);
    const std::string& source = answers["source"];
    if (source == "order") return next_for_order(answers);
    if (source == "own") return next_for_own(answers);
    if (source == "file" && !answers.has("file"))
        return Page{"file", "In which file is it?", {"In whatever form the authority sent it."}, {}, true, ""};
    if (source == "file" && !answers.has("key"))
        return Page{"key", "In which file is its private key?",
                    {},    {{"none", "It is in the same file, or truename has made it for a request"}},
                    true,  "none"};
    return std::nullopt;
}

Result<std::string, std::string> CertificateWizard::check(const Answers& answers, const Page& page, std::string_view text) const {
    if (page.id == "names") return check_names(text);
    auto chosen = choose(page, text);
    if (!chosen) return chosen;
    if (page.id == "directory" && !chosen->starts_with("https://")) return Unexpected{std::string("It begins with https://.")};
    if (page.id == "http-port") return check_port(*chosen);
    if (page.id == "dns-update") return name_server(*chosen);
    if (page.id == "dns-hook") return runnable_program(*chosen);
    if (page.id == "webroot") return existing_folder(*chosen);
    if (page.id == "store") return folder_path(*chosen);
    if (page.id == "source" && *chosen == "order") {
        for (const std::string& name : names_of(answers)) {
            if (x509::classify_dns_name(name).labels > 1) continue;
            return Unexpected{"No public authority makes a certificate for " + printable(name) +
                              ", which is in no domain: go back, and type the name in full."};
        }
    }
    const bool is_file =
        page.id == "file" || page.id == "passphrase" || page.id == "roots" || page.id == "key" || page.id == "dns-update-key";
    if (is_file && *chosen != "none") return readable_file(*chosen);
    return chosen;
}

Step CertificateWizard::make_step(std::vector<std::string> command, const std::vector<std::string>& names) const {
    for (const std::string& name : names) command.insert(command.end(), {"--name", name});
    command.insert(command.end(), facts_.state_options.begin(), facts_.state_options.end());
    Step step{std::move(command)};
    if (step.command[1] == "request") return step;
    step.command.insert(step.command.end(), facts_.server_options.begin(), facts_.server_options.end());
    step.rehearsal = step.command;
    step.rehearsal.emplace_back("--dry-run");
    return step;
}

std::vector<Step> CertificateWizard::steps(const Answers& answers) const {
    const std::vector<std::string> names = names_of(answers);
    const std::string& source = answers["source"];
    if (source == "request") return {make_step({"certificate", "request"}, names)};
    if (source == "file") {
        std::vector<std::string> command = {"certificate", "import", answers["file"]};
        if (answers["key"] != "none") command.insert(command.end(), {"--key", answers["key"]});
        return {make_step(std::move(command), names)};
    }
    if (source == "own") {
        const std::vector<std::string> access = {"--store", answers["store"], "--passphrase-file", answers["passphrase"]};
        std::vector<std::string> issue = {"certificate", "issue"};
        issue.insert(issue.end(), access.begin(), access.end());
        Step step = make_step(std::move(issue), names);
        step.then = "Programs have to be given the authority's root once: truename " +
                    shell_line({"ca", "export", "--store", answers["store"], "--for", "windows", "--out", "root-for-windows"}) +
                    " writes it with the steps, and so for the other systems.";
        if (!answers.has("authority")) return {step};
        Step init{{"ca", "init", "--name", answers["authority"]}};
        for (const std::string& domain : domains_of(names)) init.command.insert(init.command.end(), {"--domain", domain});
        init.command.insert(init.command.end(), access.begin(), access.end());
        return {init, step};
    }
    std::vector<std::string> order = {
        "certificate", "order", "--directory", answers["directory"], "--" + answers["proof"], answers[answers["proof"]]};
    if (answers.has("dns-update-key") && answers["dns-update-key"] != "none")
        order.insert(order.end(), {"--dns-update-key", answers["dns-update-key"]});
    if (answers.has("roots") && answers["roots"] != "none") order.insert(order.end(), {"--directory-roots", answers["roots"]});
    if (answers["split"] != "yes") return {make_step(order, names)};
    // What asks for no name is shown the first; the others are for who asks for them.
    const Step first = make_step(order, {names.front()});
    order.emplace_back("--sni");
    std::vector<Step> steps;
    for (std::size_t i = 1; i < names.size(); ++i) steps.push_back(make_step(order, {names[i]}));
    // A certificate for all that is there now stays until each of the others has its own; where there is none, somebody has to begin.
    steps.insert(facts_.shows_anything && facts_.shows_anything() ? steps.end() : steps.begin(), first);
    return steps;
}

}  // namespace truename::wizard
