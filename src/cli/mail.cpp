#include "cli/mail.h"

#include <cstdlib>

#include "base/text.h"
#include "cli/ca.h"
#include "cli/commands.h"
#include "cli/file.h"
#include "cli/judging.h"
#include "cli/message_input.h"
#include "cli/program.h"
#include "x509/mailbox.h"
#include "x509/pem.h"

namespace truename::cli {

namespace {

/// A doubt as the end of a sentence that began.
std::string continued(std::string text) {
    if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a' && text[1] <= 'z')
        text[0] = static_cast<char>(text[0] - 'A' + 'a');
    return text;
}

Result<crypto::PrivateKey, Stop> read_key(const Arguments& arguments, Program& program) {
    const std::string path(*arguments.get("key"));
    const auto stop = [&](std::string reason, std::string next) {
        return Unexpected{Stop{ExitCode::bad_input,
                               {FailureKind::input, "reading the private key in", input_name(path), std::move(reason), std::move(next)}}};
    };
    crypto::forbid_dumps();
    crypto::Secret passphrase;
    if (const auto file = arguments.get("passphrase-file")) {
        auto read = read_secret(std::string(*file), "reading the passphrase in", program);
        if (!read) return forward_error(read);
        passphrase = std::move(*read);
    }
    auto bytes = read_file(path, "reading the private key in", std::size_t{64} << 10);
    if (!bytes) return forward_error(bytes);
    warn_if_open(path, program);
    const bool is_locked = as_text(*bytes).find("ENCRYPTED") != std::string_view::npos;
    auto key = crypto::PrivateKey::from_pem(as_text(*bytes), passphrase.view());
    crypto::clear(*bytes);
    if (key) return std::move(*key);
    if (key.error().kind == ErrorKind::missing) return stop("there is no private key in it", "");
    if (is_locked && passphrase.empty()) return stop("it is locked", "Name the file with its passphrase: --passphrase-file FILE");
    return stop(is_locked ? "the passphrase does not open it" : "the key cannot be read", "");
}

}  // namespace

mail::Outcome OutputSink::write(Bytes piece) {
    program_.print(as_text(piece));
    if (const auto failure = program_.output_failure()) return Unexpected{failure->failure};
    if (program_.reader_gone())
        return Unexpected{Failure{FailureKind::local, "writing", "the message", "the reader has gone before its end", ""}};
    return {};
}

Result<void, Stop> push_message(const Arguments& arguments, mail::Sink& sink) {
    const auto input = MessageInput::open(arguments);
    if (!input) return forward_error(input);
    return (*input)->push(sink);
}

Stop stop_for_mail(Failure failure) {
    failure.reason = continued(std::move(failure.reason));
    const ExitCode code = failure.kind == FailureKind::refused ? ExitCode::refuses
                          : failure.kind == FailureKind::local ? ExitCode::no_write
                                                               : stop_for(failure).code;
    return {code, std::move(failure)};
}

Result<std::vector<ByteString>, Stop> read_certificates(std::string_view path) {
    const auto bytes = read_file(path, "reading the certificates in", std::size_t{4} << 20);
    if (!bytes) return forward_error(bytes);
    const auto bundle = x509::read_pem_bundle(*bytes, input_name(path));
    if (!bundle) return Unexpected{stop_for(bundle.error())};
    std::vector<ByteString> certificates;
    for (const Bytes der : bundle->all(x509::PemKind::certificate)) {
        if (x509::parse_certificate(der)) certificates.push_back(to_owned(der));
    }
    if (certificates.empty())
        return Unexpected{
            Stop{ExitCode::bad_input,
                 {FailureKind::input, "reading the certificates in", input_name(path), "there is none that can be read", ""}}};
    return certificates;
}

Result<std::optional<mail::Identity>, Stop> read_identity(const Arguments& arguments, Program& program, bool needed) {
    const bool has_key = arguments.has("key"), has_cert = arguments.has("cert");
    if (!has_key && !has_cert && !needed) return std::optional<mail::Identity>();
    if (!has_key || !has_cert)
        return Unexpected{
            usage_stop("the command line", std::string(has_key ? "--cert" : "--key") + " is missing",
                       "Name your private key and the certificate that belongs to it: --key privkey.pem --cert fullchain.pem")};
    const auto certificates = read_certificates(*arguments.get("cert"));
    if (!certificates) return forward_error(certificates);
    auto key = read_key(arguments, program);
    if (!key) return forward_error(key);
    auto identity = mail::Identity::make(std::move(*key), {certificates->begin(), certificates->end()});
    if (!identity) return Unexpected{stop_for(identity.error())};
    return std::optional(std::move(*identity));
}

Result<verify::TrustStores, Stop> read_trust(const Arguments& arguments) {
    constexpr const char* kSystemRoots = "/etc/ssl/certs/ca-certificates.crt";
    verify::TrustStores trust;
    trust.use_shipped(false);  // which of those roots vouch for mail is not known
    std::vector<std::string_view> wanted = arguments.all("trust");
    const bool is_default = wanted.empty();
    if (is_default) wanted.push_back("system");
    for (const std::string_view each : wanted) {
        const bool is_system = each == "system";
        const auto bytes = read_file(is_system ? kSystemRoots : each, "reading the roots in");
        if (!bytes && is_system && is_default) continue;  // a machine without a list trusts nobody
        if (!bytes) return forward_error(bytes);
        const auto added = is_system ? trust.add_system(*bytes, kSystemRoots) : trust.add(*bytes, input_name(each));
        if (!added) return Unexpected{stop_for(added.error())};
    }
    return trust;
}

std::string spool_folder() {
    const char* folder = std::getenv("TMPDIR");
    return folder != nullptr && *folder != '\0' ? folder : "/var/tmp";
}

Result<mail::VerifyOptions, Stop> verify_options(const Arguments& arguments, const verify::TrustStores& trust, const Program& program) {
    mail::VerifyOptions options;
    options.trust = &trust;
    const auto at = judging_time(arguments);
    if (!at) return forward_error(at);
    options.at = at->value_or(program.clock().now());
    if (const auto from = arguments.get("from")) {
        if (!x509::parse_mailbox(*from))
            return Unexpected{usage_stop("--from", "\"" + printable(*from) + "\" is no address", "Write it as ann@example.com")};
        options.from = std::string(*from);
    }
    options.spool_folder = spool_folder();
    return options;
}

void tell_signature(const mail::SignatureVerdict& verdict, ExitCode code, Program& program) {
    const auto doubt = [&](const std::string& text) {
        if (code == ExitCode::silent) {
            program.note(text + ".");
        } else {
            program.complain({code, {FailureKind::refused, "checking the signature of", "the message", continued(text), ""}});
        }
    };
    for (const mail::SignerOpinion& signer : verdict.signers) {
        if (signer.is_intact) {
            std::string text = "Signed by " + signer.who;
            if (signer.signing_time) text += " (who says it was on " + format_date(*signer.signing_time) + ")";
            text += ", and the content is unchanged since; Subject, date and recipients are not covered.";
            if (!signer.vouched.empty()) text += " " + signer.vouched + ".";
            program.note(text);
        }
        for (const std::string& text : signer.doubts) doubt(text);
    }
    for (const std::string& text : verdict.doubts) doubt(text);
}

namespace {

const Command kSubcommands[] = {kMailEncryptCommand, kMailDecryptCommand, kMailSignCommand, kMailVerifyCommand, kMailShowCommand};

}  // namespace

const Command kMailCommand = {
    .name = "mail",
    .summary = "Sign, encrypt, check and open mail messages (S/MIME)",
    .subcommands = kSubcommands,
};

}  // namespace truename::cli
