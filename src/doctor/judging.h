#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "clients/judge.h"
#include "doctor/settings.h"
#include "probe/evidence.h"
#include "verify/verification.h"

namespace truename::doctor {

/// One chain under one name, with all that a judgement depends on. Owns its bytes; the trust stores are borrowed.
struct Case {
    std::vector<ByteString> presented;  ///< as sent
    std::vector<ByteString> fetched;    ///< issuers from elsewhere
    std::vector<ByteString> seen;       ///< issuers that the server sends on other connections
    std::string name;                   ///< the name that is compared
    std::uint16_t port = 0;             ///< for the texts of dialogs
    std::vector<std::string> services;  ///< what the server is asked for under it, as SRVNames call it
    Time at{};
    bool stapled = false;
    std::vector<ByteString> staples;              ///< the OCSP responses that were stapled, each once
    std::vector<probe::Fetched> asked;            ///< OCSP responders and revocation lists, each with what came of it
    std::optional<std::vector<ByteString>> crls;  ///< revocation lists; nothing: nobody looks
    std::vector<std::string> fetched_from;        ///< where `fetched` came from
    bool issuers_were_fetched = false;            ///< or they are all that can be had
    bool sorts_names = false;                     ///< the authority that would issue another certificate sorts the names in it
    std::vector<clients::ServerTls> tls;          ///< of the endpoints that showed the chain
    clients::Roots roots = clients::Roots::own;
    const verify::TrustStores* trust = nullptr;
};

/// A Case with what every selected client says to it. Verdicts borrow from it; it borrows from the Case and the Settings.
class Judgement {
  public:
    Judgement(const Case& chain, Settings::Impl& settings);
    ~Judgement();
    Judgement(const Judgement&) = delete;
    Judgement& operator=(const Judgement&) = delete;

    [[nodiscard]] verify::Verification& verification() { return *verification_; }
    /// One for each profile of the settings, in their order.
    [[nodiscard]] const std::vector<clients::Verdict>& verdicts() const { return verdicts_; }

  private:
    std::vector<Bytes> presented_, fetched_, seen_, staples_, crls_;
    std::vector<verify::AskedSource> asked_;
    std::unique_ptr<verify::Verification> verification_;
    std::vector<clients::Verdict> verdicts_;
};

/// For each profile of the settings what the client says.
std::vector<clients::Outcome> outcomes(const Case& chain, Settings::Impl& settings);

}  // namespace truename::doctor
