#include "probe/job.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "probe/certificates.h"
#include "probe/engine.h"
#include "probe/https.h"
#include "probe/wire.h"

namespace truename::probe {

namespace {

std::string what_came_of(const Endpoint& endpoint) {
    std::string text = std::string(name_of(endpoint.state));
    if (!endpoint.tls.chain.empty()) text += ", " + counted(endpoint.tls.chain.size(), "certificate");
    if (endpoint.error) text += ", " + endpoint.error->reason;
    return text;
}

}  // namespace

Job::Job(Engine& engine, Target target) : engine_(engine), self_(std::make_shared<Job*>(this)) {
    evidence_.target = std::move(target);
}

Job::~Job() {
    engine_.loop().clear_deadline(*this);
}

void Job::start() {
    started_ = engine_.loop().now();
    evidence_.at = engine_.clock().now();
    evidence_.deep = engine_.options().deep;
    evidence_.fetched_issuers = engine_.options().fetch != Fetch::none;
    const Options& options = engine_.options();
    const Target& target = evidence_.target;
    if (!options.connect.empty()) return take_answer({{options.connect}, {}}, "option");
    if (target.is_address) return take_answer({{target.name}, {}}, "literal");
    net::ResolverAnswer given;
    for (const ResolveOption& option : options.resolve) {
        if (option.name == target.name) given.addresses.push_back(option.address);
    }
    if (!given.addresses.empty()) return take_answer(std::move(given), "option");
    engine_.loop().set_deadline(*this, started_ + std::min(options.limits.resolve, options.limits.target));
    engine_.resolver().resolve(target.name, [weak = std::weak_ptr(self_)](net::ResolverAnswer answer) {
        const auto self = weak.lock();
        if (!self || (*self)->stage_ != Stage::resolving) return;
        (*self)->answer_ = std::move(answer);
        (*self)->engine_.wake(**self);
    });
}

void Job::tell(const std::string& what) const {
    if (engine_.options().tell) engine_.options().tell(evidence_.target.text + ": " + what);
}

void Job::take_answer(net::ResolverAnswer answer, std::string_view origin) {
    engine_.loop().set_deadline(*this, started_ + engine_.options().limits.target);
    DnsAnswer dns{.name = evidence_.target.name, .addresses = std::move(answer.addresses), .origin = std::string(origin), .failure = {}};
    // An address that is named twice is asked once.
    for (auto it = dns.addresses.begin(); it != dns.addresses.end();) {
        it = std::find(dns.addresses.begin(), it, *it) == it ? std::next(it) : dns.addresses.erase(it);
    }
    if (dns.addresses.empty()) {
        dns.failure = Failure{FailureKind::local, "looking up the name", dns.name, std::move(answer.error),
                              "Is the name spelled as your users type it?"};
        evidence_.error = dns.failure;
    }
    tell(dns.failure ? "no address: " + dns.failure->reason : "address " + join(dns.addresses, ", "));
    evidence_.dns.push_back(std::move(dns));
    stage_ = Stage::asking;
    ask_endpoints();
    if (outstanding_ == 0) engine_.wake(*this);
}

std::vector<Port> Job::ports() const {
    const Target& target = evidence_.target;
    const Options& options = engine_.options();
    if (!target.port) {
        if (!options.ports.empty()) return options.ports;
        return options.starttls ? std::vector<Port>{{*options.starttls, info(*options.starttls).port}} : usual_ports();
    }
    if (target.protocol) return {{*target.protocol, *target.port}};
    const auto registered = protocol_of_port(*target.port);
    if (options.starttls) return {{*options.starttls, *target.port}};
    return {{registered.value_or(Protocol::tls), *target.port}};
}

void Job::ask_endpoints() {
    const auto& addresses = evidence_.dns.back().addresses;
    const std::size_t count = std::min<std::size_t>(addresses.size(), engine_.options().limits.addresses);
    const std::vector<Port> wanted = ports();
    for (std::size_t i = 0; i < count; ++i) {
        for (const Port& port : wanted) add_endpoint(addresses[i], port);
    }
    progress_.resize(evidence_.endpoints.size());
    for (std::size_t i = 0; i < evidence_.endpoints.size(); ++i) send(i, std::nullopt);
}

void Job::add_endpoint(const std::string& address, Port port) {
    Endpoint endpoint;
    endpoint.protocol = port.protocol;
    endpoint.port = port.number;
    endpoint.tls_mode = info(port.protocol).tls;
    endpoint.address = address;
    endpoint.id = std::string(info(port.protocol).name) + ":" + std::to_string(port.number) + "@" + address;
    // RFC 6066 3: no addresses in the server name.
    if (!evidence_.target.is_address) endpoint.hello.server_name = evidence_.target.name;
    endpoint.hello.keys = engine_.options().keys;
    evidence_.endpoints.push_back(std::move(endpoint));
}

void Job::send(std::size_t index, std::optional<DeepQuestion> question) {
    const Endpoint& endpoint = evidence_.endpoints[index];
    const auto address = net::SocketAddress::from_text(endpoint.address, endpoint.port);
    tell("asking " + endpoint.id + (question ? ", " + std::string(name_of(question->question)) : ""));
    ++outstanding_;
    ++progress_[index].open;
    if (!address) {
        net::ConnectionReport report;
        report.end = net::ConnectionEnd::unreachable;
        report.system_error = EAFNOSUPPORT;
        return on_report({index, std::move(question)}, std::move(report));
    }
    net::ConnectionPlan plan{.address = *address,
                             .protocol = mail_protocol(endpoint.protocol),
                             .starttls = endpoint.tls_mode == TlsMode::starttls,
                             .hello = question ? question->hello : endpoint.hello,
                             .keep_open = asks_more(),
                             .injects = question && question->question == Question::injection};
    engine_.send(*this, {index, std::move(question)}, std::move(plan));
}

void Job::on_report(const Errand& errand, net::ConnectionReport&& report) {
    --outstanding_;
    if (report.opened) ++evidence_.connections;
    Endpoint& endpoint = evidence_.endpoints[errand.endpoint];
    const Limits& limits = engine_.options().limits;
    if (errand.question) {
        DeepAnswer answer{.question = errand.question->question,
                          .hello = errand.question->hello,
                          .tls = {},
                          .injected = std::move(report.injected_answer),
                          .error = failure_of(endpoint, report, limits)};
        answer.tls = std::move(report.tls);
        tell(endpoint.id + ", " + std::string(name_of(answer.question)) + ": " +
             (answer.error ? answer.error->reason : counted(answer.tls.chain.size(), "certificate")));
        record_answer(endpoint, std::move(answer));
    } else {
        record_connection(endpoint, std::move(report), limits);
        progress_[errand.endpoint].asked = true;
        tell(endpoint.id + ": " + what_came_of(endpoint));
    }
    if (--progress_[errand.endpoint].open == 0) ask_more(errand.endpoint);
    if (outstanding_ == 0) engine_.wake(*this);
}

bool Job::asks_more() const {
    return engine_.options().deep || engine_.options().names_besides;
}

void Job::ask_more(std::size_t index) {
    if (!asks_more()) return;
    for (DeepQuestion& question : plan_questions(evidence_.target, evidence_.endpoints[index], engine_.options()))
        send(index, std::move(question));
    if (progress_[index].open == 0) engine_.release(*this, index);
}

void Job::on_deadline() {
    timed_out_ = true;
    engine_.wake(*this);
}

void Job::go_on() {
    if (stage_ == Stage::resolving && answer_) return take_answer(std::move(*answer_), "dns");
    if (timed_out_) return give_up();
    if (stage_ == Stage::asking && outstanding_ == 0) return end_asking();
    if (stage_ == Stage::fetching && walk_->is_done()) return end_fetching();
    if (stage_ == Stage::asking_status && status_walk_->is_done()) {
        take_fetched();
        finish();
    }
}

void Job::end_asking() {
    for (Endpoint& endpoint : evidence_.endpoints) {
        if (!endpoint.deep.empty()) {
            // In the order of the questions, whichever answer came first.
            std::stable_sort(endpoint.deep.begin(), endpoint.deep.end(),
                             [](const DeepAnswer& a, const DeepAnswer& b) { return a.question < b.question; });
            conclude_deep(endpoint);
        }
        name_certificates(endpoint);
    }
    compare_with_https(evidence_);
    if (engine_.options().fetch == Fetch::none) return finish();
    walk_ = std::make_unique<IssuerWalk>(engine_.loop(), engine_.resolver(), engine_.options(), [this] { engine_.wake(*this); });
    stage_ = Stage::fetching;
    walk_->start(evidence_);
}

void Job::end_fetching() {
    take_fetched();
    if (engine_.options().fetch != Fetch::revocation) return finish();
    status_walk_ = std::make_unique<StatusWalk>(engine_.loop(), engine_.resolver(), engine_.options(), engine_.status_cache(),
                                                engine_.clock(), [this] { engine_.wake(*this); });
    stage_ = Stage::asking_status;
    status_walk_->start(evidence_);
}

void Job::take_fetched() {
    if (stage_ == Stage::fetching) evidence_.fetched = walk_->take_fetched();
    if (stage_ != Stage::asking_status) return;
    for (Fetched& fetched : status_walk_->take_fetched()) evidence_.fetched.push_back(std::move(fetched));
}

void Job::give_up() {
    if (stage_ == Stage::resolving) {
        return take_answer({{}, "no answer within the deadline"}, "dns");
    }
    for (std::size_t i = 0; i < evidence_.endpoints.size(); ++i) {
        if (progress_[i].asked) continue;
        Endpoint& endpoint = evidence_.endpoints[i];
        endpoint.state = EndpointState::timeout;
        endpoint.error = Failure{FailureKind::timeout, "asking", endpoint.address + " port " + std::to_string(endpoint.port),
                                 "the time for this target was used up", ""};
    }
    take_fetched();
    evidence_.connections += engine_.count_untold(*this);
    finish();
}

void Job::finish() {
    engine_.loop().clear_deadline(*this);
    evidence_.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(engine_.loop().now() - started_);
    stage_ = Stage::done;
    for (const Fetched& fetched : evidence_.fetched)
        tell("fetched " + fetched.url + ": " + (fetched.failure ? fetched.failure->reason : counted(fetched.bytes.size(), "byte")));
    tell("done, " + counted(evidence_.connections, "connection") + ", " + std::to_string(evidence_.fetched.size()) + " fetched in " +
         std::to_string(evidence_.elapsed.count()) + " ms");
}

}  // namespace truename::probe
