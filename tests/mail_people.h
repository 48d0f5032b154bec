#pragma once

#include <cstdlib>
#include <string>

#include "mail/identity.h"
#include "recipe/recipe.h"
#include "verify/trust_store.h"

namespace truename::mail {

/// Certificates of a few people, with the keys of the folder TRUENAME_KEYS: ann has RSA, bob P-256, carl P-384; eve has one of another
/// authority, old one that has expired, tom one for servers, and boss one for his address written in capitals.
inline const recipe::Built& people() {
    static const recipe::Built built = [] {
        std::string text;
        const auto add = [&](const char* name, const char* key, const char* issuer, const char* more = "",
                             const char* validity = "[\"2026-01-01\", \"2030-01-01\"]") {
            text += "[[certificate]]\nname = \"" + std::string(name) + "\"\nsubject = \"CN=" + name + "\"\nkey = \"" + key +
                    "\"\nvalidity = " + validity + "\n" + (*issuer != '\0' ? "issuer = \"" + std::string(issuer) + "\"\n" : "") + more +
                    "\n";
        };
        const auto person = [](const std::string& address, const std::string& purpose = "emailProtection") {
            return "names = [\"email:" + address + "\"]\nextended_key_usage = [\"" + purpose + "\"]";
        };
        add("root", "rsa2048-1", "", "ca = true");
        add("other root", "rsa2048-5", "", "ca = true");
        add("issuing", "rsa2048-2", "root", "ca = true");
        add("ann", "rsa2048-3", "issuing", person("ann@example.com").c_str());
        add("bob", "p256-1", "issuing", person("bob@example.com").c_str());
        add("carl", "p384-1", "issuing", person("carl@example.com").c_str());
        add("dora", "ed25519-1", "issuing", person("dora@example.com").c_str());
        add("eve", "rsa2048-4", "other root", person("ann@example.com").c_str());
        add("old", "rsa2048-6", "issuing", person("old@example.com").c_str(), "[\"2020-01-01\", \"2021-01-01\"]");
        add("tom", "p256-2", "issuing", person("tom@example.com", "serverAuth").c_str());
        add("boss", "p256-3", "issuing", person("Boss@example.com").c_str());
        const auto loaded = recipe::load(text, "people");
        if (!loaded) std::abort();
        auto made = recipe::build(*loaded, TRUENAME_KEYS);
        if (!made) std::abort();
        return std::move(*made);
    }();
    return built;
}

/// Somebody with his key and the certificates of his issuers.
inline Identity identity(std::string_view name) {
    const recipe::Item& item = people().certificates.find(name)->second;
    auto made = Identity::make(item.key, {item.der, people().certificate("issuing"), people().certificate("root")});
    if (!made) std::abort();
    return std::move(*made);
}

/// A day in the validity of nearly all.
inline Time day() {
    return *parse_time("2027-01-01");
}

/// The root, and nobody else.
inline verify::TrustStores root_only() {
    verify::TrustStores trust;
    trust.use_shipped(false);
    if (!trust.add_certificate(people().certificate("root"), true)) std::abort();
    return trust;
}

}  // namespace truename::mail
