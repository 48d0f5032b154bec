#include "base/text.h"
#include "cli/ca.h"
#include "cli/judging.h"
#include "cli/program.h"
#include "x509/certificate.h"
#include "x509/dns_name.h"

namespace truename::cli {

namespace {

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
    plan.list_url = arguments.get("crl-url").value_or("");
    if (!plan.list_url.empty() && !plan.list_url.starts_with("http://"))
        return Unexpected{usage_stop("--crl-url " + printable(plan.list_url), "programs fetch revocation lists by plain http only",
                                     "Write it as http://pki.example.com/{shard}.crl")};
    return plan;
}

ExitCode run_ca_init(const Arguments& arguments, Program& program) {
    const auto folder = store_folder(arguments);
    if (!folder) return program.stop(folder.error());
    const auto plan = read_plan(arguments);
    if (!plan) return program.stop(plan.error());
    const auto passphrase = read_passphrase(arguments, program);
    if (!passphrase) return program.stop(passphrase.error());
    program.set_activity("making keys");
    const auto made = authority::Authority::create(*folder, *plan, *passphrase, program.clock().now());
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
    text += "  1  Take the key of the root away, it is only needed for another intermediate: move " + printable(*folder) +
            "/root.key.pem to a disk in a drawer.\n";
    text += "  2  truename ca issue --store " + printable(*folder) + " --passphrase-file FILE --name mail.example.com --out FOLDER\n";
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
