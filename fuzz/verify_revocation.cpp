// Must reach RevocationLists and crl_scope.cpp: lists of a chain, deltas and indirect ones.
//
// Input: how many of the blocks are revocation lists, then certificates, the last of them trusted, and these lists; each with its length in
// two bytes before it.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/blocks.h"
#include "fuzz/first_inputs.h"
#include "fuzz/must.h"
#include "fuzz/signed_mutator.h"
#include "tests/added_roots.h"
#include "verify/verification.h"

using namespace truename;

namespace {

/// Whether a certificate has a key that signed the list, and may sign lists.
bool may_have_made(const x509::Certificate& signer, const x509::CertificateList& crl, x509::SignatureChecker& signatures) {
    const auto& usage = signer.known.key_usage;
    if (usage.is_present() && !(usage && usage->has(x509::KeyUsageBit::crl_sign))) return false;
    return crl.signature_unused_bits == 0 && signatures.check(crl.tbs_cert_list, crl.signature_algorithm, crl.signature_value,
                                                              signer.subject_public_key_info) == crypto::SignatureCheck::valid;
}

/// Whether that list revokes the certificate, by its entries and by whom it is about.
bool revokes(const x509::CertificateList& crl, const x509::Certificate& certificate, Time at) {
    if (at < crl.this_update.time || (crl.next_update && crl.next_update->time < at)) return false;
    const auto& point = crl.known.issuing_distribution_point;
    const bool is_indirect = point && point->indirect_crl;
    if (!is_indirect && x509::relation(crl.issuer, certificate.issuer) == x509::NameRelation::different) return false;
    if (point && point->only_contains_attribute_certs) return false;
    const bool is_ca = certificate.known.basic_constraints && certificate.known.basic_constraints->ca;
    if (point && is_ca ? point->only_contains_user_certs : point && point->only_contains_ca_certs) return false;
    return std::ranges::any_of(crl.revoked_certificates, [&](const x509::RevokedCertificate& entry) {
        return equal(entry.serial_number, certificate.serial_number) && entry.reason != 8U;
    });
}

/// A certificate is revoked by a list that says so and that one of all certificates here signed.
void check_revoked(const x509::Certificate& certificate, std::span<const Bytes> certificates, std::span<const Bytes> lists, Time at) {
    static x509::SignatureChecker signatures;  // remembers what it has checked
    const bool found = std::ranges::any_of(lists, [&](Bytes der) {
        const auto crl = x509::parse_crl(der);
        return crl && revokes(*crl, certificate, at) && std::ranges::any_of(certificates, [&](Bytes other) {
                   const auto signer = x509::parse_certificate(other);
                   return signer && may_have_made(*signer, *crl, signatures);
               });
    });
    must(found, "only a list that is good revokes a certificate");
}

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
        if (id == "revocation.revoked") {
            revoked = true;
            must(placed.finding->found.find("removeFromCRL") == std::string::npos, "what is taken back is not revoked");
            check_revoked(*verification.node(placed.node).certificate, certificates, lists, input.at);
        }
        text += std::string(id) + " " + placed.finding->found + "\n";
    }
    must(!lists.empty() || !revoked, "nobody is revoked without a list");
    return text;
}

FirstInputs first_inputs;

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
    size = first_inputs.choose(data, size, max, seed);
    return mutate_blocks(data, size, max, seed / 2, 1);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 4 || size > 32'768) return 0;
    first_inputs.see(Bytes(data, size));
    const auto blocks = split_blocks(Bytes(data, size).subspan(1), 16);
    const std::size_t count = std::min<std::size_t>(data[0] % 8, blocks.empty() ? 0 : blocks.size() - 1);
    if (blocks.size() <= count) return 0;
    const std::span<const Bytes> all(blocks);
    const auto certificates = all.first(blocks.size() - count), lists = all.last(count);
    must(look(certificates, lists) == look(certificates, lists), "the same input gives the same findings in the same order");
    return 0;
}
