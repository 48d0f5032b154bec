#include "base/json.h"
#include "base/text.h"
#include "probe/evidence.h"

namespace truename::probe {

namespace {

/// Text as a string; bytes that are no UTF-8, which JSON cannot carry, as {"base64": ...}, so that the round trip is exact.
void text_member(JsonWriter& json, std::string_view name, std::string_view text) {
    json.key(name);
    if (is_utf8(text)) {
        json.value(text);
    } else {
        json.begin_object().member("base64", to_base64(as_bytes(text))).end_object();
    }
}

void bytes_member(JsonWriter& json, std::string_view name, Bytes bytes) {
    json.member(name, to_base64(bytes));
}

void failure_member(JsonWriter& json, std::string_view name, const std::optional<Failure>& failure) {
    if (!failure) return;
    json.key(name).begin_object().member("kind", name_of(failure->kind));
    text_member(json, "doing", failure->doing);
    text_member(json, "object", failure->object);
    text_member(json, "reason", failure->reason);
    text_member(json, "next", failure->next);
    json.end_object();
}

void target_member(JsonWriter& json, const Target& target) {
    json.key("target").begin_object();
    text_member(json, "text", target.text);
    text_member(json, "name", target.name);
    json.member("is_address", target.is_address);
    if (target.port) json.member("port", *target.port);
    if (target.protocol) json.member("protocol", info(*target.protocol).name);
    text_member(json, "source", target.source);
    json.end_object();
}

void hello_member(JsonWriter& json, const net::TlsHello& hello) {
    json.key("hello").begin_object();
    text_member(json, "server_name", hello.server_name);
    json.member("min", net::name_of(hello.min))
        .member("max", net::name_of(hello.max))
        .member("keys", net::name_of(hello.keys))
        .end_object();
}

void tls_member(JsonWriter& json, const net::TlsReport& tls) {
    json.key("tls").begin_object().member("handshake", net::name_of(tls.handshake)).member("trouble", net::name_of(tls.trouble));
    if (tls.version) json.member("version", net::name_of(*tls.version));
    text_member(json, "cipher", tls.cipher);
    text_member(json, "group", tls.group);
    text_member(json, "signature", tls.signature);
    json.key("chain").begin_array();
    for (const ByteString& der : tls.chain) json.value(to_base64(der));
    json.end_array();
    bytes_member(json, "staple", tls.staple);
    json.member("asks_client_certificate", tls.asks_client_certificate);
    if (tls.alert) json.member("alert", *tls.alert);
    text_member(json, "plaintext", tls.plaintext);
    text_member(json, "error", tls.error);
    json.end_object();
}

std::string_view word_of(Answer answer) {
    return answer == Answer::yes ? "yes" : answer == Answer::no ? "no" : "not-asked";
}

void reach_member(JsonWriter& json, const Reach& reach) {
    json.key("reach").begin_object();
    for (const auto version : {net::TlsVersion::tls_1_0, net::TlsVersion::tls_1_1, net::TlsVersion::tls_1_2, net::TlsVersion::tls_1_3}) {
        json.key(net::name_of(version)).begin_object();
        json.member("rsa", word_of(reach.rsa(version))).member("ecdsa", word_of(reach.ecdsa(version)));
        json.member("other", word_of(reach.other(version))).end_object();
    }
    json.end_object();
}

void findings_member(JsonWriter& json, const std::vector<Finding>& findings) {
    json.key("findings").begin_array();
    for (const Finding& finding : findings) {
        json.begin_object()
            .member("id", truename::info(finding.id).name)
            .member("field", name_of(finding.field))
            .member("offset", finding.offset);
        text_member(json, "expected", finding.expected);
        text_member(json, "found", finding.found);
        json.end_object();
    }
    json.end_array();
}

void endpoint_value(JsonWriter& json, const Endpoint& endpoint) {
    json.begin_object();
    text_member(json, "id", endpoint.id);
    json.member("protocol", info(endpoint.protocol).name).member("port", endpoint.port);
    json.member("tls_mode", endpoint.tls_mode == TlsMode::implicit ? "implicit" : "starttls");
    text_member(json, "address", endpoint.address);
    hello_member(json, endpoint.hello);
    json.member("state", name_of(endpoint.state));
    tls_member(json, endpoint.tls);
    text_member(json, "greeting", endpoint.greeting);
    text_member(json, "capabilities", endpoint.capabilities);
    json.member("login_before_tls", endpoint.login_before_tls);
    reach_member(json, endpoint.reach);
    json.key("deep").begin_array();
    for (const DeepAnswer& answer : endpoint.deep) {
        json.begin_object().member("question", name_of(answer.question));
        hello_member(json, answer.hello);
        tls_member(json, answer.tls);
        if (answer.question == Question::injection) text_member(json, "injected", answer.injected);
        failure_member(json, "error", answer.error);
        json.end_object();
    }
    json.end_array();
    findings_member(json, endpoint.findings);
    failure_member(json, "error", endpoint.error);
    json.member("elapsed_ms", endpoint.elapsed.count()).end_object();
}

void dns_value(JsonWriter& json, const DnsAnswer& answer) {
    json.begin_object();
    text_member(json, "name", answer.name);
    json.key("addresses").begin_array();
    for (const std::string& address : answer.addresses) json.value(address);
    json.end_array();
    text_member(json, "origin", answer.origin);
    failure_member(json, "failure", answer.failure);
    json.end_object();
}

void fetched_value(JsonWriter& json, const Fetched& fetched) {
    json.begin_object();
    text_member(json, "url", fetched.url);
    json.member("kind", name_of(fetched.kind));
    bytes_member(json, "bytes", fetched.bytes);
    text_member(json, "address", fetched.address);
    failure_member(json, "failure", fetched.failure);
    json.member("elapsed_ms", fetched.elapsed.count());
    if (!fetched.about.empty()) text_member(json, "about", fetched.about);
    if (!fetched.nonce.empty()) bytes_member(json, "nonce", fetched.nonce);
    if (fetched.at) json.member("at", format_time(*fetched.at));
    json.end_object();
}

template <class T>
void list_member(JsonWriter& json, std::string_view name, const std::vector<T>& list, void (*write)(JsonWriter&, const T&)) {
    json.key(name).begin_array();
    for (const T& one : list) write(json, one);
    json.end_array();
}

}  // namespace

std::string write_evidence(const Evidence& evidence) {
    JsonWriter json;
    json.begin_object().member("format", "truename-evidence").member("schema_version", kEvidenceVersion);
    target_member(json, evidence.target);
    json.member("at", format_time(evidence.at)).member("elapsed_ms", evidence.elapsed.count());
    json.member("connections", evidence.connections).member("deep", evidence.deep).member("fetched_issuers", evidence.fetched_issuers);
    list_member(json, "dns", evidence.dns, dns_value);
    list_member(json, "endpoints", evidence.endpoints, endpoint_value);
    list_member(json, "fetched", evidence.fetched, fetched_value);
    failure_member(json, "error", evidence.error);
    json.end_object();
    return json.take() + "\n";
}

}  // namespace truename::probe
