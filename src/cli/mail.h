#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "mail/identity.h"
#include "mail/sink.h"
#include "mail/verify.h"

namespace truename::cli {

class Program;

// The subcommands of `mail`, one file each; mail.cpp lists them.
extern const Command kMailEncryptCommand;  ///< mail_encrypt.cpp
extern const Command kMailDecryptCommand;  ///< mail_decrypt.cpp
extern const Command kMailSignCommand;     ///< mail_sign.cpp
extern const Command kMailVerifyCommand;   ///< mail_verify.cpp
extern const Command kMailShowCommand;     ///< mail_show.cpp

namespace option {

inline constexpr Option kMailKey = {.name = "key", .argument = "FILE", .help = "Your private key, in PEM.", .offers = Offers::file};

inline constexpr Option kMailCert = {
    .name = "cert",
    .argument = "FILE",
    .help = "The certificate that belongs to the key, and those of its issuers (`fullchain.pem`).",
    .offers = Offers::file,
};

inline constexpr Option kMailPassphrase = {
    .name = "passphrase-file", .argument = "FILE", .help = "The file whose first line opens a locked key.", .offers = Offers::file};

inline constexpr Option kMailTrust = {
    .name = "trust",
    .argument = "WHAT",
    .help =
        "Who may vouch for a signer: a file of certificates, or `system` (this machine's list, which counts where there is no `--trust`).",
    .repeatable = true,
    .offers = Offers::file,
    .words = "system",
    .open_words = true,
};

inline constexpr Option kMailFrom = {
    .name = "from", .argument = "ADDRESS", .help = "From whom it must be. Its own From must name the signer in any case."};

}  // namespace option

/// Writes to standard output. Once the reader has gone, or nothing can be written, it is a failure.
class OutputSink : public mail::Sink {
  public:
    explicit OutputSink(Program& program) : program_(program) {}
    mail::Outcome write(Bytes piece) override;
    mail::Outcome finish() override { return {}; }

  private:
    Program& program_;
};

/// Pushes a message through: the file that is named, or standard input. Finishes the sink.
[[nodiscard]] Result<void, Stop> push_message(const Arguments& arguments, mail::Sink& sink);

/// A failure of the module with the code that it stands for: what was refused 2, a message that is not what it should be 65, a file that
/// cannot be written 73.
[[nodiscard]] Stop stop_for_mail(Failure failure);

/// The certificates of a file, DER, in their order; at least one.
[[nodiscard]] Result<std::vector<ByteString>, Stop> read_certificates(std::string_view path);

/// `--key` and `--cert`; nothing when neither was given. Stops with usage when one of the two is missing, or both are and are `needed`.
[[nodiscard]] Result<std::optional<mail::Identity>, Stop> read_identity(const Arguments& arguments, Program& program, bool needed);

/// `--trust` as stores that live as long as what is judged by them.
[[nodiscard]] Result<verify::TrustStores, Stop> read_trust(const Arguments& arguments);

/// Where large messages wait until they are checked: `TMPDIR`, or /var/tmp.
[[nodiscard]] std::string spool_folder();

/// How signatures are judged: `--from`, `--at`. Borrows `trust`.
[[nodiscard]] Result<mail::VerifyOptions, Stop> verify_options(const Arguments& arguments, const verify::TrustStores& trust,
                                                               const Program& program);

/// Says who signed, and every doubt: as complaints with that code, or as notes when it is silent.
void tell_signature(const mail::SignatureVerdict& verdict, ExitCode code, Program& program);

}  // namespace truename::cli
