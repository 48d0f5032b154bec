#pragma once

#include <functional>
#include <string>
#include <vector>

#include "acme/public_authority.h"
#include "wizard/wizard.h"

namespace truename::wizard {

/// What the wizard may know beforehand.
struct CertificateFacts {
    std::vector<std::string> names;                               ///< by which the servers are reached, that which users type first
    std::vector<acme::PublicAuthority> authorities;               ///< that are offered
    std::string store;                                            ///< of an authority of one's own: where it is, or would be
    std::function<bool(const std::string& store)> has_authority;  ///< whether there is one in that folder
    std::function<bool()> shows_anything = {};                    ///< whether the servers show somebody a certificate; empty: they do not
    bool has_servers = true;                                      ///< there are servers that a certificate could be put into
    std::vector<std::string> server_options = {};  ///< words to add to commands that look at servers: `--server dovecot --config ...`
    std::vector<std::string> state_options = {};   ///< words to add to each: `--state ...`
};

/// Add a trusted certificate: for which names, from whom, proved how; and then where it goes.
class CertificateWizard final : public Wizard {
  public:
    explicit CertificateWizard(CertificateFacts facts) : facts_(std::move(facts)) {}

    [[nodiscard]] std::string_view id() const override { return "certificate"; }
    [[nodiscard]] std::optional<Page> next(const Answers& answers) const override;
    [[nodiscard]] Result<std::string, std::string> check(const Answers& answers, const Page& page, std::string_view text) const override;
    [[nodiscard]] std::vector<Step> steps(const Answers& answers) const override;

  private:
    [[nodiscard]] std::optional<Page> next_for_order(const Answers& answers) const;
    [[nodiscard]] std::optional<Page> next_for_own(const Answers& answers) const;
    [[nodiscard]] Page ask_directory() const;
    [[nodiscard]] Step make_step(std::vector<std::string> command, const std::vector<std::string>& names) const;

    CertificateFacts facts_;
};

}  // namespace truename::wizard
