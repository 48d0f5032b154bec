#include "base/json.h"
#include "base/text.h"
#include "cli/ca.h"
#include "cli/judging.h"
#include "cli/program.h"
#include "x509/crl.h"
#include "x509/print.h"

namespace truename::cli {

namespace {

Result<authority::Authority, Stop> opened_authority(const Arguments& arguments) {
    const auto folder = store_folder(arguments);
    if (!folder) return forward_error(folder);
    auto opened = authority::Authority::open(*folder);
    if (!opened) return Unexpected{stop_for(opened.error())};
    return std::move(*opened);
}

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

ExitCode run_ca_show(const Arguments& arguments, Program& program) {
    auto opened = opened_authority(arguments);
    if (!opened) return program.stop(opened.error());
    std::size_t certificates = 0, revoked_ones = 0;
    const auto seen = opened->store().each_certificate([&](const authority::CertificateRow&, const auto& revoked) {
        ++certificates;
        revoked_ones += revoked.has_value();
    });
    if (!seen) return program.stop(stop_for(seen.error()));
    const auto lists = opened->store().newest_lists();
    if (!lists) return program.stop(stop_for(lists.error()));
    const auto root = x509::parse_certificate(opened->root());
    const x509::Certificate& intermediate = opened->signer().certificate;
    std::string text;
    text += "root          " + x509::to_string(root->subject) + ", until " + format_date(root->validity.not_after.time) + "\n";
    text +=
        "intermediate  " + x509::to_string(intermediate.subject) + ", until " + format_date(intermediate.validity.not_after.time) + "\n";
    for (const authority::IssuerRow& row : opened->earlier_intermediates()) {
        const auto earlier = x509::parse_certificate(row.certificate);
        if (earlier)
            text +=
                "before it     " + x509::to_string(earlier->subject) + ", until " + format_date(earlier->validity.not_after.time) + "\n";
    }
    text += "may issue for " +
            (opened->signer().domains.empty() ? "any name" : join(opened->signer().domains, ", ") + " and no other domain") + "\n";
    text += "fingerprint   " + to_hex(crypto::sha256(opened->root())) + " (SHA-256 of the root)\n";
    text += "certificates  " + std::to_string(certificates) + ", of them " + std::to_string(revoked_ones) + " revoked\n";
    for (const authority::ListRow& list : *lists)
        text += "list          " + authority::list_file(list.issuer, list.shard) + ": number " + std::to_string(list.number) + ", " +
                std::to_string(list.entries) + (list.entries == 1 ? " entry" : " entries") + ", until " +
                format_date(authority::from_seconds(list.next_update)) + "\n";
    program.print(text);
    return ExitCode::silent;
}

constexpr Option kListOptions[] = {
    option::kStore,
    {.name = "json", .help = "One JSON object a line."},
};

constexpr Option kShowOptions[] = {option::kStore};

}  // namespace

const Command kCaListCommand = {
    .name = "ca list",
    .summary = "List what the authority has issued, in the order of issue",
    .options = kListOptions,
    .run = run_ca_list,
};

const Command kCaShowCommand = {
    .name = "ca show",
    .summary = "Show the authority: its certificates, for whom it may issue, how many it has",
    .options = kShowOptions,
    .run = run_ca_show,
};

}  // namespace truename::cli
