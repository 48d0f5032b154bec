// Must reach Graph::issuers_of, every search of path_search.cpp, report_leaf, report_issuer, report_edge, name_constraints.cpp,
// ChainReport.
//
// Input: one byte of choices, then certificates, each with its length in two bytes before it. The last one is trusted.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/blocks.h"
#include "fuzz/must.h"
#include "verify/verification.h"

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

/// Everything that was found, as text.
std::string look(const std::vector<Bytes>& certificates, std::uint8_t choices) {
    verify::TrustStores trust;
    trust.use_shipped((choices & 1U) != 0);
    trust.add_certificate(certificates.back(), true);
    x509::SignatureChecker signatures;
    verify::Input input;
    input.presented = std::span(certificates).first(certificates.size() - ((choices & 2U) != 0 ? 1 : 0));
    input.fetched = std::span(certificates).last((choices & 4U) != 0 ? 1 : 0);
    input.name = "mail.example.com";
    input.at = *parse_time("2026-11-24");
    input.budget.signatures = 40;
    input.budget.candidates = 500;
    input.budget.name_comparisons = 5'000;
    verify::Verification verification(input, trust, signatures);
    Client client(verification, (choices & 8U) != 0);

    std::string text;
    using enum verify::PathSearch;
    for (const auto search : {any_good_path, trusted_first, as_sent, best}) {
        const auto identifier = static_cast<verify::KeyIdentifierUse>((choices >> 4U) & 3U);
        const auto found = verification.find_path({.search = search, .key_identifier = identifier, .uses_fetched = true}, client);
        check_path(verification, found);
        must(found.path.has_value() || found.end == verify::PathEnd::no_leaf || verification.meter().is_exhausted(), "there is a path");
        for (const verify::Placed& placed : verification.findings(found)) {
            text += std::string(info(placed.finding->id).name) + "@" + std::to_string(placed.node) + " ";
            if (placed.node >= verification.node_count()) continue;
            must(placed.finding->offset <= verification.node(placed.node).der.size(), "a finding lies inside its certificate");
        }
    }
    must(signatures.operations() <= input.budget.signatures, "no more signatures are checked than the budget has");
    return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 4 || size > 65'536) return 0;
    const auto certificates = split_blocks(Bytes(data, size).subspan(1), kMaxCertificates);
    if (certificates.empty()) return 0;
    must(look(certificates, data[0]) == look(certificates, data[0]), "the same input gives the same findings in the same order");
    return 0;
}
