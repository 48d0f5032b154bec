#include "address/records_text.h"
#include "address/render.h"
#include "base/json.h"

namespace truename::address {

namespace {

std::string_view name_of(net::DnsProof proof) {
    switch (proof) {
        case net::DnsProof::not_checked:
            return "not-checked";
        case net::DnsProof::insecure:
            return "insecure";
        case net::DnsProof::secure:
            return "secure";
    }
    return "";
}

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
    json.key(key).begin_array();
    for (const std::string& each : texts) json.value(each);
    json.end_array();
}

void write_records(JsonWriter& json, const Survey& survey) {
    json.key("records").begin_array();
    for (const RecordCheck& check : survey.records) {
        json.begin_object()
            .member("owner", check.wanted.owner)
            .member("type", net::name_of(check.wanted.type))
            .member("wanted", check.wanted.data)
            .member("state", address::name_of(check.state))
            .member("need", address::name_of(check.need))
            .member("dnssec", name_of(check.proof))
            .member("why", check.why);
        write_texts(json, "found", check.found);
        json.end_object();
    }
    json.end_array();
}

void write_meetings(JsonWriter& json, const Survey& survey) {
    json.key("meetings").begin_array();
    for (const Meeting& meeting : survey.meetings) {
        json.begin_object()
            .member("host", meeting.host)
            .member("port", meeting.port.number)
            .member("protocol", meeting.is_web ? "https" : probe::info(meeting.port.protocol).name)
            .member("state", doctor::name_of(meeting.state))
            .member("outcome", doctor::name_of(meeting.outcome))
            .member("says", meeting.says)
            .member("sha256", meeting.sha256);
        write_texts(json, "names", meeting.names);
        json.key("told").begin_array();
        for (const Told& told : meeting.told)
            json.begin_object().member("by", address::name_of(told.teller)).member("record", told.record).end_object();
        json.end_array().end_object();
    }
    json.end_array();
}

}  // namespace

std::string render_json(const Survey& survey) {
    const InternetAddress& address = survey.question.address;
    JsonWriter json(2);
    json.begin_object().member("domain", address.domain).member("name", address.name).member("exit", survey.exit);
    write_texts(json, "addresses", survey.dns.addresses(address.name));
    json.member("dnssec_unchecked_because", survey.unchecked_because);
    std::vector<std::string> caa, lines;
    for (const net::CaaRecord& record : survey.dns.caa(address)) caa.push_back(to_data(record));
    for (const Record& record : records_to_make(survey, true)) lines.push_back(zone_line(record));
    write_texts(json, "caa", caa);
    write_records(json, survey);
    write_meetings(json, survey);
    write_texts(json, "zone", lines);
    return json.end_object().take() + "\n";
}

}  // namespace truename::address
