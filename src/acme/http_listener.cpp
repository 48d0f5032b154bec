#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "acme/solver.h"
#include "base/descriptor.h"

namespace truename::acme {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

// Anybody may connect: whoever sends too much, too slowly or comes with too many others is hung up on.
constexpr std::size_t kMostVisitors = 64, kMostRequest = 8U << 10;
constexpr std::chrono::seconds kMostTime{10};

struct Visitor {
    Descriptor socket;
    SteadyTime until;
    std::string request = {};
};

/// The path of a GET once its head is there; nothing before.
std::optional<std::string> path_asked(std::string_view request) {
    if (request.find("\r\n\r\n") == std::string_view::npos && request.find("\n\n") == std::string_view::npos) return std::nullopt;
    const std::string_view line = request.substr(0, request.find_first_of("\r\n"));
    if (!line.starts_with("GET ")) return "";
    const std::string_view target = line.substr(4, line.find(' ', 4) - 4);
    return std::string(target.substr(0, target.find('?')));
}

class HttpListener final : public Solver {
  public:
    HttpListener(Descriptor listening, Descriptor stop_reader, Descriptor stop_writer)
        : listening_(std::move(listening)), stop_reader_(std::move(stop_reader)), stop_writer_(std::move(stop_writer)) {
        thread_ = std::thread([this] { serve(); });
    }
    HttpListener(const HttpListener&) = delete;
    HttpListener& operator=(const HttpListener&) = delete;
    ~HttpListener() override {
        stop_writer_.reset();  // which the thread sees
        thread_.join();
    }
    [[nodiscard]] std::string_view type() const override { return "http-01"; }

    Result<void, Failure> show(const Answer& answer) override {
        const std::lock_guard lock(mutex_);
        answers_[path_of(answer)] = answer.key_authorization;
        return {};
    }
    Result<void, Failure> take_away(const Answer& answer) override {
        const std::lock_guard lock(mutex_);
        answers_.erase(path_of(answer));
        return {};
    }

  private:
    void serve() {
        std::vector<Visitor> visitors;
        while (true) {
            std::vector<pollfd> watched = {{stop_reader_.get(), POLLIN, 0}, {listening_.get(), POLLIN, 0}};
            if (visitors.size() >= kMostVisitors) watched[1].events = 0;
            for (const Visitor& visitor : visitors) watched.push_back({visitor.socket.get(), POLLIN, 0});
            ::poll(watched.data(), watched.size(), visitors.empty() ? -1 : 1000);
            if (watched[0].revents != 0) return;
            const SteadyTime now = std::chrono::steady_clock::now();
            for (std::size_t i = 0; i < visitors.size(); ++i) {
                if (visitors[i].until < now || (watched[i + 2].revents != 0 && !hear(visitors[i]))) visitors[i].socket.reset();
            }
            std::erase_if(visitors, [](const Visitor& visitor) { return !visitor.socket; });
            if ((watched[1].revents & POLLIN) == 0) continue;
            Descriptor socket(::accept4(listening_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
            if (socket) visitors.push_back({std::move(socket), now + kMostTime});
        }
    }

    /// Takes what somebody sends, and answers when it is enough; false when that was all with him.
    bool hear(Visitor& visitor) {
        char part[2048];
        const ssize_t size = ::recv(visitor.socket.get(), part, sizeof part, 0);
        if (size < 0) return errno == EAGAIN || errno == EINTR;
        visitor.request.append(part, static_cast<std::size_t>(size));
        const auto path = path_asked(visitor.request);
        if (!path) return size != 0 && visitor.request.size() < kMostRequest;
        const std::string text = answer_to(*path);
        (void)::send(visitor.socket.get(), text.data(), text.size(), MSG_NOSIGNAL);  // shorter than any socket's buffer
        ::shutdown(visitor.socket.get(), SHUT_WR);
        return false;
    }

    std::string answer_to(const std::string& path) {
        const std::lock_guard lock(mutex_);
        const auto found = answers_.find(path);
        const std::string body = found == answers_.end() ? "Nothing is here.\n" : found->second;
        return std::string("HTTP/1.1 ") + (found == answers_.end() ? "404 Not Found" : "200 OK") +
               "\r\nContent-Type: application/octet-stream\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + body;
    }

    Descriptor listening_, stop_reader_, stop_writer_;
    std::mutex mutex_;
    std::map<std::string, std::string> answers_;
    std::thread thread_;
};

/// Listens on all addresses of both families, or of the one that the machine has.
Descriptor listen_on(std::uint16_t port) {
    const int on = 1, off = 0;
    sockaddr_in6 all6{};
    all6.sin6_family = AF_INET6;
    all6.sin6_port = htons(port);
    Descriptor socket(::socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (socket) {
        ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
        if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&all6), sizeof all6) == 0 && ::listen(socket.get(), 64) == 0)
            return socket;
        if (errno != EADDRNOTAVAIL && errno != EAFNOSUPPORT) return {};
    }
    sockaddr_in all4{};
    all4.sin_family = AF_INET;
    all4.sin_port = htons(port);
    socket = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&all4), sizeof all4) == 0 && ::listen(socket.get(), 64) == 0) return socket;
    return {};
}

}  // namespace

Result<std::unique_ptr<Solver>, Failure> make_http_listener(std::uint16_t port) {
    const auto failed = [&](int error) {
        return Unexpected{Failure{FailureKind::local, "listening on", "port " + std::to_string(port), std::strerror(error),
                                  error == EADDRINUSE ? "A web server is there already: name its folder with --webroot" : ""}};
    };
    Descriptor listening = listen_on(port);
    if (!listening) return failed(errno);
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return failed(errno);
    return std::unique_ptr<Solver>(std::make_unique<HttpListener>(std::move(listening), Descriptor(ends[0]), Descriptor(ends[1])));
}

}  // namespace truename::acme
