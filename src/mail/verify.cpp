#include "mail/verify.h"

#include <algorithm>

#include "base/text.h"
#include "mail/address.h"
#include "x509/mailbox.h"

namespace truename::mail {

namespace {

/// The one From that readers see: that of the message or, where it has none, that of what was signed (EntityWriter). Nothing when neither
/// has.
Result<std::optional<std::string>, Failure> shown_address(const HeaderBlock& header, SignedContent& content) {
    const HeaderBlock* shown = &header;
    HeaderBlock own;
    if (header.count("From") == 0) {
        const auto front = content.front(kEntityFront);
        if (!front) return forward_error(front);
        own = own_header(*front);
        shown = &own;
    }
    if (shown->count("From") == 0) return std::optional<std::string>();
    const auto address = from_address(*shown);
    if (!address) return forward_error(address);
    return std::optional<std::string>(*address);
}

/// The address whose signature is wanted; a doubt where the message and the caller do not agree on one.
std::string wanted_address(const Result<std::optional<std::string>, Failure>& shown, const std::optional<std::string>& from,
                           std::vector<std::string>& doubts) {
    constexpr std::string_view kNobody = "Nobody can say whose signature it should have: ";
    if (!shown) {
        doubts.push_back(std::string(kNobody) + shown.error().reason);
        return from.value_or("");
    }
    if (!*shown) {
        if (!from) doubts.push_back(std::string(kNobody) + "it has no From. Name the address that it should be from: --from ADDRESS");
        return from.value_or("");
    }
    if (from && x509::parse_mailbox(*from) != x509::parse_mailbox(**shown))
        doubts.push_back("The message says that it is from " + printable(**shown) + ", not from " + printable(*from));
    return **shown;
}

/// By the signatures alone, without who made them.
Belief belief_in(const std::vector<CheckedSigner>& signers) {
    const auto is_wrong = [](const CheckedSigner& signer) {
        return signer.state == SignerState::altered || signer.state == SignerState::forged;
    };
    const auto is_intact = [](const CheckedSigner& signer) { return signer.state == SignerState::intact; };
    if (signers.empty() || std::ranges::any_of(signers, is_wrong)) return Belief::none;
    return std::ranges::all_of(signers, is_intact) ? Belief::intact : Belief::unknown;
}

}  // namespace

Result<SignatureVerdict, Failure> judge_signatures(SignatureReader& reader, const HeaderBlock& header, const VerifyOptions& options) {
    SignatureVerdict verdict;
    const std::string from = wanted_address(shown_address(header, reader.content()), options.from, verdict.doubts);
    const auto signers = check_signers(reader.data(), reader.content());
    if (!signers) return forward_error(signers);
    if (signers->empty()) verdict.doubts.emplace_back("Nobody has signed it: the signature has no signer");
    // Looking for somebody who vouches takes time, and nobody has so many people sign a mail.
    constexpr std::size_t kMostJudged = 10;
    for (std::size_t i = 0; i < std::min(signers->size(), kMostJudged); ++i)
        verdict.signers.push_back(judge_signer(reader.data(), (*signers)[i], from, *options.trust, options.at));
    if (signers->size() > kMostJudged)
        verdict.doubts.push_back("It has " + std::to_string(signers->size()) + " signers, of whom only " + std::to_string(kMostJudged) +
                                 " were looked at");
    const bool one_sure = std::ranges::any_of(verdict.signers, [](const SignerOpinion& signer) { return signer.doubts.empty(); });
    verdict.belief = belief_in(*signers);
    if (verdict.belief == Belief::intact && one_sure && verdict.doubts.empty()) verdict.belief = Belief::all_well;
    return verdict;
}

Outcome MessageVerifier::finish() {
    if (Outcome finished = parser_.finish(); !finished) return finished;
    if (!reader_.is_signed())
        return refuse("verifying", "it is not signed",
                      "A signature deeper inside of a message covers only a part of it and does not count");
    auto verdict = judge_signatures(reader_, reader_.header(), options_);
    if (!verdict) return forward_error(verdict);
    verdict_ = std::move(*verdict);
    return {};
}

Outcome MessageVerifier::write_content(Sink& sink) {
    const bool to_lf = !reader_.is_clear() && reader_.header().line_end() == "\n";
    EntityWriter writer(reader_.header(), to_lf ? EntityWriter::Lines::lf : EntityWriter::Lines::as_they_are, sink);
    return reader_.content().replay(writer);
}

}  // namespace truename::mail
