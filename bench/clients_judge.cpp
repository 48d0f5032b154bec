// What it costs to read, verify and judge one chain for the ten clients: with everything remembered, and cold against its bare signature
// checks. Microseconds, the fastest of many rounds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "clients/judge.h"
#include "clients/library.h"
#include "recipe/test_case.h"
#include "verify/verification.h"
#include "x509/certificate.h"
#include "x509/signature.h"

using namespace truename;

namespace {

template <class Work>
double measure(int rounds, Work&& work) {
    double best = 1e9;
    for (int round = 0; round < rounds; ++round) {
        const auto start = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - start;
        best = std::min(best, spent.count());
    }
    return best;
}

}  // namespace

int main() {
    const auto test = recipe::load_case_file(TRUENAME_SOURCE_DIR "/tests/cases/name/public-name-is-second.toml");
    if (!test) return 66;
    const auto built = recipe::build(test->recipe, TRUENAME_SOURCE_DIR "/tests/keys");
    if (!built) return 66;
    const Bytes presented[] = {built->certificate("server"), built->certificate("root")};
    verify::TrustStores stores;
    stores.add_certificate(built->certificate("root"), true);
    const std::vector<std::string> all{"all"};
    const auto profiles = clients::select(clients::compiled(), all);
    if (!profiles || profiles->empty()) return 70;

    std::size_t warnings = 0;  // keeps the work from being optimised away
    verify::Input input;
    input.presented = presented;
    input.name = test->host;
    input.at = test->at;
    clients::Context context;
    context.host = test->host;
    const auto judge = [&](x509::SignatureChecker& signatures) {
        verify::Verification verification(input, stores, signatures);
        clients::Judge judge_of(verification, context);
        for (const clients::Profile* profile : *profiles) warnings += judge_of.judge(*profile).outcome == clients::Outcome::warns;
    };
    x509::SignatureChecker kept;
    judge(kept);
    const double cached = measure(2'000, [&] { judge(kept); });
    const double cold = measure(200, [&] {
        x509::SignatureChecker fresh;
        judge(fresh);
    });
    // The chain has two signatures, both by the root's key; whoever checks them anew makes that key once.
    const auto server = x509::parse_certificate(presented[0]), root = x509::parse_certificate(presented[1]);
    const double bare = measure(200, [&] {
        const auto key = x509::make_public_key(root->subject_public_key_info);
        for (const x509::Certificate* certificate : {&*server, &*root}) {
            const auto scheme = x509::signature_algorithm(certificate->signature_algorithm).scheme;
            warnings += key->verify(*scheme, certificate->tbs_certificate, certificate->signature_value) == crypto::SignatureCheck::valid;
        }
    });
    std::fprintf(stderr, "judge cold %.1f us, bare %.1f us\n", cold, bare);
    std::printf("judge.cached %.2f\njudge.cold-ratio %.3f\n", cached, cold / bare);
    return warnings == 0 ? 70 : 0;
}
