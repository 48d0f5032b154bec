#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz/must.h"
#include "probe/probe.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace truename::probe;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto target = parse_target(text, "list")) {
        must(!target->name.empty() && target->name.find_first_of(" \t\r\n/[]") == std::string::npos, "a name is a name");
        must(!target->port || *target->port != 0, "a port is a number from 1");
        const bool is_v6 = target->name.find(':') != std::string::npos;
        must(!is_v6 || target->is_address, "only addresses have colons");
        const auto again = parse_target(is_v6 ? "[" + target->name + "]" : target->name, "list");
        must(again && again->name == target->name && again->is_address == target->is_address, "a name reads as itself");
    }
    (void)parse_ports(text);
    (void)parse_resolve(text);
    (void)parse_connect(text);
    return 0;
}
