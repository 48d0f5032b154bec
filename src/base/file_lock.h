#pragma once

#include <cstdint>
#include <string>

#include "base/descriptor.h"
#include "base/result.h"

namespace truename {

/// What to do while another one has a lock.
enum class WhenTaken : std::uint8_t { wait, fail };

/// Locks the file (flock(2)), which is made, closed to others, where there is none. One at a time has it, be it in another process or
/// thread, until its descriptor is closed. Gives the errno: EWOULDBLOCK when another one has it, ELOOP for a symbolic link.
Result<Descriptor, int> lock_file(const std::string& path, WhenTaken when_taken);

}  // namespace truename
