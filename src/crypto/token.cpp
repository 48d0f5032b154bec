// OpenSSL 3.0 keeps engines only for the sake of old programs, but Debian 12 has no provider for tokens.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/token.h"

#include <openssl/engine.h>
#include <openssl/ui.h>

#include <mutex>
#include <string>

namespace truename::crypto {

namespace {

/// The engine for tokens, loaded when it is first needed and kept until the program ends, as keys borrow from it.
ENGINE* token_engine() {
    static ENGINE* const kEngine = []() -> ENGINE* {
        ENGINE* engine = ENGINE_by_id("pkcs11");
        if (engine != nullptr && ENGINE_init(engine) == 1) return engine;
        ENGINE_free(engine);
        return nullptr;
    }();
    return kEngine;
}

}  // namespace

EvpKey load_token_key(std::string_view uri, std::string_view pin, bool& has_tokens) {
    static std::mutex mutex;  // the PIN belongs to the engine, not to the key
    const std::lock_guard lock(mutex);
    const ErrorQueueGuard guard;
    ENGINE* engine = token_engine();
    has_tokens = engine != nullptr;
    if (engine == nullptr) return nullptr;
    std::string secret(pin);
    const bool is_set = ENGINE_ctrl_cmd_string(engine, "PIN", secret.c_str(), 0) == 1;
    OPENSSL_cleanse(secret.data(), secret.size());
    if (!is_set) return nullptr;
    // Without these it asks on the terminal for the PIN, and writes to standard error what it does.
    auto* nobody = const_cast<UI_METHOD*>(UI_null());
    (void)ENGINE_ctrl_cmd(engine, "SET_USER_INTERFACE", 0, nobody, nullptr, 1);
    (void)ENGINE_ctrl_cmd_string(engine, "QUIET", nullptr, 1);
    return EvpKey(ENGINE_load_private_key(engine, std::string(uri).c_str(), nobody, nullptr));
}

}  // namespace truename::crypto
