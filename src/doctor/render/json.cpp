#include "base/json.h"

#include "base/time.h"
#include "doctor/render.h"
#include "doctor/render/view.h"

// The JSON contract: members are only ever added. `schema.cpp` describes what is written here, and a test compares the two.
namespace truename::doctor {

namespace {

void write_strings(JsonWriter& json, std::string_view key, const std::vector<std::string>& list) {
    json.key(key).begin_array();
    for (const std::string& item : list) json.value(item);
    json.end_array();
}

void write_ids(JsonWriter& json, std::string_view key, const std::vector<FindingId>& ids) {
    json.key(key).begin_array();
    for (const FindingId id : ids) json.value(info(id).name);
    json.end_array();
}

void write_target(JsonWriter& json, const Target& target) {
    json.key("target")
        .begin_object()
        .member("name", target.name)
        .member_if("port", target.port)
        .member("source", target.source)
        .end_object();
}

void write_endpoint(JsonWriter& json, const Endpoint& endpoint) {
    json.begin_object().member("id", endpoint.id).member("protocol", endpoint.protocol).member("port", endpoint.port);
    json.member("tls", name_of(endpoint.tls)).member("address", endpoint.address).member("sni", endpoint.sni);
    json.member("state", name_of(endpoint.state)).member_if("chain", endpoint.chain).member("handshake", name_of(endpoint.handshake));
    json.member_if("tls_version", endpoint.tls_version).member_if("asks_client_certificate", endpoint.asks_client_certificate);
    if (endpoint.error) {
        const Failure& error = *endpoint.error;
        json.key("error").begin_object().member("kind", name_of(error.kind)).member("doing", error.doing).member("object", error.object);
        json.member("reason", error.reason).member("next", error.next).end_object();
    }
    json.end_object();
}

void write_certificate(JsonWriter& json, const Certificate& certificate) {
    json.begin_object().member("sha256", certificate.sha256).member("subject", certificate.subject).member("issuer", certificate.issuer);
    write_strings(json, "names", certificate.names);
    json.key("not_before");
    certificate.not_before ? json.value(format_time(*certificate.not_before)) : json.null();
    json.key("not_after");
    certificate.not_after ? json.value(format_time(*certificate.not_after)) : json.null();
    json.member("key", certificate.key).member("signature", certificate.signature).end_object();
}

void write_chain(JsonWriter& json, const Chain& chain) {
    json.begin_object().member("id", chain.id).member_if("days_left", chain.days_left).key("certificates").begin_array();
    for (const Certificate& certificate : chain.certificates) write_certificate(json, certificate);
    json.end_array();
    if (!chain.questions.empty()) write_strings(json, "questions", chain.questions);
    json.end_object();
}

void write_path(JsonWriter& json, const Path& path) {
    json.begin_object().member("id", path.id).member("chain", path.chain);
    write_strings(json, "certificates", path.certificates);
    if (path.anchor) {
        json.key("anchor").begin_object().member("sha256", path.anchor->sha256).member("subject", path.anchor->subject);
        json.member("origin", name_of(path.anchor->origin)).end_object();
    }
    json.end_object();
}

void write_finding(JsonWriter& json, const ReportFinding& finding) {
    const FindingInfo& row = info(finding.id);
    json.begin_object().member("id", row.name).member_if("chain", finding.chain).member_if("path", finding.path);
    json.member_if("endpoint", finding.endpoint).member_if("certificate", finding.certificate).member_if("name", finding.name);
    if (finding.field != Field::none) json.member("field", name_of(finding.field));
    json.member("class", row.cls == FindingClass::defect ? "defect" : "fact").member("section", row.standard);
    json.member("expected", finding.expected).member("found", finding.found).member("text", row.title).end_object();
}

// A later step is the `then` of the one before it.
void write_dialog_steps(JsonWriter& json, const std::vector<DialogStep>& steps, std::size_t at) {
    const DialogStep& step = steps[at];
    json.member_if("title", step.title).member("text", step.text);
    write_strings(json, "lines", step.lines);
    write_strings(json, "buttons", step.buttons);
    json.member("looks", step.looks).member("complete", step.complete);
    if (!step.checkboxes.empty()) {
        json.key("checkboxes").begin_array();
        for (const auto& [label, checked] : step.checkboxes)
            json.begin_object().member("label", label).member("checked", checked).end_object();
        json.end_array();
    }
    if (at + 1 < steps.size()) {
        json.key("then").begin_object();
        write_dialog_steps(json, steps, at + 1);
        json.end_object();
    }
}

void write_dialog(JsonWriter& json, const Dialog& dialog) {
    json.key("dialog").begin_object().member("id", dialog.id).member("lang", dialog.lang).key("values").begin_object();
    for (const auto& [key, value] : dialog.values) json.member(key, value);
    json.end_object();
    if (dialog.steps.empty()) {
        write_dialog_steps(json, {DialogStep{}}, 0);
    } else {
        write_dialog_steps(json, dialog.steps, 0);
    }
    json.end_object();
}

void write_verdict(JsonWriter& json, const Verdict& verdict) {
    json.begin_object()
        .member("id", verdict.id)
        .member("client", verdict.client)
        .member("version", verdict.version)
        .member("platform", verdict.platform);
    json.member("label", verdict.title).member("name", verdict.name).member("chain", verdict.chain).member_if("path", verdict.path);
    write_strings(json, "endpoints", verdict.endpoints);
    json.member("outcome", name_of(verdict.outcome)).member("reaches", name_of(verdict.reaches));
    json.member("verifies", name_of(verdict.verifies));
    if (verdict.dialog) write_dialog(json, *verdict.dialog);
    if (!verdict.codes.empty()) json.member("code", verdict.codes.front());
    if (verdict.codes.size() > 1) write_strings(json, "codes", verdict.codes);
    json.member_if("asks_again", verdict.asks_again);
    if (verdict.yes) {
        json.key("yes").begin_object().member("lasts", verdict.yes->lasts);
        write_strings(json, "bound_to", verdict.yes->bound_to);
        json.member("covers", verdict.yes->covers);
        if (!verdict.yes->choice.empty()) json.member("choice", verdict.yes->choice).member("otherwise", verdict.yes->otherwise);
        json.end_object();
    }
    write_ids(json, "findings", verdict.findings);
    json.member_if("why", verdict.why).member("confidence", name_of(verdict.confidence)).member("retired", verdict.retired).end_object();
}

void write_cause(JsonWriter& json, const Cause& cause) {
    json.begin_object().member("id", cause.id).member("kind", cause.kind).member("text", cause.text);
    write_strings(json, "clients", cause.clients);
    write_ids(json, "findings", cause.findings);
    write_strings(json, "chains", cause.chains);
    if (!cause.others.empty()) json.member("others", cause.others);
    if (!cause.shortcut.empty()) json.member("shortcut", cause.shortcut);
    json.member_if("assuming", cause.assuming).end_object();
}

void write_mend(JsonWriter& json, const Mend& mend) {
    json.begin_object().member("id", mend.id).member("kind", mend.kind).member("text", mend.text).member("who", name_of(mend.who));
    write_strings(json, "steps", mend.steps);
    write_strings(json, "causes", mend.causes);
    write_strings(json, "helps", mend.helps);
    write_strings(json, "left", mend.left);
    write_strings(json, "not_judged", mend.not_judged);
    if (!mend.asks_once_more.empty()) write_strings(json, "asks_once_more", mend.asks_once_more);
    json.member("rejudged", mend.rejudged).end_object();
}

template <class T, class F>
void write_list(JsonWriter& json, std::string_view key, const std::vector<T>& list, F write) {
    json.key(key).begin_array();
    for (const T& item : list) write(json, item);
    json.end_array();
}

void write_head(JsonWriter& json, const Report& report) {
    json.member("schema_version", kSchemaVersion);
    write_target(json, report.target);
    json.member("at", format_time(report.at));
    json.member("elapsed_ms", report.elapsed ? report.elapsed->count() : 0).member("connections", report.connections);
    json.key("acts").begin_object().member("who", name_of(report.who)).member("text", report.headline).end_object();
}

void write_report(JsonWriter& json, const Report& report) {
    json.begin_object();
    write_head(json, report);
    write_strings(json, "differences", report.differences);
    write_strings(json, "hints", report.hints);
    json.member("predicted", report.predicted).member("near_expiry", report.near_expiry);
    write_strings(json, "missing", report.missing);
    write_list(json, "endpoints", report.endpoints, write_endpoint);
    write_list(json, "chains", report.chains, write_chain);
    write_list(json, "paths", report.paths, write_path);
    write_list(json, "findings", report.findings, write_finding);
    write_list(json, "verdicts", report.verdicts, write_verdict);
    json.key("causes").begin_array();
    for (const Cause& cause : report.causes) write_cause(json, cause);
    for (const Cause& cause : report.also) write_cause(json, cause);
    json.end_array();
    write_list(json, "mends", report.mends, write_mend);
    json.member("exit", report.exit).end_object();
}

}  // namespace

std::string render_json(const Report& report) {
    JsonWriter json(2);
    write_report(json, report);
    return json.take() + "\n";
}

std::string render_json_line(const Report& report) {
    JsonWriter json;
    write_report(json, report);
    return json.take();
}

std::string render_json_summary(const Report& report) {
    JsonWriter json;
    json.begin_object();
    write_head(json, report);
    json.member("detail", "summary").key("endpoints").begin_object();
    for (const Endpoint& endpoint : report.endpoints) {
        std::string state(name_of(endpoint.state));
        if (endpoint.chain) state += " " + *endpoint.chain;
        json.member(endpoint.id, state);
    }
    json.end_object().key("leaves").begin_array();
    for (const Chain& chain : report.chains) {
        if (chain.certificates.empty()) continue;
        json.begin_object()
            .member("chain", chain.id)
            .member("sha256", chain.certificates.front().sha256)
            .member_if("days_left", chain.days_left);
        json.end_object();
    }
    json.end_array().key("outcomes").begin_object();
    for (const Outcome outcome : {Outcome::silent, Outcome::warns, Outcome::refuses, Outcome::not_judged}) {
        json.member(name_of(outcome), count_outcomes(report)[static_cast<std::size_t>(outcome)]);
    }
    json.end_object();
    write_strings(json, "warns", clients_with(report, Outcome::warns));
    write_strings(json, "refuses", clients_with(report, Outcome::refuses));
    write_ids(json, "findings", distinct_findings(report));
    json.key("causes").begin_array();
    for (const Cause& cause : report.causes) json.value(cause.kind);
    json.end_array().member("near_expiry", report.near_expiry).member("exit", report.exit).end_object();
    return json.take();
}

}  // namespace truename::doctor
