#include "base/text.h"
#include "cli/mail.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "mail/decrypt.h"

namespace truename::cli {

namespace {

/// Says what can be said of a message that was opened; refuses where nothing of it may be shown.
ExitCode tell(const mail::DecryptVerdict& verdict, Program& program) {
    if (!verdict.signature) {
        if (verdict.is_protected) {
            program.note("Nobody has signed it, so nobody knows from whom it is. What was encrypted to you is as somebody wrote it (" +
                         verdict.cipher + "); the header was not protected, and anybody can encrypt another message.");
            return ExitCode::silent;
        }
        program.complain({ExitCode::warns,
                          {FailureKind::refused, "decrypting", "the message",
                           "it is not protected against change (" + verdict.cipher +
                               " without a signature): what is written may differ from what was sent, and nobody knows by whom",
                           "Ask for it with a signature"}});
        return ExitCode::warns;
    }
    switch (verdict.signature->belief) {
        case mail::Belief::all_well:
            tell_signature(*verdict.signature, ExitCode::silent, program);
            return ExitCode::silent;
        case mail::Belief::unknown:
        case mail::Belief::intact:
            tell_signature(*verdict.signature, ExitCode::warns, program);
            return ExitCode::warns;
        case mail::Belief::none:
            tell_signature(*verdict.signature, ExitCode::refuses, program);
            return ExitCode::refuses;
    }
    return ExitCode::refuses;
}

ExitCode run_mail_decrypt(const Arguments& arguments, Program& program) {
    const auto identity = read_identity(arguments, program, true);
    if (!identity) return program.stop(identity.error());
    auto trust = read_trust(arguments);
    if (!trust) return program.stop(trust.error());
    // Who vouches for oneself may vouch for others, unless somebody else is named.
    for (const ByteString& issuer : (*identity)->issuers) {
        if (!arguments.has("trust")) (void)trust->add_certificate(issuer, true);
    }
    auto options = verify_options(arguments, *trust, program);
    if (!options) return program.stop(options.error());
    mail::MessageDecryptor decryptor(**identity, std::move(*options));
    if (const auto pushed = push_message(arguments, decryptor); !pushed) return program.stop(pushed.error());
    const ExitCode code = tell(decryptor.verdict(), program);
    if (code == ExitCode::refuses) return code;
    // Who says from whom it must be wants nothing of anybody else, and nothing that nobody has signed.
    const auto& signature = decryptor.verdict().signature;
    if (arguments.has("from") && (!signature || signature->belief != mail::Belief::all_well))
        return program.stop({ExitCode::refuses,
                             {FailureKind::refused, "decrypting", "the message",
                              "it is not sure that it is from " + printable(*arguments.get("from")) + ", so nothing is written", ""}});
    OutputSink output(program);
    if (const auto written = decryptor.write_content(output); !written) return program.stop(stop_for_mail(written.error()));
    return code;
}

constexpr Option kOptions[] = {option::kMailKey,   option::kMailCert, option::kMailPassphrase,
                               option::kMailTrust, option::kMailFrom, option::kAt};

}  // namespace

const Command kMailDecryptCommand = {
    .name = "mail decrypt",
    .summary = "Open a message that was encrypted to you, check a signature inside, and write what it says",
    .positionals = "[FILE]",
    .least = 0,
    .most = 1,
    .offers = Offers::file,
    .options = kOptions,
    .run = run_mail_decrypt,
};

}  // namespace truename::cli
