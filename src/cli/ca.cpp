#include "cli/ca.h"

#include <sys/stat.h>

#include <algorithm>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/file.h"
#include "cli/judging.h"
#include "cli/program.h"
#include "x509/certificate.h"
#include "x509/pem.h"

namespace truename::cli {

Result<std::string, Stop> store_folder(const Arguments& arguments) {
    const auto folder = arguments.get("store");
    if (!folder || folder->empty())
        return Unexpected{
            usage_stop("the command line", "--store is missing", "Name the folder of the authority: --store /var/lib/truename/ca")};
    return std::string(*folder);
}

void warn_if_open(const std::string& path, Program& program) {
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 077) != 0)
        program.note("Others than its owner can get at " + printable(path) + ": chmod 600 " + printable(path));
}

Result<crypto::Secret, Stop> read_secret(const std::string& path, std::string_view doing, Program& program) {
    constexpr std::size_t kLongest = 1'023;  // OpenSSL's own limit
    crypto::forbid_dumps();
    auto bytes = read_file(path, doing, 64U << 10);
    if (!bytes) return forward_error(bytes);
    warn_if_open(path, program);
    crypto::Secret secret{std::string(as_text(*bytes).substr(0, as_text(*bytes).find_first_of("\r\n")))};
    crypto::clear(*bytes);
    if (secret.empty() || secret.view().size() > kLongest || secret.view().find('\0') != std::string_view::npos)
        return Unexpected{Stop{ExitCode::bad_input,
                               {FailureKind::input, std::string(doing), input_name(path),
                                secret.empty() ? "its first line is empty" : "its first line is too long, or no text", ""}}};
    return secret;
}

Result<crypto::Secret, Stop> read_pin(const Arguments& arguments, Program& program) {
    const bool is_known = std::ranges::any_of(arguments.command().options, [](const Option& one) { return one.name == "pin-file"; });
    std::string path = program.credential("truename-ca-pin");
    if (is_known && arguments.has("pin-file")) path = *arguments.get("pin-file");
    if (path.empty()) return crypto::Secret();
    return read_secret(path, "reading the PIN in", program);
}

Result<crypto::Secret, Stop> read_passphrase(const Arguments& arguments, Program& program, bool is_needed) {
    std::string path(arguments.get("passphrase-file").value_or(""));
    if (!arguments.has("passphrase-file")) path = program.credential("truename-ca");
    if (path.empty() && !is_needed) return crypto::Secret();
    const bool is_new = arguments.command().name == "ca init";  // for one that is there another passphrase would open nothing
    if (path.empty())
        return Unexpected{usage_stop(
            "the command line", "--passphrase-file is missing",
            is_new ? "Write a passphrase into a file that only you can read: (umask 077; head -c 32 /dev/urandom | base64 > FILE)"
                   : "Name the file with the passphrase that the authority was made with")};
    return read_secret(path, "reading the passphrase in", program);
}

Result<authority::Authority, Stop> opened_authority(const Arguments& arguments) {
    const auto folder = store_folder(arguments);
    if (!folder) return forward_error(folder);
    auto opened = authority::Authority::open(*folder);
    if (!opened) return Unexpected{stop_for(opened.error())};
    return std::move(*opened);
}

Result<authority::Authority, Stop> unlocked_authority(const Arguments& arguments, Program& program) {
    auto opened = opened_authority(arguments);
    if (!opened) return opened;
    const auto passphrase = read_passphrase(arguments, program, !opened->has_key_in_token());
    if (!passphrase) return forward_error(passphrase);
    const auto pin = read_pin(arguments, program);
    if (!pin) return forward_error(pin);
    if (const auto unlocked = opened->unlock(*passphrase, *pin); !unlocked) return Unexpected{stop_for(unlocked.error())};
    return std::move(*opened);
}

Result<ByteString, Stop> read_serial(std::string_view text, authority::Authority& authority) {
    if (auto serial = from_hex(text); serial && !serial->empty()) {
        if (serial->front() >= 0x80) serial->insert(serial->begin(), 0);  // INTEGER would be negative
        return std::move(*serial);
    }
    const auto bytes = read_file(text, "reading the certificate in", 1U << 20);
    if (!bytes) return forward_error(bytes);
    const auto bundle = x509::read_pem_bundle(*bytes, input_name(text));
    if (!bundle) return Unexpected{stop_for(bundle.error())};
    const std::vector<Bytes> certificates = bundle->all(x509::PemKind::certificate);
    const auto certificate = certificates.empty() ? Result<x509::Certificate, x509::ParseError>(Unexpected{x509::ParseError{}})
                                                  : x509::parse_certificate(certificates.front());
    if (!certificate)
        return Unexpected{Stop{ExitCode::bad_input,
                               {FailureKind::input, "reading the certificate in", input_name(text), "there is none that can be read", ""}}};
    if (const auto own = authority.check_is_own(*certificate); !own) return Unexpected{stop_for(own.error())};
    return to_owned(certificate->serial_number);
}

std::string describe(const authority::PublishedList& list) {
    return "revocation list " + std::to_string(list.number) + " with " + std::to_string(list.entries) +
           (list.entries == 1 ? " entry" : " entries") + " until " + format_date(list.next_update) + ": " + printable(list.file);
}

namespace {

const Command kSubcommands[] = {kCaInitCommand, kCaIssueCommand, kCaSignCommand,  kCaRenewCommand,  kCaRevokeCommand, kCaCrlCommand,
                                kCaListCommand, kCaShowCommand,  kCaAuditCommand, kCaExportCommand, kCaBackupCommand, kCaRestoreCommand};

}  // namespace

const Command kCaCommand = {
    .name = "ca",
    .summary = "Be a certificate authority of your own",
    .subcommands = kSubcommands,
};

}  // namespace truename::cli
