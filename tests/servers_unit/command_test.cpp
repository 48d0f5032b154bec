#include "servers/command.h"

#include <gtest/gtest.h>

namespace truename::servers {
namespace {

using namespace std::chrono_literals;

TEST(Command, GivesBothOutputsAndTheStatus) {
    const auto output = run_command({"sh", "-c", "echo out; echo err >&2; exit 3"}, 10s);
    ASSERT_TRUE(output);
    EXPECT_EQ(output->out, "out\n");
    EXPECT_EQ(output->err, "err\n");
    EXPECT_EQ(output->status, 3);
}

TEST(Command, TheReasonOfAFailureIsTheLastLine) {
    const auto output = run_successfully({"sh", "-c", "echo first >&2; echo 'second \033[1m' >&2; exit 1"}, 10s);
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().reason, "second \\x1b[1m");
}

TEST(Command, OneThatDoesNotEndIsKilledWithItsChildren) {
    const auto output = run_command({"sh", "-c", "sleep 1000 & wait"}, 1s);
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().kind, FailureKind::timeout);
}

TEST(Command, OneThatClosesItsOutputIsStillWaitedForNoLonger) {
    const auto output = run_command({"sh", "-c", "exec >/dev/null 2>&1; exec sleep 1000"}, 1s);
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().kind, FailureKind::timeout);
}

TEST(Command, OneThatIsNotThereIsSaidToBeMissing) {
    const auto output = run_command({"no-such-program"}, 1s);
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().kind, FailureKind::local);
}

TEST(Command, EndlessOutputIsStopped) {
    const auto output = run_command({"yes"}, 20s);
    ASSERT_FALSE(output);
    EXPECT_EQ(output.error().kind, FailureKind::protocol);
}

}  // namespace
}  // namespace truename::servers
