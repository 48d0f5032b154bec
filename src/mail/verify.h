#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "mail/signature_reader.h"
#include "mail/signer_trust.h"
#include "verify/trust_store.h"

namespace truename::mail {

/// By what a signed message is judged.
struct VerifyOptions {
    const verify::TrustStores* trust = nullptr;  ///< borrowed
    Time at{};
    std::optional<std::string> from;  ///< from whom it must be; besides, a From must name the signer
    Source* source = nullptr;         ///< where the message comes from, when it can be read again; borrowed
    std::string spool_folder;         ///< where large messages wait until they are checked
};

/// How far a signature can be believed.
enum class Belief : std::uint8_t {
    none,      ///< the content is not what was signed, or nobody has signed it: it must not be shown
    unknown,   ///< a signature cannot be checked, and none is wrong: no more than what nobody has signed
    intact,    ///< what the signer signed, but who that is is not sure
    all_well,  ///< and somebody trusted says who it is
};

/// What is to be said of the signatures of a message.
struct SignatureVerdict {
    Belief belief = Belief::none;
    std::vector<SignerOpinion> signers;
    std::vector<std::string> doubts;  ///< those that are about no signer
};

/// Judges what a SignatureReader has read. `header` is that of the message whose From counts. Several signers: all must be intact, and one
/// without a doubt.
Result<SignatureVerdict, Failure> judge_signatures(SignatureReader& reader, const HeaderBlock& header, const VerifyOptions& options);

/// Reads a message to its end and says what its signature is worth; its content can be had afterwards.
class MessageVerifier : public Sink {
  public:
    /// Borrows what `options` borrow.
    explicit MessageVerifier(VerifyOptions options)
        : options_(std::move(options)), reader_(options_.spool_folder, Spool::Holds::what_came_openly, options_.source), parser_(reader_) {}
    Outcome write(Bytes piece) override { return parser_.write(piece); }
    /// Failure for what is no signed message, or cannot be read.
    Outcome finish() override;
    /// Behind finish().
    [[nodiscard]] const SignatureVerdict& verdict() const { return verdict_; }
    /// The message without its signature: its fields and what was signed. Only for who has looked at the verdict.
    Outcome write_content(Sink& sink);

  private:
    VerifyOptions options_;
    SignatureReader reader_;
    MimeParser parser_;
    SignatureVerdict verdict_;
};

}  // namespace truename::mail
