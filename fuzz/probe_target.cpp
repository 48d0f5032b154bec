// Must reach parse_target, parse_ports, parse_starttls, parse_resolve and parse_connect.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text.h"
#include "fuzz/must.h"
#include "probe/probe.h"
#include "x509/ip_address.h"

using namespace truename;
using namespace truename::probe;

namespace {

bool is_v6(std::string_view name) {
    return name.find(':') != std::string_view::npos;
}

/// Everything that a target says, in its longest form.
std::string written(const Target& target) {
    std::string text = target.protocol ? std::string(info(*target.protocol).name) + "://" : "";
    text += is_v6(target.name) ? "[" + target.name + "]" : target.name;
    if (target.port) text += ":" + std::to_string(*target.port);
    return text;
}

void check_target(std::string_view text) {
    const auto target = parse_target(text, "list");
    if (!target) {
        must(!target.error().reason.empty(), "a failure has a reason");
        return;
    }
    must(!target->name.empty() && target->name.find_first_of(" \t\r\n/[]") == std::string::npos, "a name is a name");
    must(!target->port || *target->port != 0, "a port is a number from 1");
    must(!is_v6(target->name) || target->is_address, "only addresses have colons");
    must(is_v6(target->name) || text.find('[') == std::string_view::npos, "only they stand in brackets");
    const std::size_t zone = std::min(target->name.find('%'), target->name.size());
    must(target->name.size() - zone <= 16, "a zone is not longer than a name of an interface");
    const bool is_ip = x509::parse_ip_address(target->name.substr(0, zone)).has_value();
    must(is_ip == target->is_address, "an address is one to everybody");
    const auto again = parse_target(written(*target), "list");
    must(again && again->name == target->name && again->is_address == target->is_address, "a name reads as itself");
    must(question_of(*again) == question_of(*target), "and asks the same");
    if (!target->port || target->protocol) return;
    std::string_view digits = trim(text);
    digits.remove_prefix(digits.rfind(':') + 1);
    must(digits.find_first_not_of("0123456789") == std::string_view::npos, "a port is a number and nothing else");
}

void check_ports(std::string_view text) {
    const auto ports = parse_ports(text);
    if (!ports) return;
    std::string all;
    for (const Port& port : *ports) {
        must(std::ranges::count(*ports, port) == 1, "a port is asked once");
        must(port.number != 0, "and has a number");
        all += (all.empty() ? "" : ",") + std::string(info(port.protocol).name) + ":" + std::to_string(port.number);
    }
    const auto again = parse_ports(all);
    must(again && *again == *ports, "ports read as themselves");
}

void check_options(std::string_view text) {
    if (const auto protocol = parse_starttls(text)) must(info(*protocol).tls == TlsMode::starttls, "STARTTLS is where it is");
    if (const auto address = parse_connect(text)) {
        const auto again = parse_connect(*address);
        must(again && *again == *address, "an address reads as itself");
    }
    if (const auto resolve = parse_resolve(text)) {
        const auto again = parse_resolve(resolve->name + "=" + resolve->address);
        must(again && again->name == resolve->name && again->address == resolve->address, "so does a name with its address");
        must(parse_connect(resolve->address).has_value() && !parse_connect(resolve->name), "a name is no address");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_target(text);
    check_ports(text);
    check_options(text);
    return 0;
}
