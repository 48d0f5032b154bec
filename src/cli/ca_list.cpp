#include "base/json.h"
#include "base/text.h"
#include "cli/ca.h"
#include "cli/judging.h"
#include "cli/program.h"
#include "x509/crl.h"
#include "x509/print.h"

namespace truename::cli {

namespace {

std::string_view state_of(const authority::CertificateRow& row, const std::optional<authority::RevocationRow>& revoked, Time now) {
    if (revoked) return "revoked";
    if (row.signature.empty()) return "unsigned";
    return authority::to_seconds(now) > row.not_after ? "expired" : "valid";
}

std::string json_line(const authority::CertificateRow& row, const std::optional<authority::RevocationRow>& revoked, Time now) {
    JsonWriter json;
    json.begin_object().member("serial", x509::serial_hex(row.serial)).member("state", state_of(row, revoked, now));
    json.member("profile", row.profile).key("names").begin_array();
    for (const std::string_view name : split(row.names, '\n')) json.value(name);
    json.end_array().member("not_before", format_time(authority::from_seconds(row.not_before)));
    json.member("not_after", format_time(authority::from_seconds(row.not_after)));
    if (revoked) {
        json.member("revoked_at", format_time(authority::from_seconds(revoked->at)));
        json.member("reason", x509::describe_reason(static_cast<std::uint32_t>(revoked->reason)));
    }
    return json.end_object().take() + "\n";
}

std::string text_line(const authority::CertificateRow& row, const std::optional<authority::RevocationRow>& revoked, Time now) {
    const std::string state(state_of(row, revoked, now));
    const auto names = split(row.names, '\n');
    std::string line = state + std::string(10 - state.size(), ' ') + format_date(authority::from_seconds(row.not_after)) + "  " +
                       x509::serial_hex(row.serial) + "  " + printable(names.front());
    if (names.size() > 1) line += " and " + std::to_string(names.size() - 1) + " more";
    return line + "\n";
}

ExitCode run_ca_list(const Arguments& arguments, Program& program) {
    auto opened = opened_authority(arguments);
    if (!opened) return program.stop(opened.error());
    const Time now = program.clock().now();
    const bool json = arguments.has("json");
    const auto done = opened->store().each_certificate([&](const authority::CertificateRow& row, const auto& revoked) {
        program.print(json ? json_line(row, revoked, now) : text_line(row, revoked, now));
    });
    if (!done) return program.stop(stop_for(done.error()));
    return ExitCode::silent;
}

constexpr Option kListOptions[] = {
    option::kStore,
    {.name = "json", .help = "One JSON object a line."},
};

}  // namespace

const Command kCaListCommand = {
    .name = "ca list",
    .summary = "List what the authority has issued, in the order of issue",
    .options = kListOptions,
    .run = run_ca_list,
};

}  // namespace truename::cli
