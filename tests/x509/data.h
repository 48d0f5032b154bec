#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "base/text.h"
#include "x509/pem.h"

namespace truename::x509 {

/// A file of tests/x509/data.
inline std::string read_data(const std::string& name) {
    std::ifstream file(TRUENAME_SOURCE_DIR "/tests/x509/data/" + name, std::ios::binary);
    EXPECT_TRUE(file.good()) << name;
    return {std::istreambuf_iterator<char>(file), {}};
}

/// The first block of a PEM file of tests/x509/data.
inline ByteString der_of(const std::string& name) {
    const std::string text = read_data(name);
    const auto bundle = read_pem_bundle(as_bytes(text), name);
    EXPECT_TRUE(bundle && !bundle->blocks.empty()) << name;
    return bundle->blocks.at(0).der;
}

}  // namespace truename::x509
