#include "tests/doctor/sample.h"

#include "base/time.h"

namespace truename::doctor {

namespace {

Time at(int year, unsigned month, unsigned day) {
    return *to_time({year, month, day, 9, 30, 0});
}

std::string digest(char digit) {
    return std::string(64, digit);
}

Endpoint endpoint(std::string protocol, std::uint16_t port, TlsMode tls, std::string address) {
    Endpoint made;
    made.id = protocol + ":" + std::to_string(port) + "@" + address;
    made.protocol = std::move(protocol);
    made.port = port;
    made.tls = tls;
    made.address = std::move(address);
    made.sni = "remote.example.com";
    return made;
}

Endpoint judged(std::string protocol, std::uint16_t port, TlsMode tls, std::string address, std::string chain) {
    Endpoint made = endpoint(std::move(protocol), port, tls, std::move(address));
    made.state = EndpointState::judged;
    made.chain = std::move(chain);
    made.handshake = Handshake::completed;
    made.tls_version = "TLS 1.3";
    made.asks_client_certificate = false;
    return made;
}

Verdict verdict(std::string client, std::string title, std::string platform, Outcome outcome) {
    Verdict made;
    made.id = client;
    made.client = std::move(client);
    made.title = std::move(title);
    made.version = "1";
    made.platform = std::move(platform);
    made.name = "remote.example.com";
    made.chain = "A";
    made.path = "1";
    made.outcome = outcome;
    made.reaches = Reaches::not_asked;
    made.confidence = Confidence::documented;
    return made;
}

Dialog outlook_dialog() {
    Dialog dialog{"outlook-security-warning", "en", {{"HOST", "remote.example.com"}}, {}};
    dialog.steps.push_back({"Internet Security Warning",
                            "The target principal name is incorrect.",
                            {"The server you are connected to is using a security certificate that cannot be verified.",
                             "The target principal name is incorrect.", "Do you want to continue using this server?"},
                            {"Yes", "No", "View Certificate..."}});
    return dialog;
}

Certificate leaf() {
    return {digest('a'),    "CN=remote.example.com", "CN=example-SBS-CA", {"sbs.example.local", "remote.example.com", "example.com"},
            at(2026, 1, 1), at(2028, 10, 24),        "RSA 2048",          "sha256WithRSAEncryption"};
}

Verdict warning_outlook() {
    Verdict made = verdict("outlook-2007", "Outlook 2007", "win10", Outcome::warns);
    made.version = "12.0";
    made.dialog = outlook_dialog();
    made.codes = {"CERT_E_CN_NO_MATCH"};
    made.asks_again = true;
    made.yes = Yes{"session", {"host"}, "shown"};
    made.findings = {FindingId::name_match_not_first};
    made.confidence = Confidence::reported;
    return made;
}

// Every client that has a verdict, as if all of them had been selected.
Report with_clients(Report report) {
    for (const Verdict& made : report.verdicts) report.clients.push_back({made.id, made.title});
    return report;
}

}  // namespace

Report small_business_server() {
    Report report;
    report.target = {"remote.example.com", std::nullopt, "argument"};
    report.at = at(2026, 11, 24);
    report.elapsed = std::chrono::milliseconds(412);
    report.connections = 6;
    report.who = Who::server;
    report.headline = "The administrator of the server has to act: its certificate begins with another name.";
    report.endpoints = {
        judged("imaps", 993, TlsMode::implicit, "192.0.2.10", "A"),    judged("imap", 143, TlsMode::starttls, "192.0.2.10", "A"),
        judged("pop3s", 995, TlsMode::implicit, "192.0.2.10", "A"),    judged("submission", 587, TlsMode::starttls, "192.0.2.10", "A"),
        endpoint("submissions", 465, TlsMode::implicit, "192.0.2.10"), endpoint("smtp", 25, TlsMode::starttls, "192.0.2.10")};
    report.endpoints[4].state = EndpointState::refused;
    report.endpoints[4].error = Failure{FailureKind::refused, "connecting", "192.0.2.10 port 465", "nothing listens", ""};
    report.endpoints[5].state = EndpointState::limited;
    report.endpoints[5].error =
        Failure{FailureKind::limited, "greeting", "192.0.2.10 port 25", "the server answered 421", "Ask again later."};
    report.chains = {{"A", {leaf()}, 700}};
    report.paths = {{"1", "A", {digest('a'), digest('b')}, Anchor{digest('b'), "CN=example-SBS-CA", AnchorOrigin::added}}};
    report.findings = {{FindingId::name_match_not_first, "A", "1", std::nullopt, digest('a'), Field::subject_alt_name, "remote.example.com",
                        "sbs.example.local", "remote.example.com"}};
    report.verdicts = {verdict("outlook-365", "Outlook 365 (Windows)", "win11", Outcome::silent),
                       verdict("outlook-2003", "Outlook 2003", "winxp", Outcome::silent),
                       verdict("thunderbird", "Thunderbird 153", "linux", Outcome::silent), warning_outlook()};
    for (int i = 1; i <= 14; ++i) {
        report.verdicts.push_back(verdict("client-" + std::to_string(i), "Client " + std::to_string(i), "linux", Outcome::silent));
    }
    for (Verdict& one : report.verdicts) {
        for (std::size_t i = 0; i < 4; ++i) one.endpoints.push_back(report.endpoints[i].id);
    }
    Cause cause;
    cause.id = "N1";
    cause.kind = "name-not-first";
    cause.text = "The first name in the certificate is sbs.example.local. Outlook 2007 looks at no other.";
    cause.others = "The clients that say nothing look at all the names in the certificate.";
    cause.shortcut = "Answering \"Yes\" each time teaches people to say yes to every such window.";
    cause.clients = {"outlook-2007"};
    cause.findings = {FindingId::name_match_not_first};
    report.causes = {cause};
    Mend mend;
    mend.id = "1";
    mend.kind = "name-first";
    mend.text = "A certificate with remote.example.com as its FIRST name.";
    mend.who = Who::server;
    mend.steps = {"truename predict server.csr --name remote.example.com --as-ca keeps"};
    mend.causes = {"N1"};
    mend.helps = {"outlook-2007"};
    mend.rejudged = true;
    report.mends = {mend};
    Cause also;
    also.id = "T1";
    also.kind = "root-only-added";
    also.text = "Clients that do not have example-SBS-CA (anyone outside) would warn or refuse: 18 clients.";
    also.clients = {"outlook-2007"};
    also.assuming = "--trust system";
    report.also = {also};
    report.exit = 1;
    return with_clients(std::move(report));
}

Report two_chains() {
    Report report = small_business_server();
    report.differences = {"Port 993 shows chain A on 192.0.2.10 and chain B on 2001:db8::10."};
    report.hints = {"Type mail.example.com as the server name: that name is in the certificate."};
    report.endpoints.push_back(judged("imaps", 993, TlsMode::implicit, "2001:db8::10", "B"));
    Certificate other = leaf();
    other.sha256 = digest('c');
    other.issuer = other.subject = "CN=mail.example.com,O=Example\\, Inc.";
    other.names = {"mail.example.com", "IP:192.0.2.10"};
    other.not_after = at(2026, 11, 20);
    report.chains.push_back({"B", {other}, -4});

    Verdict iphone = verdict("apple-mail-ios", "Mail (iPhone)", "ios26", Outcome::warns);
    iphone.chain = "B";
    iphone.dialog = Dialog{"ios-verify", "en", {{"HOST", "remote.example.com"}}, {}};
    iphone.dialog->steps.push_back({"Cannot Verify Server Identity",
                                    "The identity of \"remote.example.com\" cannot be verified by Mail.",
                                    {"The identity of \"remote.example.com\" cannot be verified by Mail."},
                                    {"Continue", "Details", "Cancel"}});
    iphone.findings = {FindingId::path_self_signed, FindingId::validity_expired};
    iphone.yes = Yes{"forever", {"host", "certificate"}, "all"};
    Verdict bird = verdict("thunderbird", "Thunderbird 153", "linux", Outcome::refuses);
    bird.chain = "B";
    bird.codes = {"SEC_ERROR_UNKNOWN_ISSUER"};
    bird.reaches = Reaches::yes;
    bird.dialog = Dialog{"thunderbird-notice", "en", {}, {}};
    bird.dialog->steps.push_back({std::nullopt, "Could not connect.", {"Could not connect."}, {}});
    bird.dialog->steps.push_back({"Add Security Exception",
                                  "This site attempts to identify itself with invalid information.",
                                  {"You are about to override how Thunderbird identifies this site.",
                                   "This site attempts to identify itself with invalid information."},
                                  {"Confirm Security Exception", "Cancel"},
                                  {{"Permanently store this exception", true}}});
    bird.findings = {FindingId::path_self_signed};
    Verdict old = verdict("outlook-2003", "Outlook 2003", "winxp", Outcome::silent);
    old.chain = "B";
    old.reaches = Reaches::no;
    old.retired = true;
    Verdict unknown = verdict("gmail-android", "Gmail (Android)", "android16", Outcome::not_judged);
    unknown.chain = "B";
    unknown.why = "what it makes of validity.expired is not known";
    Verdict lax = verdict("mutt", "Some script", "linux", Outcome::silent);
    lax.chain = "B";
    lax.verifies = Verifies::nothing;
    for (Verdict& one : report.verdicts) one.reaches = Reaches::yes;
    for (Verdict* one : {&iphone, &bird, &old, &unknown, &lax}) {
        one->path = std::nullopt;
        one->endpoints = {report.endpoints.back().id};
        report.verdicts.push_back(*one);
    }
    report.mends.front().left = {"thunderbird"};
    report.mends.front().not_judged = {"gmail-android"};
    report.mends.front().asks_once_more = {"apple-mail-ios"};
    report.missing = {"submissions"};
    report.exit = 2;
    report.clients.clear();
    return with_clients(std::move(report));
}

Report hostile() {
    const std::string evil = std::string("<script>alert(1)</script>\"'&\x1b[2J\r\n|\xff\xfe") + "\u202e" + std::string(1, '\0');
    Report report = small_business_server();
    report.target.name = evil;
    report.headline = "The administrator of the server has to act: " + evil;
    report.differences = report.hints = {evil};
    Certificate& certificate = report.chains[0].certificates[0];
    certificate.subject = certificate.issuer = "CN=" + evil;
    certificate.names = {evil};
    report.paths[0].anchor->subject = evil;
    report.findings[0].expected = report.findings[0].found = evil;
    for (Endpoint& one : report.endpoints) one.sni = evil;
    report.endpoints[5].error->reason = evil;
    for (Verdict& one : report.verdicts) one.name = evil;
    Verdict& warning = report.verdicts[3];
    warning.dialog->values[0].second = evil;
    warning.dialog->steps[0] = {evil, evil, {evil, evil}, {evil}};
    warning.why = evil;
    warning.codes = {evil};
    report.causes[0].text = report.causes[0].others = report.causes[0].shortcut = evil;
    report.mends[0].text = report.mends[0].steps[0] = evil;
    report.also[0].text = evil;
    return report;
}

Report closed() {
    Report report;
    report.target = {"192.0.2.99", 993, "argument"};
    report.at = at(2026, 11, 24);
    report.elapsed = std::chrono::milliseconds(3);
    report.connections = 1;
    report.headline = "It cannot be said yet who has to act: nothing could be judged.";
    report.endpoints = {endpoint("imaps", 993, TlsMode::implicit, "192.0.2.99")};
    report.endpoints[0].state = EndpointState::refused;
    report.endpoints[0].error =
        Failure{FailureKind::refused, "connecting", "192.0.2.99 port 993", "nothing listens", "Is the server running?"};
    return report;
}

Report enormous() {
    Report report = small_business_server();
    Certificate certificate = report.chains[0].certificates[0];
    certificate.names.assign(5000, std::string(250, 'x') + ".example.com");
    report.chains[0].certificates.assign(50, certificate);
    for (int i = 0; i < 100; ++i) report.chains.push_back({"A" + std::to_string(i), {certificate}, 1});
    for (int i = 0; i < 80; ++i) {
        Verdict one = warning_outlook();
        one.title = one.id = one.client = "client-" + std::to_string(i);
        one.dialog->steps[0].lines.assign(40, std::string(2000, 'y') + std::to_string(i));
        report.verdicts.push_back(one);
    }
    return report;
}

std::vector<NamedReport> sample_reports() {
    return {{"small-business-server", small_business_server()}, {"two-chains", two_chains()}, {"hostile", hostile()}, {"closed", closed()}};
}

}  // namespace truename::doctor
