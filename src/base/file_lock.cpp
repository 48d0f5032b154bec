#include "base/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

namespace truename {

Result<Descriptor, int> lock_file(const std::string& path, WhenTaken when_taken) {
    Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) return Unexpected{errno};
    while (::flock(file.get(), when_taken == WhenTaken::wait ? LOCK_EX : LOCK_EX | LOCK_NB) != 0) {
        if (errno != EINTR) return Unexpected{errno};
    }
    return file;
}

}  // namespace truename
