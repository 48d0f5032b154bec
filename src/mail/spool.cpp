#include "mail/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/text.h"
#include "crypto/random.h"

namespace truename::mail {

namespace {

/// How much is written and read at once: what comes may be in strings of a kilobyte.
constexpr std::size_t kStep = std::size_t{256} << 10;

/// A file of that folder that has no name, or none any more.
Descriptor open_nameless(const std::string& folder) {
    Descriptor file(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    if (file || (errno != EOPNOTSUPP && errno != EISDIR)) return file;
    // Some file systems cannot: overlayfs before Linux 6.3.
    std::string name = folder + "/truename-XXXXXX";
    file = Descriptor(::mkostemp(name.data(), O_CLOEXEC));
    if (file) (void)::unlink(name.c_str());
    return file;
}

}  // namespace

Spool::~Spool() {
    crypto::clear(memory_);
    crypto::clear(buffer_);
}

Outcome Spool::write(Bytes piece) {
    size_ += piece.size();
    if (file_) return append_to_file(piece);
    if (size_ > kInMemory) {
        if (Outcome moved = move_to_file(); !moved) return moved;
        return append_to_file(piece);
    }
    // All at once, so that no copy of a secret is left behind by growing.
    if (memory_.capacity() == 0) memory_.reserve(kInMemory);
    memory_.insert(memory_.end(), piece.begin(), piece.end());
    return {};
}

Outcome Spool::move_to_file() {
    file_ = open_nameless(folder_);
    if (!file_)
        return Unexpected{Failure{FailureKind::local, "making a file for what is not checked yet in", printable(folder_),
                                  std::strerror(errno),
                                  "Name a folder on a disk with room for the message in the environment variable TMPDIR"}};
    if (holds_ == Holds::secrets) {
        key_ = crypto::SecretBytes(crypto::random_bytes(crypto::key_size(crypto::CipherKind::aes128_ctr)));
        cipher_ = make_cipher();
    }
    Outcome written = append_to_file(memory_);
    crypto::clear(memory_);
    memory_.shrink_to_fit();
    return written;
}

crypto::Cipher Spool::make_cipher() const {
    // The key is used for nothing else, so the counter may begin at zero.
    const std::array<std::uint8_t, 16> zero{};
    auto cipher = crypto::Cipher::encryptor(crypto::CipherKind::aes128_ctr, key_.view(), zero);
    if (!cipher) std::abort();  // a library without AES
    return std::move(*cipher);
}

Outcome Spool::append_to_file(Bytes piece) {
    constexpr std::size_t kWorthIt = std::size_t{32} << 10;
    if (!cipher_ && used_ == 0 && piece.size() >= kWorthIt) return write_to_file(piece);
    buffer_.resize(kStep + crypto::Cipher::kMaxGrowth);
    while (!piece.empty()) {
        const Bytes step = piece.first(std::min(piece.size(), kStep - used_));
        piece = piece.subspan(step.size());
        if (cipher_) {
            used_ += cipher_->update(step, buffer_.data() + used_);
        } else {
            std::copy(step.begin(), step.end(), buffer_.begin() + static_cast<std::ptrdiff_t>(used_));
            used_ += step.size();
        }
        if (used_ < kStep) break;
        if (Outcome flushed = flush(); !flushed) return flushed;
    }
    return {};
}

Outcome Spool::flush() {
    return write_to_file(Bytes(buffer_).first(std::exchange(used_, 0)));
}

Outcome Spool::write_to_file(Bytes octets) {
    while (!octets.empty()) {
        const ssize_t written = ::write(file_.get(), octets.data(), octets.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0)
            return Unexpected{Failure{FailureKind::local, "keeping what is not checked yet in", printable(folder_), std::strerror(errno),
                                      "Name a folder on a disk with room for the message in the environment variable TMPDIR"}};
        octets = octets.subspan(static_cast<std::size_t>(written));
    }
    return {};
}

Outcome Spool::replay(Sink& sink) {
    if (Outcome replayed = replay_first(size_, sink); !replayed) return replayed;
    return sink.finish();
}

Result<ByteString, Failure> Spool::front(std::size_t size) {
    ByteCollector collector;
    if (Outcome replayed = replay_first(std::min<std::uint64_t>(size, size_), collector); !replayed) return forward_error(replayed);
    return std::move(collector.bytes);
}

Outcome Spool::replay_first(std::uint64_t size, Sink& sink) {
    if (size == 0) return {};
    if (!file_) return sink.write(Bytes(memory_).first(static_cast<std::size_t>(size)));
    if (Outcome flushed = flush(); !flushed) return flushed;
    std::optional<crypto::Cipher> cipher;
    if (cipher_) cipher = make_cipher();
    ByteString read_buffer(kStep);
    ByteString plain(cipher ? kStep + crypto::Cipher::kMaxGrowth : 0);
    for (std::uint64_t at = 0; at < size;) {
        const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(kStep, size - at));
        const ssize_t got = ::pread(file_.get(), read_buffer.data(), wanted, static_cast<off_t>(at));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0)
            return Unexpected{Failure{FailureKind::local, "reading what was kept in", printable(folder_),
                                      got < 0 ? std::strerror(errno) : "the file has become shorter", ""}};
        Bytes piece = Bytes(read_buffer).first(static_cast<std::size_t>(got));
        at += piece.size();
        if (cipher) piece = Bytes(plain).first(cipher->update(piece, plain.data()));
        if (Outcome written = sink.write(piece); !written) return written;
    }
    return {};
}

}  // namespace truename::mail
