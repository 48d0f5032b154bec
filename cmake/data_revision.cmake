# cmake -DFOLDER=data -DOUT=data_revision.cpp -P this: the source of cli/data_revision.h. The digest is that of the lines of `sha256sum` over the
# files of data, named from the folder and sorted by the bytes of their names.
set(patterns *.toml *.tsv *.pem *.idx)  # not what explains or makes them
list(TRANSFORM patterns PREPEND ${FOLDER}/)
file(GLOB_RECURSE files RELATIVE ${FOLDER} ${patterns})
list(SORT files)
set(lines "")
foreach(file IN LISTS files)
  file(SHA256 ${FOLDER}/${file} digest)
  string(APPEND lines "${digest}  ${file}\n")
endforeach()
string(SHA256 digest "${lines}")
string(SUBSTRING ${digest} 0 12 revision)
file(CONFIGURE OUTPUT ${OUT} @ONLY CONTENT [[#include "cli/data_revision.h"

namespace truename::cli {

std::string_view data_revision() {
    return "@revision@";
}

}  // namespace truename::cli
]])
