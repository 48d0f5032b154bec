#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/bytes.h"

namespace truename::test {

struct FreeOpenSsl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeOpenSsl>;

/// What a test certificate says. Made at start, by OpenSSL, with a fresh key.
struct CertificateSpec {
    std::string subject = "CN=mail.example.test";  ///< attributes separated by commas, in the order of the certificate
    std::string issuer = {};                       ///< empty: self-signed
    bool rsa = false;
    bool ed25519 = false;
    std::string dns_name = "mail.example.test";
    std::string issuer_url = {};          ///< AIA; empty: none
    std::string ocsp_url = {};            ///< AIA; empty: none
    std::string crl_url = {};             ///< a distribution point; empty: none
    const struct Pair* signer = nullptr;  ///< nothing: its own key, whoever `issuer` is
    int days = 30;
};

/// A certificate with its key.
struct Pair {
    Owned<X509> certificate;
    Owned<EVP_PKEY> key;
    [[nodiscard]] ByteString der() const;
};

Pair make_pair(const CertificateSpec& spec = {});

/// How a server speaks TLS.
struct TlsSettings {
    const Pair* pair = nullptr;         ///< none: the server does only without a certificate
    const Pair* second_pair = nullptr;  ///< of the other key type
    const Pair* wrong_key = nullptr;    ///< whose key the certificate shows, while `pair`'s signs: what a half renewal leaves
    int min = TLS1_2_VERSION, max = TLS1_3_VERSION;
    bool ask_client = false, require_client = false;
    std::map<std::string, const Pair*> by_name = {};  ///< nullptr: the handshake for that name fails with alert 80
};

class ServerTls {
  public:
    explicit ServerTls(const TlsSettings& settings);
    [[nodiscard]] SSL_CTX* context() const { return context_.get(); }

  private:
    static int choose(SSL* ssl, int* alert, void* self);
    TlsSettings settings_;
    Owned<SSL_CTX> context_;
};

/// The server's end of one connection; blocks, at most a few seconds.
class Peer {
  public:
    explicit Peer(int fd) : fd_(fd) {}
    void say(std::string_view text);
    /// A line without its end; empty at the end of the connection.
    std::string hear();
    /// So many bytes behind the last line; fewer when the client is gone.
    std::string hear_exactly(std::size_t size);
    /// Reads until something comes or the client is gone.
    std::string hear_bytes();
    /// Whatever came in plain text behind the last line stays unread, as in servers that are open to injection.
    bool start_tls(const ServerTls& tls);
    /// Forgets what came behind the last line.
    void forget() { unread_.clear(); }
    /// Waits until the client has gone.
    void wait_for_end();
    [[nodiscard]] int fd() const { return fd_; }

  private:
    int fd_;
    Owned<SSL> ssl_;
    std::string unread_;
};

/// Listens on a free port of the loopback and serves each connection in a thread of its own, which ends with the server.
class Server {
  public:
    using Script = std::function<void(Peer&)>;
    explicit Server(Script script);
    ~Server();
    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// Connections so far.
    [[nodiscard]] int count() const { return count_; }

  private:
    void accept_all();
    Script script_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<int> count_ = 0;
    std::atomic<bool> ending_ = false;
    std::mutex mutex_;
    std::vector<int> open_;
    std::vector<std::thread> peers_;
    std::thread thread_;
};

}  // namespace truename::test
