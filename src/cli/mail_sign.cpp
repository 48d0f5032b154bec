#include "cli/mail.h"
#include "cli/program.h"
#include "mail/message_signer.h"

namespace truename::cli {

namespace {

ExitCode run_mail_sign(const Arguments& arguments, Program& program) {
    const auto identity = read_identity(arguments, program, true);
    if (!identity) return program.stop(identity.error());
    OutputSink output(program);
    mail::MessageSigner signer(**identity, program.clock().now(), output);
    if (const auto pushed = push_message(arguments, signer); !pushed) return program.stop(pushed.error());
    if (signer.has_8bit())
        program.note(
            "The message has letters beyond ASCII that are not encoded. A server that encodes them on the way breaks the signature; "
            "quoted-printable or base64 would be safe.");
    return ExitCode::silent;
}

constexpr Option kOptions[] = {option::kMailKey, option::kMailCert, option::kMailPassphrase};

}  // namespace

const Command kMailSignCommand = {
    .name = "mail sign",
    .summary = "Sign a message, so that its reader knows from whom it is and that nobody changed it",
    .positionals = "[FILE]",
    .least = 0,
    .most = 1,
    .offers = Offers::file,
    .options = kOptions,
    .run = run_mail_sign,
};

}  // namespace truename::cli
