#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "finding/failure.h"
#include "probe/endpoint.h"
#include "servers/config_files.h"
#include "servers/place.h"

namespace truename::servers {

/// A port that a mail server listens on, as its settings say.
struct Listener {
    probe::Port port;
    std::string address;  ///< where it can be asked from this machine: `127.0.0.1` for one that listens everywhere
};

/// Who asks there under which name is shown what lies in which places.
struct Serving {
    Listener listener;
    std::string name;                 ///< in the hello (SNI), a star of the settings filled in; empty: none
    std::vector<std::size_t> places;  ///< numbers in Survey::places: several where the server has keys of several types
};

/// What the effective settings of a server say about certificates.
struct Survey {
    std::vector<Place> places;
    std::vector<Serving> servings;   ///< none where TLS is switched off
    std::vector<std::string> notes;  ///< what could not be told, in sentences
};

/// What has to change in a configuration so that a server has a place more.
struct PlaceEdits {
    std::vector<FileEdit> tables = {};        ///< texts that configurations name, one entry a file: they have to be there first
    std::vector<FileEdit> edits = {};         ///< of configurations
    std::vector<std::string> maps = {};       ///< whose copies have to be made anew between the two (Place::map)
    std::vector<std::string> sentences = {};  ///< what else comes of it
};

/// One installation of a mail server on this machine. It is asked by its own programs, whose reading of its configuration is the only one
/// that counts; nothing here reads configuration files where the server can be asked.
///
/// Every function may fail with `local` (a program is missing), `timeout`, and with `protocol` when a program of the server says no.
class Server {
  public:
    virtual ~Server() = default;
    /// The word of `--server`: `dovecot`.
    [[nodiscard]] virtual std::string_view id() const = 0;
    /// The name for people: `Dovecot`.
    [[nodiscard]] virtual std::string_view title() const = 0;
    /// What make_server() was given.
    [[nodiscard]] virtual const std::string& config() const = 0;

    /// The folder in which its main file lies.
    [[nodiscard]] virtual std::string config_folder() const { return config(); }

    /// The folders of other instances of it that its configuration knows.
    [[nodiscard]] virtual std::vector<std::string> other_instances() const { return {}; }

    /// Where its certificates lie, and who is shown which.
    [[nodiscard]] virtual Result<Survey, Failure> survey() const = 0;
    /// Whether it would take its configuration as it is now. No server looks at whether key and certificate fit each other.
    [[nodiscard]] virtual Result<void, Failure> validate() const = 0;
    /// Whether it runs.
    [[nodiscard]] virtual Result<bool, Failure> is_running() const = 0;
    /// Where in its configuration the files of a place are named: `/etc/dovecot/conf.d/10-ssl.conf line 12`; empty where that is not found.
    [[nodiscard]] virtual std::string where_set(const Place& place) const = 0;
    /// The command that reload() runs, for people.
    [[nodiscard]] virtual std::string reload_command() const = 0;
    /// Makes the copy anew that it reads of the files of a map (Place::map), so that nobody else can read the keys in it. What is there
    /// stays until all of the new one is; fails where a name would be left out.
    [[nodiscard]] virtual Result<void, Failure> compile_map(const std::string& map) const = 0;
    /// Takes the copy of a map away that is no more: private keys are in it.
    virtual void drop_map(const std::string& map) const = 0;
    /// What has to change in its configuration so that it speaks TLS with what its settings name, or, where `place` is given because they
    /// name nothing, with that: one entry a file. The smallest change, and nothing is written. Fails with `input` where there is none.
    [[nodiscard]] virtual Result<std::vector<FileEdit>, Failure> edits_for_tls(const std::optional<Place>& place) const = 0;
    /// What has to change in its configuration so that who asks for one of `place.names` (SNI) is shown what lies in the files of `place`,
    /// and everybody else what they are shown now. The smallest change; fails with `input` where there is none.
    [[nodiscard]] virtual Result<PlaceEdits, Failure> edits_for_place(const Place& place) const = 0;
    /// The name by which it greets and signs what it writes, as it is set now; empty: it takes this machine's.
    [[nodiscard]] virtual Result<std::string, Failure> host_name() const = 0;
    /// What has to change in its configuration so that this is its name, as edits_for_tls().
    [[nodiscard]] virtual Result<std::vector<FileEdit>, Failure> edits_for_host_name(const std::string& name) const = 0;
    /// What else hangs on its name, in sentences: what its settings say that another name would change.
    [[nodiscard]] virtual Result<std::vector<std::string>, Failure> hangs_on_host_name() const = 0;
    /// Tells it to read its files again. Connections that are open go on. That it has come to nothing shows only on the wire.
    [[nodiscard]] virtual Result<void, Failure> reload() const = 0;
};

/// The words of `--server`, with blanks between them.
inline constexpr std::string_view kServers = "dovecot postfix";

/// The server of that word with the configuration in that folder (or file); an empty `config` is Debian's. Null for another word.
std::unique_ptr<Server> make_server(std::string_view id, std::string config);

/// The servers that this machine has where Debian puts them.
std::vector<std::unique_ptr<Server>> installed_servers();

}  // namespace truename::servers
