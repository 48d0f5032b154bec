#include "servers/dovecot.h"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "base/text.h"
#include "servers/command.h"
#include "servers/doveconf.h"
#include "servers/dovecot_config.h"
#include "servers/dovecot_edit.h"
#include "servers/permission.h"
#include "servers/setting_words.h"
#include "servers/sni_name.h"

namespace truename::servers {

namespace {

using probe::Protocol;

constexpr std::chrono::seconds kDeadline{20};

/// A service of Dovecot that speaks TLS, and what its ports speak.
struct Service {
    std::string_view name, protocol;
    Protocol plain, tls;
};
constexpr Service kServices[] = {
    {"imap-login", "imap", Protocol::imap, Protocol::imaps},
    {"pop3-login", "pop3", Protocol::pop3, Protocol::pop3s},
    {"submission-login", "submission", Protocol::submission, Protocol::submissions},
    {"managesieve-login", "sieve", Protocol::sieve, Protocol::tls},
};

Failure failure(FailureKind kind, const std::string& file, std::string reason, std::string next) {
    return {kind, "reading the settings of", printable(file), std::move(reason), std::move(next)};
}

/// Every name of a `local_name` block, and every address of a `local` block, wherever they stand.
void collect(const DoveconfBlock& block, std::set<std::string>& names, std::set<std::string>& addresses) {
    for (const DoveconfBlock& each : block.blocks) {
        if (each.type == "local_name") {
            for (std::string& name : setting_words(each.argument)) names.insert(ascii_lower(name));
        }
        if (each.type == "local" && each.argument.find('/') == std::string::npos) addresses.insert(each.argument);
        collect(each, names, addresses);
    }
}

/// Whether some protocol has settings of TLS of its own, so that each is to be asked for.
bool differs_by_protocol(const DoveconfBlock& block, bool in_protocol = false) {
    const bool differs = in_protocol && std::any_of(block.settings.begin(), block.settings.end(),
                                                    [](const auto& setting) { return setting.first.starts_with("ssl"); });
    return differs || std::any_of(block.blocks.begin(), block.blocks.end(), [&](const DoveconfBlock& each) {
               return differs_by_protocol(each, in_protocol || each.type == "protocol");
           });
}

/// Where one can ask what listens at `address`: `*` and `::` are everywhere.
std::string reachable(const std::string& address) {
    if (address == "*" || address == "0.0.0.0") return "127.0.0.1";
    if (address == "::" || address == "[::]") return "::1";
    return address;
}

/// The ports of a service that are on, at every address.
std::vector<Listener> listeners_of(const DoveconfBlock& block, const Service& service, const std::vector<std::string>& everywhere) {
    std::vector<Listener> listeners;
    for (const DoveconfBlock& each : block.blocks) {
        if (each.type != "inet_listener") continue;
        const std::string_view text = each.value("port");
        std::uint16_t port = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
        // One that wants the PROXY protocol does not talk to us.
        if (error != std::errc{} || port == 0 || each.value("haproxy") == "yes") continue;
        const Protocol protocol = each.value("ssl") == "yes" ? service.tls : service.plain;
        std::vector<std::string> addresses = setting_words(each.value("address"));
        if (addresses.empty()) addresses = everywhere;
        // One address is enough: all lead to the same processes. Those with settings of their own are added later.
        if (!addresses.empty()) listeners.push_back({{protocol, port}, reachable(addresses.front())});
    }
    return listeners;
}

/// `</path` to the path; nothing for a value that names no file.
std::optional<std::string> file_of(std::string_view value, const std::string& folder) {
    if (!value.starts_with('<')) return std::nullopt;
    const std::string path(trim(value.substr(1)));
    if (path.empty()) return std::nullopt;
    return path.starts_with('/') ? path : folder + "/" + path;
}

/// What of the settings counts for one name, one protocol and one address.
struct Filter {
    std::string name, protocol, address;
};

using Values = std::map<std::string, std::string, std::less<>>;

constexpr const char* kSettings[] = {"ssl", "ssl_cert", "ssl_key", "ssl_alt_cert", "ssl_alt_key"};

/// The names whose settings stand in one block each that nothing else could override, with these settings: doveconf has said already what
/// it would say to them, and takes 60 ms to say it again. None where anything but names decides.
std::map<std::string, Values> plain_names(const DoveconfBlock& whole) {
    std::map<std::string, Values> names;
    std::vector<std::string> patterns;
    for (const DoveconfBlock& block : whole.blocks) {
        if (block.type == "local" || block.type == "remote") return {};
        if (block.type != "local_name") continue;
        for (const std::string& pattern : setting_words(block.argument)) {
            patterns.push_back(ascii_lower(pattern));
            if (pattern != patterns.back() || !block.blocks.empty()) continue;
            Values& values = names[pattern];
            for (const char* setting : kSettings) values[setting] = whole.value(setting);
            for (const auto& [setting, value] : block.settings) {
                if (values.contains(setting)) values[setting] = value;
            }
        }
    }
    std::erase_if(names, [&](const auto& name) {
        const auto is_for = [&](const std::string& pattern) { return stands_for(pattern, name.first); };
        return name.first.find('*') != std::string::npos || std::count_if(patterns.begin(), patterns.end(), is_for) != 1;
    });
    return names;
}

/// Builds a survey; asks doveconf once a filter.
class Surveyor {
  public:
    Surveyor(const std::string& file, std::string folder, const DoveconfBlock& whole)
        : file_(file), folder_(std::move(folder)), by_protocol_(differs_by_protocol(whole)) {
        if (!by_protocol_) plain_ = plain_names(whole);
    }

    Result<void, Failure> add(const Listener& listener, const std::string& name, const Filter& filter) {
        auto values = ask(filter);
        if (!values) return forward_error(values);
        Serving serving{listener, asked_as(name), {}};
        for (const std::string_view kind : {"ssl", "ssl_alt"}) {
            const std::string certificate = std::string(kind) + "_cert", key = std::string(kind) + "_key";
            if (values->at(certificate).empty() && values->at(key).empty()) continue;
            serving.places.push_back(place(certificate, values->at(certificate), key, values->at(key), name));
        }
        if (values->at("ssl") == "no") {
            note("Dovecot has TLS switched off for " + filter.protocol + " (ssl = no).");
        } else if (!serving.places.empty()) {
            survey_.servings.push_back(std::move(serving));
        }
        return {};
    }
    void note(std::string text) {
        if (std::find(survey_.notes.begin(), survey_.notes.end(), text) == survey_.notes.end()) survey_.notes.push_back(std::move(text));
    }
    Survey take() { return std::move(survey_); }

  private:
    Result<Values, Failure> ask(const Filter& filter) {
        if (const auto plain = plain_.find(filter.name); plain != plain_.end()) return plain->second;
        const std::vector<std::string> names(std::begin(kSettings), std::end(kSettings));
        // -P shows the name of the key's file instead of hiding it; the file is not read.
        std::vector<std::string> command = {"doveconf", "-c", file_, "-P", "-h"};
        if (by_protocol_) command.insert(command.end(), {"-f", "protocol=" + filter.protocol});
        if (!filter.name.empty()) command.insert(command.end(), {"-f", "lname=" + asked_as(filter.name)});
        if (!filter.address.empty()) command.insert(command.end(), {"-f", "local=" + filter.address});
        command.insert(command.end(), names.begin(), names.end());
        const std::string key = join(command, "\n");
        if (const auto known = known_.find(key); known != known_.end()) return known->second;
        const auto output = run_successfully(command, kDeadline);
        if (!output) return forward_error(output);
        const auto lines = split(output->out, '\n');
        if (lines.size() < names.size()) return Unexpected{failure(FailureKind::protocol, file_, "doveconf left settings out", "")};
        Values values;
        for (std::size_t i = 0; i < names.size(); ++i) values[names[i]] = trim(lines[i]);
        return known_[key] = std::move(values);
    }

    /// The number of the place with these files.
    std::size_t place(const std::string& certificate, const std::string& certificate_value, const std::string& key,
                      const std::string& key_value, const std::string& name) {
        Place place;
        place.setting = certificate + ", " + key;
        const auto certificate_file = file_of(certificate_value, folder_), key_file = file_of(key_value, folder_);
        if (certificate_file) place.certificate_file = *certificate_file;
        if (key_file) place.key_file = *key_file;
        if (!certificate_file || !key_file)
            place.unwritable = (certificate_file ? key : certificate) + " names no file: its value must be < and a path";
        for (std::size_t i = 0; i < survey_.places.size(); ++i) {
            Place& known = survey_.places[i];
            if (known.certificate_file != place.certificate_file || known.key_file != place.key_file) continue;
            if (known.unwritable != place.unwritable) continue;
            merge_name(known, name);
            return i;
        }
        if (!name.empty()) place.names = {name};
        survey_.places.push_back(std::move(place));
        return survey_.places.size() - 1;
    }
    /// A place that everybody is shown stays one.
    static void merge_name(Place& place, const std::string& name) {
        if (place.names.empty()) return;
        if (name.empty()) return place.names.clear();
        if (std::find(place.names.begin(), place.names.end(), name) == place.names.end()) place.names.push_back(name);
    }

    std::string file_, folder_;
    bool by_protocol_;
    std::map<std::string, Values> plain_;
    Survey survey_;
    std::map<std::string, Values> known_;
};

}  // namespace

Dovecot::Dovecot(std::string config) : config_(std::move(config)) {
    struct stat about {};
    const bool is_file = ::stat(config_.c_str(), &about) == 0 && S_ISREG(about.st_mode);
    constexpr std::string_view kUsual = "/dovecot.conf";
    file_ = is_file ? config_ : config_ + std::string(kUsual);
    if (is_file && config_.ends_with(kUsual)) config_.resize(config_.size() - kUsual.size());  // one instance, one name
}

Result<Survey, Failure> Dovecot::survey() const {
    // -P shows the names of keys' files; what else of it is secret goes no further than this function.
    const auto output = run_successfully({"doveconf", "-c", file_, "-a", "-P"}, kDeadline);
    if (!output) return forward_error(output);
    if (!output->out.starts_with("# 2.3.")) {
        return Unexpected{failure(FailureKind::input, file_,
                                  "this is no Dovecot 2.3 (its first line: " + printable(output->out.substr(0, 60)) + ")",
                                  "Other versions have other settings and are left alone")};
    }
    const DoveconfBlock whole = read_doveconf(output->out);
    std::set<std::string> names{""}, addresses;
    collect(whole, names, addresses);
    const std::vector<std::string> on = setting_words(whole.value("protocols")), everywhere = setting_words(whole.value("listen"));
    Surveyor surveyor(file_, config_folder(), whole);
    for (const Service& service : kServices) {
        if (std::find(on.begin(), on.end(), service.protocol) == on.end()) continue;
        for (const DoveconfBlock& block : whole.blocks) {
            if (block.type != "service" || block.argument != service.name) continue;
            for (const Listener& listener : listeners_of(block, service, everywhere)) {
                for (const std::string& name : names) {
                    if (auto added = surveyor.add(listener, name, {name, std::string(service.protocol), ""}); !added)
                        return forward_error(added);
                }
                for (const std::string& address : addresses) {
                    if (address == listener.address) continue;
                    const Listener there{listener.port, address};
                    if (auto added = surveyor.add(there, "", {"", std::string(service.protocol), address}); !added)
                        return forward_error(added);
                }
            }
        }
    }
    if (std::find(on.begin(), on.end(), "lmtp") != on.end()) surveyor.note("LMTP is not asked.");
    return surveyor.take();
}

Result<void, Failure> Dovecot::validate() const {
    // -x reads the files that settings name, as a start does.
    const auto output = run_command({"doveconf", "-c", file_, "-n", "-x"}, kDeadline);
    if (!output) return forward_error(output);
    if (output->status != 0)
        return Unexpected{failure(FailureKind::input, file_, last_line({output->status, "", output->err}), root_needed(output->err))};
    return {};
}

Result<bool, Failure> Dovecot::is_running() const {
    const auto output = run_command({"doveadm", "-c", file_, "service", "status", "config"}, kDeadline);
    if (!output) return forward_error(output);
    return output->status == 0;
}

std::string Dovecot::where_set(const Place& place) const {
    const auto config = read_dovecot_config(file_, disk_files());
    if (!config) return {};
    const std::string setting = place.setting.substr(0, place.setting.find(','));
    const std::string name = place.names.empty() ? std::string() : asked_as(place.names.front());
    DovecotFilter asked;
    asked.local_name = name;
    const DovecotSetting* found = find_setting(*config, setting, asked);
    return found == nullptr ? std::string() : config->files[found->file].path + " line " + std::to_string(found->line);
}

std::string Dovecot::reload_command() const {
    return config_ == "/etc/dovecot" ? "doveadm reload" : "doveadm -c " + file_ + " reload";
}

Result<void, Failure> Dovecot::compile_map(const std::string& /*map*/) const {
    return {};  // it has none
}

void Dovecot::drop_map(const std::string& /*map*/) const {}

namespace {

using Wanted = std::vector<std::pair<std::string, DovecotValue>>;

/// Adds the edits that make these settings hold for `local_name` (empty: for everybody), each made on top of those before it.
Result<void, Failure> add_edits(std::vector<FileEdit>& edits, const std::string& file, const Wanted& wanted,
                                const std::string& local_name = {}) {
    for (const auto& [name, value] : wanted) {
        const ConfigFiles files = with_edits(disk_files(), edits);
        const auto config = read_dovecot_config(file, files);
        if (!config) return forward_error(config);
        auto edit = set_dovecot_setting(*config, files, name, value, local_name);
        if (!edit) return forward_error(edit);
        add_edit(edits, std::move(*edit));
    }
    return {};
}

Result<std::vector<FileEdit>, Failure> edits_for(const std::string& file, const Wanted& wanted) {
    std::vector<FileEdit> edits;
    if (auto added = add_edits(edits, file, wanted); !added) return forward_error(added);
    return edits;
}

}  // namespace

Result<std::vector<FileEdit>, Failure> Dovecot::edits_for_tls(const std::optional<Place>& place) const {
    Wanted wanted;
    if (place) wanted = {{"ssl_cert", {place->certificate_file, true}}, {"ssl_key", {place->key_file, true}}};
    const auto now = run_successfully({"doveconf", "-c", file_, "-h", "ssl"}, kDeadline);
    if (!now) return forward_error(now);
    if (trim(now->out) == "no") wanted.push_back({"ssl", {"yes", false}});
    return edits_for(file_, wanted);
}

Result<PlaceEdits, Failure> Dovecot::edits_for_place(const Place& place) const {
    PlaceEdits made;
    for (const std::string& name : place.names) {
        Wanted wanted = {{"ssl_cert", {place.certificate_file, true}}, {"ssl_key", {place.key_file, true}}};
        // What is shown under the name now beside that, for another type of key, would go on.
        const auto now = run_successfully(
            {"doveconf", "-c", file_, "-P", "-h", "-f", "lname=" + asked_as(name), "ssl_alt_cert", "ssl_alt_key"}, kDeadline);
        if (!now) return forward_error(now);
        if (!trim(now->out).empty()) wanted.insert(wanted.end(), {{"ssl_alt_cert", {"", false}}, {"ssl_alt_key", {"", false}}});
        if (auto added = add_edits(made.edits, file_, wanted, name); !added) return forward_error(added);
    }
    return made;
}

Result<std::string, Failure> Dovecot::host_name() const {
    const auto now = run_successfully({"doveconf", "-c", file_, "-h", "hostname"}, kDeadline);
    if (!now) return forward_error(now);
    return std::string(trim(now->out));
}

Result<std::vector<FileEdit>, Failure> Dovecot::edits_for_host_name(const std::string& name) const {
    const auto now = host_name();
    if (!now) return forward_error(now);
    if (*now == name) return std::vector<FileEdit>();
    return edits_for(file_, {{"hostname", {name, false}}});
}

Result<std::vector<std::string>, Failure> Dovecot::hangs_on_host_name() const {
    return std::vector<std::string>();  // it only writes it
}

Result<void, Failure> Dovecot::reload() const {
    const auto output = run_successfully({"doveadm", "-c", file_, "reload"}, kDeadline);
    if (!output) return forward_error(output);
    return {};
}

}  // namespace truename::servers
