#include "net/dns_client.h"

#include <poll.h>
#include <unbound.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "base/text.h"
#include "net/address.h"
#include "net/loaded_library.h"

namespace truename::net {

namespace {

constexpr const char* kRootAnchor = "/usr/share/dns/root.key";
constexpr int kRootKeys = 48;  // DNSKEY
constexpr int kInternet = 1;   // the class IN

/// The functions of libunbound that are used here.
struct Library {
    decltype(&ub_ctx_create) create = nullptr;
    decltype(&ub_ctx_delete) destroy = nullptr;
    decltype(&ub_ctx_set_option) set_option = nullptr;
    decltype(&ub_ctx_set_fwd) set_forwarder = nullptr;
    decltype(&ub_ctx_resolvconf) read_resolv_conf = nullptr;
    decltype(&ub_ctx_add_ta_file) add_anchor_file = nullptr;
    decltype(&ub_ctx_zone_remove) forget_zone = nullptr;
    decltype(&ub_ctx_debugout) set_log = nullptr;
    decltype(&ub_ctx_async) set_threads = nullptr;
    decltype(&ub_fd) descriptor = nullptr;
    decltype(&ub_process) process = nullptr;
    decltype(&ub_resolve_async) resolve = nullptr;
    decltype(&ub_cancel) cancel = nullptr;
    decltype(&ub_resolve_free) free = nullptr;
    decltype(&ub_strerror) words = nullptr;
};

/// Null when it is not there.
const Library* library() {
    static const Library kLibrary = [] {
        Library found;
        const LoadedLibrary unbound("libunbound.so.8");
        const bool has_all = unbound.find("ub_ctx_create", found.create) && unbound.find("ub_ctx_delete", found.destroy) &&
                             unbound.find("ub_ctx_set_option", found.set_option) && unbound.find("ub_ctx_set_fwd", found.set_forwarder) &&
                             unbound.find("ub_ctx_resolvconf", found.read_resolv_conf) &&
                             unbound.find("ub_ctx_add_ta_file", found.add_anchor_file) &&
                             unbound.find("ub_ctx_zone_remove", found.forget_zone) && unbound.find("ub_ctx_debugout", found.set_log) &&
                             unbound.find("ub_ctx_async", found.set_threads) && unbound.find("ub_fd", found.descriptor) &&
                             unbound.find("ub_process", found.process) && unbound.find("ub_resolve_async", found.resolve) &&
                             unbound.find("ub_cancel", found.cancel) && unbound.find("ub_resolve_free", found.free) &&
                             unbound.find("ub_strerror", found.words);
        return has_all ? found : Library();
    }();
    return kLibrary.create != nullptr ? &kLibrary : nullptr;
}

struct Destroy {
    void operator()(ub_ctx* context) const { library()->destroy(context); }
};
using Context = std::unique_ptr<ub_ctx, Destroy>;

/// A context that asks whom the options name and believes `anchor_file`; null where that cannot be read. Empty: nothing is checked.
Context make_context(const DnsOptions& options, const std::string& anchor_file) {
    const Library& unbound = *library();
    Context context(unbound.create());
    if (!context) return nullptr;
    unbound.set_log(context.get(), nullptr);  // it would write on standard error
    unbound.set_threads(context.get(), 1);    // the work is done in a thread of its own instead of a process
    const auto set = [&](const char* name, const char* value) { unbound.set_option(context.get(), name, value); };
    set("do-not-query-localhost:", "no");
    // What libunbound would answer itself is asked: here it is of interest what the users' own DNS says of their addresses.
    set("unblock-lan-zones:", "yes");
    set("insecure-lan-zones:", "yes");
    if (options.resolver.empty())
        unbound.read_resolv_conf(context.get(), nullptr);  // where there is none, libunbound asks the root itself
    else if (unbound.set_forwarder(context.get(), options.resolver.c_str()) != 0)
        return nullptr;
    if (!anchor_file.empty() && unbound.add_anchor_file(context.get(), anchor_file.c_str()) != 0) return nullptr;
    // The last, because nothing can be set any more from here on: now the anchor file is read.
    for (const char* const zone : {"127.in-addr.arpa.", "home.arpa.", "test.", "invalid."}) {
        if (unbound.forget_zone(context.get(), zone) != 0) return nullptr;
    }
    return context;
}

/// What libunbound is given to say whose answer it has.
struct Waiting {
    DnsReply* reply = nullptr;
    std::size_t* open = nullptr;
    bool checks = false;
    int id = 0;
    bool is_done = false;
};

void take(const ub_result& result, bool checks, DnsReply& reply) {
    reply.reason.clear();
    if (result.bogus != 0) {
        reply.outcome = DnsOutcome::bogus;
        reply.reason = result.why_bogus != nullptr ? result.why_bogus : "its signatures are wrong";
        return;
    }
    reply.proof = !checks ? DnsProof::not_checked : result.secure != 0 ? DnsProof::secure : DnsProof::insecure;
    reply.ttl = result.ttl > 0 ? static_cast<std::uint32_t>(result.ttl) : 0;
    if (result.canonname != nullptr && !equal_ignoring_ascii_case(result.canonname, result.qname)) {
        reply.alias_of = result.canonname;
        if (reply.alias_of.ends_with('.')) reply.alias_of.pop_back();
    }
    if (result.nxdomain != 0) {
        reply.outcome = DnsOutcome::no_name;
    } else if (result.rcode != 0) {
        reply.outcome = DnsOutcome::failed;
        reply.reason = result.rcode == 2 ? "the servers do not answer the question (SERVFAIL, or REFUSED on the way)"
                                         : "the servers answered with code " + std::to_string(result.rcode);
    } else {
        reply.outcome = result.havedata != 0 ? DnsOutcome::found : DnsOutcome::no_record;
        for (std::size_t i = 0; result.havedata != 0 && result.data[i] != nullptr; ++i) {
            const auto* bytes = reinterpret_cast<const std::uint8_t*>(result.data[i]);
            reply.data.emplace_back(bytes, bytes + result.len[i]);
        }
    }
}

void on_answer(void* context, int error, ub_result* result) {
    auto& waiting = *static_cast<Waiting*>(context);
    waiting.is_done = true;
    --*waiting.open;
    if (error == 0 && result != nullptr) {
        take(*result, waiting.checks, *waiting.reply);
    } else {
        waiting.reply->outcome = DnsOutcome::failed;
        waiting.reply->reason = library()->words(error);
    }
    library()->free(result);
}

}  // namespace

struct DnsClient::Impl {
    DnsOptions options;
    Context context;
    bool checks = false;
    std::string unchecked_because = {};

    /// `type` is a number, since keys (DNSKEY) are asked for nowhere else.
    std::vector<DnsReply> ask(const std::vector<std::pair<DnsQuestion, int>>& questions) {
        const Library& unbound = *library();
        const auto until = std::chrono::steady_clock::now() + options.deadline;
        std::vector<DnsReply> replies(questions.size());
        std::vector<Waiting> waiting(questions.size());
        std::size_t open = 0;
        for (std::size_t i = 0; i < questions.size(); ++i) {
            replies[i].question = questions[i].first;
            replies[i].reason = "nobody answered in time";
            waiting[i] = {&replies[i], &open, checks};
            ++open;
            const int error = unbound.resolve(context.get(), replies[i].question.name.c_str(), questions[i].second, kInternet, &waiting[i],
                                              on_answer, &waiting[i].id);
            if (error != 0) on_answer(&waiting[i], error, nullptr);
        }
        while (open > 0 && !options.stop.stop_requested()) {
            const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
            if (left <= 0) break;
            pollfd readable{unbound.descriptor(context.get()), POLLIN, 0};
            constexpr long long kLook = 100;  // how often, in ms, somebody is listened to who wants to stop
            if (::poll(&readable, 1, static_cast<int>(std::min<long long>(left, kLook))) > 0) unbound.process(context.get());
        }
        for (Waiting& each : waiting) {
            if (!each.is_done) unbound.cancel(context.get(), each.id);
        }
        return replies;
    }
};

DnsClient::DnsClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DnsClient::DnsClient(DnsClient&& other) noexcept = default;
DnsClient& DnsClient::operator=(DnsClient&& other) noexcept = default;
DnsClient::~DnsClient() = default;

Result<DnsClient, Failure> DnsClient::create(DnsOptions options) {
    if (library() == nullptr)
        return Unexpected{Failure{FailureKind::local, "loading", "libunbound.so.8", "this machine does not have it",
                                  "Install it: apt-get install libunbound8"}};
    auto impl = std::make_unique<Impl>();
    impl->options = std::move(options);
    const bool is_given = !impl->options.anchor_file.empty();
    const std::string anchor_file = is_given ? impl->options.anchor_file : kRootAnchor;
    constexpr std::string_view kReading = "reading the keys that DNSSEC begins with in";
    if (is_given && ::access(anchor_file.c_str(), R_OK) != 0)
        return Unexpected{Failure{FailureKind::local, std::string(kReading), printable(anchor_file), std::strerror(errno), ""}};
    impl->context = make_context(impl->options, anchor_file);
    impl->checks = impl->context != nullptr;
    if (!impl->context && is_given)
        return Unexpected{Failure{FailureKind::input, std::string(kReading), printable(anchor_file), "there are none in it",
                                  "It wants DNSKEY or DS records, one a line"}};
    if (!impl->context) impl->unchecked_because = "the keys of the root are not here (apt-get install dns-root-data)";
    // Resolvers that leave signatures out make everything look bogus: then nothing can be checked, and that is said.
    if (impl->context && !is_given) {
        const DnsOutcome keys = impl->ask({{DnsQuestion{"."}, kRootKeys}}).front().outcome;
        if (keys != DnsOutcome::found && keys != DnsOutcome::timeout) {
            impl->unchecked_because = "the resolver does not hand on the keys of the root";
            impl->context = nullptr;
        }
    }
    if (!impl->context) {
        impl->checks = false;
        impl->context = make_context(impl->options, "");
    }
    if (!impl->context)
        return Unexpected{
            Failure{FailureKind::local, "setting up", "libunbound", "it does not take " + printable(impl->options.resolver), ""}};
    return DnsClient(std::move(impl));
}

std::vector<DnsReply> DnsClient::ask(const std::vector<DnsQuestion>& questions) {
    std::vector<std::pair<DnsQuestion, int>> numbered;
    numbered.reserve(questions.size());
    for (const DnsQuestion& question : questions) numbered.emplace_back(question, static_cast<int>(question.type));
    return impl_->ask(numbered);
}

const std::string& DnsClient::unchecked_because() const {
    return impl_->unchecked_because;
}

std::string_view name_of(DnsType type) {
    switch (type) {
        case DnsType::a:
            return "A";
        case DnsType::cname:
            return "CNAME";
        case DnsType::ptr:
            return "PTR";
        case DnsType::mx:
            return "MX";
        case DnsType::txt:
            return "TXT";
        case DnsType::aaaa:
            return "AAAA";
        case DnsType::srv:
            return "SRV";
        case DnsType::tlsa:
            return "TLSA";
        case DnsType::caa:
            return "CAA";
    }
    return "";
}

Result<std::string, Failure> parse_resolver(std::string_view text) {
    std::string_view address = text, port;
    const bool is_bracketed = text.starts_with('[');
    const std::size_t close = text.find(']');
    if (is_bracketed && close != std::string_view::npos) {
        address = text.substr(1, close - 1);
        port = text.substr(close + 1);
    } else if (text.find(':') != std::string_view::npos && text.find(':') == text.rfind(':')) {
        address = text.substr(0, text.find(':'));
        port = text.substr(text.find(':'));
    }
    std::uint16_t number = 53;
    bool is_good = port.empty() || port.starts_with(':');
    if (is_good && !port.empty()) {
        const auto [end, error] = std::from_chars(port.data() + 1, port.data() + port.size(), number);
        is_good = error == std::errc() && end == port.data() + port.size() && number != 0;
    }
    const auto parsed = is_good ? SocketAddress::from_text(address, number) : std::nullopt;
    if (!parsed)
        return Unexpected{Failure{FailureKind::usage, "reading", "--resolver", "\"" + printable(text) + "\" is no address",
                                  "Write 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353"}};
    return parsed->text() + "@" + std::to_string(number);
}

}  // namespace truename::net
