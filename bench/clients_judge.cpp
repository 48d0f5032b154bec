// What it costs to read, verify and judge one chain for the ten clients: with its signatures remembered, and cold against the bare
// signature checks that nobody can avoid. Microseconds, the fastest of many rounds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "bench/public_chain.h"
#include "clients/judge.h"
#include "clients/library.h"
#include "recipe/recipe.h"
#include "verify/verification.h"
#include "x509/certificate.h"
#include "x509/signature.h"

using namespace truename;

namespace {

constexpr int kRounds = 2'000;

/// A chain, its trust, and the clients that judge it.
struct Bench {
    explicit Bench(std::string_view key)
        : built(*recipe::build(*recipe::load(recipe_of_public_chain(key), "bench"), TRUENAME_SOURCE_DIR "/tests/keys")),
          sent{built.certificate("server"), built.certificate("inter"), built.certificate("root")},
          profiles(*clients::select(clients::compiled(), std::vector<std::string>{"all"})) {
        stores.add_certificate(sent[2], true);
        input.presented = sent;
        input.name = context.host = "mail.example.com";
        input.at = *parse_time("2026-11-24");
    }

    /// Reads, verifies and judges the chain for every client.
    void judge(verify::Memory& memory) {
        verify::Verification verification(input, stores, memory);
        clients::Judge judge_of(verification, context);
        for (const clients::Profile* profile : profiles) judged += judge_of.judge(*profile).outcome != clients::Outcome::not_judged;
    }

    /// The checks that judge() cannot do without, each with a key made from its raw parts: the root that is trusted is not among them.
    void check_signatures() {
        for (std::size_t i = 0; i + 1 < certificates.size(); ++i) {
            const auto key = x509::make_public_key(certificates[i + 1].subject_public_key_info);
            const auto scheme = x509::signature_algorithm(certificates[i].signature_algorithm).scheme;
            if (key->verify(*scheme, certificates[i].tbs_certificate, certificates[i].signature_value) != crypto::SignatureCheck::valid)
                std::abort();
        }
    }

    recipe::Built built;
    std::vector<Bytes> sent;
    std::vector<const clients::Profile*> profiles;
    verify::TrustStores stores;
    verify::Input input;
    clients::Context context;
    std::vector<x509::Certificate> certificates = {*x509::parse_certificate(sent[0]), *x509::parse_certificate(sent[1]),
                                                   *x509::parse_certificate(sent[2])};
    std::size_t judged = 0;  // keeps the work from being optimised away
};

template <class Work>
double fastest(Work&& work) {
    double best = 1e9;
    for (int round = 0; round < kRounds; ++round) {
        const auto start = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - start;
        best = std::min(best, spent.count());
    }
    return best;
}

bool measure(const char* name, std::string_view key) {
    Bench bench(key);
    verify::Memory kept;
    bench.judge(kept);
    // Both sides do the same checks, or the ratio says nothing.
    if (kept.signatures.operations() != bench.certificates.size() - 1 || bench.judged == 0) return false;
    const double cached = fastest([&] { bench.judge(kept); });
    const double cold = fastest([&] {
        verify::Memory fresh;
        bench.judge(fresh);
    });
    const double bare = fastest([&] { bench.check_signatures(); });
    std::fprintf(stderr, "judge %s: cold %.1f us, its two signature checks %.1f us\n", name, cold, bare);
    std::printf("judge.cached-%s %.2f\njudge.cold-%s %.3f\n", name, cached, name, cold / bare);
    return true;
}

}  // namespace

int main() {
    return measure("rsa", "rsa2048") && measure("ec", "p256") ? 0 : 70;
}
