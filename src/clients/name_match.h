#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "clients/profile.h"
#include "verify/names.h"

namespace truename::clients {

/// Whether names match, for one client.
enum class Matched : std::uint8_t {
    no,
    unknown,  ///< it hangs on a rule that nobody knows
    yes,
};

/// `Matched` and what it rests on.
struct NameResult {
    Matched matched = Matched::unknown;
    Confidence confidence = Confidence::observed;  ///< of the weakest rule used
};

/// How DNS names are compared by these facts; those that nobody knows are at their most lenient or at their strictest. `compares_u_labels`
/// is false: that hangs on both names.
x509::DnsMatchRule dns_rule(const NameRule& rule, bool lenient);

/// Compares the names of one certificate with the name asked for as clients do. Rules that nobody knows are taken at their strictest and at
/// their most lenient; only when both agree the answer is known. What one rule set gave is kept for the next client that has the same.
class NameMatcher {
  public:
    /// Both are borrowed.
    NameMatcher(const verify::PresentedNames& presented, const verify::ReferenceName& reference);

    /// `shipped`: the root of the client's path came with the client.
    NameResult match(const NameRule& rule, bool shipped);

  private:
    struct Choice {
        Compares compares;
        CommonName common_name;
        WhichCommonName which;
        bool service_names;
        bool any_service;  ///< what is not known to be asked for is taken for what is presented
        AddressRule address;
        x509::IpAddressText address_text;
        bool mapped_is_same;
        OddAddress odd_address;
        ULabels u_labels;
        Malformed malformed;
        x509::DnsMatchRule dns;
        friend bool operator==(const Choice&, const Choice&) = default;
    };
    struct Known {
        Choice choice;
        bool matches;
    };

    static Choice choose(const NameRule& rule, bool shipped, bool lenient);
    bool matches(const Choice& choice);
    [[nodiscard]] bool compute(const Choice& choice) const;
    [[nodiscard]] bool matches_address(const Choice& choice, const x509::IpAddress& wanted) const;
    [[nodiscard]] bool matches_text(const verify::PresentedName& name, const Choice& choice) const;
    [[nodiscard]] bool hides_list(const Choice& choice) const;
    [[nodiscard]] bool matches_name(const Choice& choice) const;
    [[nodiscard]] bool matches_services(const Choice& choice) const;
    [[nodiscard]] bool matches_service(std::string_view service, const Choice& choice) const;
    [[nodiscard]] bool looks_at_common_name(const Choice& choice) const;
    [[nodiscard]] bool counts(const verify::PresentedName& name, WhichCommonName which) const;
    [[nodiscard]] Confidence confidence(const NameRule& rule) const;

    const verify::PresentedNames& presented_;
    const verify::ReferenceName& reference_;
    std::uint32_t dns_names_ = 0, addresses_ = 0, odd_addresses_ = 0, common_names_ = 0, service_names_ = 0;
    bool has_star_ = false, has_malformed_ = false, has_presented_dot_ = false, has_reference_dot_ = false;
    std::vector<Known> known_;
};

}  // namespace truename::clients
