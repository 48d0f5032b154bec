// Servers for lists of targets: one port with IMAP over TLS, one with IMAP and STARTTLS, on the loopback address. The name in the client's
// hello, t123.example.test, chooses one of CHAINS chains (a leaf of its own and one of 20 issuers), all made when the program starts.
//
//     chain_server CHAINS        prints the two ports; ends when standard input does
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t kIssuers = 20;

struct Identity {
    EVP_PKEY* key;
    X509* certificate;
    X509* issuer;
};
std::vector<Identity> identities;  // lives as long as the program

void extend(X509* certificate, X509* issuer, int id, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

X509* make_certificate(const std::string& name, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key, long serial) {
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -86'400);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86'400L * 90);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()),
                               -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer ? issuer : certificate));
    X509_set_pubkey(certificate, key);
    X509* signer = issuer ? issuer : certificate;
    extend(certificate, signer, NID_subject_key_identifier, "hash");
    if (issuer && serial >= 1000) {
        extend(certificate, signer, NID_authority_key_identifier, "keyid");
        extend(certificate, signer, NID_subject_alt_name, ("DNS:" + name).c_str());
        extend(certificate, signer, NID_key_usage, "critical,digitalSignature");
        extend(certificate, signer, NID_ext_key_usage, "serverAuth");
    } else {
        extend(certificate, signer, NID_basic_constraints, "critical,CA:TRUE");
        extend(certificate, signer, NID_key_usage, "critical,keyCertSign,cRLSign");
    }
    X509_sign(certificate, issuer_key, EVP_sha256());
    return certificate;
}

void make_identities(std::size_t count) {
    EVP_PKEY* root_key = EVP_EC_gen("P-256");
    X509* root = make_certificate("Bench Root", root_key, nullptr, root_key, 1);
    std::vector<EVP_PKEY*> keys;
    std::vector<X509*> issuers;
    for (std::size_t i = 0; i < kIssuers; ++i) {
        keys.push_back(EVP_EC_gen("P-256"));
        issuers.push_back(make_certificate("Bench Issuer " + std::to_string(i), keys[i], root, root_key, 2 + static_cast<long>(i)));
    }
    for (std::size_t i = 0; i < count; ++i) {
        EVP_PKEY* key = EVP_EC_gen("P-256");
        const std::string name = "t" + std::to_string(i) + ".example.test";
        identities.push_back({key, make_certificate(name, key, issuers[i % kIssuers], keys[i % kIssuers], 1000 + static_cast<long>(i)),
                              issuers[i % kIssuers]});
    }
}

int choose(SSL* ssl, int*, void*) {
    const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    const std::size_t number = name && name[0] == 't' ? std::strtoul(name + 1, nullptr, 10) : 0;
    const Identity& one = identities[number % identities.size()];
    SSL_use_certificate(ssl, one.certificate);
    SSL_use_PrivateKey(ssl, one.key);
    SSL_add1_chain_cert(ssl, one.issuer);
    return SSL_TLSEXT_ERR_OK;
}

bool starttls(int socket) {
    constexpr std::string_view kGreeting = "* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready\r\n";
    if (write(socket, kGreeting.data(), kGreeting.size()) < 0) return false;
    std::string line;
    char c = 0;
    while (read(socket, &c, 1) == 1) {
        line += c;
        if (c != '\n') continue;
        const std::string tag = line.substr(0, line.find(' '));
        const bool begin = line.find("STARTTLS") != std::string::npos;
        const std::string answer = begin ? tag + " OK go on\r\n" : "* CAPABILITY IMAP4rev1 STARTTLS\r\n" + tag + " OK\r\n";
        if (write(socket, answer.data(), answer.size()) < 0) return false;
        if (begin) return true;
        line.clear();
    }
    return false;
}

void serve(SSL_CTX* context, int socket, bool plain_first) {
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (!plain_first || starttls(socket)) {
        SSL* ssl = SSL_new(context);
        SSL_set_fd(ssl, socket);
        if (SSL_accept(ssl) == 1) {
            constexpr std::string_view kGreeting = "* OK ready\r\n";
            if (!plain_first) SSL_write(ssl, kGreeting.data(), static_cast<int>(kGreeting.size()));
            char buffer[512];
            while (SSL_read(ssl, buffer, sizeof buffer) > 0) {
            }
        }
        SSL_free(ssl);
    }
    close(socket);
}

std::pair<int, int> listen_somewhere() {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof place;
    if (bind(listener, reinterpret_cast<sockaddr*>(&place), size) != 0 || listen(listener, 4096) != 0) std::exit(70);
    getsockname(listener, reinterpret_cast<sockaddr*>(&place), &size);
    return {listener, ntohs(place.sin_port)};
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 64;
    std::signal(SIGPIPE, SIG_IGN);
    make_identities(std::strtoul(argv[1], nullptr, 10));
    SSL_CTX* context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_tlsext_servername_callback(context, choose);
    for (const bool plain_first : {false, true}) {
        const auto [listener, port] = listen_somewhere();
        std::printf("%d\n", port);
        std::thread([=] {
            for (;;)
                if (const int socket = accept(listener, nullptr, nullptr); socket >= 0)
                    std::thread(serve, context, socket, plain_first).detach();
        }).detach();
    }
    std::fflush(stdout);
    while (std::getchar() != EOF) {
    }
    std::_Exit(0);
}
