#include "address/survey.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "probe/evidence.h"

namespace truename::address {

namespace {

using doctor::Outcome;

/// What is asked of one host: a target and its ports.
struct Visit {
    std::string host;
    bool is_web = false;
    bool is_typed = false;  // the usual ports, most of which may be closed
    std::vector<probe::Port> ports;
};

/// Not judged is better than a warning and worse than silence.
constexpr int rank(Outcome outcome) {
    switch (outcome) {
        case Outcome::silent:
            return 0;
        case Outcome::not_judged:
            return 1;
        case Outcome::warns:
            return 2;
        case Outcome::refuses:
            return 3;
    }
    return 3;
}

/// Where there is something to ask: each host once for mail and once for files.
std::vector<Visit> plan_visits(const Question& question, const std::vector<Told>& told) {
    std::vector<Visit> visits{{question.address.name, false, true, question.ports.empty() ? probe::usual_ports() : question.ports}};
    for (const Told& each : told) {
        auto found =
            std::ranges::find_if(visits, [&](const Visit& visit) { return visit.host == each.host && visit.is_web == each.is_web; });
        if (found == visits.end()) found = visits.insert(visits.end(), Visit{each.host, each.is_web, false, {}});
        if (std::ranges::find(found->ports, each.port) == found->ports.end()) found->ports.push_back(each.port);
    }
    return visits;
}

/// The addresses of a host; those that the name shall have count before it has them.
std::vector<std::string> addresses_of(const Question& question, const DnsView& dns, const std::string& host) {
    if (host == question.address.name && !question.addresses.empty()) return question.addresses;
    return dns.addresses(host);
}

Result<std::optional<probe::Evidence>, Failure> ask(const Visit& visit, const Question& question, const DnsView& dns,
                                                    const Surroundings& with) {
    const auto addresses = addresses_of(question, dns, visit.host);
    if (addresses.empty()) return std::optional<probe::Evidence>();
    probe::Options options;
    options.ports = visit.ports;
    options.limits = with.limits;
    options.fetch = probe::Fetch::issuers;
    const Time now = with.clock->now();
    const doctor::Settings& settings = visit.is_web ? *with.web : *with.mail;
    options.issuer_known = [&settings, now](Bytes certificate) { return doctor::knows_issuer(certificate, now, settings); };
    options.issuers_at_hand = [&settings](Bytes certificate) { return doctor::roots_for(certificate, settings); };
    for (const std::string& address : addresses) options.resolve.push_back({visit.host, address});
    if (with.tell) with.tell("asking " + visit.host);
    probe::Target target;
    target.text = target.name = visit.host;
    target.source = "argument";
    auto evidence = probe::probe_one(target, options, *with.clock, with.stop);
    if (!evidence) return forward_error(evidence);
    return std::optional(std::move(*evidence));
}

/// The verdict that counts most on these endpoints; null when there is none.
const doctor::Verdict* worst_verdict(const doctor::Report& report, const std::vector<std::string>& endpoints) {
    const doctor::Verdict* worst = nullptr;
    for (const doctor::Verdict& verdict : report.verdicts) {
        const bool is_here = std::ranges::any_of(
            verdict.endpoints, [&](const std::string& each) { return std::ranges::find(endpoints, each) != endpoints.end(); });
        if (is_here && doctor::counts(verdict) && (worst == nullptr || rank(verdict.outcome) > rank(worst->outcome))) worst = &verdict;
    }
    return worst;
}

/// In the words of the program: `Outlook 2007: The target principal name is incorrect.`
std::string says(const doctor::Verdict& verdict) {
    if (verdict.outcome == Outcome::silent) return {};
    const std::string words =
        verdict.dialog && !verdict.dialog->steps.empty() ? verdict.dialog->steps.front().text : verdict.why.value_or("");
    return words.empty() ? verdict.title : verdict.title + ": " + words;
}

/// What the report of a host says of one of its ports.
void judge_port(Meeting& meeting, const doctor::Report& report) {
    std::vector<std::string> endpoints;
    std::optional<doctor::EndpointState> worst_state;
    for (const doctor::Endpoint& endpoint : report.endpoints) {
        if (endpoint.protocol != probe::info(meeting.port.protocol).name || endpoint.port != meeting.port.number) continue;
        endpoints.push_back(endpoint.id);
        if (!worst_state || endpoint.state != doctor::EndpointState::judged) worst_state = endpoint.state;
        if (endpoint.state != doctor::EndpointState::judged && endpoint.error) meeting.says = endpoint.error->reason;
        const doctor::Chain* chain = endpoint.chain ? doctor::chain_named(report, *endpoint.chain) : nullptr;
        if (chain == nullptr || chain->certificates.empty() || !meeting.sha256.empty()) continue;
        meeting.names = chain->certificates.front().names;
        meeting.sha256 = chain->certificates.front().sha256;
    }
    if (worst_state) meeting.state = *worst_state;
    if (const doctor::Verdict* worst = worst_verdict(report, endpoints)) {
        meeting.outcome = worst->outcome;
        if (meeting.says.empty()) meeting.says = says(*worst);
    }
}

std::vector<Meeting> meet(const Visit& visit, const std::vector<Told>& told, const std::optional<doctor::Report>& report) {
    std::vector<Meeting> meetings;
    for (const probe::Port& port : visit.ports) {
        Meeting meeting{.port = port, .host = visit.host, .is_web = visit.is_web, .told = {}, .says = {}, .names = {}, .sha256 = {}};
        for (const Told& each : told) {
            if (each.host == visit.host && each.port == port && each.is_web == visit.is_web) meeting.told.push_back(each);
        }
        if (report)
            judge_port(meeting, *report);
        else
            meeting.says = "the name has no address";
        if (visit.is_typed && meeting.state == doctor::EndpointState::judged)
            meeting.told.insert(meeting.told.begin(), Told{port, visit.host});
        if (!meeting.told.empty()) meetings.push_back(std::move(meeting));
    }
    return meetings;
}

std::vector<ByteString> chain_on(const probe::Evidence& evidence, probe::Protocol protocol) {
    for (const probe::Endpoint& endpoint : evidence.endpoints) {
        if (endpoint.protocol == protocol && endpoint.state == probe::EndpointState::judged) return endpoint.tls.chain;
    }
    return {};
}

/// The services of the name that answer with TLS. Port 25 is not for users; what asks for TLS afterwards is announced where it stands
/// alone.
std::vector<probe::Port> services_of(const probe::Evidence& evidence) {
    std::vector<probe::Port> services;
    for (const probe::Endpoint& endpoint : evidence.endpoints) {
        const probe::Port port{endpoint.protocol, endpoint.port};
        if (endpoint.state == probe::EndpointState::judged && std::ranges::find(services, port) == services.end()) services.push_back(port);
    }
    const auto has = [&](probe::Protocol protocol) {
        return std::ranges::find(services, protocol, &probe::Port::protocol) != services.end();
    };
    std::erase_if(services, [&](const probe::Port& port) {
        return port.protocol == probe::Protocol::smtp || port.protocol == probe::Protocol::tls ||
               (port.protocol == probe::Protocol::imap && has(probe::Protocol::imaps)) ||
               (port.protocol == probe::Protocol::pop3 && has(probe::Protocol::pop3s));
    });
    return services;
}

/// Whether programs are stuck where they are sent, and nobody answers. Web servers that do not answer are passed over by programs that look
/// for files; and many networks let nobody ask port 25 of others, so that only a clear no says that mail does not arrive.
bool leads_nowhere(const Told& told, doctor::EndpointState state) {
    if (told.teller == Teller::mx) return state == doctor::EndpointState::refused;
    return told.teller == Teller::srv || (!told.is_web && told.teller != Teller::users);
}

int exit_of(const Survey& survey) {
    int code = 3;
    const auto at_least = [&](int other) {
        constexpr int kRank[] = {0, 2, 3, 1};  // 3, nothing judged, is worse than silence only
        if (code == 3 || kRank[other] > kRank[code]) code = other;
    };
    for (const auto& [question, reply] : survey.dns.replies()) {
        if (reply.outcome == net::DnsOutcome::bogus) at_least(2);
    }
    for (const RecordCheck& check : survey.records) {
        if (check.state == RecordState::there || check.state == RecordState::other) at_least(0);
        if (check.need != Need::optional && (check.state == RecordState::missing || check.state == RecordState::differs)) at_least(1);
    }
    for (const Meeting& meeting : survey.meetings) {
        if (meeting.outcome == Outcome::silent) at_least(0);
        if (meeting.outcome == Outcome::warns) at_least(1);
        // A web server that programs do not believe keeps them from its files, and perhaps asks the user, and no more.
        if (meeting.outcome == Outcome::refuses) at_least(meeting.is_web ? 1 : 2);
        if (meeting.state != doctor::EndpointState::judged &&
            std::ranges::any_of(meeting.told, [&](const Told& told) { return leads_nowhere(told, meeting.state); }))
            at_least(2);
    }
    // Users type the name into programs that read or send mail; where none of these can connect, nothing is set up.
    const bool answers = std::ranges::any_of(survey.meetings, [](const Meeting& meeting) {
        return meeting.told.front().teller == Teller::users && meeting.port.protocol != probe::Protocol::smtp;
    });
    const bool is_asked = !addresses_of(survey.question, survey.dns, survey.question.address.name).empty();
    if (is_asked && is_told(survey) && !answers) at_least(2);
    return code;
}

/// Where the ports of the name are given, mail servers meet it on that of them which is for SMTP; without one that is not asked.
void keep_to_ports(std::vector<Told>& told, const Question& question) {
    const auto smtp = std::ranges::find(question.ports, probe::Protocol::smtp, &probe::Port::protocol);
    const auto is_own = [&](const Told& each) { return each.teller == Teller::mx && each.host == question.address.name; };
    if (question.ports.empty()) return;
    if (smtp == question.ports.end()) std::erase_if(told, is_own);
    for (Told& each : told) {
        if (is_own(each)) each.port = *smtp;
    }
}

/// Whom the DNS and the files with settings send where; the DNS is asked for the hosts that only these name.
std::vector<Told> find_told(DnsView& dns, const Question& question, const Surroundings& with) {
    const InternetAddress& address = question.address;
    std::vector<Told> told = told_by_dns(dns, address);
    keep_to_ports(told, question);
    std::vector<net::DnsQuestion> questions;
    if (with.tell) with.tell("reading the files with settings for " + address.domain);
    for (const SettingsFile& file : fetch_settings(dns, address, with.fetch)) {
        for (const Told& each : file.told) {
            told.push_back(each);
            for (const net::DnsType type : {net::DnsType::a, net::DnsType::aaaa}) {
                if (dns.find(each.host, type) == nullptr) questions.push_back({each.host, type});
            }
        }
    }
    if (!questions.empty()) dns.add(with.dns->ask(questions));
    return told;
}

}  // namespace

Result<Survey, Failure> survey(const Question& question, const Surroundings& with) {
    if (with.tell) with.tell("asking the DNS about " + question.address.domain);
    Survey found{question, look_up(*with.dns, question.address, question.addresses), with.dns->unchecked_because(), {}, {}, 3};
    const std::vector<Told> told = find_told(found.dns, question, with);
    Wishes wishes{question.addresses, {}, {}, question.has_files};
    for (const Visit& visit : plan_visits(question, told)) {
        if (with.stop.stop_requested()) break;
        const auto evidence = ask(visit, question, found.dns, with);
        if (!evidence) return forward_error(evidence);
        std::optional<doctor::Report> report;
        if (*evidence) report = doctor::examine(**evidence, visit.is_web ? *with.web : *with.mail);
        if (*evidence && visit.is_typed) {
            wishes.services = services_of(**evidence);
            wishes.smtp_chain = chain_on(**evidence, probe::Protocol::smtp);
        }
        for (Meeting& meeting : meet(visit, told, report)) found.meetings.push_back(std::move(meeting));
    }
    found.records = check_records(found.dns, question.address, wishes);
    found.exit = exit_of(found);
    return found;
}

std::vector<Record> records_to_make(const Survey& survey, bool with_optional) {
    std::vector<Record> records;
    for (const RecordCheck& check : survey.records) {
        // A TLSA record names one key: whoever makes it has to change it before each new key, or loses mail.
        const bool is_left_to_people = check.need == Need::provider || check.wanted.type == net::DnsType::tlsa;
        const bool is_wanted = with_optional || check.need != Need::optional;
        if (check.state == RecordState::missing && is_wanted && !is_left_to_people) records.push_back(check.wanted);
    }
    return records;
}

bool is_told(const Survey& survey) {
    return std::ranges::any_of(survey.records, [](const RecordCheck& check) { return check.state != RecordState::unknown; });
}

std::size_t records_to_wait_for(const Survey& survey) {
    return static_cast<std::size_t>(std::ranges::count_if(survey.records, [](const RecordCheck& check) {
        return check.need == Need::needed && check.state != RecordState::there && check.state != RecordState::other;
    }));
}

}  // namespace truename::address
