#include "net/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string>

#include "base/text.h"
#include "net/tls_message.h"

namespace truename::net {

namespace {

struct FreeSsl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(BIO_METHOD* method) const { BIO_meth_free(method); }
};

constexpr std::size_t kMaxPlaintext = 512;
// RFC 8446 B.3 and B.1
constexpr int kHandshakeContent = 22, kAlertContent = 21;
constexpr unsigned kServerHello = 2, kCertificate = 11, kCertificateRequest = 13, kCertificateStatus = 22;

/// The socket under a session, and what the session's callbacks see.
struct Wire {
    int fd = -1;
    bool any_byte = false, server_hello = false, ended = false, fatal_alert = false, sent_fatal_alert = false;
    TlsReport report;
};

int read_socket(BIO* bio, char* buffer, int size) {
    auto& wire = *static_cast<Wire*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const auto got = ::recv(wire.fd, buffer, static_cast<std::size_t>(size), 0);
    if (got > 0) {
        const std::string_view bytes(buffer, static_cast<std::size_t>(got));
        // Every TLS record begins with its content type, 20 to 24; no text of a mail server does.
        if (!wire.any_byte && (bytes[0] < 20 || bytes[0] > 24)) wire.report.trouble = TlsTrouble::plaintext;
        wire.any_byte = true;
        if (wire.report.trouble == TlsTrouble::plaintext) {
            wire.report.plaintext += bytes.substr(0, kMaxPlaintext - std::min(kMaxPlaintext, wire.report.plaintext.size()));
        }
        return static_cast<int>(got);
    }
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
        BIO_set_retry_read(bio);
        return -1;
    }
    wire.ended = true;
    return static_cast<int>(got);
}

int write_socket(BIO* bio, const char* buffer, int size) {
    auto& wire = *static_cast<Wire*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const auto sent = ::send(wire.fd, buffer, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (sent >= 0) return static_cast<int>(sent);
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) BIO_set_retry_write(bio);
    // A broken pipe is not told here: what the server said before it hung up may still be unread.
    return -1;
}

long control_socket(BIO*, int command, long, void*) {
    return command == BIO_CTRL_FLUSH || command == BIO_CTRL_PUSH || command == BIO_CTRL_POP ? 1 : 0;
}

int create_socket(BIO* bio) {
    BIO_set_init(bio, 1);
    return 1;
}

/// Every handshake message and alert passes here in the clear, before OpenSSL reads it: so the certificates are seen as they were sent,
/// even those that OpenSSL cannot decode.
void on_message(int is_sent, int, int content, const void* data, std::size_t size, SSL* ssl, void* argument) {
    auto& wire = *static_cast<Wire*>(argument);
    TlsReport& report = wire.report;
    const Bytes bytes(static_cast<const std::uint8_t*>(data), size);
    if (content == kAlertContent && size == 2) {
        if (is_sent != 0) {
            wire.sent_fatal_alert = wire.sent_fatal_alert || bytes[0] == 2;
        } else if (bytes[0] == 2 || bytes[1] != 0) {  // anything but close_notify
            report.alert = bytes[1];
            wire.fatal_alert = bytes[0] == 2;
        }
        return;
    }
    if (content != kHandshakeContent || is_sent != 0 || size < 4) return;
    const Bytes body = bytes.subspan(4);
    wire.server_hello = wire.server_hello || bytes[0] == kServerHello;
    if (bytes[0] == kCertificateRequest) report.asks_client_certificate = true;
    if (bytes[0] == kCertificate) {
        if (auto message = parse_certificate_message(body, SSL_version(ssl) == TLS1_3_VERSION)) {
            report.chain = std::move(message->chain);
            report.staple = std::move(message->staple);
        }
    }
    if (bytes[0] == kCertificateStatus) {
        if (auto staple = parse_certificate_status(body)) report.staple = std::move(*staple);
    }
}

int accept_all(X509_STORE_CTX*, void*) {
    return 1;
}

std::string describe_signature(SSL* ssl) {
    int key = NID_undef, digest = NID_undef;
    if (SSL_get_peer_signature_type_nid(ssl, &key) != 1) return {};
    std::string text = key == EVP_PKEY_RSA_PSS ? "rsa-pss"
                       : key == EVP_PKEY_RSA   ? "rsa"
                       : key == EVP_PKEY_EC    ? "ecdsa"
                       : key == EVP_PKEY_DSA   ? "dsa"
                                               : ascii_lower(OBJ_nid2sn(key));
    if (SSL_get_peer_signature_nid(ssl, &digest) == 1 && digest != NID_undef) text += "-" + ascii_lower(OBJ_nid2sn(digest));
    return text;
}

std::string describe_group(SSL* ssl) {
    const long group = SSL_get_negotiated_group(ssl);
    const int nid = static_cast<int>(group & 0xffff);
    if (group == 0 || nid == NID_undef || (group & TLSEXT_nid_unknown) != 0) return {};
    return nid == NID_X9_62_prime256v1 ? "secp256r1" : ascii_lower(OBJ_nid2sn(nid));
}

TlsTrouble trouble_of(const Wire& wire, unsigned long error) {
    if (wire.report.trouble == TlsTrouble::plaintext) return TlsTrouble::plaintext;
    if (wire.fatal_alert) return TlsTrouble::alert;
    if (wire.ended && error == 0) return TlsTrouble::closed;
    if (ERR_GET_LIB(error) == ERR_LIB_SSL) {
        switch (ERR_GET_REASON(error)) {
            case SSL_R_UNEXPECTED_EOF_WHILE_READING:
                return TlsTrouble::closed;
            case SSL_R_BAD_SIGNATURE:
            case SSL_R_WRONG_SIGNATURE_TYPE:
            case SSL_R_WRONG_SIGNATURE_SIZE:
                return TlsTrouble::bad_server_signature;
            case SSL_R_EXCESSIVE_MESSAGE_SIZE:
                return TlsTrouble::too_large;
            case SSL_R_UNSUPPORTED_PROTOCOL:
            case SSL_R_BAD_PROTOCOL_VERSION_NUMBER:
            case SSL_R_WRONG_SSL_VERSION:
                return TlsTrouble::version;
            default:
                break;
        }
    }
    return TlsTrouble::other;
}

Failure local_failure(std::string_view doing) {
    const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
    return {FailureKind::local, std::string(doing), "OpenSSL", reason != nullptr ? reason : "no reason given", ""};
}

}  // namespace

struct TlsSession::Impl {
    Wire wire;
    std::unique_ptr<SSL, FreeSsl> ssl;

    void note_negotiated() {
        TlsReport& report = wire.report;
        const int version = SSL_version(ssl.get());
        if (version >= TLS1_VERSION && version <= TLS1_3_VERSION) report.version = static_cast<TlsVersion>(version);
        if (const SSL_CIPHER* const cipher = SSL_get_current_cipher(ssl.get())) report.cipher = SSL_CIPHER_get_name(cipher);
        report.group = describe_group(ssl.get());
        report.signature = describe_signature(ssl.get());
    }

    TlsIo fail() {
        TlsReport& report = wire.report;
        unsigned long error = 0;
        // The first SSL error of the queue is the cause; later ones are its echoes, and earlier ones are of the decoders.
        bool decoding = false;
        while (const unsigned long one = ERR_get_error()) {
            decoding = decoding || ERR_GET_LIB(one) == ERR_LIB_ASN1 || ERR_GET_LIB(one) == ERR_LIB_X509;
            if (error == 0 || (ERR_GET_LIB(error) != ERR_LIB_SSL && ERR_GET_LIB(one) == ERR_LIB_SSL)) error = one;
        }
        report.trouble = trouble_of(wire, error);
        if (report.trouble == TlsTrouble::other && decoding && !report.chain.empty()) report.trouble = TlsTrouble::bad_certificate;
        if (const char* const reason = ERR_reason_error_string(error)) report.error = reason;
        if (report.error.empty() && report.trouble == TlsTrouble::closed) report.error = "the connection was closed";
        report.handshake = wire.any_byte && report.trouble != TlsTrouble::plaintext ? Handshake::failed : Handshake::none;
        if (report.trouble == TlsTrouble::closed && !wire.any_byte) report.handshake = Handshake::failed;
        return TlsIo::ended;
    }
};

TlsSession::TlsSession(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsSession::TlsSession(TlsSession&&) noexcept = default;
TlsSession& TlsSession::operator=(TlsSession&&) noexcept = default;
TlsSession::~TlsSession() = default;

TlsIo TlsSession::handshake() {
    ERR_clear_error();
    const int result = SSL_do_handshake(impl_->ssl.get());
    if (result == 1) {
        impl_->wire.report.handshake = Handshake::completed;
        impl_->note_negotiated();
        return TlsIo::done;
    }
    const int why = SSL_get_error(impl_->ssl.get(), result);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return TlsIo::again;
    if (impl_->wire.server_hello) impl_->note_negotiated();
    return impl_->fail();
}

TlsIo TlsSession::read(std::span<char> buffer, std::size_t& size) {
    ERR_clear_error();
    size = 0;
    const int result = SSL_read_ex(impl_->ssl.get(), buffer.data(), buffer.size(), &size);
    if (result == 1) return TlsIo::done;
    const int why = SSL_get_error(impl_->ssl.get(), result);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return TlsIo::again;
    if (impl_->wire.fatal_alert) return impl_->fail();
    return TlsIo::ended;
}

TlsIo TlsSession::write(std::string_view text) {
    ERR_clear_error();
    std::size_t written = 0;
    const int result = SSL_write_ex(impl_->ssl.get(), text.data(), text.size(), &written);
    if (result == 1) return TlsIo::done;
    const int why = SSL_get_error(impl_->ssl.get(), result);
    return why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE ? TlsIo::again : TlsIo::ended;
}

void TlsSession::shut_down() {
    ERR_clear_error();
    if (impl_->wire.report.handshake == Handshake::completed) SSL_shutdown(impl_->ssl.get());
    ERR_clear_error();
}

const TlsReport& TlsSession::report() const {
    return impl_->wire.report;
}

TlsReport TlsSession::take_report() {
    return std::move(impl_->wire.report);
}

struct TlsContext::Impl {
    std::unique_ptr<BIO_METHOD, FreeSsl> method;
    std::unique_ptr<SSL_CTX, FreeSsl> context;
};

TlsContext::TlsContext(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsContext::TlsContext(TlsContext&&) noexcept = default;
TlsContext& TlsContext::operator=(TlsContext&&) noexcept = default;
TlsContext::~TlsContext() = default;

Result<TlsContext, Failure> TlsContext::make(std::size_t max_chain) {
    ERR_clear_error();
    auto impl = std::make_unique<Impl>();
    impl->method.reset(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without signals"));
    impl->context.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX* const context = impl->context.get();
    if (!impl->method || context == nullptr) return Unexpected{local_failure("starting TLS")};
    BIO_meth_set_read(impl->method.get(), read_socket);
    BIO_meth_set_write(impl->method.get(), write_socket);
    BIO_meth_set_ctrl(impl->method.get(), control_socket);
    BIO_meth_set_create(impl->method.get(), create_socket);
    // The machine's own configuration (openssl.cnf) asks for more than an old server has: everything is set here.
    SSL_CTX_set_security_level(context, 0);
    if (SSL_CTX_set_min_proto_version(context, TLS1_VERSION) != 1 || SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(context, "ALL:!aNULL:!PSK:!SRP") != 1) {
        return Unexpected{local_failure("starting TLS")};
    }
    SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_NO_TICKET);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_max_cert_list(context, static_cast<long>(max_chain));
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_cert_verify_callback(context, accept_all, nullptr);
    SSL_CTX_set_msg_callback(context, on_message);
    return TlsContext(std::move(impl));
}

Result<TlsSession, Failure> TlsContext::start(int fd, const TlsHello& hello) {
    ERR_clear_error();
    auto session = std::make_unique<TlsSession::Impl>();
    session->wire.fd = fd;
    session->ssl.reset(SSL_new(impl_->context.get()));
    SSL* const ssl = session->ssl.get();
    BIO* const bio = ssl != nullptr ? BIO_new(impl_->method.get()) : nullptr;
    if (bio == nullptr) return Unexpected{local_failure("starting a TLS session")};
    BIO_set_data(bio, &session->wire);
    SSL_set_bio(ssl, bio, bio);
    SSL_set_msg_callback_arg(ssl, &session->wire);
    SSL_set_connect_state(ssl);
    SSL_set_tlsext_status_type(ssl, TLSEXT_STATUSTYPE_ocsp);
    bool good = SSL_set_min_proto_version(ssl, static_cast<int>(hello.min)) == 1 &&
                SSL_set_max_proto_version(ssl, static_cast<int>(hello.max)) == 1;
    if (!hello.server_name.empty()) good = good && SSL_set_tlsext_host_name(ssl, hello.server_name.c_str()) == 1;
    if (hello.keys == KeyOffer::rsa) {
        good = good && SSL_set_cipher_list(ssl, "aRSA") == 1 &&
               SSL_set1_sigalgs_list(ssl, "RSA-PSS+SHA256:RSA-PSS+SHA384:RSA-PSS+SHA512:RSA+SHA256:RSA+SHA384:RSA+SHA512:RSA+SHA1") == 1;
    } else if (hello.keys == KeyOffer::ecdsa) {
        good = good && SSL_set_cipher_list(ssl, "aECDSA") == 1 &&
               SSL_set1_sigalgs_list(ssl, "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ECDSA+SHA1") == 1;
    } else if (hello.keys == KeyOffer::none) {
        good = good && SSL_set_cipher_list(ssl, "aNULL:!eNULL") == 1;
    }
    if (!good) return Unexpected{local_failure("starting a TLS session")};
    return TlsSession(std::move(session));
}

}  // namespace truename::net
