#include "base/descriptor.h"

#include <unistd.h>

namespace truename {

bool Descriptor::close() {
    return ::close(std::exchange(fd_, -1)) == 0;
}

void Descriptor::reset() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

}  // namespace truename
