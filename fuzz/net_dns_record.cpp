// Must reach every reader of net/dns_record.h with names of many labels, and reverse_name() with what the readers of addresses gave.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/text.h"
#include "fuzz/must.h"
#include "net/dns_record.h"

using namespace truename;
using namespace truename::net;

namespace {

/// The wire form of a name in text: what the readers were given, but for the case of letters.
std::string wire(const std::string& name) {
    std::string bytes, label;
    const auto end_label = [&] {
        bytes += static_cast<char>(label.size());
        bytes += label;
        label.clear();
    };
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] == '.') {
            end_label();
        } else if (name[i] == '\\') {
            label += static_cast<char>(std::stoi(name.substr(i + 1, 3)));
            i += 3;
        } else {
            label += name[i];
        }
    }
    if (!name.empty()) end_label();
    return bytes + '\0';
}

void check_name(const std::string& name, Bytes data) {
    must(printable(name).size() == name.size() + static_cast<std::size_t>(std::count(name.begin(), name.end(), '\\')),
         "a name is safe for a terminal");
    must(ascii_lower(as_text(data)) == wire(name), "a name is what stood there");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size > 600) return 0;
    const Bytes data(bytes, size);
    if (const auto name = read_name_record(data)) check_name(*name, data);
    if (const auto mail = read_mail_exchanger(data)) check_name(mail->name, data.subspan(2));
    if (const auto service = read_service_record(data)) {
        check_name(service->target, data.subspan(6));
        must(service->port == data[4] * 256 + data[5], "a port is two bytes");
    }
    if (const auto tlsa = read_tlsa_record(data)) must(tlsa->data.size() + 3 == size, "all of the data is kept");
    if (const auto caa = read_caa_record(data))
        must(caa->tag.size() + caa->value.size() + 2 == size && !caa->tag.empty(), "tag and value are all");
    if (const auto address = read_address_record(data)) {
        const bool is_ipv4 = address->find('.') != std::string::npos && (size == 4 || address->starts_with("::ffff:"));
        const auto name = reverse_name(*address);
        must(name && name->ends_with(is_ipv4 ? ".in-addr.arpa" : ".ip6.arpa"), "an address has a name");
    }
    return 0;
}
