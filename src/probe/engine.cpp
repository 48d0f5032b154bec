#include "probe/engine.h"

#include <algorithm>
#include <utility>

namespace truename::probe {

namespace {

constexpr std::chrono::milliseconds kLongestRound{1000};
constexpr unsigned kMaxResolverThreads = 16;

net::ConnectionLimits to_connection_limits(const Limits& limits) {
    return {.connect = limits.connect,
            .greeting = limits.greeting,
            .step = limits.step,
            .after_tls = std::min(limits.step, std::chrono::milliseconds(3000)),
            .total = limits.connection,
            .answer_bytes = limits.greeting_bytes};
}

}  // namespace

Result<std::unique_ptr<Engine>, Failure> Engine::make(const Options& options, const Clock& clock) {
    auto tls = net::TlsContext::make(options.limits.chain_bytes);
    if (!tls) return forward_error(tls);
    auto loop = net::EventLoop::make();
    if (!loop) return forward_error(loop);
    return std::unique_ptr<Engine>(new Engine(std::move(*loop), std::move(*tls), options, clock));
}

Engine::Engine(std::unique_ptr<net::EventLoop> loop, net::TlsContext tls, const Options& options, const Clock& clock)
    : options_(options),
      clock_(clock),
      loop_(std::move(loop)),
      tls_(std::move(tls)),
      resolver_(*loop_, std::clamp(options.in_flight, 1U, kMaxResolverThreads)),
      connection_limits_(to_connection_limits(options.limits)) {}

Engine::~Engine() {
    // Slots name jobs, jobs name the loop: in this order.
    slots_.clear();
    jobs_.clear();
}

void Engine::run(const TargetSource& source, const EvidenceSink& sink, const std::stop_token& stop) {
    const std::stop_callback wake_up(stop, [this] { loop_->post([] {}); });
    while (!stop.stop_requested()) {
        work(source, sink);
        if (source_empty_ && jobs_.empty()) return;
        if (!stop.stop_requested()) loop_->run_once(kLongestRound);
    }
}

void Engine::work(const TargetSource& source, const EvidenceSink& sink) {
    do {
        take_reports();
        go_on_with_jobs(sink);
        take_targets(source);
        open_connections();
        // A connection that fails at once has its report already.
    } while (!ended_.empty() || !woken_.empty());
}

void Engine::take_reports() {
    while (!ended_.empty()) {
        std::vector<Slot*> ended;
        ended.swap(ended_);
        for (Slot* const slot : ended) {
            Job& job = *slot->job;
            net::ConnectionReport report = std::move(slot->connection->report());
            const Errand errand = slot->errand;
            slot->told = true;
            if (slot->connection->is_kept()) {
                kept_.push_back(slot);
            } else {
                remove_slot(*slot);
            }
            job.on_report(errand, std::move(report));
        }
    }
}

void Engine::go_on_with_jobs(const EvidenceSink& sink) {
    while (!woken_.empty()) {
        Job& job = *woken_.back();
        woken_.pop_back();
        job.go_on();
        if (!job.is_done()) continue;
        Evidence evidence = job.take_evidence();
        remove_job(job);
        sink(std::move(evidence));
    }
}

void Engine::take_targets(const TargetSource& source) {
    // One target may need many connections: no new one while others wait for room.
    while (!source_empty_ && waiting_.empty() && slots_.size() < options_.in_flight && jobs_.size() < options_.in_flight) {
        std::optional<Target> target = source();
        if (!target) {
            source_empty_ = true;
            return;
        }
        jobs_.push_back(std::make_unique<Job>(*this, std::move(*target)));
        jobs_.back()->place = jobs_.size() - 1;
        jobs_.back()->start();
        open_connections();
    }
}

void Engine::open_connections() {
    const std::size_t most = std::max(1U, options_.in_flight);
    while (!waiting_.empty()) {
        if (slots_.size() >= most) {
            if (kept_.empty()) return;
            Slot& oldest = *kept_.front();
            kept_.pop_front();
            remove_slot(oldest);
        }
        Waiting next = std::move(waiting_.front());
        waiting_.pop_front();
        auto slot = std::make_unique<Slot>(*this, *next.job, std::move(next.errand));
        slot->place = slots_.size();
        slot->connection.emplace(*loop_, tls_, std::move(next.plan), connection_limits_, *slot);
        slots_.push_back(std::move(slot));
        slots_.back()->connection->start();
    }
}

void Engine::send(Job& job, Errand errand, net::ConnectionPlan plan) {
    waiting_.push_back({&job, std::move(errand), std::move(plan)});
}

void Engine::release_if(const std::function<bool(const Slot&)>& wanted) {
    std::erase_if(kept_, [&](Slot* slot) {
        const bool goes = wanted(*slot);
        if (goes) remove_slot(*slot);
        return goes;
    });
}

void Engine::release(const Job& job, std::size_t endpoint) {
    release_if([&](const Slot& slot) { return slot.job == &job && slot.errand.endpoint == endpoint; });
}

unsigned Engine::count_untold(const Job& job) const {
    return static_cast<unsigned>(std::count_if(slots_.begin(), slots_.end(), [&](const std::unique_ptr<Slot>& slot) {
        return slot->job == &job && !slot->told && slot->connection->report().opened;
    }));
}

void Engine::remove_slot(Slot& slot) {
    const std::size_t place = slot.place;
    if (place + 1 != slots_.size()) {
        std::swap(slots_[place], slots_.back());
        slots_[place]->place = place;
    }
    slots_.pop_back();
}

void Engine::remove_job(Job& job) {
    std::erase(woken_, &job);
    release_if([&](const Slot& slot) { return slot.job == &job; });
    if (job.has_connections()) {  // only a job that gave up has
        std::erase_if(waiting_, [&](const Waiting& waiting) { return waiting.job == &job; });
        std::erase_if(ended_, [&](const Slot* slot) { return slot->job == &job; });
        for (std::size_t i = slots_.size(); i-- > 0;) {
            if (slots_[i]->job == &job) remove_slot(*slots_[i]);
        }
    }
    const std::size_t place = job.place;
    if (place + 1 != jobs_.size()) {
        std::swap(jobs_[place], jobs_.back());
        jobs_[place]->place = place;
    }
    jobs_.pop_back();
}

Result<void, Failure> probe(const TargetSource& source, const Options& options, const EvidenceSink& sink, const Clock& clock,
                            const std::stop_token& stop) {
    auto engine = Engine::make(options, clock);
    if (!engine) return forward_error(engine);
    (*engine)->run(source, sink, stop);
    return {};
}

Result<Evidence, Failure> probe_one(const Target& target, const Options& options, const Clock& clock, const std::stop_token& stop) {
    bool taken = false;
    Evidence evidence;
    const auto source = [&]() -> std::optional<Target> {
        if (std::exchange(taken, true)) return std::nullopt;
        return target;
    };
    bool seen = false;
    const auto sink = [&](Evidence&& one) {
        evidence = std::move(one);
        seen = true;
    };
    if (auto done = probe(source, options, sink, clock, stop); !done) return forward_error(done);
    if (!seen) return Unexpected{Failure{FailureKind::local, "asking", target.name, "interrupted", ""}};
    return evidence;
}

}  // namespace truename::probe
