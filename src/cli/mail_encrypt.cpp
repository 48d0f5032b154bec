#include "base/text.h"
#include "cli/judging.h"
#include "cli/keys.h"
#include "cli/mail.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "mail/message_encryptor.h"

namespace truename::cli {

namespace {

/// The certificate in a file that `--to` names: the first.
Result<ByteString, Stop> read_recipient(std::string_view to, Time now) {
    auto certificates = read_certificates(to);
    if (!certificates) return forward_error(certificates);
    const mail::Outcome may = mail::check_may_receive(*x509::parse_certificate(certificates->front()), now);
    if (!may) return Unexpected{stop_for_mail(may.error())};
    return std::move(certificates->front());
}

/// The certificate of an address, when somebody vouches for it.
Result<ByteString, Stop> find_recipient(std::string_view address, const Arguments& arguments, Program& program) {
    auto opened = open_keys(arguments, program, sql::Access::read);
    if (!opened) return forward_error(opened);
    auto key = opened->directory.choose(address);
    if (!key) return Unexpected{stop_for_mail(key.error())};
    program.note("To " + printable(address) + ", key " + keys::fingerprint_text(*key).substr(0, 23) + "..., vouched for by " +
                 key->vouched + ".");
    return std::move(key->row.certificate);
}

/// Something with an @ in it is an address; a file of such a name is written with its folder: `./ann@example.com`.
bool is_address(std::string_view to) {
    return to.find('@') != std::string_view::npos && to.find('/') == std::string_view::npos;
}

ExitCode run_mail_encrypt(const Arguments& arguments, Program& program) {
    const auto signer = read_identity(arguments, program, false);
    if (!signer) return program.stop(signer.error());
    if (!arguments.has("to"))
        return program.stop(usage_stop("the command line", "--to is missing",
                                       "Name whoever shall read it: --to ann@example.com, or the file of a certificate"));
    mail::EncryptOptions options;
    options.at = program.clock().now();
    const auto at = judging_time(arguments);
    if (!at) return program.stop(at.error());
    options.cipher = arguments.has("gcm") ? crypto::CipherKind::aes256_gcm : crypto::CipherKind::aes256_cbc;
    for (const std::string_view to : arguments.all("to")) {
        auto recipient = is_address(to) ? find_recipient(to, arguments, program) : read_recipient(to, at->value_or(options.at));
        if (!recipient) return program.stop(recipient.error());
        options.recipients.push_back(std::move(*recipient));
    }
    if (*signer) {
        // Oneself, so that what was sent can be read later.
        options.signer = &**signer;
        const mail::Outcome may = mail::check_may_receive((*signer)->own(), options.at);
        if (may)
            options.recipients.push_back((*signer)->certificate);
        else
            program.note("You will not be able to read it yourself: " + may.error().reason + ".");
    } else {
        program.note("It does not say from whom it is: without --key and --cert it is encrypted and not signed.");
    }
    OutputSink output(program);
    mail::MessageEncryptor encryptor(std::move(options), output);
    if (const auto pushed = push_message(arguments, encryptor); !pushed) return program.stop(pushed.error());
    return ExitCode::silent;
}

constexpr Option kOptions[] = {
    {.name = "to",
     .argument = "WHO",
     .help = "Somebody who shall read it: an address whose key is known (`truename keys`), or the file of a certificate. Always needed.",
     .repeatable = true,
     .offers = Offers::file},
    option::kMailKey,
    option::kMailCert,
    option::kMailPassphrase,
    option::kKeyStore,
    option::kKeyTrust,
    option::kAt,
    {.name = "gcm", .help = "Encrypt with AES-256-GCM, which many mail programs cannot read yet, instead of AES-256-CBC."},
};

}  // namespace

const Command kMailEncryptCommand = {
    .name = "mail encrypt",
    .summary = "Encrypt a message, signed before with --key and --cert, so that only its recipients read it",
    .positionals = "[FILE]",
    .least = 0,
    .most = 1,
    .offers = Offers::file,
    .options = kOptions,
    .run = run_mail_encrypt,
};

}  // namespace truename::cli
