#include "tests/probe/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>

#include "base/text.h"

namespace truename::test {

namespace {

void set_name(X509_NAME* name, const std::string& text) {
    for (const std::string_view part : split(text, ',')) {
        const std::string type(part.substr(0, part.find('='))), value(part.substr(part.find('=') + 1));
        X509_NAME_add_entry_by_txt(name, type.c_str(), MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value.data()),
                                   static_cast<int>(value.size()), -1, 0);
    }
}

void add_extension(X509* certificate, int nid, const std::string& value) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
    if (extension == nullptr) std::abort();
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

}  // namespace

ByteString Pair::der() const {
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(certificate.get(), &bytes);
    ByteString result(bytes, bytes + size);
    OPENSSL_free(bytes);
    return result;
}

Pair make_pair(const CertificateSpec& spec) {
    static std::atomic<long> serial = 1000;
    Pair pair;
    pair.key.reset(spec.rsa ? EVP_RSA_gen(2048) : spec.ed25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519") : EVP_EC_gen("P-256"));
    pair.certificate.reset(X509_new());
    X509* const certificate = pair.certificate.get();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), -3600 + 86400L * spec.days);
    set_name(X509_get_subject_name(certificate), spec.subject);
    set_name(X509_get_issuer_name(certificate), spec.issuer.empty() ? spec.subject : spec.issuer);
    X509_set_pubkey(certificate, pair.key.get());
    add_extension(certificate, NID_basic_constraints, "CA:FALSE");
    add_extension(certificate, NID_subject_alt_name, "DNS:" + spec.dns_name);
    std::vector<std::string> access;
    if (!spec.issuer_url.empty()) access.push_back("caIssuers;URI:" + spec.issuer_url);
    if (!spec.ocsp_url.empty()) access.push_back("OCSP;URI:" + spec.ocsp_url);
    if (!access.empty()) add_extension(certificate, NID_info_access, join(access, ","));
    if (!spec.crl_url.empty()) add_extension(certificate, NID_crl_distribution_points, "URI:" + spec.crl_url);
    X509_sign(certificate, spec.signer != nullptr ? spec.signer->key.get() : pair.key.get(), spec.ed25519 ? nullptr : EVP_sha256());
    return pair;
}

ServerTls::ServerTls(const TlsSettings& settings) : settings_(settings), context_(SSL_CTX_new(TLS_server_method())) {
    SSL_CTX* const context = context_.get();
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_min_proto_version(context, settings.min);
    SSL_CTX_set_max_proto_version(context, settings.max);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    if (settings.pair == nullptr) SSL_CTX_set_cipher_list(context, "aNULL");
    if (settings.wrong_key != nullptr) {
        // OpenSSL refuses a pair that does not fit, so it is loaded as a right one and the key in the certificate is changed under it.
        Owned<X509> copy(X509_dup(settings.pair->certificate.get()));
        SSL_CTX_use_certificate(context, copy.get());
        SSL_CTX_use_PrivateKey(context, settings.pair->key.get());
        const ASN1_BIT_STRING* const other = X509_get0_pubkey_bitstr(settings.wrong_key->certificate.get());
        ASN1_BIT_STRING* const own = X509_get0_pubkey_bitstr(copy.get());
        std::copy_n(other->data, std::min(other->length, own->length), own->data);
        i2d_re_X509_tbs(copy.get(), nullptr);
    }
    for (const Pair* const pair : {settings.wrong_key != nullptr ? nullptr : settings.pair, settings.second_pair}) {
        if (pair == nullptr) continue;
        SSL_CTX_use_certificate(context, pair->certificate.get());
        SSL_CTX_use_PrivateKey(context, pair->key.get());
    }
    const int verify = settings.require_client ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
                       : settings.ask_client   ? SSL_VERIFY_PEER
                                               : 0;
    SSL_CTX_set_verify(context, verify, nullptr);
    SSL_CTX_set_tlsext_servername_callback(context, choose);
    SSL_CTX_set_tlsext_servername_arg(context, &settings_);
}

int ServerTls::choose(SSL* ssl, int* alert, void* argument) {
    const auto& settings = *static_cast<const TlsSettings*>(argument);
    const char* const name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    const auto entry = name != nullptr ? settings.by_name.find(name) : settings.by_name.end();
    if (entry == settings.by_name.end()) return SSL_TLSEXT_ERR_OK;
    if (entry->second == nullptr) {
        *alert = SSL_AD_INTERNAL_ERROR;
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    SSL_use_certificate(ssl, entry->second->certificate.get());
    SSL_use_PrivateKey(ssl, entry->second->key.get());
    return SSL_TLSEXT_ERR_OK;
}

void Peer::say(std::string_view text) {
    if (ssl_) {
        SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()));
        return;
    }
    while (!text.empty()) {
        const auto sent = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::string Peer::hear_bytes() {
    std::array<char, 4096> buffer;
    const auto got =
        ssl_ ? SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size())) : ::recv(fd_, buffer.data(), buffer.size(), 0);
    return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : std::string();
}

std::string Peer::hear() {
    for (;;) {
        if (const auto end = unread_.find('\n'); end != std::string::npos) {
            std::string line(trim(unread_.substr(0, end)));
            unread_.erase(0, end + 1);
            return line;
        }
        const std::string more = hear_bytes();
        if (more.empty()) return {};
        unread_ += more;
    }
}

std::string Peer::hear_exactly(std::size_t size) {
    while (unread_.size() < size) {
        const std::string more = hear_bytes();
        if (more.empty()) break;
        unread_ += more;
    }
    std::string bytes = unread_.substr(0, size);
    unread_.erase(0, bytes.size());
    return bytes;
}

bool Peer::start_tls(const ServerTls& tls) {
    ssl_.reset(SSL_new(tls.context()));
    SSL_set_fd(ssl_.get(), fd_);
    const bool good = SSL_accept(ssl_.get()) == 1;
    ERR_clear_error();
    return good;
}

void Peer::wait_for_end() {
    while (!hear_bytes().empty()) {
    }
}

Server::Server(Script script) : script_(std::move(script)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) != 0 || ::listen(listener_, 1024) != 0) std::abort();
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { accept_all(); });
}

Server::~Server() {
    ending_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
    {
        const std::lock_guard lock(mutex_);
        for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
    }
    for (std::thread& peer : peers_) peer.join();
}

void Server::accept_all() {
    while (!ending_) {
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) continue;
        ++count_;
        const timeval patience{10, 0};
        ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        const std::lock_guard lock(mutex_);
        open_.push_back(fd);
        peers_.emplace_back([this, fd] {
            // OpenSSL writes to sockets whose client has gone. Only here: the client under test must live without this.
            sigset_t pipe;
            sigemptyset(&pipe);
            sigaddset(&pipe, SIGPIPE);
            pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
            {
                Peer peer(fd);
                script_(peer);
            }
            const std::lock_guard inner(mutex_);
            std::erase(open_, fd);
            ::close(fd);
        });
    }
}

}  // namespace truename::test
