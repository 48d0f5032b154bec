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
        case KeyOffer::none:
            return "none";
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
        case TlsTrouble::too_large:
            return "too-large";
        case TlsTrouble::version:
            return "version";
        case TlsTrouble::timeout:
            return "timeout";
        case TlsTrouble::other:
            return "other";
    }
    return "";
}

std::string_view alert_name(std::uint8_t alert) {
    switch (alert) {
        case 0:
            return "close_notify";
        case 10:
            return "unexpected_message";
        case 20:
            return "bad_record_mac";
        case 21:
            return "decryption_failed";
        case 22:
            return "record_overflow";
        case 40:
            return "handshake_failure";
        case 41:
            return "no_certificate";
        case 42:
            return "bad_certificate";
        case 43:
            return "unsupported_certificate";
        case 44:
            return "certificate_revoked";
        case 45:
            return "certificate_expired";
        case 46:
            return "certificate_unknown";
        case 47:
            return "illegal_parameter";
        case 48:
            return "unknown_ca";
        case 49:
            return "access_denied";
        case 50:
            return "decode_error";
        case 51:
            return "decrypt_error";
        case 70:
            return "protocol_version";
        case 71:
            return "insufficient_security";
        case 80:
            return "internal_error";
        case 86:
            return "inappropriate_fallback";
        case 90:
            return "user_canceled";
        case 109:
            return "missing_extension";
        case 110:
            return "unsupported_extension";
        case 112:
            return "unrecognized_name";
        case 113:
            return "bad_certificate_status_response";
        case 115:
            return "unknown_psk_identity";
        case 116:
            return "certificate_required";
        case 120:
            return "no_application_protocol";
        default:
            return "unknown";
    }
}

}  // namespace truename::net
