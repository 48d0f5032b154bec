#pragma once

#include <utility>

namespace truename {

/// A file descriptor that is closed when it dies.
class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor() { reset(); }

    [[nodiscard]] int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    /// Closes it; false when what was written may not have arrived.
    [[nodiscard]] bool close();
    /// Closes it now.
    void reset();

  private:
    int fd_ = -1;
};

}  // namespace truename
