#include <algorithm>

#include "base/text.h"
#include "cli/ca.h"
#include "cli/judging.h"
#include "cli/program.h"
#include "net/http.h"
#include "x509/certificate.h"
#include "x509/dns_name.h"

namespace truename::cli {

namespace {

/// Certificates name it for as long as they live, so a mistake in it cannot be mended.
Result<std::string, Stop> read_list_url(std::string_view text) {
    constexpr std::string_view kShard = "{shard}", kOfNames = "-._";
    const auto url = net::parse_http_url(text);
    std::string_view name = text.substr(std::min(text.size(), text.find_last_of('/') + 1));
    const auto wrong = [&](std::string reason) {
        return Unexpected{usage_stop("--crl-url " + printable(text), std::move(reason), "Write it as http://pki.example.com/{shard}.crl")};
    };
    if (!url) return wrong("it is no address of plain http, by which programs fetch revocation lists");
    const auto host = x509::classify_dns_name(url->host);
    if (!host.valid && !host.is_ip_address && url->host.find(':') == std::string::npos) return wrong("it names no host");
    std::string rest(name);
    if (const std::size_t at = rest.find(kShard); at != std::string::npos) rest.erase(at, kShard.size());
    const bool is_name =
        std::ranges::all_of(rest, [&](char c) { return is_alphanumeric(c) || kOfNames.find(c) != std::string_view::npos; });
    if (url->path.find_last_of('/') + 1 == url->path.size() || name.empty() || name.front() == '.' || !is_name)
        return wrong("it does not end with the name of a file, of letters, digits, dots and dashes, with {shard} at most once");
    if (text.substr(0, text.size() - name.size()).find_first_of("{}") != std::string_view::npos)
        return wrong("{shard} can only be in the name of the file");
    return std::string(text);
}

Result<authority::Plan, Stop> read_plan(const Arguments& arguments) {
    authority::Plan plan;
    const auto name = arguments.get("name");
    if (!name)
        return Unexpected{usage_stop("the command line", "--name is missing", "Say what the authority is called: --name \"Example Mail\"")};
    plan.name = *name;
    for (const std::string_view list : arguments.all("domain")) {
        const std::vector<std::string_view> domains = list_items(list);
        // An empty variable of a script must not become an authority for everything.
        if (domains.empty())
            return Unexpected{
                usage_stop("--domain", "no domain follows", "Name one, or leave --domain away for an authority without limits")};
        for (const std::string_view domain : domains) plan.domains.push_back(x509::to_a_labels(domain).value_or(std::string(domain)));
    }
    plan.key = *authority::find_key_type(arguments.get("key").value_or("p256"));
    plan.key_uri = arguments.get("key-uri").value_or("");
    plan.root_key_uri = arguments.get("root-key-uri").value_or("");
    if (const auto text = arguments.get("crl-url")) {
        const auto url = read_list_url(*text);
        if (!url) return forward_error(url);
        plan.list_url = *url;
    }
    return plan;
}

ExitCode run_ca_init(const Arguments& arguments, Program& program) {
    const auto folder = store_folder(arguments);
    if (!folder) return program.stop(folder.error());
    const auto plan = read_plan(arguments);
    if (!plan) return program.stop(plan.error());
    const auto passphrase = read_passphrase(arguments, program, plan->root_key_uri.empty() || plan->key_uri.empty());
    if (!passphrase) return program.stop(passphrase.error());
    const auto pin = read_pin(arguments, program);
    if (!pin) return program.stop(pin.error());
    program.set_activity("making keys");
    const auto made = authority::Authority::create(*folder, *plan, *passphrase, program.clock().now(), *pin);
    program.end_activity();
    if (!made) return program.stop(stop_for(made.error()));

    const auto root = x509::parse_certificate(made->root()), intermediate = x509::parse_certificate(made->intermediate());
    std::string text = "The authority is made, in " + printable(*folder) + ".\n\n";
    text += "  root          " + x509::to_string(root->subject) + ", until " + format_date(root->validity.not_after.time) + "\n";
    text += "  intermediate  " + x509::to_string(intermediate->subject) + ", until " + format_date(intermediate->validity.not_after.time) +
            "\n";
    text += "  may issue for " + (plan->domains.empty() ? "any name" : join(plan->domains, ", ") + " and no other domain") + "\n";
    text += "  fingerprint   " + to_hex(crypto::sha256(made->root())) + " (SHA-256 of the root)\n\n";
    text += "Next\n";
    if (plan->root_key_uri.empty())
        text += "  1  Take the key of the root away, it is only needed for another intermediate: move " + printable(*folder) +
                "/root.key.pem to a disk in a drawer.\n";
    text += (plan->root_key_uri.empty() ? "  2" : "  1") + std::string("  truename ca issue --store ") + printable(*folder) +
            (plan->key_uri.empty() ? " --passphrase-file" : " --pin-file") + " FILE --name mail.example.com --out FOLDER\n";
    program.print(text);
    return ExitCode::silent;
}

constexpr Option kOptions[] = {
    option::kStore,
    {.name = "name", .argument = "TEXT", .help = "What the authority is called, as those will read it who trust it. Always needed."},
    {.name = "domain",
     .argument = "DOMAIN",
     .help =
         "Let it issue for this domain and what is below it, and for no other: then trusting it can do no harm elsewhere. Commas between "
         "several.",
     .repeatable = true},
    option::kPassphraseFile,
    {.name = "key",
     .argument = "KIND",
     .help = "The kind of its keys: `p256` (the default), `p384`, `rsa2048`, `rsa3072`, `rsa4096` or `ed25519` (which no mail program "
             "of Windows and Apple knows).",
     .offers = Offers::words,
     .words = authority::kKeyTypes},
    {.name = "key-uri",
     .argument = "URI",
     .help = "Issue with a key that a token has already (PKCS #11, RFC 7512): `pkcs11:token=ca;object=issuing`."},
    {.name = "root-key-uri", .argument = "URI", .help = "The same for the root's key."},
    option::kPinFile,
    {.name = "crl-url",
     .argument = "URL",
     .help = "Where its revocation lists will be found; certificates name it. With `{shard}` in it there is one list for each 100,000 "
             "certificates."},
};

}  // namespace

const Command kCaInitCommand = {
    .name = "ca init",
    .summary = "Make an authority: a root, an intermediate that issues, and an empty revocation list",
    .options = kOptions,
    .run = run_ca_init,
};

}  // namespace truename::cli
