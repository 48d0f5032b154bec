#include "doctor/exit_code.h"

#include <algorithm>

namespace truename::doctor {

namespace {

std::string_view what_is_there(EndpointState state) {
    switch (state) {
        case EndpointState::refused:
            return "nothing listens there";
        case EndpointState::timeout:
            return "it did not answer in time";
        case EndpointState::dropped:
            return "it hung up";
        case EndpointState::limited:
            return "it turned the question away for now";
        case EndpointState::judged:
        case EndpointState::no_tls:
        case EndpointState::tls_failed:
            break;
    }
    return "TLS does not work there";
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

// The worst wins in the order 2 > 1 > 3 > 0.
int worse_exit(int a, int b) {
    static constexpr int kRank[] = {0, 2, 3, 1};
    const auto rank = [](int code) { return code >= 0 && code <= 3 ? kRank[code] : 1; };
    return rank(a) >= rank(b) ? a : b;
}

}  // namespace

bool shuts_out(const Report& report) {
    return std::any_of(report.endpoints.begin(), report.endpoints.end(),
                       [](const Endpoint& endpoint) { return !endpoint.shuts_out.empty(); });
}

bool is_service(const Endpoint& endpoint, const std::string& word) {
    return endpoint.protocol == word || endpoint.protocol + "+starttls" == word || std::to_string(endpoint.port) == word;
}

Required find_required(const Report& report, const std::string& word) {
    if (report.endpoints.empty()) return {3, word + " is required and could not be asked"};
    Required found{2, word + " is required and was not asked"};
    bool known = false;
    for (const Endpoint& endpoint : report.endpoints) {
        if (!is_service(endpoint, word)) continue;
        if (endpoint.state == EndpointState::judged && endpoint.handshake == Handshake::completed) return {};
        const int code = endpoint.state == EndpointState::limited ? 3 : 2;
        if (!known || (found.exit == 3 && code == 2))
            found = {code, word + " is required and " + std::string(what_is_there(endpoint.state))};
        known = true;
    }
    return found;
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
    // Nobody comes in there, whatever they would have said to the certificate.
    if (shuts_out(report)) code = 2;
    if (!report.uncertifiable.empty()) code = 2;  // there will be no such certificate
    if (judged && report.near_expiry) code = worse_exit(code, 1);
    for (const std::string& word : require) code = worse_exit(code, find_required(report, word).exit);
    return code;
}

}  // namespace truename::doctor
