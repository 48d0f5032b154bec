#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/judge.h"
#include "clients/library.h"
#include "recipe/recipe.h"
#include "verify/trust_store.h"
#include "verify/verification.h"
#include "x509/signature.h"

namespace truename::clients {

/// A base, a profile and a dialog that know everything, small enough to be changed in a test: `demo` on `lib@1`, with `demo-question`.
std::vector<DataFile> demo_files();

/// demo_files() with `from` (which must be there once at least) replaced by `to` in the file at `path`.
std::vector<DataFile> demo_with(std::string_view path, std::string_view from, std::string_view to);

/// Reads files that are right; stops the test program otherwise.
std::shared_ptr<const Library> read(const std::vector<DataFile>& files);

/// The profile of that id.
const Profile& profile(const Library& library, std::string_view id);

/// Certificates from a recipe, judged.
class Scene {
  public:
    explicit Scene(std::string_view recipe);
    /// Takes built certificates.
    explicit Scene(recipe::Built built);

    Scene& sends(const std::vector<std::string>& names);
    /// `said`: in settings beside them.
    Scene& adds_roots(const std::vector<std::string>& names, x509::ExplicitTrust said = x509::ExplicitTrust::none);
    Scene& has_bundle(const std::vector<std::string>& names);
    Scene& fetched(const std::vector<std::string>& names);
    /// The responder was asked about a certificate and answered so; empty: not at all.
    Scene& asked(const std::string& name, ByteString response = {});
    /// The server staples that.
    Scene& staples(ByteString response);

    [[nodiscard]] const recipe::Built& built() const { return built_; }

    std::string host = "mail.example.com";
    Time at;
    Context context;

    /// The verdict of `profile`; everything it borrows from lives as long as the scene.
    Verdict judge(const Profile& profile);
    Verdict judge(const Library& library, std::string_view id) { return judge(clients::profile(library, id)); }

  private:
    void write_seed_of() const;

    recipe::Built built_;
    std::vector<std::string> roots_;
    std::vector<Bytes> presented_, fetched_;
    std::deque<ByteString> responses_;
    std::vector<verify::AskedSource> asked_;
    std::vector<Bytes> staples_;
    verify::TrustStores stores_;
    verify::Memory memory_;
    std::deque<verify::Verification> verifications_;
};

/// The names of the findings of a verdict, in their order.
std::vector<std::string> findings(const Verdict& verdict);

/// A root, `root`, and a server certificate that it issued, `server`, for mail.example.com, good through 2026. `more` are further lines of
/// the server's table; keys of it replace those that stand here.
std::string recipe_with(std::string_view more = {});

}  // namespace truename::clients
