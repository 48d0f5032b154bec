// Must reach read_autoconfig and read_autodiscover with several servers, and every form of tag that they cut.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "address/settings_file.h"
#include "base/text.h"
#include "fuzz/must.h"
#include "x509/dns_name.h"

using namespace truename;
using namespace truename::address;

namespace {

void check(const std::vector<Told>& told, std::string_view text, Teller teller) {
    must(told.size() <= 50, "few servers are taken");
    for (const Told& each : told) {
        must(x509::classify_dns_name(each.host).valid && printable(each.host) == each.host, "a host is a name");
        must(each.port.number != 0 && each.teller == teller && !each.is_web, "a port is one, and the file tells it");
        must(each.port.number == probe::info(each.port.protocol).port ||
                 text.find(std::to_string(each.port.number)) != std::string_view::npos,
             "a port that is not the usual one stands in the file");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check(read_autoconfig(text, "quantum.com", "https://quantum.com/"), text, Teller::autoconfig);
    check(read_autodiscover(text, "quantum.com", "https://quantum.com/"), text, Teller::autodiscover);
    return 0;
}
