#include "tests/differential/libraries.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace truename::differential {

namespace {

const std::string kFolder = TRUENAME_SOURCE_DIR "/tests/differential/";
constexpr const char* kJava = "/usr/lib/jvm/java-17-openjdk-amd64/bin/java";

void add_worker(const char* name, const char* profile, const char* program, const std::vector<std::string>& command,
                std::vector<FindingId> without, std::vector<Asked>& libraries) {
    if (!std::filesystem::exists(program)) {
        std::fprintf(stderr, "truename-differential: %s is not asked: there is no %s (script/setup differential)\n", name, program);
        return;
    }
    libraries.push_back({name, profile, make_worker(command), std::move(without)});
}

/// The file by which the program tells Node.js the time: it has no name and is found as this process's own.
void make_clock() {
    const int file = memfd_create("clock", MFD_CLOEXEC);
    if (file < 0 || ftruncate(file, 8) != 0) std::perror("truename-differential: no clock");
    setenv("TRUENAME_CLOCK", ("/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(file)).c_str(), 1);
}

}  // namespace

std::vector<Asked> start_libraries() {
    std::vector<Asked> libraries;
    libraries.push_back({"OpenSSL", "openssl", std::make_unique<CalledLibrary>(ask_openssl), {}});
#ifdef TRUENAME_HAS_GNUTLS
    libraries.push_back({"GnuTLS",
                         "gnutls",
                         std::make_unique<CalledLibrary>(ask_gnutls),
                         {FindingId::usage_key_usage, FindingId::usage_no_digital_signature}});
#else
    std::fputs("truename-differential: GnuTLS is not asked: no libgnutls28-dev when this was built\n", stderr);
#endif
#ifdef TRUENAME_HAS_NSS
    libraries.push_back({"NSS", "nss", std::make_unique<CalledLibrary>(ask_nss), {}});
#else
    std::fputs("truename-differential: NSS is not asked: no libnss3-dev when this was built\n", stderr);
#endif
    add_worker("Go", "go", "/usr/bin/go", {"/usr/bin/go", "run", kFolder + "worker.go"}, {FindingId::key_unsupported}, libraries);
    add_worker("Java", "java", kJava, {kJava, kFolder + "Worker.java"}, {FindingId::key_unsupported}, libraries);
    make_clock();
    add_worker("Node", "node", "/usr/bin/node", {"/usr/bin/env", "LD_PRELOAD=" TRUENAME_FIXED_TIME, "/usr/bin/node", kFolder + "worker.js"},
               {}, libraries);
    return libraries;
}

}  // namespace truename::differential
