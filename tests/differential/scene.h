#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crypto/private_key.h"
#include "tests/differential/opinion.h"

namespace truename::differential {

/// A chain to ask about, and what is needed to change it.
struct Scene {
    std::string suite, id;
    Question question;
    std::vector<std::optional<crypto::PrivateKey>> signers;  ///< of each certificate of the chain; nothing where we have not its key
};

/// Keys of ours that stand in for the keys of others: the same for the same key, of the same kind and size.
class KeyBox {
  public:
    /// `folder` holds the keys for kinds that are not made here.
    explicit KeyBox(std::filesystem::path folder) : folder_(std::move(folder)) {}
    /// Nothing for kinds that we have no key of. `info` is a SubjectPublicKeyInfo, `scene` whatever must not share a key twice.
    std::optional<crypto::PrivateKey> stand_in(Bytes info, std::map<ByteString, crypto::PrivateKey>& scene);

  private:
    std::optional<crypto::PrivateKey> make(const std::string& kind, std::size_t number);
    std::filesystem::path folder_;
    std::map<std::string, std::vector<crypto::PrivateKey>> keys_;
};

/// Every chain of tests/cases as it is, with the server's key.
std::vector<Scene> scenes_of_cases(const std::filesystem::path& source);
/// Every chain of the public suites below `folder` as it is; we have no keys.
std::vector<Scene> scenes_of_suites(const std::filesystem::path& folder);

/// `scene` with keys of ours in all its certificates, signed again where the old signature fitted; all else stays byte for byte.
Scene rekeyed(const Scene& scene, KeyBox& keys);

}  // namespace truename::differential
