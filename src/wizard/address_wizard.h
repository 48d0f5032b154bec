#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "address/internet_address.h"
#include "wizard/wizard.h"

namespace truename::wizard {

/// What the wizard may know beforehand.
struct AddressFacts {
    std::vector<std::string> domains;        ///< that this machine may be for, the likeliest first
    std::vector<std::string> own_addresses;  ///< of this machine, those that the Internet can reach
    std::vector<std::string> servers;        ///< titles of the mail servers that it has
    std::function<std::map<std::string, std::vector<std::string>>(const std::vector<std::string>& names)> addresses_of;  ///< asks the DNS
    std::vector<std::string> options = {};  ///< words to add to each command: `--resolver ...`
};

/// Internet Address Management: which name do users type, what address has it, who makes the records.
class AddressWizard final : public Wizard {
  public:
    explicit AddressWizard(AddressFacts facts) : facts_(std::move(facts)) {}

    [[nodiscard]] std::string_view id() const override { return "address"; }
    [[nodiscard]] std::optional<Page> next(const Answers& answers) const override;
    [[nodiscard]] Result<std::string, std::string> check(const Answers& answers, const Page& page, std::string_view text) const override;
    [[nodiscard]] std::vector<Step> steps(const Answers& answers) const override;

  private:
    [[nodiscard]] Page ask_prefix(const Answers& answers) const;
    [[nodiscard]] Page ask_address(const Answers& answers) const;

    AddressFacts facts_;
};

}  // namespace truename::wizard
