#include "address/client_files.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "crypto/digest.h"

namespace truename::address {

namespace {

using probe::Protocol;

/// How a service is called in each of the files.
struct Service {
    Protocol protocol;
    bool sends;
    std::string_view autoconfig, autodiscover;
};

// The first of each kind that answers is used: a program that is given several takes the first. TLS from the first byte stands before
// what begins in plain text (RFC 8314 3).
constexpr Service kServices[] = {
    {Protocol::imaps, false, "imap", "IMAP"}, {Protocol::imap, false, "imap", "IMAP"},       {Protocol::pop3s, false, "pop3", "POP3"},
    {Protocol::pop3, false, "pop3", "POP3"},  {Protocol::submissions, true, "smtp", "SMTP"}, {Protocol::submission, true, "smtp", "SMTP"},
};

/// A service that answers, with its port.
struct Offered {
    Service service;
    std::uint16_t port;
    [[nodiscard]] bool is_implicit() const { return probe::info(service.protocol).tls == probe::TlsMode::implicit; }
};

std::vector<Offered> offered(const Survey& survey) {
    std::vector<Offered> all;
    for (const Service& service : kServices) {
        const bool has_its_kind =
            std::ranges::any_of(all, [&](const Offered& each) { return each.service.autoconfig == service.autoconfig; });
        for (const Meeting& meeting : survey.meetings) {
            if (has_its_kind || meeting.host != survey.question.address.name || meeting.port.protocol != service.protocol ||
                meeting.state != doctor::EndpointState::judged)
                continue;
            all.push_back({service, meeting.port.number});
            break;
        }
    }
    return all;
}

// Names are A-labels and numbers are numbers, so nothing in these files has to be escaped.

std::string autoconfig(const InternetAddress& address, const std::vector<Offered>& all) {
    std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<clientConfig version=\"1.1\">\n  <emailProvider id=\"" +
                       address.domain + "\">\n    <domain>" + address.domain + "</domain>\n    <displayName>" + address.domain +
                       "</displayName>\n";
    for (const Offered& each : all) {
        const std::string tag = each.service.sends ? "outgoingServer" : "incomingServer";
        text +=
            "    <" + tag + " type=\"" + std::string(each.service.autoconfig) + "\">\n      <hostname>" + address.name +
            "</hostname>\n      <port>" + std::to_string(each.port) + "</port>\n      <socketType>" +
            (each.is_implicit() ? "SSL" : "STARTTLS") +
            "</socketType>\n      <authentication>password-cleartext</authentication>\n      <username>%EMAILADDRESS%</username>\n    </" +
            tag + ">\n";
    }
    return text + "  </emailProvider>\n</clientConfig>\n";
}

std::string autodiscover(const InternetAddress& address, const std::vector<Offered>& all) {
    std::string text =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
        "<Autodiscover xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006\">\n"
        "  <Response xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a\">\n"
        "    <Account>\n      <AccountType>email</AccountType>\n      <Action>settings</Action>\n";
    for (const Offered& each : all) {
        text += "      <Protocol>\n        <Type>" + std::string(each.service.autodiscover) + "</Type>\n        <Server>" + address.name +
                "</Server>\n        <Port>" + std::to_string(each.port) +
                "</Port>\n        <DomainRequired>off</DomainRequired>\n        <SPA>off</SPA>\n        <AuthRequired>on</AuthRequired>\n"
                "        " +
                (each.is_implicit() ? "<SSL>on</SSL>" : "<Encryption>TLS</Encryption>") + "\n      </Protocol>\n";
    }
    return text + "    </Account>\n  </Response>\n</Autodiscover>\n";
}

/// An identifier that is the same each time: a profile that is loaded again takes the place of the one before.
std::string uuid_of(const std::string& text) {
    std::string hex = to_hex(crypto::sha256(as_bytes(text))).substr(0, 32);
    hex[12] = '8';  // made as its owner likes (RFC 9562 5.8)
    hex[16] = 'a';
    for (const std::size_t at : {20U, 16U, 12U, 8U}) hex.insert(at, "-");
    return hex;
}

std::string key_and(const std::string& key, const std::string& element) {
    return "      <key>" + key + "</key>" + element + "\n";
}

std::string string_element(const std::string& text) {
    return "<string>" + text + "</string>";
}

void add_profile_server(std::string& text, const std::string& kind, const Offered& server, const std::string& host) {
    text += key_and(kind + "MailServerHostName", string_element(host)) +
            key_and(kind + "MailServerPortNumber", "<integer>" + std::to_string(server.port) + "</integer>") +
            key_and(kind + "MailServerUseSSL", "<true/>") + key_and(kind + "MailServerAuthentication", string_element("EmailAuthPassword"));
}

/// The address itself is not in it: who loads the profile is asked for it.
std::string apple_profile(const InternetAddress& address, const Offered& incoming, const Offered& outgoing) {
    std::string text =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
        "<plist version=\"1.0\">\n<dict>\n  <key>PayloadContent</key>\n  <array>\n    <dict>\n" +
        key_and("PayloadType", string_element("com.apple.mail.managed")) + key_and("PayloadVersion", "<integer>1</integer>") +
        key_and("PayloadIdentifier", string_element(address.domain + ".mail.account")) +
        key_and("PayloadUUID", string_element(uuid_of("account " + address.name))) +
        key_and("PayloadDisplayName", string_element("Mail of " + address.domain)) +
        key_and("EmailAccountType", string_element(incoming.service.autoconfig == "imap" ? "EmailTypeIMAP" : "EmailTypePOP")) +
        key_and("OutgoingPasswordSameAsIncomingPassword", "<true/>");
    add_profile_server(text, "Incoming", incoming, address.name);
    add_profile_server(text, "Outgoing", outgoing, address.name);
    return text + "    </dict>\n  </array>\n" + key_and("PayloadType", string_element("Configuration")) +
           key_and("PayloadVersion", "<integer>1</integer>") + key_and("PayloadIdentifier", string_element(address.domain + ".mail")) +
           key_and("PayloadUUID", string_element(uuid_of("profile " + address.name))) +
           key_and("PayloadDisplayName", string_element("Mail of " + address.domain)) + "</dict>\n</plist>\n";
}

}  // namespace

std::vector<ClientFile> client_files(const Survey& survey) {
    const InternetAddress& address = survey.question.address;
    const std::vector<Offered> all = offered(survey);
    const auto incoming = std::ranges::find(all, false, [](const Offered& each) { return each.service.sends; });
    const auto outgoing = std::ranges::find(all, true, [](const Offered& each) { return each.service.sends; });
    if (incoming == all.end() || outgoing == all.end()) return {};
    const std::string settings = autoconfig(address, all);
    return {{".well-known/autoconfig/mail/config-v1.1.xml", settings, "at https://" + address.domain + "/"},
            {"mail/config-v1.1.xml", settings, "at https://autoconfig." + address.domain + "/"},
            {"autodiscover/autodiscover.xml", autodiscover(address, all),
             "at https://" + address.domain + "/ and https://autodiscover." + address.domain + "/, also as the answer to a POST"},
            {"mail.mobileconfig", apple_profile(address, *incoming, *outgoing),
             "from anywhere as application/x-apple-aspen-config: a Mac, an iPhone or an iPad that opens it sets the account up"}};
}

}  // namespace truename::address
