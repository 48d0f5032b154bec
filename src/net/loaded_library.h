#pragma once

#include <dlfcn.h>

namespace truename::net {

/// A library that few commands need, loaded when the first of them does: loading takes longer than most commands run. Stays loaded.
class LoadedLibrary {
  public:
    /// `name` as the dynamic loader wants it: `libcurl.so.4`.
    explicit LoadedLibrary(const char* name) : handle_(::dlopen(name, RTLD_NOW | RTLD_LOCAL)) {}

    /// Sets `function` to the function of that name; false where the library or the function is not there.
    template <class Function>
    bool find(const char* name, Function& function) const {
        function = handle_ == nullptr ? nullptr : reinterpret_cast<Function>(::dlsym(handle_, name));
        return function != nullptr;
    }

  private:
    void* handle_;
};

}  // namespace truename::net
