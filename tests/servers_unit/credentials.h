#pragma once

#include <stdexcept>
#include <string>

#include "recipe/recipe.h"
#include "servers/place.h"

namespace truename::servers {

/// root > middle > server, whose names and key a test chooses.
inline recipe::Built build_chain(const std::string& names = R"("DNS:mail.example.com")", const std::string& key = "rsa2048-1") {
    const std::string text = R"(
[[certificate]]
name = "root"
subject = "CN=Root"
key = "rsa2048-5"
validity = ["2026-01-01", "2030-01-01"]
ca = true
[[certificate]]
name = "middle"
subject = "CN=Middle"
issuer = "root"
key = "rsa2048-6"
validity = ["2026-01-01", "2030-01-01"]
ca = true
[[certificate]]
name = "server"
subject = "CN=mail.example.com"
issuer = "middle"
key = ")" + key + R"("
names = [)" + names + R"(]
validity = ["2026-01-01", "2028-01-01"]
)";
    const auto recipe = recipe::load(text, "test");
    if (!recipe) throw std::runtime_error(to_sentence(recipe.error()));
    auto built = recipe::build(*recipe, TRUENAME_SOURCE_DIR "/tests/keys");
    if (!built) throw std::runtime_error(to_sentence(built.error()));
    return std::move(*built);
}

/// What a server is to have of it.
inline Credential credential_of(const recipe::Built& built) {
    const recipe::Item& server = built.certificates.at("server");
    return {{server.der, built.certificates.at("middle").der}, server.key};
}

}  // namespace truename::servers
