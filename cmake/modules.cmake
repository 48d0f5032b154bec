# truename_module(NAME LEVEL n SOURCES ... HEADERS ... [USES ...] [PRIVATE_USES ...] [LIBRARIES ...])
#
# One folder, one namespace, one target. USES are the modules that its headers show, PRIVATE_USES those that only its .cpp files use,
# LIBRARIES third-party targets (always private: they stay behind the module's wall). A module may use only modules of lower
# levels (docs/architecture.md); anything else stops here.
function(truename_module NAME)
  cmake_parse_arguments(ARG "" "LEVEL" "SOURCES;HEADERS;USES;PRIVATE_USES;LIBRARIES" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "module ${NAME}: unknown arguments ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  set_property(GLOBAL PROPERTY TRUENAME_LEVEL_${NAME} ${ARG_LEVEL})
  set_property(GLOBAL APPEND PROPERTY TRUENAME_MODULES ${NAME})
  foreach(used IN LISTS ARG_USES ARG_PRIVATE_USES)
    get_property(level GLOBAL PROPERTY TRUENAME_LEVEL_${used})
    if("${level}" STREQUAL "")
      message(FATAL_ERROR "module ${NAME} uses ${used}, which does not exist (or comes later in src/CMakeLists.txt)")
    elseif(level GREATER_EQUAL ARG_LEVEL)
      message(FATAL_ERROR "module ${NAME} (level ${ARG_LEVEL}) may not use ${used} (level ${level}): arrows only run down")
    endif()
  endforeach()
  list(TRANSFORM ARG_USES PREPEND truename_)
  list(TRANSFORM ARG_PRIVATE_USES PREPEND truename_)
  set_property(GLOBAL PROPERTY TRUENAME_USES_${NAME} ${ARG_USES} ${ARG_PRIVATE_USES})

  add_library(truename_${NAME} STATIC ${ARG_SOURCES})
  target_sources(truename_${NAME} PUBLIC FILE_SET HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR}/src FILES ${ARG_HEADERS})
  target_include_directories(truename_${NAME} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(truename_${NAME} PUBLIC ${ARG_USES} PRIVATE truename_compiler ${ARG_PRIVATE_USES} ${ARG_LIBRARIES})
  truename_precompiled(truename_${NAME} std)
endfunction()

# truename_test(NAME SOURCES ... USES modules ... [LIBRARIES ...]): the unit tests of one module, target and program test_NAME.
function(truename_test NAME)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LIBRARIES" ${ARGN})
  list(TRANSFORM ARG_USES PREPEND truename_)
  add_executable(test_${NAME} ${ARG_SOURCES})
  target_include_directories(test_${NAME} PRIVATE ${CMAKE_SOURCE_DIR})
  target_compile_definitions(test_${NAME} PRIVATE TRUENAME_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_compile_options(test_${NAME} PRIVATE -O0)  # compiled more often than run
  truename_precompiled(test_${NAME} std_test)
  target_link_libraries(test_${NAME} PRIVATE truename_compiler ${ARG_USES} ${ARG_LIBRARIES} GTest::gmock GTest::gtest_main)
  add_test(NAME ${NAME} COMMAND test_${NAME})
endfunction()

# Each file of data/<folder>/ goes into the program as it is; <module>/data_files.h declares <function>(), which gives them all. `result`
# becomes the name of the source.
function(embed_data_files module folder function result)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/data/${folder}/*.toml)
  set(embedded "")
  set(declared "")
  set(rows "")
  foreach(file IN LISTS files)
    get_filename_component(id ${file} NAME_WE)
    string(MAKE_C_IDENTIFIER truename_${folder}_${id} symbol)
    string(APPEND embedded "TRUENAME_EMBED(${symbol}, \"${file}\");\n")
    string(APPEND declared "extern const char ${symbol}[], ${symbol}_end[];\n")
    string(APPEND rows "        {\"${id}\", {${symbol}, static_cast<std::size_t>(${symbol}_end - ${symbol})}},\n")
  endforeach()
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${folder}_data.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [[#include "@module@/data_files.h"
#include "base/embed.h"

@embedded@
extern "C" {
@declared@}

namespace truename::@module@ {

std::span<const DataFile> @function@() {
    static const DataFile kFiles[] = {
@rows@    };
    return kFiles;
}

}  // namespace truename::@module@
]])
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${files}")
  set(${result} ${source} PARENT_SCOPE)
endfunction()
