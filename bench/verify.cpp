// Parsing and verifying one chain: with its signatures remembered, and cold against the bare signature checks that nobody can avoid.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "bench/public_chain.h"
#include "recipe/recipe.h"
#include "tests/added_roots.h"
#include "verify/verification.h"

using namespace truename;

namespace {

constexpr int kRepetitions = 15;

struct Chain {
    explicit Chain(std::string_view key) {
        built = *recipe::build(*recipe::load(recipe_of_public_chain(key), "bench"), TRUENAME_SOURCE_DIR "/tests/keys");
        sent = {built.certificate("server"), built.certificate("inter"), built.certificate("root")};
        trust.add_certificate(sent[2], true);
        input.presented = sent;
        input.name = "mail.example.com";
        input.at = *parse_time("2026-11-24");
    }

    recipe::Built built;
    std::vector<Bytes> sent;
    verify::TrustStores trust;
    verify::Input input;
};

Chain& chain(bool rsa) {
    static Chain with_rsa("rsa2048"), with_ec("p256");
    return rsa ? with_rsa : with_ec;
}

/// Everything that is true of the chain, for three clients of different habits.
std::size_t verify_chain(const Chain& chain, verify::Memory& memory) {
    using verify::PathSearch;
    verify::Verification verification(chain.input, chain.trust, memory);
    AddedRoots client(verification);
    std::size_t count = 0;
    for (const PathSearch search : {PathSearch::any_good_path, PathSearch::trusted_first, PathSearch::as_sent}) {
        const auto found = verification.find_path({.search = search}, client);
        if (found.end != verify::PathEnd::anchor) std::abort();
        count += verification.findings(found).size();
    }
    return count;
}

void cached(benchmark::State& state, bool rsa) {
    verify::Memory memory;
    verify_chain(chain(rsa), memory);
    for (auto _ : state) benchmark::DoNotOptimize(verify_chain(chain(rsa), memory));
}

void cold(benchmark::State& state, bool rsa) {
    for (auto _ : state) {
        verify::Memory memory;
        benchmark::DoNotOptimize(verify_chain(chain(rsa), memory));
    }
}

/// The two checks alone, each with a key made from its raw parts.
void bare(benchmark::State& state, bool rsa) {
    std::vector<x509::Certificate> certificates;
    for (const Bytes der : chain(rsa).sent) certificates.push_back(*x509::parse_certificate(der));
    for (auto _ : state) {
        for (std::size_t i = 0; i < 2; ++i) {
            const auto key = x509::make_public_key(certificates[i + 1].subject_public_key_info);
            const auto scheme = x509::signature_algorithm(certificates[i].signature_algorithm).scheme;
            if (key->verify(*scheme, certificates[i].tbs_certificate, certificates[i].signature_value) != crypto::SignatureCheck::valid)
                std::abort();
        }
    }
}

void load_trust(benchmark::State& state) {
    std::ifstream in("/etc/ssl/certs/ca-certificates.crt", std::ios::binary);
    const std::string bundle(std::istreambuf_iterator<char>(in), {});
    for (auto _ : state) {
        verify::TrustStores trust;
        if (!bundle.empty()) benchmark::DoNotOptimize(trust.add_system(as_bytes(bundle), "bundle"));
        benchmark::DoNotOptimize(trust.find_by_subject_key(1));
    }
}

/// Keeps the fastest repetition of each benchmark: other programs on the machine only ever make one slower.
class Fastest : public benchmark::BenchmarkReporter {
  public:
    bool ReportContext(const Context&) override { return true; }
    void ReportRuns(const std::vector<Run>& runs) override {
        for (const Run& run : runs) {
            if (run.run_type != Run::RT_Iteration) continue;
            const auto [it, is_new] = microseconds.try_emplace(run.run_name.function_name, run.GetAdjustedRealTime());
            if (!is_new) it->second = std::min(it->second, run.GetAdjustedRealTime());
        }
    }
    std::map<std::string, double> microseconds;
};

}  // namespace

int main(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    const auto add = [](const char* name, auto&&... what) {
        benchmark::RegisterBenchmark(name, what...)->Unit(benchmark::kMicrosecond)->Repetitions(kRepetitions)->MinTime(0.02);
    };
    for (const bool rsa : {true, false}) {
        const std::string suffix = rsa ? "-rsa" : "-ec";
        add(("bare" + suffix).c_str(), bare, rsa);
        add(("cold" + suffix).c_str(), cold, rsa);
        add(("cached" + suffix).c_str(), cached, rsa);
    }
    add("trust", load_trust);
    Fastest fastest;
    benchmark::RunSpecifiedBenchmarks(&fastest);
    auto& us = fastest.microseconds;
    for (const std::string suffix : {"-rsa", "-ec"}) {
        std::printf("verify.cached%s %.2f\n", suffix.c_str(), us["cached" + suffix]);
        std::printf("verify.cold%s %.3f\n", suffix.c_str(), us["cold" + suffix] / us["bare" + suffix]);
        std::fprintf(stderr, "two bare signature checks%s: %.1f us\n", suffix.c_str(), us["bare" + suffix]);
    }
    std::printf("verify.trust %.3f\n", us["trust"] / 1000);
}
