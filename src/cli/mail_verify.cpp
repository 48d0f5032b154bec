#include "cli/mail.h"
#include "cli/message_input.h"
#include "cli/program.h"
#include "cli/shared_options.h"

namespace truename::cli {

namespace {

ExitCode run_mail_verify(const Arguments& arguments, Program& program) {
    const auto trust = read_trust(arguments);
    if (!trust) return program.stop(trust.error());
    auto options = verify_options(arguments, *trust, program);
    if (!options) return program.stop(options.error());
    const auto input = MessageInput::open(arguments);
    if (!input) return program.stop(input.error());
    options->source = (*input)->source();
    mail::MessageVerifier verifier(std::move(*options));
    if (const auto pushed = (*input)->push(verifier); !pushed) return program.stop(pushed.error());
    const bool is_good = verifier.verdict().belief == mail::Belief::all_well;
    tell_signature(verifier.verdict(), is_good ? ExitCode::silent : ExitCode::refuses, program);
    if (!is_good) return ExitCode::refuses;
    OutputSink output(program);
    if (const auto written = verifier.write_content(output); !written) return program.stop(stop_for_mail(written.error()));
    return ExitCode::silent;
}

constexpr Option kOptions[] = {option::kMailTrust, option::kMailFrom, option::kAt};

}  // namespace

const Command kMailVerifyCommand = {
    .name = "mail verify",
    .summary = "Check who signed a message, who vouches for him, and that it is unchanged; then write what was signed",
    .positionals = "[FILE]",
    .least = 0,
    .most = 1,
    .offers = Offers::file,
    .options = kOptions,
    .run = run_mail_verify,
};

}  // namespace truename::cli
