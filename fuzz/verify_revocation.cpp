// Must reach RevocationLists and crl_scope.cpp: lists of a chain, deltas and indirect ones.
//
// Input: how many of the blocks are revocation lists, then certificates, the last of them trusted, and these lists; each with its length in
// two bytes before it.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/blocks.h"
#include "fuzz/must.h"
#include "tests/added_roots.h"
#include "verify/verification.h"

using namespace truename;

namespace {

/// What the lists bring to the findings, and nothing where there is no path.
std::string look(std::span<const Bytes> certificates, std::span<const Bytes> lists) {
    verify::TrustStores trust;
    trust.use_shipped(false);
    trust.add_certificate(certificates.back(), true);
    verify::Memory memory;
    verify::Input input;
    input.presented = certificates.first(std::max<std::size_t>(certificates.size() - 1, 1));
    input.at = *parse_time("2026-11-24");
    input.crls = lists;
    input.budget.signatures = 100;
    input.budget.candidates = 200;
    input.budget.name_comparisons = 5'000;
    verify::Verification verification(input, trust, memory);
    AddedRoots client(verification);
    const verify::FoundPath found = verification.find_path({.uses_given = true}, client);
    std::string text;
    if (!found.path) return text;
    bool revoked = false;
    for (const verify::Placed& placed : verification.findings(found)) {
        const std::string_view id = info(placed.finding->id).name;
        must(placed.position < verification.path(*found.path).nodes.size() || placed.subject == verify::Subject::chain,
             "a finding is about a certificate of the path");
        revoked = revoked || id == "revocation.revoked";
        text += std::string(id) + " " + placed.finding->found + "\n";
    }
    must(!lists.empty() || !revoked, "nobody is revoked without a list");
    return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 4 || size > 32'768) return 0;
    const auto blocks = split_blocks(Bytes(data, size).subspan(1), 16);
    const std::size_t count = std::min<std::size_t>(data[0] % 8, blocks.empty() ? 0 : blocks.size() - 1);
    if (blocks.size() <= count) return 0;
    const std::span<const Bytes> all(blocks);
    const auto certificates = all.first(blocks.size() - count), lists = all.last(count);
    must(look(certificates, lists) == look(certificates, lists), "the same input gives the same findings in the same order");
    return 0;
}
