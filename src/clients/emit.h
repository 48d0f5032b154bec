#pragma once

#include <string>

#include "clients/library.h"

namespace truename::clients {

/// The library as a C++ source that defines compiled(): constant tables, so that nothing is read or allocated when the program starts.
std::string emit(const Library& library);

}  // namespace truename::clients
