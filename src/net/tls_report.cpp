#include "net/tls_report.h"

namespace truename::net {

std::string_view name_of(TlsVersion version) {
    switch (version) {
        case TlsVersion::tls_1_0:
            return "TLS 1.0";
        case TlsVersion::tls_1_1:
            return "TLS 1.1";
        case TlsVersion::tls_1_2:
            return "TLS 1.2";
        case TlsVersion::tls_1_3:
            return "TLS 1.3";
    }
    return "";
}

std::string_view name_of(KeyOffer keys) {
    switch (keys) {
        case KeyOffer::any:
            return "any";
        case KeyOffer::rsa:
            return "rsa";
        case KeyOffer::ecdsa:
            return "ecdsa";
    }
    return "";
}

std::string_view name_of(Handshake handshake) {
    switch (handshake) {
        case Handshake::none:
            return "none";
        case Handshake::failed:
            return "failed";
        case Handshake::completed:
            return "completed";
    }
    return "";
}

std::string_view name_of(TlsTrouble trouble) {
    switch (trouble) {
        case TlsTrouble::none:
            return "none";
        case TlsTrouble::plaintext:
            return "plaintext";
        case TlsTrouble::closed:
            return "closed";
        case TlsTrouble::alert:
            return "alert";
        case TlsTrouble::bad_server_signature:
            return "bad-server-signature";
        case TlsTrouble::bad_certificate:
            return "bad-certificate";
        case TlsTrouble::version:
            return "version";
        case TlsTrouble::timeout:
            return "timeout";
        case TlsTrouble::other:
            return "other";
    }
    return "";
}

}  // namespace truename::net
