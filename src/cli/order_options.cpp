#include "cli/order_options.h"

#include <charconv>
#include <filesystem>

#include "base/text.h"
#include "cli/asking.h"
#include "cli/ca.h"
#include "cli/certificate.h"
#include "cli/dns_options.h"
#include "cli/program.h"
#include "servers/command.h"

namespace truename::cli {

std::string absolute(std::string_view path) {
    std::filesystem::path whole = std::filesystem::absolute(path).lexically_normal();
    if (!whole.has_filename() && whole.has_relative_path()) whole = whole.parent_path();  // as the shell completes it
    return whole.string();
}

Result<acme::Registration, Stop> read_registration(const Arguments& arguments, Program& program) {
    acme::Registration wanted;
    wanted.mailbox = arguments.get("mailbox").value_or("");
    wanted.key_id = arguments.get("eab-key-id").value_or("");
    const auto file = arguments.get("eab-key-file");
    if (wanted.key_id.empty() == file.has_value())
        return Unexpected{usage_stop("the command line", "--eab-key-id and --eab-key-file belong together")};
    if (!file) return wanted;
    const auto text = read_secret(std::string(*file), "reading the key in", program);
    if (!text) return forward_error(text);
    auto key = from_base64url(text->view());
    if (!key || key->empty())
        return Unexpected{
            Stop{ExitCode::bad_input, {FailureKind::input, "reading the key in", printable(*file), "it is not base64url", ""}}};
    wanted.mac_key = std::move(*key);
    return wanted;
}

namespace {

/// Before anything is ordered: a folder that is not there would be known only when the authority asks.
Result<acme::Proof, Stop> read_webroot(std::string_view folder) {
    const std::string path = absolute(folder);
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) return acme::Proof{acme::Proof::Kind::webroot, path};
    return Unexpected{Stop{ExitCode::no_input,
                           {FailureKind::local, "looking for the folder of", "--webroot", "there is no folder " + printable(path),
                            "It is the one from which a web server serves the names"}}};
}

/// How the names are proved: exactly one of the three options.
Result<acme::Proof, Stop> read_proof(const Arguments& arguments) {
    using Kind = acme::Proof::Kind;
    const auto port = arguments.get("http-port"), webroot = arguments.get("webroot"), hook = arguments.get("dns-hook");
    const auto update = read_update_server(arguments, "dns-update");
    if (!update) return forward_error(update);
    if (port.has_value() + webroot.has_value() + hook.has_value() + update->has_value() != 1)
        return Unexpected{
            usage_stop("the command line", "one way to prove the names is needed",
                       "--http-port 80 where no web server runs, --webroot FOLDER where one does, --dns-hook PROGRAM or --dns-update "
                       "ADDRESS for the DNS")};
    if (webroot) return read_webroot(*webroot);
    if (port) {
        std::uint16_t number = 0;
        const auto [end, error] = std::from_chars(port->data(), port->data() + port->size(), number);
        if (error != std::errc() || end != port->data() + port->size() || number == 0)
            return Unexpected{usage_stop("--http-port", "\"" + printable(*port) + "\" is no port")};
        return acme::Proof{Kind::http_port, std::string(*port)};
    }
    acme::Proof proof;
    if (*update) {
        proof = {Kind::dns_update, (*update)->resolver, (*update)->key_file};
    } else {
        proof = {Kind::dns_hook, hook->find('/') == std::string_view::npos ? std::string(*hook) : absolute(*hook)};
        if (!servers::has_program(proof.value))
            return Unexpected{Stop{
                ExitCode::no_input,
                {FailureKind::local, "looking for the program of", "--dns-hook", printable(proof.value) + " is none that can be run", ""}}};
    }
    if (const auto text = arguments.get("dns-wait")) {
        const auto parsed = parse_seconds("--dns-wait", *text);
        if (!parsed) return forward_error(parsed);
        proof.dns_wait = std::chrono::ceil<std::chrono::seconds>(*parsed);
    }
    return proof;
}

}  // namespace

Result<acme::Ordering, Stop> read_ordering(const Arguments& arguments) {
    auto names = names_to_serve(arguments);
    if (!names) return forward_error(names);
    const auto directory = arguments.get("directory");
    if (!directory)
        return Unexpected{usage_stop("the command line", "--directory is missing",
                                     "Name the authority's: https://acme-v02.api.letsencrypt.org/directory is that of Let's Encrypt")};
    if (names->empty())
        return Unexpected{
            usage_stop("the command line", "--name is missing", "Name the server as your users type it: --name mail.example.com")};
    if (arguments.has("sni") && arguments.has("out"))
        return Unexpected{usage_stop("the command line", "--sni is about servers, and --out writes files alone", "Leave out one of them")};
    auto proof = read_proof(arguments);
    if (!proof) return forward_error(proof);
    acme::Ordering ordering{
        std::string(*directory), std::move(*names), std::move(*proof), {}, arguments.has("force"), arguments.has("sni"), {}};
    if (const auto file = arguments.get("account-key")) ordering.account_key = absolute(*file);
    if (const auto file = arguments.get("directory-roots")) ordering.directory_roots = absolute(*file);
    return ordering;
}

}  // namespace truename::cli
