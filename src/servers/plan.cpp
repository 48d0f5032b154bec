#include "servers/plan.h"

#include <unistd.h>

#include <algorithm>

#include "base/text.h"
#include "servers/chooser.h"
#include "servers/offer.h"
#include "servers/pem_text.h"
#include "servers/sni_name.h"

namespace truename::servers {

namespace {

Unexpected<Failure> refused(std::string object, std::string reason, std::string next = {}) {
    return Unexpected{Failure{FailureKind::input, "installing the certificate in", std::move(object), std::move(reason), std::move(next)}};
}

/// What an edit does to its file.
Result<FileChange, Failure> change_of(const FileEdit& edit) {
    auto before = read_file_state(edit.file);
    if (!before) return forward_error(before);
    FileState after;
    after.exists = true;
    after.bytes = crypto::Secret(edit.new_bytes);
    after.mode = before->mode;
    after.owner = before->exists ? before->owner : ::geteuid();
    after.group = before->exists ? before->group : ::getegid();
    return FileChange{edit.file, std::move(*before), std::move(after)};
}

/// Makes the changes of files, each file once.
class Changes {
  public:
    explicit Changes(const Credential& credential) : credential_(credential) {}

    Result<void, Failure> add(const Place& place) {
        const auto link = read_file_state(place.certificate_file);
        if (!link) return forward_error(link);
        // certbot's own way of renewing ends where a link of its live folder becomes a file.
        const bool is_certbots = link->link && link->link->find("../archive/") != std::string::npos;
        if (holds_it(place, is_certbots)) return {};
        if (is_certbots) {
            return refused(printable(place.certificate_file),
                           "certbot looks after this file (it is a link to " + printable(*link->link) + ")",
                           "Renew it with certbot, whose deploy hook calls truename; or give the server files of its own");
        }
        if (auto done = add(place, place.certificate_file); !done) return done;
        if (place.key_file == place.certificate_file) return {};
        return add(place, place.key_file);
    }
    /// A file of a configuration.
    Result<void, Failure> add(const FileEdit& edit) {
        auto change = change_of(edit);
        if (!change) return forward_error(change);
        changes_.push_back(std::move(*change));
        return {};
    }
    std::vector<FileChange> take() {
        std::erase_if(changes_, [](const FileChange& change) { return same_state(change.before, change.after); });
        return std::move(changes_);
    }

  private:
    /// Whether the place has this certificate with its key already, closed to others; the chain behind it counts where it is ours to write.
    [[nodiscard]] bool holds_it(const Place& place, bool any_chain) const {
        const PairOnDisk pair = read_pair(place);
        if (!pair.fits() || pair.chain.front() != credential_.chain.front()) return false;
        const auto key = read_file_state(place.key_file);
        return any_chain || (pair.chain == credential_.chain && key && (key->mode & 07U) == 0);
    }
    Result<void, Failure> add(const Place& place, const std::string& file) {
        const bool holds_key = file == place.key_file;
        const auto known = std::find_if(changes_.begin(), changes_.end(), [&](const FileChange& change) { return change.path == file; });
        if (known != changes_.end()) {
            known->after.bytes = with_credential(place, file, known->after.bytes.view(), credential_);
            if (holds_key) known->after.mode &= 07770U;
            return {};
        }
        auto before = read_file_state(file);
        if (!before) return forward_error(before);
        FileState after;
        after.exists = true;
        after.bytes = with_credential(place, file, before->bytes.view(), credential_);
        const bool anew = !before->exists || before->link;
        after.mode = anew ? (holds_key ? 0600 : 0644) : before->mode;
        if (holds_key || has_key(before->bytes.view())) after.mode &= 07770U;  // private keys are nobody else's
        after.owner = anew ? ::geteuid() : before->owner;
        after.group = anew ? ::getegid() : before->group;
        changes_.push_back({file, std::move(*before), std::move(after)});
        return {};
    }
    static bool has_key(std::string_view text) {
        const auto spans = pem_spans(text);
        return std::any_of(spans.begin(), spans.end(), [](const PemSpan& span) { return span.kind == PemSpan::Kind::private_key; });
    }

    const Credential& credential_;
    std::vector<FileChange> changes_;
};

std::string place_in_words(const Surveyed& surveyed, const Place& place) {
    std::string text = std::string(surveyed.server->title()) + " (" + place.setting + "): " + printable(place.certificate_file);
    if (place.key_file != place.certificate_file) text += ", " + printable(place.key_file);
    return text;
}

/// Says which names the certificate in a place has and the new one has not.
void add_lost_names(const PairOnDisk& pair, const std::vector<std::string>& own, Plan& plan) {
    if (pair.chain.empty() || is_stopgap(pair)) return;
    std::vector<std::string> lost = host_names(pair.chain.front());
    std::erase_if(lost, [&](const std::string& name) { return covers(own, example_of(name)); });
    if (lost.empty()) return;
    std::string text = "The new certificate is not for " + first_few(lost) + ", which the present one has.";
    if (std::find(plan.warnings.begin(), plan.warnings.end(), text) == plan.warnings.end()) plan.warnings.push_back(std::move(text));
}

/// Puts the names that clients come to now before those that the new certificate begins with: some programs look at the first alone.
void prefer_names_in_use(const Place& place, const PairOnDisk& pair, const std::vector<std::string>& own, std::vector<std::string>& names) {
    std::vector<std::string> in_use = place.names;
    if (in_use.empty() && !pair.chain.empty()) in_use = host_names(pair.chain.front());
    std::erase_if(in_use, [&](const std::string& name) { return !covers(own, example_of(name)); });
    for (auto name = in_use.rbegin(); name != in_use.rend(); ++name) {
        std::erase(names, example_of(*name));
        names.insert(names.begin(), example_of(*name));
    }
}

/// Where the files go of a server whose settings name none.
Place place_to_create(const Server& server) {
    Place place;
    place.certificate_file = server.config_folder() + "/truename-chain.pem";
    place.key_file = server.config_folder() + "/truename-key.pem";
    place.setting = "new in its configuration";
    return place;
}

/// Where they go for names that have no place yet: beside the files of all other places.
Place place_to_create(const Surveyed& surveyed, std::vector<std::string> names) {
    std::string word = names.front();
    std::ranges::replace(word, '*', '_');
    Place place;
    for (unsigned number = 1; place.key_file.empty(); ++number) {
        const std::string stem = surveyed.server->config_folder() + "/truename-" + word + (number > 1 ? "-" + std::to_string(number) : "");
        const bool is_taken = std::ranges::any_of(surveyed.survey.places, [&](const Place& other) {
            return other.key_file.starts_with(stem + "-key.pem") || other.certificate_file.starts_with(stem + "-chain.pem");
        });
        if (is_taken) continue;
        place.certificate_file = stem + "-chain.pem";
        place.key_file = stem + "-key.pem";
    }
    place.setting = "new, for " + first_few(names) + " alone";
    place.names = std::move(names);
    return place;
}

void add_map(const Server& server, const std::string& map, Plan& plan) {
    std::string entry = std::string(server.id()) + " " + map;
    if (std::ranges::find(plan.maps, entry) == plan.maps.end()) plan.maps.push_back(std::move(entry));
}

Result<void, Failure> add_place(const Surveyed& surveyed, const Place& place, Changes& changes, Plan& plan) {
    if (!place.unwritable.empty()) return refused(place_in_words(surveyed, place), place.unwritable);
    if (auto added = changes.add(place); !added) return added;
    plan.places.push_back(place_in_words(surveyed, place));
    plan.files.insert(plan.files.end(), {place.certificate_file, place.key_file});
    if (!place.map.empty()) add_map(*surveyed.server, place.map, plan);
    return {};
}

/// Why no place of any server takes the certificate.
Failure no_place(const std::vector<Surveyed>& servers, const std::vector<std::string>& own) {
    std::string object;
    for (const Surveyed& surveyed : servers) object += (object.empty() ? "" : " and ") + std::string(surveyed.server->title());
    return {FailureKind::input, "installing the certificate in", object,
            "it is for " + first_few(own) + ", and what is there now is for other names",
            "If it is to take its place all the same, name what users type: --name " + (own.empty() ? "NAME" : printable(own.front()))};
}

}  // namespace

Result<std::vector<Surveyed>, Failure> survey_all(const std::vector<std::shared_ptr<const Server>>& servers) {
    std::vector<Surveyed> list;
    for (const auto& server : servers) {
        if (auto valid = server->validate(); !valid) return Unexpected{valid.error()};
        auto survey = server->survey();
        if (!survey) return forward_error(survey);
        list.push_back({server, std::move(*survey)});
    }
    return list;
}

namespace {

/// What one server takes: places that are there, and one to be made with the edits that make it.
struct Taking {
    std::vector<std::size_t> numbers;
    std::optional<Place> created;
    PlaceEdits making;
};

Result<Taking, Failure> taking_of(const Surveyed& surveyed, const Chooser& chooser, const Audience& audience,
                                  const std::vector<std::string>& own) {
    Taking taking;
    if (audience.by_name) {
        if (surveyed.survey.servings.empty())
            return refused(std::string(surveyed.server->title()), "it shows nobody a certificate yet, and so nobody another one",
                           "Install one for everybody there first, without --sni");
        std::vector<std::string> missing;
        std::vector<std::string> names = audience.names.empty() ? own : audience.names;
        std::ranges::transform(names, names.begin(), ascii_lower);  // as servers look them up
        taking.numbers = chooser.by_name(names, missing);
        if (missing.empty()) return taking;
        taking.created = place_to_create(surveyed, std::move(missing));
        auto making = surveyed.server->edits_for_place(*taking.created);
        if (!making) return forward_error(making);
        taking.making = std::move(*making);
        return taking;
    }
    taking.numbers = audience.names.empty() ? chooser.for_certificate() : chooser.for_names(audience.names);
    if (surveyed.survey.places.empty()) taking.created = place_to_create(*surveyed.server);
    if ((taking.numbers.empty() && !taking.created) || !surveyed.survey.servings.empty()) return taking;
    auto edits = surveyed.server->edits_for_tls(taking.created);
    if (!edits) return forward_error(edits);
    taking.making.edits = std::move(*edits);
    return taking;
}

/// The names that a certificate must do for: those that are wanted, or its own.
std::vector<std::string> names_to_do_for(const Audience& audience, const std::vector<std::string>& own) {
    std::vector<std::string> names = audience.names;
    for (const std::string& name : own) {
        if (audience.names.empty() && std::ranges::find(names, example_of(name)) == names.end()) names.push_back(example_of(name));
    }
    return names;
}

/// Sentences on files of which a private key becomes nobody else's.
void add_tightened(Plan& plan) {
    for (const FileChange& change : plan.changes) {
        const mode_t before = change.before.mode, after = change.after.mode;
        if (!change.before.exists || change.before.link || before == after) continue;
        plan.warnings.push_back("Everybody on this machine can get at the private key in " + printable(change.path) + " (mode " +
                                mode_in_words(before) + "): its mode becomes " + mode_in_words(after) + ".");
    }
}

}  // namespace

bool shows_anything(const std::vector<Surveyed>& servers) {
    return std::ranges::any_of(servers, [](const Surveyed& each) { return !each.survey.servings.empty(); });
}

Result<Plan, Failure> plan_installation(const std::vector<Surveyed>& servers, const Credential& credential, const Audience& wanted) {
    const Audience audience{wanted.names, wanted.by_name && shows_anything(servers)};
    Plan plan;
    plan.by_name = audience.by_name;
    std::vector<FileEdit> configurations;
    const std::vector<std::string> own = host_names(credential.chain.front());
    plan.names = names_to_do_for(audience, own);
    Changes changes(credential);
    for (const Surveyed& surveyed : servers) {
        const Survey& survey = surveyed.survey;
        const Chooser chooser(survey, credential);
        auto taking = taking_of(surveyed, chooser, audience, own);
        if (!taking) return forward_error(taking);
        std::vector<Place> places;
        if (taking->created) places = {*taking->created};
        for (const std::size_t number : taking->numbers) {
            places.push_back(survey.places[number]);
            add_lost_names(chooser.pair(number), own, plan);
        }
        // Each puts its own in front, and the first is the place for everybody, where there is one.
        for (auto number = taking->numbers.rbegin(); audience.names.empty() && number != taking->numbers.rend(); ++number)
            prefer_names_in_use(survey.places[*number], chooser.pair(*number), own, plan.names);
        for (const Place& place : places) {
            if (auto added = add_place(surveyed, place, changes, plan); !added) return forward_error(added);
        }
        const PlaceEdits& making = taking->making;
        plan.edits.insert(plan.edits.end(), making.tables.begin(), making.tables.end());
        configurations.insert(configurations.end(), making.edits.begin(), making.edits.end());
        plan.warnings.insert(plan.warnings.end(), making.sentences.begin(), making.sentences.end());
        for (const std::string& map : making.maps) add_map(*surveyed.server, map, plan);
    }
    plan.edits.insert(plan.edits.end(), configurations.begin(), configurations.end());
    for (const FileEdit& edit : plan.edits) {
        if (auto added = changes.add(edit); !added) return forward_error(added);
    }
    if (plan.places.empty()) return Unexpected{no_place(servers, own)};
    plan.changes = changes.take();
    add_tightened(plan);
    return plan;
}

Result<Plan, Failure> plan_host_name(const std::vector<std::shared_ptr<const Server>>& servers, const std::string& name) {
    Plan plan;
    plan.names = {name};
    for (const std::shared_ptr<const Server>& server : servers) {
        const auto edits = server->edits_for_host_name(name);
        if (!edits) return forward_error(edits);
        if (edits->empty()) continue;
        auto sentences = server->hangs_on_host_name();
        if (!sentences) return forward_error(sentences);
        plan.warnings.insert(plan.warnings.end(), sentences->begin(), sentences->end());
        for (const FileEdit& edit : *edits) {
            auto change = change_of(edit);
            if (!change) return forward_error(change);
            plan.changes.push_back(std::move(*change));
            plan.edits.push_back(edit);
        }
    }
    return plan;
}

std::vector<NamedKey> keys_in_places(const std::vector<Surveyed>& servers) {
    std::vector<NamedKey> keys;
    for (const Surveyed& surveyed : servers) {
        for (const Place& place : surveyed.survey.places) {
            if (auto key = read_key(place)) keys.push_back({std::move(*key), place.key_file});
        }
    }
    return keys;
}

std::vector<ByteString> issuers_in_places(const std::vector<Surveyed>& servers) {
    std::vector<ByteString> issuers;
    for (const Surveyed& surveyed : servers) {
        for (const Place& place : surveyed.survey.places) {
            const PairOnDisk pair = read_pair(place);
            for (std::size_t i = 1; i < pair.chain.size(); ++i) issuers.push_back(pair.chain[i]);
        }
    }
    return issuers;
}

}  // namespace truename::servers
