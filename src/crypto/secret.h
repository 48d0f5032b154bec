#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"

namespace truename::crypto {

/// A text that nobody else may see, a passphrase or a private key: cleared when it goes, and never copied.
class Secret {
  public:
    Secret() = default;
    /// Takes `text` over; what the caller keeps of it is the caller's to clear.
    explicit Secret(std::string text) : text_(std::move(text)) {}
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret() { clear(); }

    /// Borrowed. Give it to nothing that keeps, prints or logs it.
    [[nodiscard]] std::string_view view() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }

  private:
    void clear();
    std::string text_;
};

/// Octets that nobody else may see, a key as a rule: cleared when they go, and never copied.
class SecretBytes {
  public:
    SecretBytes() = default;
    /// Takes `bytes` over.
    explicit SecretBytes(ByteString bytes) : bytes_(std::move(bytes)) {}
    SecretBytes(SecretBytes&& other) noexcept : bytes_(std::move(other.bytes_)) {}
    SecretBytes& operator=(SecretBytes&& other) noexcept {
        bytes_.swap(other.bytes_);
        return *this;
    }
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    ~SecretBytes();

    /// Borrowed.
    [[nodiscard]] Bytes view() const { return bytes_; }

  private:
    ByteString bytes_;
};

/// From now on neither a crash nor a debugger of the same user gets at the memory of this process. Call it before the first secret is read.
void forbid_dumps();

/// Clears bytes that held a secret.
void clear(ByteString& bytes);

}  // namespace truename::crypto
