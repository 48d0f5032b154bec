// Must reach Graph::issuers_of, every search of path_search.cpp, TrustStores, report_leaf, report_issuer, report_edge,
// name_constraints.cpp, ChainReport.
//
// Input: two bytes of choices, then certificates, each with its length in two bytes before it. The last one is trusted. With the highest
// bit of the first byte the first is an OCSP response, stapled and fetched, and a list. The second says how many certificates before the
// last were not sent but lie in a local store, whether that is used, and when it is judged.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "crypto/digest.h"
#include "fuzz/blocks.h"
#include "fuzz/first_inputs.h"
#include "fuzz/must.h"
#include "fuzz/signed_mutator.h"
#include "verify/verification.h"
#include "x509/ocsp_response.h"
#include "x509/pem.h"

using namespace truename;

namespace {

constexpr std::size_t kMaxCertificates = 24;

class Client : public verify::PathClient {
  public:
    Client(verify::Verification& verification, bool picky) : verification_(verification), picky_(picky) {}
    verify::Trust trusts(verify::NodeIndex node) override {
        const verify::Anchor* anchor = verification_.node(node).anchor;
        return anchor != nullptr && anchor->added ? verify::Trust::yes : verify::Trust::no;
    }
    bool accepts(verify::PathIndex path) override { return !picky_ || verification_.findings(path, verify::PathEnd::anchor).size() < 4; }

  private:
    verify::Verification& verification_;
    bool picky_;
};

void check_path(const verify::Verification& verification, const verify::FoundPath& found) {
    if (!found.path) return;
    const verify::Path& path = verification.path(*found.path);
    must(path.nodes.size() == path.edges.size() + 1, "a path has an edge between each two certificates");
    must(path.nodes[0] == *verification.leaf(), "a path begins with the leaf");
    for (std::size_t i = 0; i < path.edges.size(); ++i) {
        const verify::Edge& edge = verification.edge(path.edges[i]);
        must(edge.subject == path.nodes[i] && edge.issuer == path.nodes[i + 1], "an edge leads from one certificate to the next");
        must(edge.names != x509::NameRelation::different, "an issuer has the name that is asked for");
        for (std::size_t below = 0; below <= i; ++below) must(path.nodes[below] != path.nodes[i + 1], "no certificate is twice in a path");
    }
}

/// Every certificate above the leaf is one that the habit looks at: sent, fetched, given to who uses that, or an anchor.
void check_seen(const verify::Verification& verification, const verify::FoundPath& found, const verify::Habit& habit) {
    if (!found.path) return;
    const auto& nodes = verification.path(*found.path).nodes;
    must(nodes.size() <= verify::kMaxPathLength, "a path has an end");
    for (std::size_t i = 1; i < nodes.size(); ++i) {
        const verify::Node& node = verification.node(nodes[i]);
        const bool used = node.sent_at || (habit.uses_fetched && node.also_fetched) || (habit.uses_given && node.also_given);
        must(used || node.anchor != nullptr, "who does not use what was given does not see it");
    }
}

/// What is told of a response: only what it says, and of one that does not count nothing that does.
void check_staples(const verify::Verification& verification, std::span<const verify::Placed> findings, std::span<const Bytes> staples) {
    bool revoked = false, counts = true;
    for (const verify::Placed& placed : findings) {
        const FindingId id = placed.finding->id;
        const bool is_told = info(id).name.starts_with("revocation.staple-") && id != FindingId::revocation_staple_missing;
        must(!staples.empty() || !is_told, "nothing is told of what was not stapled");
        revoked = revoked || id == FindingId::revocation_staple_revoked;
        counts = counts && id != FindingId::revocation_staple_signature && id != FindingId::revocation_staple_wrong_signer &&
                 id != FindingId::revocation_staple_unknown_critical;
    }
    if (!revoked) return;
    must(counts, "a response that cannot be trusted revokes nothing");
    const x509::Certificate& leaf = *verification.node(*verification.leaf()).certificate;
    const bool is_said = std::ranges::any_of(staples, [&](Bytes staple) {
        const auto response = x509::parse_ocsp_response(staple);
        return response && std::ranges::any_of(response->answers, [&](const x509::OcspAnswer& answer) {
                   return answer.verdict == x509::OcspVerdict::revoked && x509::is_about(answer, leaf, nullptr);
               });
    });
    must(is_said, "only a response that says so revokes");
}

/// What is true of the chain as sent is told of the certificate at its place, once; so is each that was sent before.
void check_chain(verify::Verification& verification) {
    std::set<std::pair<FindingId, std::uint32_t>> told;
    const auto sent = verification.presented();
    for (const verify::Placed& placed : verification.chain_findings()) {
        if (placed.finding->id != FindingId::path_extra_certificate) continue;
        must(sent[placed.position] == placed.node, "a certificate stands at its place");
        must(told.insert({placed.finding->id, placed.position}).second, "what is too much is told once");
    }
    if (!verification.leaf()) return;  // then nothing more is said
    for (std::uint32_t place = 0; place < sent.size(); ++place) {
        const bool again = std::find(sent.begin(), sent.begin() + place, sent[place]) != sent.begin() + place;
        if (again && verification.node(sent[place]).certificate)
            must(told.contains({FindingId::path_extra_certificate, place}), "what was sent before is told where it stands");
    }
}

/// The anchors with the subject of a certificate; itself is one of them when it can be read.
std::vector<const verify::Anchor*> trusted_as(const verify::TrustStores& trust, Bytes root) {
    const auto read = x509::parse_certificate(root);
    if (!read) return {};
    const std::uint64_t key = verify::name_key(read->subject);
    auto found = trust.find_by_subject_key(key);
    const verify::Anchor* self = trust.find(root, key);
    must(self != nullptr && self->added && std::ranges::find(found, self) != found.end(), "what was added is found");
    return found;
}

/// Everything that was found, as text.
std::string look(std::span<const Bytes> certificates, std::span<const Bytes> staples, std::uint8_t choices, std::uint8_t more) {
    verify::TrustStores trust;
    trust.use_shipped((choices & 1U) != 0);
    const std::string pem = x509::to_pem("CERTIFICATE", certificates.back());
    const bool as_file = (choices & 0x40U) != 0;
    if (as_file) must(trust.add_system(as_bytes(pem), "bundle").has_value(), "what cannot be read in a bundle is skipped");
    const bool is_certificate = x509::parse_certificate(certificates.back()).has_value();
    const bool added = as_file ? trust.add(as_bytes(pem), "root").has_value() : trust.add_certificate(certificates.back(), true);
    must(added == is_certificate, "a root that can be read is added");
    verify::Memory memory;
    verify::Input input;
    static constexpr const char* kTimes[] = {"2026-11-24", "2025-12-31", "2026-12-20", "2040-01-01"};
    input.at = *parse_time(kTimes[more >> 4U & 3U]);
    const std::size_t last = (choices & 2U) != 0 ? 1 : 0, only_given = more & 3U;
    input.presented = certificates.first(certificates.size() - std::min(certificates.size() - 1, last + only_given));
    input.fetched = certificates.last((choices & 4U) != 0 ? 1 : 0);
    input.given = certificates.subspan(certificates.size() / 2);
    input.seen = input.fetched;
    input.name = as_file ? "192.0.2.1" : "mail.example.com";
    input.staples = staples;
    input.stapled = !staples.empty();
    // The same bytes as what a responder answered, and as the list that was fetched.
    std::vector<verify::AskedSource> asked;
    if (!staples.empty()) {
        const crypto::Sha256 leaf = crypto::sha256(certificates.front());
        asked.push_back({verify::StatusSource::ocsp, leaf, "http://ocsp.test/", staples.front(), "",
                         staples.front().first(std::min<std::size_t>(staples.front().size(), 1)), input.at});
        asked.push_back({verify::StatusSource::crl, leaf, "http://crl.test/", staples.front(), "", {}, input.at});
    }
    input.asked = asked;
    input.budget.signatures = 40;
    input.budget.candidates = 500;
    input.budget.name_comparisons = 5'000;
    verify::Verification verification(input, trust, memory);
    Client client(verification, (choices & 8U) != 0);

    std::string text;
    using enum verify::PathSearch;
    for (const auto search : {any_good_path, trusted_first, as_sent, best}) {
        const auto identifier = static_cast<verify::KeyIdentifierUse>((choices >> 4U) & 3U);
        const auto names = search == best ? verify::NamesEqual::folded : static_cast<verify::NamesEqual>(choices % 3U);
        const verify::Habit habit{.search = search,
                                  .names_equal = names,
                                  .key_identifier = identifier,
                                  .uses_given = (more & 4U) != 0,
                                  .uses_fetched = (more & 8U) == 0};
        const auto found = verification.find_path(habit, client);
        check_path(verification, found);
        check_seen(verification, found, habit);
        check_staples(verification, verification.findings(found), staples);
        must(found.path.has_value() || found.end == verify::PathEnd::no_leaf || verification.meter().is_exhausted(), "there is a path");
        for (const verify::Placed& placed : verification.findings(found)) {
            text += std::string(info(placed.finding->id).name) + "@" + std::to_string(placed.node) + " ";
            if (placed.node >= verification.node_count()) continue;
            const bool of_certificate = !info(placed.finding->id).name.starts_with("revocation.");  // else of a response or a list
            must(!of_certificate || placed.finding->offset <= verification.node(placed.node).der.size(),
                 "a finding lies inside its certificate");
        }
    }
    check_chain(verification);
    const Bytes root = certificates.back();
    for (const verify::Anchor* anchor : trusted_as(trust, root)) {
        for (const char* at : {"1999-01-01", "2015-01-01", "2026-11-24", "2040-01-01"}) {
            for (std::size_t store = 0; store < verify::kStoreCount; ++store)
                text += std::to_string(static_cast<int>(trust.membership(*anchor, static_cast<verify::Store>(store), *parse_time(at))));
        }
    }
    must(memory.signatures.operations() <= input.budget.signatures, "no more signatures are checked than the budget has");
    return text;
}

FirstInputs first_inputs;

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
    size = first_inputs.choose(data, size, max, seed);
    return mutate_blocks(data, size, max, seed / 2, 2);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 5 || size > 65'536) return 0;
    first_inputs.see(Bytes(data, size));
    const auto blocks = split_blocks(Bytes(data, size).subspan(2), kMaxCertificates);
    if (blocks.size() < 2 || blocks.back().empty()) return 0;
    const std::span<const Bytes> all(blocks);
    const std::size_t stapled = (data[0] & 0x80U) != 0 ? 1 : 0;
    const auto staples = all.first(stapled), certificates = all.subspan(stapled);
    must(look(certificates, staples, data[0], data[1]) == look(certificates, staples, data[0], data[1]),
         "the same input gives the same findings in the same order");
    return 0;
}
