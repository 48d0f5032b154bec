#include "tests/verify/support.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/text.h"
#include "tests/seeds.h"

namespace truename::verify {

namespace {

[[noreturn]] void stop(const std::string& reason) {
    std::fprintf(stderr, "%s\n", reason.c_str());
    std::abort();
}

std::vector<Bytes> pick(const recipe::Built& built, auto&& names) {
    std::vector<Bytes> all;
    for (const auto& name : names) all.push_back(built.certificate(name));
    return all;
}

bool is_everywhere(FindingId id) {
    switch (id) {
        case FindingId::usage_none:
        case FindingId::policy_ct_missing:
        case FindingId::revocation_no_address:
        case FindingId::extension_no_authority_key:
        case FindingId::extension_no_subject_key:
        case FindingId::name_cn_not_listed:
            return true;
        default:
            return false;
    }
}

}  // namespace

recipe::Built build(std::string_view toml) {
    const auto recipe = recipe::load(toml, "test");
    if (!recipe) stop(to_sentence(recipe.error()));
    auto built = recipe::build(*recipe, TRUENAME_SOURCE_DIR "/tests/keys");
    if (!built) stop(to_sentence(built.error()));
    return std::move(*built);
}

Trust TestClient::trusts(NodeIndex node) {
    const auto is_in = [&](const std::vector<NodeIndex>& nodes) { return std::find(nodes.begin(), nodes.end(), node) != nodes.end(); };
    if (is_in(rejects)) return Trust::distrusted;
    if (is_in(unsure_of)) return Trust::unknown;
    const Anchor* anchor = verification_.node(node).anchor;
    return anchor != nullptr && anchor->added ? Trust::yes : Trust::no;
}

bool TestClient::accepts(PathIndex path) {
    asked.push_back(path);
    if (minds.empty()) return true;
    const auto placed = verification_.findings(path, PathEnd::anchor);
    return std::none_of(placed.begin(), placed.end(),
                        [&](const Placed& p) { return std::find(minds.begin(), minds.end(), p.finding->id) != minds.end(); });
}

Scene& Scene::sends(std::initializer_list<std::string_view> names) {
    presented_ = pick(built, names);
    return *this;
}

Scene& Scene::sends(const std::vector<std::string>& names) {
    presented_ = pick(built, names);
    return *this;
}

Scene& Scene::trusts(std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
        trusted_.push_back(built.certificate(name));
        trust.add_certificate(trusted_.back(), true);
    }
    return *this;
}

Scene& Scene::fetched(std::initializer_list<std::string_view> names) {
    fetched_ = pick(built, names);
    return *this;
}

Scene& Scene::fetched(const std::vector<std::string>& names) {
    fetched_ = pick(built, names);
    return *this;
}

Scene& Scene::given(std::initializer_list<std::string_view> names) {
    given_ = pick(built, names);
    return *this;
}

Scene& Scene::given(std::vector<ByteString> certificates) {
    owned_ = std::move(certificates);
    given_.assign(owned_.begin(), owned_.end());
    return *this;
}

Verification& Scene::verification() {
    if (!verification_) {
        input.presented = presented_;
        input.fetched = fetched_;
        input.given = given_;
        if (input.at == Time{}) input.at = *parse_time("2026-11-24");
        write_seeds();
        verification_ = std::make_unique<Verification>(input, trust, memory);
    }
    return *verification_;
}

void Scene::write_seeds() const {
    const std::span<const Bytes> trusted(trusted_);
    const std::span<const Bytes> last = trusted.last(std::min<std::size_t>(trusted.size(), 1));
    const std::span<const Bytes> staple = input.staples.first(std::min<std::size_t>(input.staples.size(), 1));
    const unsigned choices = (trusted.empty() ? 0U : 2U) + (staple.empty() ? 0U : 0x80U) + (given_.empty() ? 0U : 0x40U);
    const std::size_t only_given = std::min<std::size_t>(given_.size(), 3);
    write_seed("verify_chain", {choices, only_given + (given_.empty() ? 0U : 4U)}, {staple, presented_, fetched_, given_, last});
    if (input.crls) write_seed("verify_revocation", {input.crls->size()}, {presented_, last, *input.crls});
    if (presented_.size() > 1) {
        const Bytes pair[] = {presented_[1], presented_[0]};
        write_seed("verify_name_constraints", {16}, {pair});
    }
}

TestClient& Scene::client() {
    if (!client_) client_ = std::make_unique<TestClient>(verification());
    return *client_;
}

FoundPath Scene::find(const Habit& habit) {
    return verification().find_path(habit, client());
}

std::string Scene::name_of(NodeIndex node) {
    const Bytes der = verification().node(node).der;
    for (const auto& [name, item] : built.certificates) {
        if (equal(item.der, der)) return name;
    }
    return "?";
}

std::vector<std::string> Scene::path_names(const FoundPath& found) {
    std::vector<std::string> names;
    if (!found.path) return names;
    for (const NodeIndex node : verification().path(*found.path).nodes) names.push_back(name_of(node));
    return names;
}

std::vector<std::string> Scene::findings(const Habit& habit, bool with_everywhere) {
    std::vector<std::string> all;
    for (const Placed& placed : verification().findings(find(habit))) {
        if (!with_everywhere && is_everywhere(placed.finding->id)) continue;
        const std::string id(info(placed.finding->id).name);
        const bool of_nothing = verification().presented().empty() || placed.finding->id == FindingId::work_budget;
        all.push_back(of_nothing ? id : id + " @" + name_of(placed.node));
    }
    std::sort(all.begin(), all.end());
    return all;
}

const Finding& Scene::finding(FindingId id) {
    for (const Placed& placed : verification().findings(find(kSeesAll))) {
        if (placed.finding->id == id) return *placed.finding;
    }
    stop("no finding " + std::string(info(id).name));
}

std::string certificate(const CertificateText& text) {
    std::string toml = "[[certificate]]\nname = \"" + std::string(text.name) + "\"\n";
    toml += "subject = \"" + (text.subject.empty() ? "CN=" + std::string(text.name) : std::string(text.subject)) + "\"\n";
    if (!text.issuer.empty()) toml += "issuer = \"" + std::string(text.issuer) + "\"\n";
    toml += "validity = [\"" + std::string(text.from) + "\", \"" + std::string(text.until) + "\"]\n";
    toml += "key = \"" + std::string(text.key.empty() ? "p256-1" : text.key) + "\"\n";
    return toml + std::string(text.more) + "\n";
}

std::string authority(const CertificateText& text) {
    CertificateText ca = text;
    const std::string more = "ca = true\nkey_usage = [\"keyCertSign\", \"cRLSign\"]\n" + std::string(text.more);
    ca.more = more;
    if (text.from == "2026-01-01") ca.from = "2020-01-01";
    if (text.until == "2026-12-31") ca.until = "2040-01-01";
    return certificate(ca);
}

}  // namespace truename::verify
