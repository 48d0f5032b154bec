#include <algorithm>

#include "doctor/render.h"

namespace truename::doctor {

namespace {

// `imap` and `imap+starttls` are one thing to whoever types it.
bool is_protocol(const Endpoint& endpoint, const std::string& word) {
    return endpoint.protocol == word || endpoint.protocol + "+starttls" == word || std::to_string(endpoint.port) == word;
}

// What a protocol that has to be there does to the code: broken or closed is as bad as a refusal; turned away or never asked is not known.
int exit_of_required(const Report& report, const std::string& word) {
    int code = 3;
    for (const Endpoint& endpoint : report.endpoints) {
        if (!is_protocol(endpoint, word)) continue;
        if (endpoint.state == EndpointState::judged && endpoint.handshake == Handshake::completed) return 0;
        if (endpoint.state != EndpointState::limited) code = 2;
    }
    return code;
}

// A client whose TLS cannot meet the server refuses, whatever it would have said to the certificate.
int exit_of(const Verdict& verdict) {
    if (verdict.reaches == Reaches::no) return 2;
    switch (verdict.outcome) {
        case Outcome::silent:
            return 0;
        case Outcome::warns:
            return 1;
        case Outcome::refuses:
            return 2;
        case Outcome::not_judged:
            return 3;
    }
    return 3;
}

}  // namespace

int worse_exit(int a, int b) {
    static constexpr int kRank[] = {0, 2, 3, 1};
    const auto rank = [](int code) { return code >= 0 && code <= 3 ? kRank[code] : 1; };
    return rank(a) >= rank(b) ? a : b;
}

int exit_code(const Report& report, const std::vector<std::string>& require) {
    int code = 3;
    bool judged = false;
    for (const Verdict& verdict : report.verdicts) {
        if (!counts(verdict)) continue;
        const int one = exit_of(verdict);
        if (one == 3) continue;  // shown, but silence of the others is not spoilt by what nobody knows
        code = judged ? worse_exit(code, one) : one;
        judged = true;
    }
    if (judged && report.near_expiry) code = worse_exit(code, 1);
    for (const std::string& word : require) code = worse_exit(code, exit_of_required(report, word));
    return code;
}

}  // namespace truename::doctor
