#include "wizard/wizard.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "wizard/address_wizard.h"
#include "wizard/certificate_wizard.h"

namespace truename::wizard {
namespace {

using testing::ElementsAre;

/// A folder that goes with the test.
class Folder {
  public:
    Folder() { ::mkdtemp(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }
    [[nodiscard]] std::string file(const std::string& name) const { return std::string(path_) + "/" + name; }
    [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(file(name)) << text;
        return file(name);
    }

  private:
    char path_[32] = "/tmp/wizard-test-XXXXXX";
};

AddressWizard address_wizard(std::map<std::string, std::vector<std::string>> dns = {}, std::vector<std::string> servers = {}) {
    AddressFacts facts;
    facts.domains = {"quantum.com"};
    facts.own_addresses = {"192.0.2.1"};
    facts.servers = std::move(servers);
    facts.addresses_of = [dns = std::move(dns)](const std::vector<std::string>& names) {
        std::map<std::string, std::vector<std::string>> known = dns;
        for (const std::string& name : names) known[name];
        return known;
    };
    return AddressWizard(std::move(facts));
}

CertificateWizard certificate_wizard(bool has_authority = true, bool shows_anything = false) {
    CertificateFacts facts;
    facts.names = {"remote.quantum.com"};
    facts.authorities = {acme::authority_at("https://acme-v02.api.letsencrypt.org/directory")};
    facts.store = "/var/lib/truename/ca";
    facts.has_authority = [has_authority](const std::string&) { return has_authority; };
    facts.shows_anything = [shows_anything] { return shows_anything; };
    facts.server_options = {"--server", "dovecot"};
    facts.state_options = {"--state", "/tmp/state"};
    return CertificateWizard(std::move(facts));
}

/// Answers one page after the other; each has to be of that id.
void answer_all(Session& session, const std::vector<std::pair<std::string, std::string>>& answers) {
    for (const auto& [id, text] : answers) {
        const auto page = session.page();
        ASSERT_TRUE(page) << id;
        ASSERT_EQ(page->id, id);
        const auto taken = session.answer(text);
        ASSERT_TRUE(taken) << id << ": " << taken.error();
    }
    const auto left = session.page();
    EXPECT_FALSE(left) << left->id;
}

std::vector<std::string> lines(const Session& session) {
    std::vector<std::string> all;
    for (const Step& step : session.steps()) all.push_back(shell_line(step.command));
    return all;
}

TEST(AddressWizard, SuggestionsAloneLeadToTheNameOfTheStory) {
    const Folder folder;
    const AddressWizard wizard = address_wizard();
    Session session(wizard, folder.file("a"));
    answer_all(session, {{"domain", ""}, {"prefix", ""}, {"address", ""}, {"records", ""}, {"files", ""}});
    EXPECT_THAT(lines(session), ElementsAre("address --domain quantum.com --prefix remote --address 192.0.2.1"));
}

TEST(AddressWizard, SuggestsTheNameThatHasAnAddress) {
    const Folder folder;
    const AddressWizard wizard = address_wizard({{"mail.quantum.com", {"192.0.2.7"}}});
    Session session(wizard, folder.file("a"));
    answer_all(session, {{"domain", ""}, {"prefix", ""}, {"records", ""}, {"files", ""}});
    EXPECT_THAT(lines(session), ElementsAre("address --domain quantum.com --prefix mail"));
}

TEST(AddressWizard, ServersRecordsAndFilesAreAskedFor) {
    const Folder folder;
    const std::string key = folder.write("update.key", "key");
    const AddressWizard wizard = address_wizard({}, {"Dovecot", "Postfix"});
    Session session(wizard, folder.file("a"));
    answer_all(session, {{"domain", "Müller.example"},
                         {"prefix", "5"},
                         {"address", "unknown"},
                         {"servers", "1"},
                         {"records", "2"},
                         {"update", "127.0.0.1:5353"},
                         {"update-key", key},
                         {"files", "/var/www/my site"}});
    EXPECT_THAT(lines(session),
                ElementsAre("address --domain xn--mller-kva.example --prefix '' --set-up --update 127.0.0.1:5353 --update-key " + key +
                            " --files '/var/www/my site'"));
    EXPECT_EQ(session.steps()[0].rehearsal.back(), "--dry-run");
    EXPECT_EQ(shell_line(session.steps()[0].look), "address --domain xn--mller-kva.example --prefix ''");
}

TEST(Session, AnswersThatAreWrongAreToldAndAskedAgain) {
    const Folder folder;
    const AddressWizard wizard = address_wizard();
    Session session(wizard, folder.file("a"));
    for (const char* const bad : {"localhost", "a b", "192.0.2.1"}) {
        const auto taken = session.answer(bad);
        ASSERT_FALSE(taken) << bad;
        EXPECT_THAT(taken.error(), testing::HasSubstr(bad));
        EXPECT_EQ(session.page()->id, "domain");
    }
    ASSERT_TRUE(session.answer("quantum.com"));
    ASSERT_TRUE(session.answer("remote"));
    EXPECT_FALSE(session.answer("remote"));  // no address
}

TEST(Session, GoesOnWhereItWasLeft) {
    const Folder folder;
    const AddressWizard wizard = address_wizard();
    {
        Session session(wizard, folder.file("a"));
        EXPECT_FALSE(session.goes_on());
        ASSERT_TRUE(session.answer("quantum.com"));
        ASSERT_TRUE(session.answer("mail"));
    }
    Session session(wizard, folder.file("a"));
    EXPECT_TRUE(session.goes_on());
    EXPECT_EQ(session.page()->id, "address");
    EXPECT_EQ(session.answers()["prefix"], "mail");
    session.forget();
    EXPECT_FALSE(Session(wizard, folder.file("a")).goes_on());
}

TEST(Session, BackSuggestsWhatWasAnsweredBefore) {
    const Folder folder;
    const AddressWizard wizard = address_wizard();
    Session session(wizard, folder.file("a"));
    EXPECT_FALSE(session.back());
    ASSERT_TRUE(session.answer("example.org"));
    ASSERT_TRUE(session.back());
    EXPECT_EQ(session.page()->suggestion, "example.org");
    ASSERT_TRUE(session.answer(""));
    EXPECT_EQ(session.answers()["domain"], "example.org");
}

TEST(Session, AFileThatHoldsAnythingElseIsNotBelieved) {
    const Folder folder;
    const AddressWizard wizard = address_wizard();
    for (const char* const text :
         {"", "nonsense", "truename wizard certificate 1\ndomain quantum.com\n", "truename wizard address 1\nprefix mail\n",
          "truename wizard address 1\ndomain\n", "truename wizard address 1\ndomain a b\n"})
        EXPECT_FALSE(Session(wizard, folder.write("a", text)).goes_on()) << text;
    // What was good before it is kept.
    const Session session(wizard, folder.write("a", "truename wizard address 1\ndomain quantum.com\nprefix a b\naddress 192.0.2.1\n"));
    EXPECT_EQ(session.answers().all().size(), 1U);
}

TEST(CertificateWizard, SuggestionsAloneOrderFromTheFirstAuthority) {
    const Folder folder;
    const CertificateWizard wizard = certificate_wizard();
    Session session(wizard, folder.file("c"));
    answer_all(session, {{"names", ""}, {"source", ""}, {"directory", ""}, {"proof", ""}, {"http-port", ""}});
    EXPECT_THAT(lines(session), ElementsAre("certificate order --directory https://acme-v02.api.letsencrypt.org/directory --http-port 80 "
                                            "--name remote.quantum.com --state /tmp/state --server dovecot"));
    EXPECT_EQ(session.steps()[0].rehearsal.back(), "--dry-run");
}

TEST(CertificateWizard, ProposesOneCertificateForEachNameWhereTheAuthoritySortsThem) {
    const Folder folder;
    const CertificateWizard wizard = certificate_wizard();
    Session session(wizard, folder.file("c"));
    answer_all(session, {{"names", "remote.quantum.com, imap.quantum.com remote.quantum.com"},
                         {"source", "order"},
                         {"directory", ""},
                         {"split", ""},
                         {"proof", "webroot"},
                         {"webroot", folder.file("")}});
    EXPECT_THAT(lines(session), ElementsAre(testing::HasSubstr("--webroot " + folder.file("") + " --name remote.quantum.com --state"),
                                            testing::HasSubstr("--webroot " + folder.file("") + " --sni --name imap.quantum.com --state")));
}

TEST(CertificateWizard, WhatIsServedNowStaysUntilEachOtherNameHasItsOwn) {
    const Folder folder;
    const CertificateWizard wizard = certificate_wizard(true, true);
    Session session(wizard, folder.file("c"));
    answer_all(session, {{"names", "remote.quantum.com imap.quantum.com"},
                         {"source", "order"},
                         {"directory", ""},
                         {"split", ""},
                         {"proof", ""},
                         {"http-port", ""}});
    EXPECT_THAT(lines(session),
                ElementsAre(testing::HasSubstr("--sni --name imap.quantum.com"), testing::HasSubstr("80 --name remote.quantum.com")));
}

TEST(Session, WhatWasTakenBackIsSuggestedAgainAfterwards) {
    const Folder folder;
    const AddressWizard wizard = address_wizard();
    {
        Session session(wizard, folder.file("a"));
        ASSERT_TRUE(session.answer("quantum.com"));
        ASSERT_TRUE(session.answer("mail"));
        session.back();
        session.back();
    }
    Session session(wizard, folder.file("a"));
    EXPECT_TRUE(session.goes_on());
    EXPECT_EQ(session.page()->suggestion, "quantum.com");
    ASSERT_TRUE(session.answer(""));
    EXPECT_EQ(session.page()->suggestion, "mail");
}

TEST(CertificateWizard, NamesAreProvedByANameServer) {
    const Folder folder;
    const std::string key = folder.write("update.key", "key");
    const CertificateWizard wizard = certificate_wizard();
    Session session(wizard, folder.file("c"));
    answer_all(session, {{"names", ""},
                         {"source", ""},
                         {"directory", "https://ca.quantum.com/dir"},
                         {"roots", ""},
                         {"proof", "dns-update"},
                         {"dns-update", "127.0.0.1:5353"},
                         {"dns-update-key", key}});
    EXPECT_THAT(lines(session),
                ElementsAre(testing::StartsWith("certificate order --directory https://ca.quantum.com/dir --dns-update 127.0.0.1:5353 "
                                                "--dns-update-key " +
                                                key + " --name")));
}

TEST(CertificateWizard, DoesNotWhereTheFirstNameStaysFirst) {
    const Folder folder;
    const CertificateWizard wizard = certificate_wizard();
    Session session(wizard, folder.file("c"));
    ASSERT_TRUE(session.answer("imap.quantum.com remote.quantum.com"));
    ASSERT_TRUE(session.answer("order"));
    ASSERT_TRUE(session.answer(""));
    EXPECT_EQ(session.page()->id, "proof");
}

TEST(CertificateWizard, AnAuthorityOfOnesOwnIsMadeWhereThereIsNone) {
    const Folder folder;
    const std::string passphrase = folder.write("passphrase", "correct horse\n");
    for (const bool has_authority : {true, false}) {
        const CertificateWizard wizard = certificate_wizard(has_authority);
        Session session(wizard, folder.file("c"));
        std::vector<std::pair<std::string, std::string>> answers = {{"names", ""}, {"source", "own"}, {"store", ""}};
        if (!has_authority) answers.push_back({"authority", "Quantum"});
        answers.push_back({"passphrase", passphrase});
        answer_all(session, answers);
        const std::string access = "--store /var/lib/truename/ca --passphrase-file " + passphrase;
        const std::string issue = "certificate issue " + access + " --name remote.quantum.com --state /tmp/state --server dovecot";
        if (has_authority)
            EXPECT_THAT(lines(session), ElementsAre(issue));
        else
            EXPECT_THAT(lines(session), ElementsAre("ca init --name Quantum --domain quantum.com " + access, issue));
        EXPECT_THAT(session.steps().back().then, testing::HasSubstr("truename ca export --store"));
        EXPECT_EQ(session.steps().back().rehearsal.back(), "--dry-run");
        session.forget();
    }
}

TEST(CertificateWizard, ARequestAndAFileAreOneCommandEach) {
    const Folder folder;
    const CertificateWizard wizard = certificate_wizard();
    Session request(wizard, folder.file("r"));
    answer_all(request, {{"names", ""}, {"source", "3"}});
    EXPECT_THAT(lines(request), ElementsAre("certificate request --name remote.quantum.com --state /tmp/state"));
    Session file(wizard, folder.file("f"));
    const std::string chain = folder.write("mail.pem", "...");
    answer_all(file, {{"names", ""}, {"source", "file"}, {"file", chain}, {"key", ""}});
    EXPECT_THAT(lines(file), ElementsAre("certificate import " + chain + " --name remote.quantum.com --state /tmp/state --server dovecot"));
}

TEST(ShellLine, QuotesWhatAShellWouldChange) {
    EXPECT_EQ(shell_line({"a", "b c", "", "it's", "$(x)", "--name=1"}), "a 'b c' '' 'it'\\''s' '$(x)' --name=1");
}

}  // namespace
}  // namespace truename::wizard
