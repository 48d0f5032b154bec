#include "servers/wire.h"

#include <gmock/gmock.h>

namespace truename::servers {
namespace {

using probe::Protocol;
using ::testing::Each;
using ::testing::ElementsAre;

WireQuestion question(std::uint16_t port, std::string name, net::KeyOffer keys = net::KeyOffer::any) {
    return {{{Protocol::imaps, port}, "127.0.0.1"}, std::move(name), keys};
}

std::vector<unsigned> connections_of(std::vector<WireQuestion> questions) {
    ask_processes(questions);
    std::vector<unsigned> numbers;
    for (const WireQuestion& each : questions) numbers.push_back(each.connections);
    return numbers;
}

TEST(AskProcesses, gives_eight_connections_to_each_port_shared_by_its_names) {
    EXPECT_THAT(connections_of({question(993, "")}), ElementsAre(8));
    EXPECT_THAT(connections_of({question(993, ""), question(993, "a.example"), question(993, "b.example")}), ElementsAre(3, 3, 3));
    EXPECT_THAT(connections_of({question(993, ""), question(995, ""), question(993, "a.example")}), ElementsAre(4, 8, 4));
}

TEST(AskProcesses, takes_each_kind_of_keys_for_a_port_of_its_own) {
    EXPECT_THAT(connections_of({question(993, "", net::KeyOffer::rsa), question(993, "", net::KeyOffer::ecdsa)}), ElementsAre(8, 8));
}

TEST(AskProcesses, asks_every_one_of_many_names) {
    std::vector<WireQuestion> many;
    for (int i = 0; i < 100; ++i) many.push_back(question(993, "name" + std::to_string(i) + ".example"));
    EXPECT_THAT(connections_of(many), Each(1));
}

}  // namespace
}  // namespace truename::servers
