# Headers of the standard library, and of GoogleTest for the tests, compiled once: a third of the time of a build with sanitizers. Only that
# preset does so, because a forgotten include goes unseen in such a build; those of the release and of developers see it.
option(TRUENAME_PRECOMPILED "Compile the headers of the standard library once (clang)" OFF)
if(TRUENAME_PRECOMPILED)
  file(WRITE ${CMAKE_BINARY_DIR}/precompiled.cpp "")
  add_library(truename_std OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(truename_std PRIVATE truename_compiler)
  set(headers <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory> <optional> <span> <string> <string_view> <utility> <vector>)
  target_precompile_headers(truename_std PRIVATE ${headers})
  find_package(GTest REQUIRED)
  add_library(truename_std_test OBJECT ${CMAKE_BINARY_DIR}/precompiled.cpp)
  target_link_libraries(truename_std_test PRIVATE truename_compiler GTest::gmock)
  target_compile_options(truename_std_test PRIVATE -O0)
  target_precompile_headers(truename_std_test PRIVATE ${headers} <gmock/gmock.h> <gtest/gtest.h>)
endif()

# Has a target use them: `std`, or `std_test` for what is compiled as tests are.
function(truename_precompiled target which)
  if(TRUENAME_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM truename_${which})
  endif()
endfunction()
