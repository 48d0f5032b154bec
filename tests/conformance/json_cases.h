#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "tests/conformance/trial.h"

namespace truename::conformance {

/// Appends the certificates of a list of PEM texts, in its order; nothing for null.
inline void add_certificates(const nlohmann::json& pems, std::vector<ByteString>& to) {
    if (pems.is_null()) return;
    for (const nlohmann::json& pem : pems) {
        for (ByteString& der : certificates_of(pem.get<std::string>())) to.push_back(std::move(der));
    }
}

}  // namespace truename::conformance
