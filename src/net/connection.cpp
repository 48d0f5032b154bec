#include "net/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace truename::net {

namespace {

bool would_block(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

/// A port that was silent gets this long to answer a hello.
constexpr std::chrono::milliseconds kUnaskedHello{2000};

}  // namespace

Connection::Connection(EventLoop& loop, TlsContext& tls, ConnectionPlan plan, const ConnectionLimits& limits, Listener& listener)
    : loop_(loop), context_(tls), plan_(std::move(plan)), limits_(limits), listener_(listener) {}

Connection::~Connection() {
    loop_.clear_deadline(*this);
    if (is_kept()) close();
}

void Connection::start() {
    started_ = loop_.now();
    socket_ = Descriptor(::socket(plan_.address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket_) {
        report_.system_error = errno;
        return finish(ConnectionEnd::unreachable);
    }
    const int one = 1;
    ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    enter(ConnectionPhase::connect, limits_.connect);
    if (::connect(socket_.get(), plan_.address.native(), plan_.address.native_size()) != 0 && errno != EINPROGRESS) {
        report_.system_error = errno;
        return finish(errno == ECONNREFUSED ? ConnectionEnd::refused : ConnectionEnd::unreachable);
    }
    if (!loop_.watch(socket_.get(), *this)) {
        report_.system_error = errno;
        finish(ConnectionEnd::unreachable);
    }
}

void Connection::enter(ConnectionPhase phase, std::chrono::milliseconds longest) {
    report_.phase = phase;
    loop_.set_deadline(*this, std::min(loop_.now() + longest, started_ + limits_.total));
}

void Connection::on_ready() {
    if (report_.end == ConnectionEnd::open) go_on();
}

void Connection::go_on() {
    switch (report_.phase) {
        case ConnectionPhase::connect:
            return on_connected();
        case ConnectionPhase::dialog:
            return talk();
        case ConnectionPhase::handshake:
            return shake_hands();
        case ConnectionPhase::inside:
            return listen_inside();
    }
}

void Connection::on_deadline() {
    const bool silent = report_.phase == ConnectionPhase::dialog && report_.dialog.greeting.empty() && dialog_ != nullptr &&
                        dialog_->report() == DialogReport{} && !report_.tls_unasked;
    if (silent && started_ + limits_.total > loop_.now()) {
        // Some servers have TLS alone on the ports for STARTTLS, and wait for the client to begin.
        report_.tls_unasked = true;
        return begin_tls();
    }
    if (report_.phase == ConnectionPhase::inside) return finish(ConnectionEnd::tls);
    if (report_.phase == ConnectionPhase::handshake) {
        report_.tls = session_->take_report();
        if (report_.tls_unasked && report_.tls.handshake == Handshake::none && report_.tls.chain.empty()) {
            report_.phase = ConnectionPhase::dialog;
        } else {
            report_.tls.trouble = TlsTrouble::timeout;
            report_.tls.handshake = Handshake::failed;
        }
    }
    finish(ConnectionEnd::timeout);
}

void Connection::on_connected() {
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    if (error != 0) {
        report_.system_error = error;
        if (error == ETIMEDOUT) return finish(ConnectionEnd::timeout);
        return finish(error == ECONNREFUSED ? ConnectionEnd::refused : ConnectionEnd::unreachable);
    }
    report_.opened = true;
    if (!plan_.starttls) return begin_tls();
    dialog_ = make_dialog(plan_.protocol, DialogGoal::starttls, local_name(), limits_.answer_bytes);
    enter(ConnectionPhase::dialog, limits_.greeting);
    talk();
}

std::string Connection::local_name() const {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    auto* const native = reinterpret_cast<sockaddr*>(&storage);
    if (plan_.protocol != MailProtocol::smtp || ::getsockname(socket_.get(), native, &size) != 0) return {};
    const auto address = SocketAddress::from_native(native, size);
    return address ? address->smtp_literal() : std::string("[127.0.0.1]");
}

bool Connection::flush() {
    while (!unsent_.empty()) {
        const auto sent = ::send(socket_.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
        if (sent < 0) return would_block(errno);
        unsent_.erase(0, static_cast<std::size_t>(sent));
    }
    return true;
}

void Connection::talk() {
    std::array<char, 4096> buffer;
    for (;;) {
        const auto got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        if (got < 0 && would_block(errno)) break;
        if (got <= 0) {
            report_.dialog = dialog_->report();
            return finish(ConnectionEnd::dropped);
        }
        const DialogStep before = dialog_->report().step;
        dialog_->feed({buffer.data(), static_cast<std::size_t>(got)});
        if (dialog_->report().end != DialogEnd::open) return on_dialog_end();
        const DialogStep now = dialog_->report().step;
        if (now != before) enter(ConnectionPhase::dialog, limits_.step);
        unsent_ += dialog_->take_output();
        if (plan_.injects && now == DialogStep::starttls && now != before) unsent_ += harmless_command(plan_.protocol);
        if (!flush()) break;  // the reason is told by the next read
    }
    if (!flush()) {
        report_.dialog = dialog_->report();
        finish(ConnectionEnd::dropped);
    }
}

void Connection::on_dialog_end() {
    report_.dialog = dialog_->report();
    const bool complaint = is_complaint(report_.dialog.leftover);
    if (report_.dialog.end == DialogEnd::tls_next && !complaint) return begin_tls();
    if (report_.dialog.end == DialogEnd::not_offered || report_.dialog.end == DialogEnd::refused) {
        unsent_ = dialog_->goodbye();
        [[maybe_unused]] const bool sent = flush();
    }
    finish(ConnectionEnd::dialog);
}

void Connection::begin_tls() {
    auto session = context_.start(socket_.get(), plan_.hello);
    if (!session) {
        report_.system_error = ENOMEM;
        return finish(ConnectionEnd::unreachable);
    }
    session_.emplace(std::move(*session));
    enter(ConnectionPhase::handshake, report_.tls_unasked ? std::min(kUnaskedHello, limits_.step) : limits_.step);
    shake_hands();
}

void Connection::shake_hands() {
    switch (session_->handshake()) {
        case TlsIo::again:
            return;
        case TlsIo::done:
            return on_secure();
        case TlsIo::ended:
            break;
    }
    if (report_.tls_unasked && session_->report().trouble == TlsTrouble::closed && session_->report().chain.empty()) {
        report_.phase = ConnectionPhase::dialog;  // it only hung up on a client that said nothing it knows
        return finish(ConnectionEnd::dropped);
    }
    finish(ConnectionEnd::tls);
}

void Connection::on_secure() {
    const bool greets = !plan_.starttls && plan_.protocol != MailProtocol::none;
    dialog_.reset();
    if (greets) dialog_ = make_dialog(plan_.protocol, DialogGoal::greeting, {}, limits_.answer_bytes);
    // A TLS 1.3 server tells only after the handshake whether it goes on without a client's certificate (RFC 8446 4.4.2.4).
    const bool asked = session_->report().asks_client_certificate;
    if (plan_.injects && !report_.tls_unasked) watch_.emplace(plan_.protocol);
    if (!greets && !asked && !watch_) return finish(ConnectionEnd::tls);
    if (!greets) make_it_speak();
    enter(ConnectionPhase::inside, limits_.after_tls);
    listen_inside();
}

void Connection::listen_inside() {
    std::array<char, 4096> buffer;
    for (;;) {
        std::size_t size = 0;
        const TlsIo io = session_->read(buffer, size);
        if (io == TlsIo::again) return acknowledge_now();
        if (io == TlsIo::ended || has_heard_enough({buffer.data(), size})) return finish(ConnectionEnd::tls);
    }
}

void Connection::acknowledge_now() {
    // A server that does not switch Nagle's algorithm off (Postfix) keeps its greeting until its session tickets are acknowledged, and
    // we would delay that by 40 ms, hoping for something to send along (RFC 9293 section 3.8.6.3, RFC 896).
    const int one = 1;
    ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_QUICKACK, &one, sizeof one);
}

bool Connection::has_heard_enough(std::string_view bytes) {
    if (watch_) {
        watch_->feed(bytes);
        return watch_->is_over();
    }
    if (!dialog_) return true;
    dialog_->feed(bytes);
    return dialog_->report().end != DialogEnd::open;
}

void Connection::make_it_speak() {
    if (!plan_.keep_open || plan_.injects) return say_goodbye();
    if (plan_.protocol == MailProtocol::none) return;
    [[maybe_unused]] const TlsIo io = session_->write(harmless_command(plan_.protocol));
}

void Connection::say_goodbye() {
    if (plan_.protocol == MailProtocol::none || std::exchange(goodbye_said_, true)) return;
    const auto words = make_dialog(plan_.protocol, DialogGoal::greeting, {}, 0);
    [[maybe_unused]] const TlsIo io = session_->write(words->goodbye());
}

void Connection::close() {
    if (session_) {
        say_goodbye();
        session_->shut_down();
    }
    session_.reset();
    socket_.reset();
}

void Connection::finish(ConnectionEnd end) {
    report_.end = end;
    if (dialog_ && plan_.starttls) report_.dialog = dialog_->report();
    if (dialog_ && !plan_.starttls) report_.inside = dialog_->report();
    if (watch_) report_.injected_answer = watch_->answer();
    dialog_.reset();
    if (session_ && end == ConnectionEnd::tls) report_.tls = session_->take_report();
    const bool works = end == ConnectionEnd::tls && report_.tls.handshake == Handshake::completed;
    if (!works) session_.reset();
    if (!works || !plan_.keep_open || plan_.injects) close();
    loop_.clear_deadline(*this);
    report_.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(loop_.now() - started_);
    listener_.on_end(*this);
}

}  // namespace truename::net
