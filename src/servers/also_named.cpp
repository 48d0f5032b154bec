#include "servers/also_named.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"

namespace truename::servers {

namespace {

/// The file without links in its path; as it stands where nothing is there.
std::string real_path(const std::string& path) {
    std::error_code error;
    const auto real = std::filesystem::weakly_canonical(path, error);
    return error ? path : real.string();
}

/// The same with links on the way alone followed: a link of that name stays one.
std::string as_named(const std::string& path) {
    const std::filesystem::path whole(path);
    return real_path(whole.parent_path().string()) + "/" + whole.filename().string();
}

bool becomes_file(const Plan& plan, const std::string& file) {
    return std::any_of(plan.changes.begin(), plan.changes.end(),
                       [&](const FileChange& change) { return change.path == file && change.before.link; });
}

void add_once(std::vector<std::string>& files, const std::string& file) {
    if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(file);
}

}  // namespace

std::vector<std::shared_ptr<const Server>> servers_beside(const std::vector<Surveyed>& chosen) {
    std::vector<std::shared_ptr<const Server>> all;
    for (auto& server : installed_servers()) all.push_back(std::move(server));
    for (const Surveyed& each : chosen) all.push_back(each.server);
    for (std::size_t i = 0, first = all.size(); i < first; ++i) {
        for (std::string& config : all[i]->other_instances()) all.push_back(make_server(all[i]->id(), std::move(config)));
    }
    std::vector<std::shared_ptr<const Server>> beside;
    const auto is_same = [](const Server& a, const Server& b) {
        return a.id() == b.id() && real_path(a.config_folder()) == real_path(b.config_folder());
    };
    for (const auto& server : all) {
        const bool known =
            std::any_of(chosen.begin(), chosen.end(), [&](const Surveyed& each) { return is_same(*each.server, *server); }) ||
            std::any_of(beside.begin(), beside.end(), [&](const auto& each) { return is_same(*each, *server); });
        if (!known) beside.push_back(server);
    }
    return beside;
}

std::vector<AlsoNamed> also_named(const Plan& plan, const std::vector<Surveyed>& others) {
    std::vector<std::string> files;
    for (const std::string& file : plan.files) {
        files.push_back(as_named(file));
        if (!becomes_file(plan, file)) files.push_back(real_path(file));
    }
    const auto is_meant = [&](const std::string& path) {
        return std::find(files.begin(), files.end(), as_named(path)) != files.end() ||
               std::find(files.begin(), files.end(), real_path(path)) != files.end();
    };
    std::vector<AlsoNamed> found;
    for (const Surveyed& other : others) {
        AlsoNamed also{std::string(other.server->id()), std::string(other.server->title()), other.server->config(), {}, {}, {}, {}};
        for (const Place& place : other.survey.places) {
            if (!is_meant(place.certificate_file) && !is_meant(place.key_file)) continue;
            if (also.files.empty()) {
                also.setting = place.setting;
                also.set_in = other.server->where_set(place);
                also.reload = other.server->reload_command();
            }
            for (const std::string& file : {place.certificate_file, place.key_file}) {
                if (is_meant(file)) add_once(also.files, file);
            }
        }
        if (!also.files.empty()) found.push_back(std::move(also));
    }
    return found;
}

std::string to_sentence(const AlsoNamed& also) {
    return also.title + " (" + printable(also.setting) + (also.set_in.empty() ? "" : " of " + printable(also.set_in)) + ") reads " +
           printable(join(also.files, " and ")) + " too, and is not told: it must read them again (" + printable(also.reload) +
           "), or be named as well, to be proved with the others: --server " + also.server + " --config " + printable(also.config) + ".";
}

std::string instance_left_alone(const Server& server) {
    return std::string(server.title()) + " has an instance in " + printable(server.config()) + ", which is left alone: --server " +
           std::string(server.id()) + " --config " + printable(server.config()) + " names it.";
}

}  // namespace truename::servers
