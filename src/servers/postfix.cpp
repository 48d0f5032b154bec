#include "servers/postfix.h"

#include <unistd.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.h"
#include "servers/command.h"
#include "servers/file_state.h"
#include "servers/postfix_config.h"
#include "servers/postfix_maps.h"
#include "servers/postfix_settings.h"
#include "servers/postfix_tables.h"
#include "servers/setting_words.h"
#include "servers/sni_name.h"

namespace truename::servers {

namespace {

/// The legacy names of files, one row a type of key; Postfix takes an unset key as lying with its certificate.
struct Legacy {
    std::string_view certificate, key;
};
constexpr Legacy kLegacy[] = {{"smtpd_tls_cert_file", "smtpd_tls_key_file"},
                              {"smtpd_tls_eccert_file", "smtpd_tls_eckey_file"},
                              {"smtpd_tls_dcert_file", "smtpd_tls_dkey_file"}};

probe::Port port_of(const PostfixListener& service, const PostfixValues& values) {
    using probe::Protocol;
    if (value_of(values, "smtpd_tls_wrappermode") == "yes") return {Protocol::submissions, service.port};
    const bool to_everybody = value_of(values, "smtpd_tls_security_level") != "encrypt";
    return {service.port == 25 || to_everybody ? Protocol::smtp : Protocol::submission, service.port};
}

/// Where a service can be asked from this machine. All addresses of one service lead to the same processes.
std::string address_of(const PostfixListener& service, const PostfixValues& values) {
    std::string host = service.host;
    if (host.empty()) {
        const std::vector<std::string> words = setting_words(value_of(values, "inet_interfaces"));
        host = words.empty() ? "all" : words.front();
    }
    if (host == "all" || host == "loopback-only" || host == "localhost" || host == "0.0.0.0") return "127.0.0.1";
    return host == "::" ? "::1" : host;
}

class Surveyor {
  public:
    /// The places of these files, new ones added.
    std::vector<std::size_t> places_of_chain(const std::vector<std::string>& files, const Place& like) {
        const auto pairs = pairs_of_chain_files(files);
        if (!pairs) {
            Place place = like;
            place.key_file = files.front();
            place.certificate_file = files.back();
            place.unwritable = pairs.error().reason;
            return {add(std::move(place))};
        }
        std::vector<std::size_t> numbers;
        for (const ChainPair& pair : *pairs) {
            Place place = like;
            place.key_file = pair.key_file;
            place.certificate_file = pair.certificate_file;
            place.pair = pair.certificate_number;
            if (pair.key_number != pair.certificate_number) place.unwritable = "keys and certificates are not in the same order in it";
            numbers.push_back(add(std::move(place)));
        }
        return numbers;
    }

    std::vector<std::size_t> default_places(const PostfixValues& values) {
        const std::vector<std::string> chain = setting_words(value_of(values, "smtpd_tls_chain_files"));
        if (!chain.empty() && chain.front() != "none") {
            Place like;
            like.setting = "smtpd_tls_chain_files";
            return places_of_chain(chain, like);
        }
        std::vector<std::size_t> numbers;
        for (const Legacy& legacy : kLegacy) {
            const std::string_view certificate = value_of(values, legacy.certificate), key = value_of(values, legacy.key);
            if (certificate.empty() || certificate == "none") continue;
            Place place;
            place.certificate_file = certificate;
            place.key_file = key.empty() ? certificate : key;
            place.setting = std::string(legacy.certificate) + (key.empty() ? "" : ", " + std::string(legacy.key));
            numbers.push_back(add(std::move(place)));
        }
        return numbers;
    }

    /// The names of the maps, each with its places.
    std::vector<std::pair<std::string, std::vector<std::size_t>>> named_places(const PostfixValues& values) {
        std::vector<std::pair<std::string, std::vector<std::size_t>>> named;
        for (const std::string& map : setting_words(value_of(values, "tls_server_sni_maps"))) {
            const MapName name = split_map(map);
            if (!is_compiled(name) && name.type != "texthash") {
                note("Names in " + printable(map) + " were not looked at: that kind of table cannot be read here.");
                continue;
            }
            const auto state = read_file_state(name.path);
            if (!state) {
                note(to_sentence(state.error()));
                continue;
            }
            for (const SniLine& line : read_sni_lines(state->bytes.view())) {
                if (line.files.empty()) continue;
                Place like;
                like.setting = "tls_server_sni_maps, " + line.name;
                like.map = is_compiled(name) ? map : "";
                like.names = {line.name};
                named.emplace_back(line.name, places_of_chain(line.files, like));
            }
        }
        return named;
    }

    void serve(const Listener& listener, const std::string& name, std::vector<std::size_t> places) {
        survey_.servings.push_back({listener, asked_as(name), std::move(places)});
    }
    void note(std::string text) {
        if (std::find(survey_.notes.begin(), survey_.notes.end(), text) == survey_.notes.end()) survey_.notes.push_back(std::move(text));
    }
    Survey take() { return std::move(survey_); }

  private:
    std::size_t add(Place place) {
        for (std::size_t i = 0; i < survey_.places.size(); ++i) {
            Place& known = survey_.places[i];
            if (known.certificate_file != place.certificate_file || known.key_file != place.key_file || known.pair != place.pair) continue;
            if (known.map != place.map) continue;
            if (place.names.empty()) known.names.clear();
            for (const std::string& name : place.names) {
                const bool there = std::find(known.names.begin(), known.names.end(), name) != known.names.end();
                if (!there && !known.names.empty()) known.names.push_back(name);
            }
            return i;
        }
        survey_.places.push_back(std::move(place));
        return survey_.places.size() - 1;
    }

    Survey survey_;
};

}  // namespace

std::vector<std::string> Postfix::other_instances() const {
    const auto output = run_successfully({"postconf", "-c", config_, "-h", "-x", "multi_instance_directories"}, kPostfixDeadline);
    return output ? setting_words(trim(output->out)) : std::vector<std::string>();
}

Result<Survey, Failure> Postfix::survey() const {
    const auto asked = ask_postconf(config_);
    if (!asked) return forward_error(asked);
    Surveyor surveyor;
    for (const PostfixListener& service : asked->services) {
        const PostfixValues own = effective(asked->values, service);
        const Listener listener{port_of(service, own), address_of(service, own)};
        const std::vector<std::size_t> places = surveyor.default_places(own);
        const auto named_places = surveyor.named_places(own);
        if (!speaks_tls(own)) {
            surveyor.note("Port " + std::to_string(service.port) + " of Postfix has TLS switched off.");
        } else if (places.empty()) {
            surveyor.note("Port " + std::to_string(service.port) + " of Postfix has no certificate in its settings.");
        } else {
            surveyor.serve(listener, "", places);
            for (const auto& [name, named] : named_places) surveyor.serve(listener, name, named);
        }
    }
    return surveyor.take();
}

Result<void, Failure> Postfix::validate() const {
    const auto failed = [&](std::string reason, std::string next) {
        return Unexpected{Failure{FailureKind::input, "reading the settings of", printable(config_), std::move(reason), std::move(next)}};
    };
    // postconf names file and line; postfix check, which looks further, tells that only to a terminal and the log.
    const auto read = run_command({"postconf", "-c", config_, "-n"}, kPostfixDeadline);
    if (!read) return forward_error(read);
    if (read->status != 0) return failed(last_line({read->status, "", read->err}), "");
    const auto checked = run_command({"postfix", "-c", config_, "check"}, kPostfixDeadline);
    if (!checked) return forward_error(checked);
    if (checked->status != 0) {
        return failed("postfix check says no",
                      ::geteuid() != 0 ? "Run it as root" : "postfix -c " + printable(config_) + " check says why, on a terminal");
    }
    return {};
}

Result<bool, Failure> Postfix::is_running() const {
    const auto output = run_command({"postfix", "-c", config_, "status"}, kPostfixDeadline);
    if (!output) return forward_error(output);
    return output->status == 0;
}

std::string Postfix::where_set(const Place& place) const {
    const auto main = read_postfix_main(config_ + "/main.cf", disk_files());
    if (!main) return {};
    const PostfixParameter* found = find_parameter(*main, place.setting.substr(0, place.setting.find(',')));
    return found == nullptr ? std::string() : main->path + " line " + std::to_string(found->line);
}

std::string Postfix::reload_command() const {
    return config_ == "/etc/postfix" ? "postfix reload" : "postfix -c " + config_ + " reload";
}

Result<void, Failure> Postfix::compile_map(const std::string& map) const {
    return make_copy(config_, map);
}

void Postfix::drop_map(const std::string& map) const {
    remove_copies(map);
}

Result<std::vector<FileEdit>, Failure> Postfix::edits_for_tls(const std::optional<Place>& place) const {
    std::vector<std::pair<std::string, std::string>> wanted;
    if (place) wanted.emplace_back("smtpd_tls_chain_files", place->key_file + ", " + place->certificate_file);
    const auto now = run_successfully({"postconf", "-c", config_, "-x", "smtpd_tls_security_level", "smtpd_use_tls", "smtpd_enforce_tls"},
                                      kPostfixDeadline);
    if (!now) return forward_error(now);
    if (!speaks_tls(read_postfix_values(now->out))) wanted.emplace_back("smtpd_tls_security_level", "may");
    return main_edits(config_, wanted);
}

namespace {

Unexpected<Failure> by_hand(std::string_view object, std::string reason) {
    return Unexpected{Failure{FailureKind::input, "adding a server name to", printable(object), std::move(reason), "Change it by hand"}};
}

}  // namespace

Result<PlaceEdits, Failure> Postfix::edits_for_place(const Place& place) const {
    const auto asked = ask_postconf(config_);
    if (!asked) return forward_error(asked);
    PlaceEdits made;
    std::vector<std::string> keys;
    for (const std::string& name : place.names) {
        keys.push_back(name.starts_with("*.") ? name.substr(1) : name);
        if (keys.back() != name)
            made.sentences.push_back("Postfix shows it under every name that ends in " + printable(keys.back()) +
                                     ", also under those with more labels, which it is not for.");
    }
    std::set<std::string> maps;
    bool has_none = false;
    for (const PostfixListener& service : asked->services) {
        const PostfixValues own = effective(asked->values, service);
        const std::string_view value = value_of(own, "tls_server_sni_maps");
        if (!speaks_tls(own)) continue;
        // A service whose own override is empty is to show everybody the same.
        if (trim(value).empty()) {
            has_none = has_none || !service.overrides.contains("tls_server_sni_maps");
            continue;
        }
        std::string table = table_for(value, keys);
        if (table.empty()) return by_hand(value, "that kind of table cannot be changed here");
        maps.insert(std::move(table));
    }
    if (!has_none && maps.empty()) return by_hand("tls_server_sni_maps", "master.cf has every service show everybody the same");
    if (has_none) {
        const auto type = run_successfully({"postconf", "-c", config_, "-h", "-x", "default_database_type"}, kPostfixDeadline);
        if (!type) return forward_error(type);
        const std::string map = std::string(trim(type->out)) + ":" + config_ + "/truename-sni";
        auto edits = main_edits(config_, {{"tls_server_sni_maps", map}});
        if (!edits) return forward_error(edits);
        made.edits = std::move(*edits);
        auto table = table_edit(map, place, keys, !maps.contains(map));
        if (!table) return forward_error(table);
        made.tables.push_back(std::move(*table));
        made.maps.push_back(map);
        maps.erase(map);
    }
    for (const std::string& map : maps) {
        auto table = table_edit(map, place, keys, false);
        if (!table) return forward_error(table);
        if (std::ranges::find(made.tables, table->file, &FileEdit::file) != made.tables.end()) continue;
        made.tables.push_back(std::move(*table));
        if (is_compiled(split_map(map))) made.maps.push_back(map);
    }
    return made;
}

Result<std::string, Failure> Postfix::host_name() const {
    const auto now = run_successfully({"postconf", "-c", config_, "-h", "-x", "myhostname"}, kPostfixDeadline);
    if (!now) return forward_error(now);
    return std::string(trim(now->out));
}

Result<std::vector<FileEdit>, Failure> Postfix::edits_for_host_name(const std::string& name) const {
    const auto now = host_name();
    if (!now) return forward_error(now);
    if (*now == name) return std::vector<FileEdit>();
    return main_edits(config_, {{"myhostname", name}});
}

Result<std::vector<std::string>, Failure> Postfix::hangs_on_host_name() const {
    std::vector<std::string> sentences;
    const auto destinations = run_successfully({"postconf", "-c", config_, "-h", "mydestination"}, kPostfixDeadline);
    if (!destinations) return forward_error(destinations);
    const auto now = host_name();
    if (!now) return forward_error(now);
    if (destinations->out.find("$myhostname") != std::string::npos || destinations->out.find("${myhostname") != std::string::npos)
        sentences.push_back("Mail to addresses at " + printable(*now) + " is then not for this machine any more, since mydestination has " +
                            "$myhostname: name " + printable(*now) + " there if such addresses are in use.");
    return sentences;
}

Result<void, Failure> Postfix::reload() const {
    const auto output = run_successfully({"postfix", "-c", config_, "reload"}, kPostfixDeadline);
    if (output) return {};
    Failure failure = output.error();
    // Its scripts speak to who sits at a terminal, and otherwise to the log alone (postlog(1)).
    if (failure.next.empty())
        failure.next = "Postfix writes the reason to its log: journalctl -t postfix/postfix-script, or the file that maillog_file names";
    return Unexpected{std::move(failure)};
}

}  // namespace truename::servers
