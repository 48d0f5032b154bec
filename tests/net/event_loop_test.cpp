#include "net/event_loop.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <thread>
#include <vector>

namespace truename::net {
namespace {

class Recorder final : public EventHandler {
  public:
    Recorder(int number, std::vector<int>& order) : number_(number), order_(order) {}
    void on_ready() override {}
    void on_deadline() override { order_.push_back(number_); }

  private:
    int number_;
    std::vector<int>& order_;
};

TEST(EventLoop, HandsOutDeadlinesInTheirOrderHoweverTheyWereSet) {
    const auto loop = std::move(*EventLoop::make());
    std::vector<int> order;
    std::vector<std::unique_ptr<Recorder>> handlers;
    std::mt19937 random(7);
    for (int i = 0; i < 500; ++i) handlers.push_back(std::make_unique<Recorder>(i, order));
    const Ticks past = loop->now() - std::chrono::hours(1);
    for (int round = 0; round < 5; ++round) {
        for (const auto& handler : handlers) loop->set_deadline(*handler, past + std::chrono::seconds(random() % 3000));
        for (int i = 0; i < 100; ++i) loop->clear_deadline(*handlers[random() % handlers.size()]);
    }
    std::vector<int> expected;
    for (int i = 0; i < 500; ++i) {
        const int at = (i * 37) % 500;
        if (at % 3 == 0) {
            loop->clear_deadline(*handlers[static_cast<std::size_t>(i)]);
        } else {
            loop->set_deadline(*handlers[static_cast<std::size_t>(i)], past + std::chrono::seconds(at));
        }
    }
    for (int at = 0; at < 500; ++at) {
        for (int i = 0; i < 500; ++i) {
            if ((i * 37) % 500 == at && at % 3 != 0) expected.push_back(i);
        }
    }
    loop->run_once(std::chrono::milliseconds(0));
    EXPECT_EQ(order, expected);
}

TEST(EventLoop, CallsWhatAnotherThreadPosted) {
    const auto loop = std::move(*EventLoop::make());
    bool called = false;
    std::thread other([&] { loop->post([&] { called = true; }); });
    while (!called) loop->run_once(std::chrono::seconds(10));
    other.join();
    EXPECT_TRUE(called);
}

}  // namespace
}  // namespace truename::net
