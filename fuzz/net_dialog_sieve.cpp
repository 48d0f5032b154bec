#include "fuzz/net_dialog.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz_dialog(truename::net::MailProtocol::sieve, data, size);
    return 0;
}
