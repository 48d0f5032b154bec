// The probe's engine alone, without judging and output: what bare_client is compared with.
//
//     probe_client IN_FLIGHT ADDRESS < targets        each line: PROTOCOL PORT NAME
//
// Prints how many handshakes were completed.
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>

#include "probe/probe.h"

int main(int argc, char** argv) {
    using namespace truename;
    if (argc != 3) return 64;
    probe::Options options;
    options.in_flight = static_cast<unsigned>(std::atoi(argv[1]));
    options.connect = argv[2];
    const auto source = []() -> std::optional<probe::Target> {
        std::string protocol, port, name;
        if (!(std::cin >> protocol >> port >> name)) return std::nullopt;
        auto target = probe::parse_target(protocol + "://" + name + ":" + port, "list");
        return target ? std::optional(std::move(*target)) : std::nullopt;
    };
    std::size_t targets = 0, completed = 0;
    const auto sink = [&](probe::Evidence&& evidence) {
        ++targets;
        for (const probe::Endpoint& endpoint : evidence.endpoints) {
            completed += endpoint.state == probe::EndpointState::judged && !endpoint.tls.chain.empty();
        }
    };
    if (!probe::probe(source, options, sink, SystemClock())) return 70;
    std::printf("%zu of %zu\n", completed, targets);
    return completed == targets ? 0 : 1;
}
