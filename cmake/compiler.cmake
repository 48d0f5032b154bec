# Warnings are errors in the builds of developers; sections and -g1 keep the program small; sanitizers come by TRUENAME_SANITIZE.
add_library(truename_compiler INTERFACE)
target_compile_options(truename_compiler INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -ffunction-sections -fdata-sections)
# Developers stop at a warning. A release, or another compiler, may have a false alarm of its own and must still give a program.
target_compile_options(truename_compiler INTERFACE $<$<CONFIG:Debug>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports dangling and null members of its own library's inlined code at -O2 (GCC bugs 105329, 105562).
  # At -O3 it also believes that comparing two vectors could read half of all memory.
  target_compile_options(truename_compiler INTERFACE -Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overread)
endif()
target_link_options(truename_compiler INTERFACE -Wl,--gc-sections)
if(TRUENAME_SANITIZE)
  target_compile_options(truename_compiler INTERFACE -fsanitize=${TRUENAME_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(truename_compiler INTERFACE -fsanitize=${TRUENAME_SANITIZE})
endif()
if(TRUENAME_COVERAGE)
  target_compile_options(truename_compiler INTERFACE -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(truename_compiler INTERFACE -fprofile-instr-generate)
elseif(TRUENAME_FUZZ)
  # Without no-sanitize=function coroutines do not link: llvm-project#49689.
  target_compile_options(truename_compiler INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=function -fno-sanitize-recover=all)
  target_link_options(truename_compiler INTERFACE -fsanitize=address,undefined -fno-sanitize=function)
endif()
