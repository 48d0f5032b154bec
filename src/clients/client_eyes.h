#pragma once

#include <bitset>
#include <span>

#include "clients/judge.h"
#include "clients/profile.h"
#include "verify/verification.h"

namespace truename::clients {

/// What one client makes of a certificate as the end of a path.
struct RootOpinion {
    verify::Trust trust = verify::Trust::no;
    When::AnchorIs from = When::AnchorIs::none;
    bool stand_in = false;                         ///< this machine's bundle was asked in place of an unknown list
    Confidence confidence = Confidence::observed;  ///< of the rules used
};

/// The circumstances on which reactions may hang.
struct Circumstances {
    When::AnchorIs anchor = When::AnchorIs::none;
    bool leaf_is_root = false;                 ///< the path is one certificate, which is trusted itself
    std::span<const verify::Placed> findings;  ///< all on the path
    std::bitset<kFindingCount> present;        ///< their ids: of one kind there may be thousands

    void set_findings(std::span<const verify::Placed> all) {
        findings = all;
        present.reset();
        for (const verify::Placed& placed : all) present.set(static_cast<std::size_t>(placed.finding->id));
    }
};

/// Looks at certificates with one profile's rules: answers the questions of a path search, and knows which reaction applies.
class ClientEyes final : public verify::PathClient {
  public:
    /// All are borrowed.
    ClientEyes(const Profile& profile, verify::Verification& verification, Roots roots)
        : profile_(profile), verification_(verification), roots_(roots) {}

    verify::Trust trusts(verify::NodeIndex node) override { return root(node).trust; }
    bool accepts(verify::PathIndex path) override;

    /// Whether a path may end in `node`, were it trusted.
    [[nodiscard]] bool may_end_in(verify::NodeIndex node) const;
    /// Whether what was said of the root of a path overrules the finding: of a certificate that is trusted for TLS servers in so many
    /// words it does not count what it says of purposes itself.
    [[nodiscard]] bool is_overruled(const verify::Placed& placed) const;
    /// What the client makes of `node` as a root.
    [[nodiscard]] RootOpinion root(verify::NodeIndex node) const;
    /// The path that the client judges.
    verify::FoundPath find_path();
    /// That of the weakest fact of `[path]` on which the choice of the path hung; observed when there was no choice.
    [[nodiscard]] Confidence confidence_of(const verify::FoundPath& found) const;
    /// The reaction to a finding; nothing when the profile has none that holds.
    [[nodiscard]] const Reaction* reaction_to(const verify::Placed& placed, const Circumstances& circumstances) const;
    /// The same for a finding of that id in the place of another one.
    [[nodiscard]] const Reaction* reaction_to(FindingId id, const verify::Placed& placed, const Circumstances& circumstances) const;

  private:
    [[nodiscard]] bool holds(const When& when, const verify::Placed& placed, const Circumstances& circumstances) const;
    [[nodiscard]] RootOpinion shipped(const verify::Anchor& anchor) const;
    [[nodiscard]] x509::ExplicitTrust said_of(verify::NodeIndex node) const;

    const Profile& profile_;
    verify::Verification& verification_;
    Roots roots_;
};

/// True for findings on which only `[names]` decides.
bool is_about_names(const verify::Placed& placed);

/// True when `platform` is `from` or a later one of the same kind: `macos-26` after `macos-10.15`.
bool is_platform_from(std::string_view platform, std::string_view from);

}  // namespace truename::clients
