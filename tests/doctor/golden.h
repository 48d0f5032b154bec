#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace truename::doctor {

/// Compares with tests/doctor/golden/`file`; with TRUENAME_BLESS=1 in the environment the file is written anew and the diff is the review.
inline void expect_golden(const std::string& file, const std::string& text) {
    const std::string path = std::string(TRUENAME_SOURCE_DIR) + "/tests/doctor/golden/" + file;
    if (const char* bless = std::getenv("TRUENAME_BLESS"); bless != nullptr && *bless == '1') {
        std::ofstream(path, std::ios::binary) << text;
        return;
    }
    std::ifstream in(path, std::ios::binary);
    ASSERT_TRUE(in) << path << " is missing; TRUENAME_BLESS=1 writes it";
    const std::string expected{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(expected, text) << "differs from " << path;
}

}  // namespace truename::doctor
