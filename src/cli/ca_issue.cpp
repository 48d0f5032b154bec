#include <unistd.h>

#include <algorithm>

#include "base/text.h"
#include "cli/ca.h"
#include "cli/file.h"
#include "cli/judging.h"
#include "cli/out_folder.h"
#include "cli/preflight.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "x509/ip_address.h"
#include "x509/pem.h"
#include "x509/print.h"
#include "x509/request.h"

namespace truename::cli {

namespace {

Result<std::optional<unsigned>, Stop> read_days(const Arguments& arguments) {
    const auto text = arguments.get("days");
    if (!text) return std::optional<unsigned>();
    unsigned days = 0;
    for (const char c : *text) {
        if (c < '0' || c > '9' || days > 3'650)
            return Unexpected{usage_stop("--days", "\"" + printable(*text) + "\" is no number of days", "")};
        days = days * 10 + static_cast<unsigned>(c - '0');
    }
    if (days == 0 || days > 3'650) return Unexpected{usage_stop("--days", "a certificate can have from 1 to 3650 days", "")};
    return std::optional(days);
}

/// What both commands ask for: profile, names, days.
Result<authority::Order, Stop> read_order(const Arguments& arguments) {
    authority::Order order;
    std::vector<std::string> people;
    for (const std::string_view name : arguments.all("name")) order.names.emplace_back(name);
    for (const std::string_view address : arguments.all("person")) people.emplace_back(address);
    if (!order.names.empty() && !people.empty())
        return Unexpected{usage_stop("the command line", "--name and --person contradict each other", "Make one certificate for each")};
    order.profile = authority::find_certificate_profile(people.empty() ? "server" : "person");
    if (!people.empty()) order.names = std::move(people);
    const auto days = read_days(arguments);
    if (!days) return forward_error(days);
    order.days = *days;
    order.internal_names = arguments.has("internal-names");
    return order;
}

/// False when a private key is in the folder that is not that one: a server would be given a pair that does not fit.
bool fits_key_in(const OutFolder& out, const ByteString& public_key_info) {
    const std::string path = out.path() + "/privkey.pem";
    if (::access(path.c_str(), F_OK) != 0) return true;
    auto bytes = read_file(path, "reading the key in");
    if (!bytes) return false;
    const crypto::Secret pem{std::string(as_text(*bytes))};
    crypto::clear(*bytes);
    const auto key = crypto::PrivateKey::from_pem(pem.view());
    return key && key->public_key_info() == public_key_info;
}

/// Judges the certificate, and makes it when nobody would stumble over it. The exit code says what the programs would.
ExitCode issue(const Arguments& arguments, Program& program, authority::Authority& authority, const authority::Order& order,
               const OutFolder& out, const crypto::PrivateKey* key) {
    const Time now = program.clock().now();
    if (key == nullptr && !fits_key_in(out, order.public_key_info))
        return program.stop({ExitCode::no_write,
                             {FailureKind::local, "writing", printable(out.path()) + "/fullchain.pem",
                              "privkey.pem in that folder is the key of another certificate", "Name another folder"}});
    if (key != nullptr && order.profile->id == "person" && ::access((out.path() + "/privkey.pem").c_str(), F_OK) == 0)
        return program.stop({ExitCode::no_write,
                             {FailureKind::local, "writing", printable(out.path()) + "/privkey.pem",
                              "there is a key already, which opens what was encrypted to it", "Name another folder"}});
    auto draft = authority.draft(order, now);
    if (!draft) return program.stop(stop_for(draft.error()));
    if (order.profile->names == authority::CertificateProfile::Names::hosts) {
        const Result<ExitCode, Stop> told = preflight(*draft, authority, arguments, program);
        if (!told) return program.stop(told.error());
        if (*told != ExitCode::silent && !arguments.has("force")) {
            program.note("Nothing was issued; --force issues it all the same.");
            return *told;
        }
    }
    const auto issued = authority.issue(std::move(*draft), now);
    if (!issued) return program.stop(stop_for(issued.error()));
    std::string chain = x509::to_pem("CERTIFICATE", issued->certificate);
    for (const ByteString& above : issued->above) chain += x509::to_pem("CERTIFICATE", above);
    const crypto::Secret pem(key != nullptr ? key->to_pem() : std::string());
    const std::string root = x509::to_pem("CERTIFICATE", issued->root);
    std::vector<NewFile> files = {{"fullchain.pem", chain, Readers::everybody}, {"root.pem", root, Readers::everybody}};
    if (key != nullptr) files.insert(files.begin(), {"privkey.pem", pem.view(), Readers::owner});
    if (const auto written = out.write_together(std::move(files)); !written) return program.stop(written.error());
    if (issued->not_after < now + std::chrono::days(order.days.value_or(order.profile->days)))
        program.note("It ends with the authority's own certificate, earlier than asked for.");
    std::string text = "Issued for " + printable(join(issued->names, ", ")) + ", until " + format_date(issued->not_after) + ".\n";
    text += "  serial number  " + issued->serial + "\n";
    text += "  files          " + printable(out.path()) + "/fullchain.pem, root.pem" + (key != nullptr ? ", privkey.pem" : "") + "\n";
    program.print(text);
    return ExitCode::silent;
}

ExitCode run_ca_issue(const Arguments& arguments, Program& program) {
    auto order = read_order(arguments);
    if (!order) return program.stop(order.error());
    if (order->names.empty())
        return program.stop(
            usage_stop("the command line", "--name is missing", "Name the server as your users type it: --name mail.example.com"));
    auto opened = unlocked_authority(arguments, program);
    if (!opened) return program.stop(opened.error());
    const auto out = OutFolder::open(arguments.get("out").value_or(""));
    if (!out) return program.stop(out.error());
    // Of what people's mail programs read, see data/mail-programs: some know no other keys than RSA.
    const std::string_view usual = order->profile->id == "person" ? "rsa3072" : "p256";
    const auto key = authority::make_key(*authority::find_key_type(arguments.get("key").value_or(usual)));
    if (!key) return program.stop(stop_for(key.error()));
    order->public_key_info = key->public_key_info();
    return issue(arguments, program, *opened, *order, *out, &*key);
}

/// The names that a request asks for, in their order; its common name when it has no others.
std::vector<std::string> names_of(const x509::Request& request) {
    std::vector<std::string> names;
    for (const x509::GeneralName& name : *request.known.subject_alt_name) {
        if (name.kind == x509::GeneralNameKind::dns_name || name.kind == x509::GeneralNameKind::rfc822_name)
            names.emplace_back(name.text());
        if (name.kind != x509::GeneralNameKind::ip_address) continue;
        if (const auto address = x509::to_ip_address(name.value)) names.push_back(x509::to_string(*address));
    }
    return names.empty() ? x509::common_names(request.subject) : names;
}

Result<ByteString, Stop> read_request(const Arguments& arguments) {
    const auto path = arguments.get("csr");
    if (!path) return Unexpected{usage_stop("the command line", "--csr is missing", "Name the file with the request: --csr mail.csr")};
    const auto bytes = read_file(*path, "reading the request in", x509::kMaxRequestSize);
    if (!bytes) return forward_error(bytes);
    const auto bundle = x509::read_pem_bundle(*bytes, input_name(*path));
    if (!bundle) return Unexpected{stop_for(bundle.error())};
    const std::vector<Bytes> requests = bundle->all(x509::PemKind::request);
    const auto wrong = [&](std::string reason, std::string next) {
        return Unexpected{Stop{ExitCode::bad_input,
                               {FailureKind::input, "reading the request in", input_name(*path), std::move(reason), std::move(next)}}};
    };
    if (requests.size() != 1)
        return wrong(requests.empty() ? "there is no request in it" : "there is more than one request in it",
                     "Make one with openssl req -new -key KEY -addext subjectAltName=DNS:mail.example.com");
    const auto request = x509::parse_request(requests.front());
    if (!request) return wrong(x509::describe(request.error()), "");
    const x509::SignatureAlgorithm algorithm = x509::signature_algorithm(request->signature_algorithm);
    if (algorithm.broken_digest || algorithm.sha1)
        return wrong("it is signed with " + std::string(algorithm.sha1 ? "SHA-1" : "MD5 or older") +
                         ", whose signatures can be forged, so it proves nothing about its key",
                     "Make it anew: openssl req -new -sha256 -key KEY -out FILE");
    if (x509::verify_proof_of_possession(*request) != crypto::SignatureCheck::valid)
        return wrong("it is not signed with its own key", "Make it anew with the key that the certificate is for");
    return to_owned(requests.front());
}

ExitCode run_ca_sign(const Arguments& arguments, Program& program) {
    const auto der = read_request(arguments);
    if (!der) return program.stop(der.error());
    const auto request = x509::parse_request(*der);
    auto order = read_order(arguments);
    if (!order) return program.stop(order.error());
    if (order->names.empty()) {
        order->names = names_of(*request);
        const bool are_mailboxes =
            std::ranges::all_of(order->names, [](const std::string& name) { return name.find('@') != std::string::npos; });
        if (are_mailboxes && !order->names.empty()) order->profile = authority::find_certificate_profile("person");
    }
    order->public_key_info = to_owned(request->subject_public_key_info.tlv);
    auto opened = unlocked_authority(arguments, program);
    if (!opened) return program.stop(opened.error());
    const auto out = OutFolder::open(arguments.get("out").value_or(""));
    if (!out) return program.stop(out.error());
    return issue(arguments, program, *opened, *order, *out, nullptr);
}

ExitCode renew_issuer(const Arguments& arguments, Program& program) {
    if (!arguments.positionals().empty() || arguments.has("out"))
        return program.stop(usage_stop("the command line", "--issuer renews the intermediate, which is in the folder of the authority",
                                       "Leave the certificate and --out away"));
    const auto folder = store_folder(arguments);
    if (!folder) return program.stop(folder.error());
    const auto passphrase = read_passphrase(arguments, program, !arguments.has("key-uri"));
    if (!passphrase) return program.stop(passphrase.error());
    const auto pin = read_pin(arguments, program);
    if (!pin) return program.stop(pin.error());
    const authority::NewIssuer wanted{std::string(arguments.get("root-key").value_or("")),
                                      std::string(arguments.get("key-uri").value_or(""))};
    const auto renewed = authority::Authority::renew_issuer(*folder, wanted, *passphrase, program.clock().now(), *pin);
    if (!renewed) return program.stop(stop_for(renewed.error()));
    const x509::Certificate& intermediate = renewed->signer().certificate;
    program.print("Certificates come from " + x509::to_string(intermediate.subject) + " from now on, until " +
                  format_date(intermediate.validity.not_after.time) +
                  ".\nThose that were issued before stay valid, and their revocation lists go on.\n");
    return ExitCode::silent;
}

ExitCode run_ca_renew(const Arguments& arguments, Program& program) {
    if (arguments.has("issuer")) return renew_issuer(arguments, program);
    if (arguments.positionals().empty())
        return program.stop(usage_stop("the command line", "the certificate is missing", "Name its serial number, its file, or --issuer"));
    const auto days = read_days(arguments);
    if (!days) return program.stop(days.error());
    auto opened = unlocked_authority(arguments, program);
    if (!opened) return program.stop(opened.error());
    const auto serial = read_serial(arguments.positionals().front(), *opened);
    if (!serial) return program.stop(serial.error());
    auto order = opened->order_again(*serial);
    if (!order) return program.stop(stop_for(order.error()));
    order->days = *days;
    const auto out = OutFolder::open(arguments.get("out").value_or(""));
    if (!out) return program.stop(out.error());
    return issue(arguments, program, *opened, *order, *out, nullptr);
}

constexpr Option kNames = {.name = "name",
                           .argument = "NAME",
                           .help = "A name of the server; the first is the one that users type, because some programs look at no other.",
                           .repeatable = true};
constexpr Option kPerson = {.name = "person",
                            .argument = "ADDRESS",
                            .help = "Somebody's mail address: a certificate for signed and encrypted mail.",
                            .repeatable = true};
constexpr Option kOut = {.name = "out",
                         .argument = "FOLDER",
                         .help = "Write `fullchain.pem`, `root.pem` and, with a new key, `privkey.pem` there. Always needed.",
                         .offers = Offers::folder};
constexpr Option kDays = {
    .name = "days", .argument = "NUMBER", .help = "How long it is valid; 397 for servers and 730 for people otherwise."};
constexpr Option kInternal = {.name = "internal-names", .help = "Names that the public DNS will never have (`server.local`) are meant."};
constexpr Option kForce = {.name = "force", .help = "Issue it although some program would warn or refuse."};

constexpr Option kIssueOptions[] = {
    option::kStore,
    option::kPassphraseFile,
    option::kPinFile,
    kNames,
    kPerson,
    kOut,
    {.name = "key",
     .argument = "KIND",
     .help =
         "The kind of the new key: `p256` (the default for servers), `p384`, `rsa2048`, `rsa3072` (for people), `rsa4096` or `ed25519`.",
     .offers = Offers::words,
     .words = authority::kKeyTypes},
    kDays,
    kInternal,
    kForce,
    option::kClient,
    option::kData,
};

constexpr Option kSignOptions[] = {
    option::kStore,
    option::kPassphraseFile,
    option::kPinFile,
    {.name = "csr", .argument = "FILE", .help = "The request, PEM or DER. Always needed.", .offers = Offers::file},
    kNames,
    kPerson,
    kOut,
    kDays,
    kInternal,
    kForce,
    option::kClient,
    option::kData,
};

constexpr Option kRenewOptions[] = {
    option::kStore,
    option::kPassphraseFile,
    option::kPinFile,
    {.name = "issuer",
     .help = "Make another intermediate, which issues from now on. What those before it have issued stays valid. Needs the root's key."},
    option::kRootKey,
    {.name = "key-uri", .argument = "URI", .help = "With `--issuer`: the intermediate's key is in a token already (PKCS #11)."},
    kOut,
    kDays,
    kForce,
    option::kClient,
    option::kData,
};

}  // namespace

const Command kCaIssueCommand = {
    .name = "ca issue",
    .summary = "Make a key and a certificate for it, once no selected mail program would stumble over it",
    .options = kIssueOptions,
    .run = run_ca_issue,
};

const Command kCaSignCommand = {
    .name = "ca sign",
    .summary = "Make a certificate for the key and the names of a request, or for other names",
    .options = kSignOptions,
    .run = run_ca_sign,
};

const Command kCaRenewCommand = {
    .name = "ca renew",
    .summary = "Make a certificate anew with the same names and the same key, by its serial number or its file; or another intermediate",
    .positionals = "SERIAL|FILE",
    .least = 0,
    .most = 1,
    .offers = Offers::file,
    .options = kRenewOptions,
    .run = run_ca_renew,
};

}  // namespace truename::cli
