#include <algorithm>
#include <array>

#include "base/text.h"
#include "cli/ca.h"
#include "cli/file.h"
#include "cli/judging.h"
#include "cli/program.h"
#include "x509/certificate.h"
#include "x509/pem.h"

namespace truename::cli {

namespace {

/// CRLReason (RFC 5280 5.3.1) as far as it is said of a certificate of a server or a person.
constexpr std::array<std::pair<std::string_view, std::int64_t>, 6> kReasons = {{{"unspecified", 0},
                                                                                {"keyCompromise", 1},
                                                                                {"affiliationChanged", 3},
                                                                                {"superseded", 4},
                                                                                {"cessationOfOperation", 5},
                                                                                {"privilegeWithdrawn", 9}}};

/// A serial number in hexadecimal, or the first certificate of a file.
Result<ByteString, Stop> read_serial(std::string_view text) {
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
    return to_owned(certificate->serial_number);
}

void print_lists(const std::vector<authority::PublishedList>& lists, Program& program) {
    for (const authority::PublishedList& list : lists) program.print("Made " + describe(list) + "\n");
}

ExitCode run_ca_revoke(const Arguments& arguments, Program& program) {
    const auto serial = read_serial(arguments.positionals().front());
    if (!serial) return program.stop(serial.error());
    const std::string_view word = arguments.get("reason").value_or("unspecified");
    const auto* reason = std::ranges::find(kReasons, word, [](const auto& row) { return row.first; });
    auto opened = unlocked_authority(arguments, program);
    if (!opened) return program.stop(opened.error());
    const auto lists = opened->revoke(*serial, reason->second, program.clock().now());
    if (!lists) return program.stop(stop_for(lists.error()));
    program.print("Revoked.\n");
    print_lists(*lists, program);
    return ExitCode::silent;
}

ExitCode run_ca_crl(const Arguments& arguments, Program& program) {
    auto opened = unlocked_authority(arguments, program);
    if (!opened) return program.stop(opened.error());
    program.set_activity("making revocation lists");
    const auto lists = opened->publish_lists(program.clock().now(), !arguments.has("due"));
    program.end_activity();
    if (!lists) return program.stop(stop_for(lists.error()));
    if (lists->empty()) program.print("No revocation list is due.\n");
    print_lists(*lists, program);
    return ExitCode::silent;
}

constexpr Option kRevokeOptions[] = {
    option::kStore,
    option::kPassphraseFile,
    {.name = "reason",
     .argument = "WORD",
     .help = "Why (RFC 5280 5.3.1): `unspecified` (the default), `keyCompromise` ...",
     .offers = Offers::words,
     .words = "unspecified keyCompromise affiliationChanged superseded cessationOfOperation privilegeWithdrawn"},
};

constexpr Option kCrlOptions[] = {
    option::kStore,
    option::kPassphraseFile,
    {.name = "due", .help = "Only those whose time is half over: for a timer."},
};

}  // namespace

const Command kCaRevokeCommand = {
    .name = "ca revoke",
    .summary = "Take a certificate back, by its serial number or its file, and make the revocation list that says so",
    .positionals = "SERIAL|FILE",
    .least = 1,
    .most = 1,
    .offers = Offers::file,
    .options = kRevokeOptions,
    .run = run_ca_revoke,
};

const Command kCaCrlCommand = {
    .name = "ca crl",
    .summary = "Make the revocation lists anew",
    .options = kCrlOptions,
    .run = run_ca_crl,
};

}  // namespace truename::cli
