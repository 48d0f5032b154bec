#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "recipe/recipe.h"
#include "verify/verification.h"

namespace truename::verify {

/// The certificates of a recipe, given as text. `NAME key=KEY ...` is written out: see certificate(). Stops the test program when the
/// recipe cannot be built, since then no test means anything.
recipe::Built build(std::string_view toml);

/// A client that trusts what the trust stores hold as `added`, and is content with any path, or with those that lack the findings named.
class TestClient : public PathClient {
  public:
    explicit TestClient(Verification& verification) : verification_(verification) {}
    Trust trusts(NodeIndex node) override;
    bool accepts(PathIndex path) override;

    std::vector<FindingId> minds;      ///< a path with one of these is not accepted
    std::vector<NodeIndex> unsure_of;  ///< anchors of which it is not known whether they are trusted
    std::vector<NodeIndex> rejects;    ///< certificates that are distrusted
    std::vector<PathIndex> asked;      ///< what accepts() was asked for

  private:
    Verification& verification_;
};

/// A verification with everything that it borrows.
class Scene {
  public:
    /// `toml` is a recipe; the time is 2026-11-24 unless set.
    explicit Scene(std::string_view toml) : Scene(build(toml)) {}
    explicit Scene(recipe::Built certificates) : built(std::move(certificates)) { trust.use_shipped(false); }

    Scene& sends(std::initializer_list<std::string_view> names);
    Scene& sends(const std::vector<std::string>& names);
    Scene& trusts(std::initializer_list<std::string_view> names);
    Scene& fetched(std::initializer_list<std::string_view> names);
    Scene& fetched(const std::vector<std::string>& names);
    Scene& given(std::initializer_list<std::string_view> names);
    /// Certificates that are not as the recipe made them.
    Scene& given(std::vector<ByteString> certificates);

    /// Made at the first call, with what was said until then.
    Verification& verification();
    TestClient& client();
    /// What fuzzing the verifier may begin with (tests/seeds.h).
    void write_seeds() const;
    /// The path of a client with that habit.
    FoundPath find(const Habit& habit = {});
    /// The recipe's names of the certificates in a path, leaf first.
    std::vector<std::string> path_names(const FoundPath& found);
    /// `id @name` for everything on the path of `habit`, sorted. Facts that are true of nearly every certificate made here are left out:
    /// usage.none, policy.ct-missing, revocation.no-address, key identifiers that are missing, common names; `all` keeps them.
    std::vector<std::string> findings(const Habit& habit = {}, bool all = false);
    /// The finding itself; stops the test when it is not there.
    const Finding& finding(FindingId id);
    std::string name_of(NodeIndex node);

    recipe::Built built;
    TrustStores trust;
    Memory memory;
    Input input;

  private:
    std::vector<Bytes> presented_, fetched_, given_;
    std::vector<ByteString> owned_;
    std::vector<Bytes> trusted_;
    std::unique_ptr<Verification> verification_;
    std::unique_ptr<TestClient> client_;
};

/// A client that goes back and sees everything.
inline constexpr Habit kSeesAll{.uses_given = true, .uses_fetched = true};

/// A `[[certificate]]` of a recipe; `more` are TOML lines that come after those of the other members.
struct CertificateText {
    std::string_view name;
    std::string_view issuer = {};   ///< itself when empty
    std::string_view subject = {};  ///< `CN=<name>` when empty
    std::string_view more = {};
    std::string_view key = {};  ///< p256-1 when empty
    std::string_view from = "2026-01-01", until = "2026-12-31";
};
std::string certificate(const CertificateText& text);
/// The same with `ca = true` and keyCertSign, for 2020 to 2040.
std::string authority(const CertificateText& text);

}  // namespace truename::verify
