#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mail/line_ends.h"
#include "mail/signed_data.h"
#include "mail/spool.h"

namespace truename::mail {

/// A message that can be read again, and that nobody changes in between.
class Source {
  public:
    Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    virtual ~Source() = default;

    /// Gives `size` octets behind the first `offset` to `sink`, without finishing it. Failure when they may not be those that were read
    /// before; then the octets that were given are still right.
    virtual Outcome replay(std::uint64_t offset, std::uint64_t size, Sink& sink) = 0;
};

/// What a signature covers: kept as it came, and hashed on the way.
class SignedContent : public Sink {
  public:
    /// `canonical`: hashed with CRLF line ends, whatever they are here (detached, RFC 8551 3.1.1); else as it stands.
    SignedContent(std::string folder, Spool::Holds holds, const std::vector<crypto::DigestKind>& digests, bool canonical);
    Outcome write(Bytes piece) override;
    Outcome finish() override { return {}; }
    /// The digest of all of it; reads it once more when nobody said before that this one would be wanted.
    Result<ByteString, Failure> digest(crypto::DigestKind kind);
    /// From now on it is not kept, because it stands in `source` behind `offset` octets; borrowed. Before the first write().
    void stands_in(Source& source, std::uint64_t offset);
    /// Gives all of it to `sink` and finishes that one.
    Outcome replay(Sink& sink);
    /// How many octets are hashed; nothing where line ends are changed for that.
    [[nodiscard]] std::optional<std::uint64_t> hashed_size() const { return canonical_ ? std::nullopt : std::optional(size_); }
    /// The first octets, at most `size`.
    Result<ByteString, Failure> front(std::size_t size);

  private:
    /// Hashes with several digests at once.
    class Hashes : public Sink {
      public:
        explicit Hashes(const std::vector<crypto::DigestKind>& kinds);
        Outcome write(Bytes piece) override;
        Outcome finish() override { return {}; }
        std::vector<crypto::Digester> digesters;
    };
    Spool spool_;
    Source* source_ = nullptr;
    std::uint64_t offset_ = 0;  // in source_
    std::uint64_t size_ = 0;
    bool canonical_;
    Hashes hashes_;
    CanonicalLines lines_;
    std::map<crypto::DigestKind, ByteString> done_;
    bool is_done_ = false;
};

/// What became of checking one SignerInfo, the certificate left aside.
enum class SignerState : std::uint8_t {
    intact,          ///< the owner of the certificate's key signed exactly this content
    altered,         ///< the content is another than the one that was signed
    forged,          ///< the signature was not made with the certificate's key, or what it covers was changed
    no_certificate,  ///< the message does not hold the signer's certificate, or only another one with the same key
    weak,            ///< made with MD5 or SHA-1: anybody who takes the trouble can make another content that fits
    not_checkable,   ///< an algorithm that this program does not know
};

/// A signer, checked.
struct CheckedSigner {
    SignerState state = SignerState::not_checkable;
    std::size_t certificate = 0;  ///< of SignedData::certificates, unless there is none
    const SignerInfo* info = nullptr;
};

/// Checks each signer of `data` against the content (RFC 5652 5.4 and 5.6). Borrows `data`. Failure when the content cannot be read again.
Result<std::vector<CheckedSigner>, Failure> check_signers(const SignedData& data, SignedContent& content);

}  // namespace truename::mail
