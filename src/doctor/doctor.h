#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "doctor/report.h"
#include "finding/failure.h"

namespace truename::probe {
struct Evidence;
}

namespace truename::doctor {

/// Which roots the clients have besides those that `added` names.
enum class TrustBase : std::uint8_t {
    own,     ///< each client's own list (this machine's bundle stands in where none is known)
    system,  ///< this machine's bundle for all
    none,    ///< nothing
};

/// A file as it was read, with the name to call it by in messages.
struct NamedFile {
    std::string name;
    ByteString bytes;
};

/// What an administrator chose on the command line, as plain values; `prepare` turns it into Settings.
struct Options {
    std::vector<std::string> clients;  ///< `usual`, `all`, ids with or without @version and /platform; empty means `usual`
    std::optional<Time> at;            ///< the judging time; nothing means when the evidence was taken
    TrustBase trust = TrustBase::own;
    std::vector<NamedFile> added_roots;     ///< PEM or DER of each `--trust FILE`
    std::optional<NamedFile> system_roots;  ///< this machine's bundle, PEM; nothing when there is none
    std::string lang = "en";                ///< the language of dialogs, where it is known
    std::vector<std::string> require;       ///< protocols that must be judged: `imaps`, `submission`
    bool deep = false;                      ///< more than one connection an endpoint was allowed: words of "not asked" depend on it
    bool brief = false;                     ///< no mends and no assumptions: for lists, where only the summary is written
    std::string data_folder;                ///< overrides the compiled-in data/; empty for none
};

/// Options with clients, roots and causes looked up: made once, then used for any number of targets, by one thread at a time.
class Settings {
  public:
    struct Impl;
    explicit Settings(std::unique_ptr<Impl> impl);
    Settings(Settings&&) noexcept;
    Settings& operator=(Settings&&) noexcept;
    ~Settings();

    [[nodiscard]] Impl& impl() const { return *impl_; }

  private:
    std::unique_ptr<Impl> impl_;
};

/// Looks everything up. Fails with `usage` for a client that does not exist (and says the nearest), with `input` for a root file that
/// holds no certificate or data that cannot be read.
Result<Settings, Failure> prepare(Options options);

/// Whether the issuer of `certificate` (DER) need not be fetched for anybody: a root of its name and key identifier, where both have one,
/// was added by `--trust` or is trusted at `at` by every client of `settings`. A root that only some have is worth fetching, since for the
/// others a cross-signed certificate of the same name may lead on. False when the certificate cannot be read. Not checked: the signature.
bool knows_issuer(Bytes certificate, Time at, const Settings& settings);

/// The roots at hand (DER) that may have issued `certificate`: of its issuer's name and key identifier, where both have one. None when it
/// cannot be read. Borrowed from `settings`. Not checked: the signature.
std::vector<Bytes> roots_for(Bytes certificate, const Settings& settings);

/// Judges what was seen. A pure function of both arguments (times of the evidence included), so a replay gives the same report.
Report examine(const probe::Evidence& evidence, const Settings& settings);

/// What a certificate authority makes of a request.
struct AsCa {
    bool sorts_names = false;  ///< puts the names in alphabetical order instead of keeping the request's
    unsigned days = 90;        ///< lifetime
    bool root_shipped = true;  ///< its root comes with the clients; else it counts as added by an administrator
};

/// Reads `--as-ca`: words separated by commas: `keeps`, `sorts`, `90d` (or `days=90`), `shipped`, `added`. Fails with `usage`.
Result<AsCa, Failure> parse_as_ca(std::string_view text);

/// What `truename predict` is asked.
struct PredictInput {
    std::vector<NamedFile> files;        ///< certificates (server's first; PEM or DER, one file or several) or one request
    std::string name;                    ///< the name that users type
    std::optional<AsCa> as_ca;           ///< for a request; nothing means the defaults of AsCa
    std::vector<NamedFile> issuers;      ///< `--issuer`: issuers that AIA would have given
    std::optional<NamedFile> ocsp;       ///< `--ocsp`: the response that the server would staple
    std::vector<NamedFile> crls;         ///< `--crl`: revocation lists; none: whether a certificate is revoked is not looked at
    Time now{};                          ///< the judging time when Options::at has none
    bool takes_first_as_signed = false;  ///< the first certificate is going to be signed by the second: its signature counts as right
};

/// Judges files as if a server sent exactly these bytes. Fails with `input` when they hold neither certificate nor request, or only keys,
/// and when `ocsp` is no OCSP response or one of `crls` no revocation list; with `usage` when these come with a request.
Result<Report, Failure> predict(const PredictInput& input, const Settings& settings);

/// A certificate or request file as an administrator reads it: names numbered in order, usages in plain words, days left at `now`.
/// Several certificates are shown in the order of the file. Fails with `input`. Colour never; lines end in \n.
Result<std::string, Failure> render_certificates(const NamedFile& file, Time now);

}  // namespace truename::doctor
