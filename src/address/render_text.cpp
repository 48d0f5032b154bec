#include <algorithm>

#include "address/records_text.h"
#include "address/render.h"
#include "base/text.h"
#include "doctor/render/layout.h"
#include "x509/dns_name.h"

namespace truename::address {

namespace {

/// `text` and blanks up to that many columns, at least one.
std::string padded(std::string text, std::size_t width) {
    text.resize(std::max(width, text.size() + 1), ' ');
    return text;
}

std::string count(std::size_t number, std::string_view one, std::string_view many) {
    return std::to_string(number) + " " + std::string(number == 1 ? one : many);
}

/// A name with how people read it behind it, where that differs.
std::string shown(const std::string& name) {
    const std::string unicode = x509::to_u_labels(name);
    return unicode == name ? printable(name) : printable(unicode) + " (" + printable(name) + ")";
}

std::string headline(const Survey& survey) {
    const auto bad = static_cast<std::size_t>(std::ranges::count_if(survey.records, [](const RecordCheck& check) {
        return check.need != Need::optional && (check.state == RecordState::missing || check.state == RecordState::differs);
    }));
    const auto refused = static_cast<std::size_t>(std::ranges::count_if(survey.meetings, [](const Meeting& meeting) {
        return meeting.outcome == doctor::Outcome::warns || meeting.outcome == doctor::Outcome::refuses;
    }));
    std::string text = shown(survey.question.address.name);
    switch (survey.exit) {
        case 0:
            return text + " is set up: everything that the users' programs look for is there.";
        case 3:
            return text + (is_told(survey) ? ": nothing answered at its ports, so nothing is known of them."
                                           : ": the DNS did not answer, so nothing is known. --resolver names another server to ask.");
        default:
            break;
    }
    std::vector<std::string> parts;
    if (bad > 0) parts.push_back(count(bad, "record is missing or wrong", "records are missing or wrong"));
    if (refused > 0) parts.push_back("programs complain at " + count(refused, "port", "ports"));
    if (parts.empty()) parts.emplace_back("programs are sent where nothing answers, or no port of the name does");
    return text + " is not set up yet: " + join(parts, ", and ") + ".";
}

std::string proof_in_words(const Survey& survey) {
    const net::DnsReply* reply = survey.dns.find(survey.question.address.name, net::DnsType::a);
    if (reply == nullptr) return {};
    if (reply->outcome == net::DnsOutcome::bogus) return "NOT what the zone has signed: " + printable(reply->reason);
    if (reply->proof == net::DnsProof::secure) return "signed, and the signatures are good";
    if (reply->proof == net::DnsProof::insecure) return "not signed";
    return "not checked" + (survey.unchecked_because.empty() ? "" : ": " + survey.unchecked_because);
}

std::string caa_in_words(const Survey& survey) {
    std::vector<std::string> records;
    for (const net::CaaRecord& record : survey.dns.caa(survey.question.address)) records.push_back(to_data(record));
    if (!records.empty()) return "CAA " + join(records, ", ");
    return survey.dns.knows_caa(survey.question.address) ? "every authority may make certificates (no CAA record)"
                                                         : "who may make them is not known: the DNS did not answer";
}

void add_records(std::string& text, const Survey& survey, std::size_t width) {
    std::size_t owners = 0;
    for (const RecordCheck& check : survey.records) owners = std::max(owners, check.wanted.owner.size() + 2);
    owners = std::min<std::size_t>(owners, 44);
    text += "\nRecords\n";
    std::string told_before;
    for (const RecordCheck& check : survey.records) {
        const bool is_as_wanted = check.state == RecordState::there || check.state == RecordState::missing;
        const std::string type(net::name_of(check.wanted.type));
        std::string data = is_as_wanted || check.found.empty() ? check.wanted.data : join(check.found, ", ");
        text += "  " + padded(std::string(name_of(check.state)), 9) + padded(check.wanted.owner + ".", owners) + padded(type, 6) +
                (data.empty() ? "(its address is not known: --address)" : data) + "\n";
        if (check.state == RecordState::there) continue;
        const std::string why = doctor::hanging("           ", check.why + (check.need == Need::optional ? " (optional)" : ""), width);
        if (why != told_before) text += why;  // what one server says of all
        told_before = why;
        if (check.state == RecordState::differs)
            text += "           wanted: " + (check.wanted.data.empty() ? "no such record" : check.wanted.data) + "\n";
    }
}

std::string teller_in_words(const Told& told) {
    switch (told.teller) {
        case Teller::users:
            return "typed";
        case Teller::srv:
            return "SRV " + told.record.substr(0, told.record.find('.'));
        case Teller::mx:
            return "MX";
        case Teller::autoconfig:
            return told.is_web ? "autoconfig" : "a file of autoconfig";
        case Teller::autodiscover:
            return told.is_web ? "Autodiscover" : "an answer of Autodiscover";
    }
    return {};
}

void add_meetings(std::string& text, const Survey& survey, std::size_t width) {
    text += "\nWhat programs are told, and what they meet there\n";
    if (survey.meetings.empty() && !is_told(survey)) text += "  not known: the DNS does not say\n";
    if (survey.meetings.empty() && is_told(survey))
        text += "  nothing: no record sends them anywhere, and the name answers at none of its ports\n";
    std::string told_before;
    for (const Meeting& meeting : survey.meetings) {
        std::vector<std::string> tellers;
        tellers.reserve(meeting.told.size());
        for (const Told& told : meeting.told) tellers.push_back(teller_in_words(told));
        const bool is_judged = meeting.state == doctor::EndpointState::judged;
        const std::string port = meeting.is_web ? "https" : std::string(probe::info(meeting.port.protocol).name);
        text += "  " + padded(is_judged ? std::string(doctor::name_of(meeting.outcome)) : std::string(doctor::name_of(meeting.state)), 11) +
                padded(port, 12) + padded(printable(meeting.host) + ":" + std::to_string(meeting.port.number), 32) + join(tellers, ", ") +
                "\n";
        std::string more;
        if (!meeting.says.empty()) more += doctor::hanging("             ", printable(meeting.says), width);
        if (is_judged && meeting.outcome != doctor::Outcome::silent && !meeting.names.empty())
            more += doctor::hanging("             ", "its certificate has the names " + join(meeting.names, ", "), width);
        if (more != told_before) text += more;  // most ports of a server show the same
        told_before = std::move(more);
    }
}

void add_lines_to_make(std::string& text, const Survey& survey) {
    const auto records = records_to_make(survey, true);
    const auto needed = records_to_make(survey, false);
    if (!records.empty()) {
        text += "\nTo be made in the zone of " + printable(survey.question.address.domain) + "\n";
        for (const Record& record : records) {
            const bool is_optional = std::ranges::find(needed, record) == needed.end();
            text += "  " + zone_line(record) + (is_optional ? "  ; optional" : "") + "\n";
        }
    }
    std::string changes;
    for (const RecordCheck& check : survey.records) {
        if (check.state != RecordState::differs || check.need == Need::provider || check.wanted.type == net::DnsType::tlsa) continue;
        changes += "  " + printable(check.wanted.owner) + ". IN " + std::string(net::name_of(check.wanted.type)) + " " +
                   join(check.found, ", ") + (check.wanted.data.empty() ? "  ; to be taken away" : "  ; becomes " + check.wanted.data) +
                   "\n";
    }
    if (!changes.empty()) text += "\nTo be changed there by hand (--update replaces nothing)\n" + changes;
    std::string others;
    for (const RecordCheck& check : survey.records) {
        if (check.need == Need::provider && (check.state == RecordState::missing || check.state == RecordState::differs))
            others += "  " + zone_line(check.wanted) + "\n";
    }
    if (!others.empty()) text += "\nTo be made by whoever gave you the address\n" + others;
}

}  // namespace

std::string render_text(const Survey& survey, std::size_t width) {
    std::string text = doctor::hanging("", headline(survey), width) + "\n";
    const auto addresses = survey.dns.addresses(survey.question.address.name);
    text += "  addresses     " + (addresses.empty() ? "none" : join(addresses, ", ")) + "\n";
    text += doctor::hanging("  DNSSEC        ", proof_in_words(survey), width);
    text += doctor::hanging("  certificates  ", caa_in_words(survey), width);
    add_records(text, survey, width);
    add_meetings(text, survey, width);
    add_lines_to_make(text, survey);
    return text;
}

}  // namespace truename::address
