#include "servers/place.h"

#include "base/text.h"
#include "servers/file_state.h"
#include "servers/pem_text.h"
#include "x509/certificate.h"
#include "x509/pem.h"

namespace truename::servers {

namespace {

using Kind = PemSpan::Kind;

/// Some blocks that follow each other: from `first` up to but not including `last`.
struct Run {
    std::size_t first = 0, last = 0;
};

/// The runs of blocks of that kind.
std::vector<Run> runs_of(const std::vector<PemSpan>& spans, Kind kind) {
    std::vector<Run> runs;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        if (spans[i].kind != kind) continue;
        // Each key begins a pair of its own; certificates that follow each other are one chain.
        if (kind == Kind::certificate && !runs.empty() && runs.back().last == i)
            runs.back().last = i + 1;
        else
            runs.push_back({i, i + 1});
    }
    return runs;
}

std::optional<Run> nth(const std::vector<Run>& runs, unsigned n) {
    return n < runs.size() ? std::optional(runs[n]) : std::nullopt;
}

/// The text with the run replaced; without one, the new blocks are all that a text without blocks keeps.
std::string put(std::string_view text, const std::vector<PemSpan>& spans, std::optional<Run> run, std::string_view blocks) {
    if (run) return replace_blocks(text, spans, run->first, run->last, blocks);
    if (spans.empty()) return std::string(blocks);
    const std::string_view end = text.ends_with('\n') ? "" : "\n";
    return std::string(text) + std::string(end) + std::string(blocks);
}

}  // namespace

bool PairOnDisk::fits() const {
    if (chain.empty() || !public_key_info) return false;
    const auto certificate = x509::parse_certificate(chain.front());
    return certificate && to_owned(certificate->subject_public_key_info.tlv) == *public_key_info;
}

PairOnDisk read_pair(const Place& place) {
    PairOnDisk pair;
    if (const auto state = read_file_state(place.certificate_file)) {
        const std::string_view text = state->bytes.view();
        const auto spans = pem_spans(text);
        const auto run = nth(runs_of(spans, Kind::certificate), place.pair);
        for (std::size_t i = run ? run->first : 0; run && i < run->last; ++i) {
            const auto block = x509::read_pem_bundle(as_bytes(text.substr(spans[i].begin, spans[i].end - spans[i].begin)), "");
            if (!block) break;
            for (const Bytes der : block->all(x509::PemKind::certificate)) pair.chain.push_back(to_owned(der));
        }
    }
    if (const auto key = read_key(place)) pair.public_key_info = key->public_key_info();
    return pair;
}

std::optional<crypto::PrivateKey> read_key(const Place& place) {
    const auto state = read_file_state(place.key_file);
    if (!state) return std::nullopt;
    const std::string_view text = state->bytes.view();
    const auto spans = pem_spans(text);
    const auto run = nth(runs_of(spans, Kind::private_key), place.pair);
    if (!run) return std::nullopt;
    auto key = crypto::PrivateKey::from_pem(text.substr(spans[run->first].begin, spans[run->first].end - spans[run->first].begin));
    return key ? std::optional(std::move(*key)) : std::nullopt;
}

std::string Credential::chain_pem() const {
    std::string text;
    for (const ByteString& der : chain) text += x509::to_pem("CERTIFICATE", der);
    return text;
}

crypto::Secret Credential::key_pem() const {
    return crypto::Secret(key.to_pem());
}

crypto::Secret with_credential(const Place& place, const std::string& file, std::string_view old, const Credential& credential) {
    const auto spans = pem_spans(old);
    const auto key_run = nth(runs_of(spans, Kind::private_key), place.pair);
    const auto chain_run = nth(runs_of(spans, Kind::certificate), place.pair);
    const crypto::Secret key = credential.key_pem();
    const bool both = place.certificate_file == place.key_file;
    if (!both && file == place.certificate_file) return crypto::Secret(put(old, spans, chain_run, credential.chain_pem()));
    if (!both) return crypto::Secret(put(old, spans, key_run, key.view()));
    const crypto::Secret blocks(std::string(key.view()) + credential.chain_pem());
    if (!key_run || !chain_run) return crypto::Secret(put(old, spans, key_run ? key_run : chain_run, blocks.view()));
    return crypto::Secret(
        put(old, spans, Run{std::min(key_run->first, chain_run->first), std::max(key_run->last, chain_run->last)}, blocks.view()));
}

}  // namespace truename::servers
