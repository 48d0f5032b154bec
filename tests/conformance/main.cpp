// truename-conformance SUITE FOLDER: judges every case of a public suite, prints those that come out otherwise than the suite says, and
// ends with `SUITE: N of M right, D deviations`. `limbo -` reads limbo's JSON on standard input and writes limbo's result JSON. A program
// for tests; it is not installed.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "tests/conformance/deviations.h"
#include "tests/conformance/suite.h"

namespace truename::conformance {

namespace {

using Run = std::vector<Case> (*)(const std::filesystem::path&);
constexpr std::pair<std::string_view, Run> kSuites[] = {{"bettertls", run_bettertls},
                                                        {"boringssl-pki", run_boringssl},
                                                        {"gnutls-chains", run_gnutls},
                                                        {"go-x509", run_go},
                                                        {"limbo", run_limbo},
                                                        {"mozpkix", run_mozpkix},
                                                        {"names", run_names},
                                                        {"openssl-ocsp", run_openssl_ocsp},
                                                        {"openssl-verify", run_openssl_verify},
                                                        {"pkits", run_pkits},
                                                        {"pyca-vectors", run_pyca},
                                                        {"webpki-crls", run_webpki_crls}};

void print(const char* what, const Case& one, const std::string& more) {
    std::printf("%s%s: expected %s, ours %s (%s)%s\n", what, one.id.c_str(), one.expected.c_str(), one.ours.c_str(),
                join(one.findings, ", ").c_str(), more.c_str());
}

/// Deviations of which a case comes out right by now. Those that match nothing are no fault: they may be about cases that this folder does
/// not hold.
std::size_t print_stale(const std::vector<Deviation>& deviations) {
    std::size_t count = 0;
    for (const Deviation& deviation : deviations) {
        for (const std::string& id : deviation.stale)
            std::printf("stale: %s: %s comes out as expected\n", deviation.match.c_str(), id.c_str());
        if (deviation.stale.empty() && !deviation.is_used) std::printf("unmatched: %s\n", deviation.match.c_str());
        count += deviation.stale.size();
    }
    return count;
}

int run(const std::string& name, const std::filesystem::path& folder) {
    const auto suite = std::find_if(std::begin(kSuites), std::end(kSuites), [&](const auto& row) { return row.first == name; });
    if (suite == std::end(kSuites)) throw std::runtime_error("there is no suite " + name);
    std::vector<Deviation> deviations = read_deviations(TRUENAME_DEVIATIONS, name);
    std::size_t right = 0, deviating = 0;
    const std::vector<Case> cases = suite->second(folder);
    for (const Case& one : cases) {
        const Deviation* deviation = find_deviation(deviations, one);
        if (one.expected == one.ours) {
            ++right;
        } else if (deviation != nullptr) {
            ++right;
            ++deviating;
            print("deviation ", one, ": " + deviation->reason);
        } else {
            print("", one, "");
        }
    }
    const std::size_t stale = print_stale(deviations);
    std::printf("%s: %zu of %zu right, %zu deviations\n", name.c_str(), right, cases.size(), deviating);
    return right == cases.size() && stale == 0 ? 0 : 1;
}

int answer_limbo() {
    const std::string text(std::istreambuf_iterator<char>(std::cin), {});
    std::puts(limbo_result(judge_limbo(text)).c_str());
    return 0;
}

}  // namespace

}  // namespace truename::conformance

int main(int argc, char** argv) {
    using namespace truename::conformance;
    if (argc != 3) {
        std::fputs("usage: truename-conformance SUITE FOLDER\n       truename-conformance limbo - <limbo.json\n", stderr);
        return 64;
    }
    try {
        return std::string_view(argv[1]) == "limbo" && std::string_view(argv[2]) == "-" ? answer_limbo() : run(argv[1], argv[2]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "truename-conformance: %s\n", error.what());
        return 66;
    }
}
