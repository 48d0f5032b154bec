#include "servers/local_check.h"

#include <sys/stat.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "crypto/digest.h"
#include "servers/offer.h"
#include "x509/certificate.h"
#include "x509/print.h"

namespace truename::servers {

namespace {

std::optional<Time> changed_at(const std::string& path) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) return std::nullopt;
    return Time(std::chrono::seconds(about.st_mtim.tv_sec));
}

/// When the file got the contents or the name that it has, in nanoseconds, whatever its time of change was set to.
std::int64_t arrived_at(const std::string& path) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) return 0;
    const auto time_of = [](const timespec& time) { return time.tv_sec * std::int64_t{1'000'000'000} + time.tv_nsec; };
    return std::max(time_of(about.st_ctim), time_of(about.st_mtim));
}

LocalState state_of(const WireAnswer& answer, const PairOnDisk& pair, std::size_t kinds) {
    if (!answer.asked) return LocalState::not_asked;
    if (answer.closed) return LocalState::closed;
    if (answer.leaves.empty()) return LocalState::no_tls;
    if (!pair.fits()) return LocalState::broken_on_disk;
    if (answer.failed != 0 || kinds > 1) return LocalState::mixed;
    return answer.leaves.front() == pair.chain.front() ? LocalState::same : LocalState::other;
}

/// The questions of one server, in the order in which they are asked.
struct Asked {
    const Surveyed* surveyed;
    std::size_t place;
    WireQuestion question;
};

std::vector<Asked> questions_of(const std::vector<Surveyed>& servers) {
    std::vector<Asked> list;
    for (const Surveyed& surveyed : servers) {
        for (const Serving& serving : surveyed.survey.servings) {
            for (const std::size_t number : serving.places) {
                const PairOnDisk pair = read_pair(surveyed.survey.places[number]);
                const net::KeyOffer keys = serving.places.size() > 1 && !pair.chain.empty() ? offer_for(pair) : net::KeyOffer::any;
                list.push_back({&surveyed, number, {serving.listener, serving.name, keys}});
            }
        }
    }
    return list;
}

/// Has each port asked by several connections under the name whose files are the newest.
void ask_under_newest(const std::vector<Asked>& list, std::vector<WireQuestion>& questions) {
    std::map<std::string, std::pair<std::int64_t, std::size_t>> newest;  // by port: when, and which question
    for (std::size_t i = 0; i < list.size(); ++i) {
        const Place& place = list[i].surveyed->survey.places[list[i].place];
        const std::int64_t arrived = std::max(arrived_at(place.certificate_file), arrived_at(place.key_file));
        const std::string port = to_string(WireQuestion{questions[i].listener, "", questions[i].keys});
        const auto [found, is_new] = newest.try_emplace(port, arrived, i);
        if (!is_new && arrived > found->second.first) found->second = {arrived, i};
    }
    for (const auto& [port, best] : newest) questions[best.second].connections = kConnectionsToProve;
}

/// What is to be known of each place, found once although many ports show it.
class KnownPlaces {
  public:
    struct Known {
        PairOnDisk pair;
        std::string set_in;
    };
    const Known& of(const Surveyed& surveyed, std::size_t number) {
        const auto [found, is_new] = known_.try_emplace({&surveyed, number});
        const Place& place = surveyed.survey.places[number];
        if (is_new) found->second = {read_pair(place), surveyed.server->where_set(place)};
        return found->second;
    }

  private:
    std::map<std::pair<const Surveyed*, std::size_t>, Known> known_;
};

LocalAnswer answer_of(const Asked& asked, const WireAnswer& seen, KnownPlaces& places) {
    LocalAnswer answer;
    answer.server = asked.surveyed->server->id();
    answer.question = asked.question;
    answer.place = asked.surveyed->survey.places[asked.place];
    const auto& [pair, set_in] = places.of(*asked.surveyed, asked.place);
    answer.set_in = set_in;
    answer.connections = seen.leaves.size() + seen.failed;
    answer.failed = seen.failed;
    if (seen.failure) answer.trouble = seen.failure->reason;
    if (!pair.chain.empty()) answer.on_disk = note_of(pair.chain.front());
    answer.written = changed_at(answer.place.certificate_file);
    std::vector<ByteString> kinds;
    for (const ByteString& leaf : seen.leaves) {
        if (std::find(kinds.begin(), kinds.end(), leaf) != kinds.end()) continue;
        kinds.push_back(leaf);
        if (auto note = note_of(leaf)) answer.served.push_back(std::move(*note));
    }
    answer.state = state_of(seen, pair, kinds.size());
    return answer;
}

}  // namespace

std::string_view name_of(LocalState state) {
    constexpr std::string_view kNames[] = {"same", "closed", "not-asked", "other", "mixed", "broken-on-disk", "no-tls"};
    return kNames[static_cast<std::size_t>(state)];
}

std::optional<CertificateNote> note_of(const ByteString& der) {
    const auto certificate = x509::parse_certificate(der);
    if (!certificate) return std::nullopt;
    return CertificateNote{to_hex(crypto::sha256(der)), x509::serial_hex(certificate->serial_number), host_names(der),
                           certificate->validity.not_before.time, certificate->validity.not_after.time};
}

Result<std::vector<LocalAnswer>, Failure> check_local(const std::vector<Surveyed>& servers, const Asking& asking) {
    const std::vector<Asked> list = questions_of(servers);
    std::vector<WireQuestion> questions;
    questions.reserve(list.size());
    for (const Asked& asked : list) questions.push_back(asked.question);
    ask_under_newest(list, questions);
    const auto seen = ask(questions, asking);
    if (!seen) return forward_error(seen);
    std::vector<LocalAnswer> answers;
    KnownPlaces places;
    for (std::size_t i = 0; i < list.size(); ++i) answers.push_back(answer_of(list[i], (*seen)[i], places));
    return answers;
}

}  // namespace truename::servers
