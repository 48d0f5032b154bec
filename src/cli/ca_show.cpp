#include <algorithm>
#include <map>

#include "base/text.h"
#include "cli/ca.h"
#include "cli/judging.h"
#include "cli/preflight.h"
#include "cli/program.h"
#include "cli/shared_options.h"
#include "cli/wrap.h"
#include "x509/print.h"

namespace truename::cli {

namespace {

/// The outcome of each client; the worst where it has several verdicts.
std::map<std::string, doctor::Outcome> outcomes(const doctor::Report& report) {
    std::map<std::string, doctor::Outcome> worst;
    for (const doctor::Verdict& verdict : report.verdicts) {
        const auto [row, is_new] = worst.emplace(verdict.title, verdict.outcome);
        if (!is_new) row->second = std::max(row->second, verdict.outcome);
    }
    return worst;
}

/// What somebody who has the intermediate's key could make for a name that the authority may not issue for; nothing when there is no such
/// name to try.
std::optional<authority::Draft> outsider(const authority::Authority& authority, ByteString public_key_info, Time now) {
    authority::Signer thief = authority.signer();
    thief.domains.clear();
    authority::Order order{authority::find_certificate_profile("server"), {}, std::move(public_key_info), {}, true};
    for (const std::string& name : {std::string("mail.example.org"), "mail.not-" + authority.signer().domains.front()}) {
        order.names = {name};
        auto draft = authority::make_draft(order, thief, 0, now);
        if (draft && !authority::make_draft(order, authority.signer(), 0, now)) return std::move(*draft);
    }
    return std::nullopt;
}

void add_names(std::string& text, std::string_view heading, const std::vector<std::string>& names) {
    if (names.empty()) return;
    text += "  " + std::string(heading) + std::string(14 - heading.size(), ' ');
    append_wrapped(text, join(names, ", "), 16, 16, 100);
}

/// Which programs hold the authority to its domains: those that say nothing to a name inside of them, and do not say nothing to one
/// outside.
Result<std::string, Stop> limits_in_words(const authority::Authority& authority, const Arguments& arguments, const Program& program) {
    if (authority.signer().domains.empty()) return std::string();
    const Time now = program.clock().now();
    const auto key = authority::make_key(authority::KeyType::p256);
    if (!key) return Unexpected{stop_for(key.error())};
    const auto outside = outsider(authority, key->public_key_info(), now);
    authority::Order order{authority::find_certificate_profile("server"), {}, key->public_key_info(), {}, true};
    order.names = {"mail." + authority.signer().domains.front()};
    const auto inside = authority::make_draft(order, authority.signer(), 0, now);
    if (!outside || !inside) return std::string();

    const auto settings = settings_with_root(authority, arguments);
    if (!settings) return forward_error(settings);
    const auto of_inside = judge_draft(*inside, authority, inside->names.front(), *settings, now);
    if (!of_inside) return forward_error(of_inside);
    const auto of_outside = judge_draft(*outside, authority, outside->names.front(), *settings, now);
    if (!of_outside) return forward_error(of_outside);
    const auto usual = outcomes(*of_inside);
    std::vector<std::string> hold, let_pass, unknown;
    for (const auto& [title, outcome] : outcomes(*of_outside)) {
        const auto before = usual.find(title);
        const bool is_known = before != usual.end() && before->second == doctor::Outcome::silent && outcome != doctor::Outcome::not_judged;
        (!is_known ? unknown : outcome == doctor::Outcome::silent ? let_pass : hold).push_back(title);
    }
    std::string text = "\nA certificate of this authority for " + outside->names.front() + ", outside of its domains:\n";
    add_names(text, "stopped by", hold);
    add_names(text, "taken by", let_pass);
    add_names(text, "not known of", unknown);
    return text;
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
    text += "intermediate  " + x509::to_string(intermediate.subject) + ", until " + format_date(intermediate.validity.not_after.time) +
            (opened->is_revoked() ? ", revoked: make another with truename ca renew --issuer" : "") + "\n";
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
    const auto limits = limits_in_words(*opened, arguments, program);
    if (!limits) return program.stop(limits.error());
    program.print(text + *limits);
    return ExitCode::silent;
}

constexpr Option kOptions[] = {option::kStore, option::kClient, option::kData};

}  // namespace

const Command kCaShowCommand = {
    .name = "ca show",
    .summary = "Show the authority: its certificates, for whom it may issue and who holds it to that, how many it has",
    .options = kOptions,
    .run = run_ca_show,
};

}  // namespace truename::cli
