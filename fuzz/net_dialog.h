#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/must.h"
#include "net/dialog.h"

/// A server says `data`: the dialog must give the same report in one piece and in portions, keep no more than it promises, and never say
/// more than one command to one answer.
inline void fuzz_dialog(truename::net::MailProtocol protocol, const std::uint8_t* data, std::size_t size) {
    using namespace truename::net;
    if (size == 0) return;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const DialogGoal goal = (data[0] & 1) != 0 ? DialogGoal::greeting : DialogGoal::starttls;
    const std::size_t portion = 1 + data[0] / 2;
    constexpr std::size_t kMax = 4096;
    const auto whole = make_dialog(protocol, goal, "[192.0.2.1]", kMax);
    whole->feed(bytes);
    const auto pieces = make_dialog(protocol, goal, "[192.0.2.1]", kMax);
    for (std::size_t at = 0; at < bytes.size(); at += portion) pieces->feed(bytes.substr(at, portion));
    const DialogReport& report = whole->report();
    must(report == pieces->report(), "portions change nothing");
    must(report.greeting.size() <= 1024 && report.capabilities.size() <= 4096, "texts are bounded");
    must(report.answer.size() <= 512 && report.leftover.size() <= 512, "lines are bounded");
    must(report.leftover.empty() || report.end == DialogEnd::tls_next, "what is left over was said after the agreement");
    const std::string said = whole->take_output();
    must(said == pieces->take_output(), "the same words are said");
    must(std::count(said.begin(), said.end(), '\n') <= 3, "at most three commands lead to TLS");
    must(goal == DialogGoal::starttls || said.empty(), "who only reads the greeting says nothing");
    must(whole->take_output().empty(), "words are said once");
    (void)is_complaint(report.leftover);
}
