#include "probe/evidence.h"

namespace truename::probe {

std::string_view name_of(EndpointState state) {
    switch (state) {
        case EndpointState::judged:
            return "judged";
        case EndpointState::limited:
            return "limited";
        case EndpointState::refused:
            return "refused";
        case EndpointState::timeout:
            return "timeout";
        case EndpointState::dropped:
            return "dropped";
        case EndpointState::no_tls:
            return "no-tls";
        case EndpointState::tls_failed:
            return "tls-failed";
    }
    return "";
}

std::string_view name_of(Question question) {
    switch (question) {
        case Question::again:
            return "again";
        case Question::no_sni:
            return "no-sni";
        case Question::other_name:
            return "other-name";
        case Question::rsa_only:
            return "rsa-only";
        case Question::ecdsa_only:
            return "ecdsa-only";
        case Question::tls_1_2:
            return "tls-1-2";
        case Question::tls_1_0_only:
            return "tls-1-0-only";
        case Question::injection:
            return "injection";
        case Question::no_certificate:
            return "no-certificate";
    }
    return "";
}

std::string_view name_of(FetchedKind kind) {
    switch (kind) {
        case FetchedKind::issuer:
            return "issuer";
        case FetchedKind::ocsp:
            return "ocsp";
        case FetchedKind::crl:
            return "crl";
    }
    return "";
}

}  // namespace truename::probe
