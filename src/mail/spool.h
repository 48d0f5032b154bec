#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/descriptor.h"
#include "crypto/cipher.h"
#include "crypto/secret.h"
#include "mail/sink.h"

namespace truename::mail {

/// Holds what must not be shown yet, because a signature or a tag that covers it is still to come. Up to kInMemory octets stay in memory;
/// more goes into a file without a name that only this process can open, and which is gone with it. What is secret is encrypted on its way
/// there with a key that never leaves the memory of this process.
class Spool : public Sink {
  public:
    static constexpr std::size_t kInMemory = std::size_t{1} << 20;

    enum class Holds : std::uint8_t { secrets, what_came_openly };

    /// `folder` is where the file is made when there must be one: on a file system with room for the message.
    Spool(std::string folder, Holds holds) : folder_(std::move(folder)), holds_(holds) {}
    ~Spool() override;

    Outcome write(Bytes piece) override;
    Outcome finish() override { return {}; }
    /// How much is in it.
    [[nodiscard]] std::uint64_t size() const { return size_; }
    /// The first octets, at most `size`.
    Result<ByteString, Failure> front(std::size_t size);
    /// Gives all of it to `sink`, from the beginning, and finishes that one. May be called again.
    Outcome replay(Sink& sink);

  private:
    Outcome replay_first(std::uint64_t size, Sink& sink);
    Outcome move_to_file();
    Outcome append_to_file(Bytes piece);
    Outcome flush();
    Outcome write_to_file(Bytes octets);
    [[nodiscard]] crypto::Cipher make_cipher() const;

    std::string folder_;
    Holds holds_;
    std::uint64_t size_ = 0;
    ByteString memory_;
    Descriptor file_;
    crypto::SecretBytes key_;
    std::optional<crypto::Cipher> cipher_;
    ByteString buffer_;     // what is to be written next, encrypted already when it must be
    std::size_t used_ = 0;  // of it
};

}  // namespace truename::mail
