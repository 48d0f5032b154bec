#include "servers/installer.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "crypto/digest.h"
#include "probe/probe.h"
#include "servers/expectations.h"
#include "servers/map_texts.h"
#include "servers/worse_off.h"
#include "x509/certificate.h"
#include "x509/print.h"

namespace truename::servers {

namespace {

using doctor::Report;

bool is_of(const FileChange& change, const Place& place) {
    return change.path == place.certificate_file || change.path == place.key_file;
}

/// `writing /etc/ssl/mail.key, a file in the place of the link to snakeoil.key, mode 0644 tightened to 0600`.
std::string change_in_words(const FileChange& change, bool forward) {
    std::string text = (forward ? "writing " : "putting back ") + printable(change.path);
    if (!forward || !change.before.exists) return text;
    if (change.before.link) text += ", link replaced (it led to " + printable(*change.before.link) + ")";
    if (!change.before.link && change.before.mode != change.after.mode)
        text += ", mode tightened: " + mode_in_words(change.before.mode) + " to " + mode_in_words(change.after.mode);
    return text;
}

}  // namespace

/// One installation in hand.
struct Installer::Work {
    std::vector<Surveyed> servers;
    std::vector<bool> runs;                      // by server
    std::vector<std::set<std::size_t>> touched;  // by server, the places that get other files
    Installation installation;
    std::vector<FileChange> changes;
    std::set<std::string> dead = {};       // ports that nothing listened on before, as to_string(WireQuestion) without name
    std::optional<Report> before = {};     // what programs said before
    std::optional<Report> predicted = {};  // and what they are expected to say
    std::vector<std::string> notes = {};

    /// Asks the servers again where their certificates lie, since files of their configurations may have changed. A place is touched when
    /// one of its files changes, or when it holds the new certificate already.
    Result<void, Failure> survey_again() {
        touched.assign(servers.size(), {});
        for (std::size_t i = 0; i < servers.size(); ++i) {
            auto survey = servers[i].server->survey();
            if (!survey) return forward_error(survey);
            servers[i].survey = std::move(*survey);
            find_touched(i);
        }
        return {};
    }
    void find_touched(std::size_t server) {
        const std::vector<Place>& places = servers[server].survey.places;
        for (std::size_t number = 0; number < places.size(); ++number) {
            const auto is_concerned = [&](const FileChange& change) { return is_of(change, places[number]); };
            const auto holds_it = [&](const PairOnDisk& pair) {
                return !pair.chain.empty() && to_hex(crypto::sha256(pair.chain.front())) == installation.fingerprint;
            };
            if (std::any_of(changes.begin(), changes.end(), is_concerned) || holds_it(read_pair(places[number])))
                touched[server].insert(number);
        }
    }
    /// Where a place is made, what is shown until then to who asks for its name is what programs say something to now.
    void touch_what_serves(std::size_t server) {
        for (const Serving& serving : servers[server].survey.servings) {
            if (serving.name.empty()) touched[server].insert(serving.places.begin(), serving.places.end());
        }
    }
};

Result<std::vector<std::shared_ptr<const Server>>, Failure> servers_of(const Installation& installation) {
    std::vector<std::shared_ptr<const Server>> servers;
    for (const ServerEntry& entry : installation.servers) {
        servers.push_back(make_server(entry.id, entry.config));
        if (servers.back()) continue;
        return Unexpected{Failure{FailureKind::input, "reading", "the record of installations",
                                  "it names the server " + printable(entry.id) + ", which this version does not know",
                                  "Take the version of truename that installed there"}};
    }
    return servers;
}

void Installer::step(std::string_view name, const std::string& sentence) const {
    if (options_.tell && !sentence.empty()) options_.tell(sentence);
    if (options_.at_step) options_.at_step(name);
}

Result<void, Failure> Installer::put_files(std::span<const FileChange> changes, bool forward) {
    if (changes.empty()) return {};
    std::vector<StagedFile> staged;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const FileChange& change = changes[forward ? i : changes.size() - 1 - i];
        remove_leftover(change.path);
        // What is as it should be is left alone, so that going back needs no room on a disk that is full.
        const auto now = read_file_state(change.path);
        if (now && same_state(*now, forward ? change.after : change.before)) continue;
        auto file = StagedFile::write(change.path, forward ? change.after : change.before);
        if (!file) return forward_error(file);
        staged.push_back(std::move(*file));
        step("write", change_in_words(change, forward));
    }
    step("fsync", "");
    for (StagedFile& file : staged) {
        if (auto put = file.put_in_place(); !put) return put;
        step("rename", "");
    }
    return {};
}

Result<void, Failure> Installer::make_copies(const Work& work, bool forward) {
    for (const Surveyed& each : work.servers) {
        for (const std::string& entry : work.installation.maps) {
            const auto [id, map] = split_map_entry(entry);
            if (each.server->id() != id) continue;
            if (!forward && is_new_map(map, work.changes)) {
                each.server->drop_map(map);
                continue;
            }
            if (auto made = each.server->compile_map(map); !made) return made;
            step("postmap", "made " + printable(map) + " anew");
        }
    }
    return {};
}

Result<void, Failure> Installer::put_all(const Work& work, bool forward) {
    const std::span<const FileChange> all = work.changes;
    const std::size_t first = first_configuration(work.installation.maps, work.changes);
    const auto named = all.first(first), configurations = all.subspan(first);
    if (!forward) {
        if (auto put = put_files(configurations, forward); !put) return put;
        return put_files(named, forward);
    }
    if (auto put = put_files(named, forward); !put) return put;
    if (auto made = make_copies(work, forward); !made) return made;
    return put_files(configurations, forward);
}

Result<void, Failure> Installer::tell_server(const Surveyed& surveyed, bool runs) {
    const Server& server = *surveyed.server;
    if (auto valid = server.validate(); !valid) return valid;
    if (!runs) return {};
    if (auto told = server.reload(); !told) return told;
    step("reload", std::string(server.title()) + " reads its files again");
    return {};
}

Result<void, Failure> Installer::forget_dead_that_live(Work& work) {
    std::vector<WireQuestion> dead;
    for (const Surveyed& each : work.servers) {
        for (const Serving& serving : each.survey.servings) {
            WireQuestion question{serving.listener, "", net::KeyOffer::any};
            if (serving.name.empty() && work.dead.contains(to_string(question))) dead.push_back(std::move(question));
        }
    }
    const auto answers = ask(dead, asking());
    if (!answers) return forward_error(answers);
    for (std::size_t i = 0; i < dead.size(); ++i) {
        if (!(*answers)[i].closed) work.dead.erase(to_string(dead[i]));
    }
    return {};
}

Result<Proof, Failure> Installer::prove_all(Work& work) {
    const std::size_t dead = work.dead.size();
    auto proof = prove_once(work);
    if (!proof || !proof->proved || dead == 0) return proof;
    // The reload may have opened a port that nothing listened on before.
    if (auto looked = forget_dead_that_live(work); !looked) return forward_error(looked);
    return work.dead.size() == dead ? std::move(proof) : prove_once(work);
}

Result<Proof, Failure> Installer::prove_once(Work& work) {
    if (auto surveyed = work.survey_again(); !surveyed) return forward_error(surveyed);
    std::vector<Expectation> all;
    for (std::size_t i = 0; i < work.servers.size(); ++i) {
        if (!work.runs[i]) continue;
        std::vector<Expectation> some = expectations_of(work.servers[i], work.touched[i], work.dead);
        if (!work.installation.names.empty()) ask_as(work.installation.names.front(), work.servers[i].survey.places, some);
        all.insert(all.end(), some.begin(), some.end());
    }
    if (options_.tell) options_.tell("asking " + counted(all.size(), "question") + " on the wire");
    // Where no certificate was put, and none was shown before, there is nothing to prove.
    if (all.empty()) return Proof{!work.installation.has_certificate(), 0, 0, {}};
    auto proof = prove(all, options_.patience, asking());
    if (proof) step("probe", "");
    return proof;
}

std::optional<Report> Installer::judge(const Work& work) const {
    if (work.installation.names.empty() || options_.settings == nullptr) return std::nullopt;
    std::map<std::string, std::vector<probe::Port>> ports;  // by address
    for (std::size_t i = 0; i < work.servers.size(); ++i) {
        if (!work.runs[i]) continue;
        for (const Serving& serving : work.servers[i].survey.servings) {
            const bool is_touched = std::any_of(serving.places.begin(), serving.places.end(),
                                                [&](std::size_t number) { return work.touched[i].contains(number); });
            auto& list = ports[serving.listener.address];
            if (is_touched && std::find(list.begin(), list.end(), serving.listener.port) == list.end())
                list.push_back(serving.listener.port);
        }
    }
    for (const auto& [address, list] : ports) {
        if (list.empty()) continue;
        const auto target = probe::parse_target(work.installation.names.front(), "argument");
        if (!target) return std::nullopt;
        probe::Options options;
        options.connect = address;
        options.ports = list;
        const auto evidence = probe::probe_one(*target, options, *options_.clock, options_.stop);
        if (evidence) return doctor::examine(*evidence, *options_.settings);
    }
    return std::nullopt;
}

Result<Installer::Work, Failure> Installer::begin_work(const std::vector<Surveyed>& servers, Plan plan, const Origin& origin) {
    if (auto none = journal_.check_none_broken_off(); !none) return forward_error(none);
    Work work{servers, {}, std::vector<std::set<std::size_t>>(servers.size()), {}, std::move(plan.changes)};
    for (const Surveyed& each : servers) {
        const auto runs = each.server->is_running();
        if (!runs) return forward_error(runs);
        work.runs.push_back(*runs);
        work.installation.servers.push_back({std::string(each.server->id()), each.server->config()});
    }
    work.installation.at = options_.clock->now();
    work.installation.maps = std::move(plan.maps);
    work.installation.names = std::move(plan.names);
    work.installation.by_name = plan.by_name;
    work.installation.origin = origin.word;
    work.installation.store = origin.store;
    std::vector<WireQuestion> ports;
    for (std::size_t i = 0; i < servers.size(); ++i) {
        for (const Serving& serving : servers[i].survey.servings) {
            if (work.runs[i] && serving.name.empty()) ports.push_back({serving.listener, "", net::KeyOffer::any});
        }
    }
    const auto answers = ask(ports, asking());
    if (!answers) return forward_error(answers);
    for (std::size_t i = 0; i < ports.size(); ++i) {
        if (!(*answers)[i].closed) continue;
        work.dead.insert(to_string(ports[i]));
        work.notes.push_back(to_string(ports[i]) + ": nothing listens, so it is not looked at.");
    }
    return work;
}

Result<Outcome, Failure> Installer::install(const std::vector<Surveyed>& servers, Plan plan, const Credential& credential,
                                            const Origin& origin, bool force) {
    auto begun = begin_work(servers, std::move(plan), origin);
    if (!begun) return forward_error(begun);
    Work& work = *begun;
    const auto certificate = x509::parse_certificate(credential.chain.front());
    Installation& installation = work.installation;
    installation.fingerprint = to_hex(crypto::sha256(credential.chain.front()));
    installation.serial = x509::serial_hex(certificate->serial_number);
    installation.not_after = certificate->validity.not_after.time;
    installation.not_before = certificate->validity.not_before.time;
    for (std::size_t i = 0; i < servers.size(); ++i) {
        work.find_touched(i);
        if (work.touched[i].empty()) work.touch_what_serves(i);
    }
    work.before = judge(work);
    if (work.before && !installation.names.empty()) {
        doctor::PredictInput input;
        const std::string chain = credential.chain_pem();
        input.files = {{"the new chain", to_owned(as_bytes(chain))}};
        input.name = installation.names.front();
        input.now = installation.at;
        auto predicted = doctor::predict(input, *options_.settings);
        if (!predicted) return forward_error(predicted);
        const std::vector<std::string> worse = worse_off(*work.before, *predicted);
        if (!worse.empty() && !force) {
            return Unexpected{
                Failure{FailureKind::input, "installing the certificate for", printable(installation.names.front()),
                        first_few(worse) + " would say more to it than to the one that is there now; nothing was changed",
                        "truename predict shows what; --trust FILE names a root that they have; --force installs it all the same"}};
        }
        work.predicted = std::move(*predicted);
    }
    return record_and_carry_out(work);
}

Result<Outcome, Failure> Installer::configure(const std::vector<Surveyed>& servers, Plan plan, const Origin& origin) {
    auto work = begin_work(servers, std::move(plan), origin);
    if (!work) return forward_error(work);
    return record_and_carry_out(*work);
}

Result<Outcome, Failure> Installer::record_and_carry_out(Work& work) {
    if (options_.stop.stop_requested())
        return Unexpected{Failure{FailureKind::local, "changing", "the mail servers", "it was interrupted; nothing was changed", ""}};
    auto number = journal_.begin(work.installation, work.changes);
    if (!number) return forward_error(number);
    work.installation.number = *number;
    step("plan", "");
    return carry_out(work);
}

Result<Outcome, Failure> Installer::carry_out(Work& work) {
    if (auto put = put_all(work, true); !put) return roll_back(work, put.error());
    for (std::size_t i = 0; i < work.servers.size(); ++i) {
        if (auto told = tell_server(work.servers[i], work.runs[i]); !told) return roll_back(work, told.error());
    }
    Outcome outcome{Stage::installed, work.installation.number, {}, work.notes};
    const bool any = std::any_of(work.runs.begin(), work.runs.end(), [](bool runs) { return runs; });
    if (any) {
        auto proof = prove_all(work);
        if (!proof) return roll_back(work, proof.error());
        outcome.proof = std::move(*proof);
        if (options_.stop.stop_requested())
            return roll_back(
                work, Failure{FailureKind::local, "proving", "what was changed", "it was interrupted, and everything was put back", ""});
        if (!outcome.proof.proved) {
            return roll_back(work, Failure{FailureKind::protocol, "proving", "that the servers show the new certificate",
                                           outcome.proof.wrong.empty() ? "no port could be asked" : outcome.proof.wrong.front(), ""});
        }
    }
    if (work.before) {
        const auto after = judge(work);
        std::vector<std::string> worse = after ? worse_off(*work.before, *after) : std::vector<std::string>{};
        // What was foreseen was agreed to.
        if (work.predicted) {
            const auto foreseen = worse_off(*work.before, *work.predicted);
            std::erase_if(worse,
                          [&](const std::string& name) { return std::find(foreseen.begin(), foreseen.end(), name) != foreseen.end(); });
        }
        if (!worse.empty())
            return roll_back(work, Failure{FailureKind::protocol, "proving", "that no mail program is worse off",
                                           first_few(worse) + " say more than before", ""});
    }
    for (std::size_t i = 0; i < work.servers.size(); ++i) {
        if (!work.runs[i])
            outcome.notes.push_back(std::string(work.servers[i].server->title()) +
                                    " does not run: start it, then `truename certificate resume` proves the rest.");
    }
    outcome.stage = std::all_of(work.runs.begin(), work.runs.end(), [](bool runs) { return runs; }) ? Stage::installed : Stage::unproved;
    if (auto recorded = journal_.set_stage(work.installation.number, outcome.stage); !recorded) return forward_error(recorded);
    step("record", "");
    return outcome;
}

Result<Outcome, Failure> Installer::roll_back(Work& work, std::optional<Failure> why) {
    if (why && options_.tell) options_.tell("rolling back: " + to_sentence(*why));
    if (auto recorded = journal_.set_stage(work.installation.number, Stage::undoing); !recorded) return forward_error(recorded);
    const bool is_interrupted = options_.stop.stop_requested();
    options_.stop = {};  // what was begun is put back whatever the user has pressed since
    if (auto put = put_all(work, false); !put) {
        Failure failure = put.error();
        failure.next = "Mend that, then truename certificate undo puts everything back";
        return Unexpected{std::move(failure)};
    }
    const Stage end = why ? Stage::rolled_back : Stage::undone;
    Outcome outcome{end, work.installation.number, {}, work.notes, std::move(why), is_interrupted};
    const auto note = [&outcome](const Result<void, Failure>& done) {
        if (!done) outcome.notes.push_back("Every file is as it was, but: " + to_sentence(done.error()));
    };
    note(make_copies(work, false));
    // A server that cannot be told keeps none of the others from going back.
    for (std::size_t i = 0; i < work.servers.size(); ++i) note(tell_server(work.servers[i], work.runs[i]));
    auto proof = prove_all(work);
    if (!proof) return forward_error(proof);
    outcome.proof = std::move(*proof);
    if (auto recorded = journal_.set_stage(work.installation.number, end); !recorded) return forward_error(recorded);
    step("record", "");
    return outcome;
}

Result<std::int64_t, Failure> Installer::written_later(std::int64_t number, const std::string& path) {
    const auto list = journal_.installations();
    if (!list) return forward_error(list);
    for (auto each = list->rbegin(); each != list->rend() && each->number > number; ++each) {
        if (is_put_back(each->stage)) continue;
        const auto changes = journal_.changes(each->number);
        if (!changes) return forward_error(changes);
        if (std::any_of(changes->begin(), changes->end(), [&](const FileChange& change) { return change.path == path; }))
            return each->number;
    }
    return std::int64_t{0};
}

Result<Installer::Work, Failure> Installer::work_of(const Installation& installation, bool force) {
    Work work{{}, {}, {}, installation, {}};
    auto changes = journal_.changes(installation.number);
    if (!changes) return forward_error(changes);
    work.changes = std::move(*changes);
    for (const FileChange& change : work.changes) {
        const auto now = read_file_state(change.path);
        if (!now) return forward_error(now);
        if (force || same_state(*now, change.after) || same_state(*now, change.before)) continue;
        const auto later = written_later(installation.number, change.path);
        if (!later) return forward_error(later);
        const std::string object = "installation " + std::to_string(installation.number), path = printable(change.path);
        if (*later != 0) {
            return Unexpected{Failure{FailureKind::usage, "going back to the files of", object,
                                      "installation " + std::to_string(*later) + " has written " + path + " since",
                                      "Undo that one first: truename certificate undo " + std::to_string(*later)}};
        }
        return Unexpected{Failure{FailureKind::usage, "going back to the files of", object, path + " was changed since by somebody else",
                                  "--force overwrites it"}};
    }
    const auto servers = servers_of(installation);
    if (!servers) return forward_error(servers);
    for (const std::shared_ptr<const Server>& server : *servers) {
        const auto runs = server->is_running();
        if (!runs) return forward_error(runs);
        work.servers.push_back({server, {}});
        work.runs.push_back(*runs);
    }
    return work;
}

Result<Outcome, Failure> Installer::undo(const Installation& installation, bool force) {
    auto work = work_of(installation, force);
    if (!work) return forward_error(work);
    return roll_back(*work, std::nullopt);
}

Result<Outcome, Failure> Installer::resume(const Installation& installation, bool force) {
    auto work = work_of(installation, force);
    if (!work) return forward_error(work);
    if (installation.stage == Stage::undoing) return roll_back(*work, std::nullopt);
    return carry_out(*work);
}

}  // namespace truename::servers
