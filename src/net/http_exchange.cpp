#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "net/http.h"

namespace truename::net {

namespace {

std::string request(const HttpUrl& url, const std::optional<HttpBody>& body) {
    const bool is_v6 = url.host.find(':') != std::string::npos;
    std::string host = is_v6 ? "[" + url.host + "]" : url.host;
    if (url.port != 80) host += ":" + std::to_string(url.port);
    std::string text = (body ? "POST " : "GET ") + url.path + " HTTP/1.1\r\nHost: " + host +
                       "\r\nUser-Agent: truename\r\nAccept: */*\r\nConnection: close\r\n";
    if (body) text += "Content-Type: " + body->media_type + "\r\nContent-Length: " + std::to_string(body->bytes.size()) + "\r\n";
    text += "\r\n";
    if (body) text += as_text(body->bytes);
    return text;
}

}  // namespace

HttpExchange::HttpExchange(EventLoop& loop, const SocketAddress& address, const HttpUrl& url, const std::optional<HttpBody>& body,
                           Ticks deadline, std::size_t max_body, Callback done)
    : loop_(loop), address_(address), url_text_(to_string(url)), unsent_(request(url, body)), reader_(max_body), done_(std::move(done)) {
    loop_.set_deadline(*this, deadline);
    begin();
}

HttpExchange::~HttpExchange() {
    loop_.clear_deadline(*this);
}

void HttpExchange::begin() {
    socket_ = Descriptor(::socket(address_.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const bool started = socket_ && (::connect(socket_.get(), address_.native(), address_.native_size()) == 0 || errno == EINPROGRESS);
    // An error is told by the deadline at once, so that nobody is called before the constructor has returned.
    if (!started || !loop_.watch(socket_.get(), *this)) {
        socket_.reset();
        loop_.set_deadline(*this, loop_.now());
    }
}

Failure HttpExchange::failure(FailureKind kind, std::string reason) const {
    return {kind, "fetching", url_text_, std::move(reason), ""};
}

void HttpExchange::on_ready() {
    if (!socket_) return;
    if (!connected_) {
        int error = 0;
        socklen_t size = sizeof error;
        if (::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
        if (error != 0) return finish(failure(error == ECONNREFUSED ? FailureKind::refused : FailureKind::local, std::strerror(error)));
        connected_ = true;
    }
    while (!unsent_.empty()) {
        const auto sent = ::send(socket_.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
        if (sent < 0) break;
        unsent_.erase(0, static_cast<std::size_t>(sent));
    }
    std::array<char, 16384> buffer;
    while (reader_.state() == HttpResponseReader::State::more) {
        const auto got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
        if (got <= 0) {
            reader_.end();
            break;
        }
        reader_.feed({buffer.data(), static_cast<std::size_t>(got)});
    }
    if (reader_.state() == HttpResponseReader::State::failed) return finish(failure(FailureKind::protocol, reader_.error()));
    finish(std::nullopt);
}

void HttpExchange::on_deadline() {
    if (!socket_) return finish(failure(FailureKind::local, "no connection can be made to " + address_.text()));
    finish(failure(FailureKind::timeout, "no complete answer within the deadline"));
}

void HttpExchange::finish(std::optional<Failure> why) {
    loop_.clear_deadline(*this);
    socket_.reset();
    HttpAnswer answer;
    answer.failure = std::move(why);
    if (!answer.failure) {
        answer.status = reader_.status();
        answer.location = reader_.location();
        answer.media_type = reader_.media_type();
        answer.body = reader_.take_body();
    }
    if (const Callback done = std::exchange(done_, nullptr)) done(std::move(answer));
}

}  // namespace truename::net
