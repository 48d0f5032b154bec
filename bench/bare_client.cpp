// The peer of the probe: a plain OpenSSL client that speaks the same dialogs to the same servers and does nothing else.
//
//     bare_client THREADS ADDRESS < targets        each line: PROTOCOL PORT NAME
//
// Each thread takes the next target, connects, talks until TLS, shakes hands with NAME as server name, copies the chain out, says
// goodbye. Prints how many handshakes were completed.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

struct Target {
    std::string protocol, name;
    int port = 0;
};

std::string read_until(int socket, std::string_view end) {
    std::string text;
    char buffer[4096];
    while (text.find(end) == std::string::npos) {
        const ssize_t n = read(socket, buffer, sizeof buffer);
        if (n <= 0) break;
        text.append(buffer, static_cast<std::size_t>(n));
    }
    return text;
}

std::string ask(int socket, std::string_view command, std::string_view end) {
    if (write(socket, command.data(), command.size()) < 0) return {};
    return read_until(socket, end);
}

// The plain part of a dialog; true when TLS may begin.
bool talk(int socket, const std::string& protocol) {
    if (protocol == "imap") {
        if (read_until(socket, "\r\n").find("STARTTLS") == std::string::npos) ask(socket, "a1 CAPABILITY\r\n", "a1 ");
        return ask(socket, "a2 STARTTLS\r\n", "\r\n").find("a2 OK") != std::string::npos;
    }
    if (protocol == "pop3") {
        read_until(socket, "\r\n");
        ask(socket, "CAPA\r\n", "\r\n.\r\n");
        return ask(socket, "STLS\r\n", "\r\n").starts_with("+OK");
    }
    if (protocol == "smtp" || protocol == "submission") {
        read_until(socket, "\r\n");
        ask(socket, "EHLO bench.example\r\n", "\n250 ");
        return ask(socket, "STARTTLS\r\n", "\r\n").starts_with("220");
    }
    if (protocol == "sieve") {
        read_until(socket, "\r\nOK");
        return ask(socket, "STARTTLS\r\n", "\r\n").starts_with("OK");
    }
    return true;
}

std::string_view goodbye(const std::string& protocol) {
    if (protocol.starts_with("imap")) return "a9 LOGOUT\r\n";
    return protocol == "sieve" ? "LOGOUT\r\n" : "QUIT\r\n";
}

bool run(SSL_CTX* context, const std::string& address, const Target& target) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(static_cast<std::uint16_t>(target.port));
    inet_pton(AF_INET, address.c_str(), &place.sin_addr);
    bool good = false;
    if (connect(socket, reinterpret_cast<sockaddr*>(&place), sizeof place) == 0 && talk(socket, target.protocol)) {
        const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context), SSL_free);
        SSL_set_fd(ssl.get(), socket);
        SSL_set_tlsext_host_name(ssl.get(), target.name.c_str());
        if (SSL_connect(ssl.get()) == 1) {
            std::vector<unsigned char> copy;
            const STACK_OF(X509)* chain = SSL_get_peer_cert_chain(ssl.get());
            for (int i = 0; i < sk_X509_num(chain); ++i) {
                unsigned char* der = nullptr;
                const int size = i2d_X509(sk_X509_value(chain, i), &der);
                copy.insert(copy.end(), der, der + size);
                OPENSSL_free(der);
            }
            const std::string_view words = goodbye(target.protocol);
            SSL_write(ssl.get(), words.data(), static_cast<int>(words.size()));
            SSL_shutdown(ssl.get());
            good = !copy.empty();
        }
    }
    close(socket);
    return good;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 64;
    std::signal(SIGPIPE, SIG_IGN);
    std::vector<Target> targets;
    for (Target target; std::cin >> target.protocol >> target.port >> target.name;) targets.push_back(target);
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384");
    std::atomic<std::size_t> next = 0, completed = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < std::atoi(argv[1]); ++i)
        threads.emplace_back([&] {
            for (std::size_t n = next++; n < targets.size(); n = next++)
                if (run(context, argv[2], targets[n])) ++completed;
        });
    threads.clear();
    std::printf("%zu of %zu\n", completed.load(), targets.size());
    SSL_CTX_free(context);
    return completed == targets.size() ? 0 : 1;
}
