#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "doctor/doctor.h"
#include "finding/failure.h"
#include "servers/journal.h"
#include "servers/offer.h"
#include "servers/plan.h"
#include "servers/wire.h"

namespace truename::servers {

/// What an Installer needs besides what it is asked for.
struct InstallerOptions {
    const Clock* clock = nullptr;
    const doctor::Settings* settings = nullptr;  ///< how verdicts before and after are made
    std::stop_token stop;
    Patience patience;
    std::function<void(const std::string&)> tell;                          ///< each step, in a sentence; may be empty
    std::function<void(std::size_t done, std::size_t all)> progress = {};  ///< of one round of asking; may be empty
    std::function<void(std::string_view)> at_step = {};  ///< called behind each step (write, rename, ...): where a test build ends itself
};

/// Where a credential comes from.
struct Origin {
    std::string word;        ///< Installation::origin
    std::string store = {};  ///< Installation::store
};

/// How an installation, an undoing or a resuming went.
struct Outcome {
    Stage stage = Stage::installed;
    std::int64_t number = 0;
    Proof proof;
    std::vector<std::string> notes;
    std::optional<Failure> failure = {};  ///< why it was rolled back: `stage` is rolled_back, and `proof` is that of what was there before
    bool is_interrupted = false;          ///< because somebody wanted it to stop
};

/// Puts certificates into mail servers so that whatever happens on the way, all of the old or all of the new is there in the end.
///
/// All is recorded first; then every new file is written beside the old one and flushed (write, fsync), each takes its place (rename),
/// copies are made anew (postmap), the servers are told (reload) and asked on the wire until they show nothing else (probe); then that is
/// recorded (record). When a step fails, a port does not come back, or a mail program would say more than before, all is put back, and that
/// is proved, too. A program that ended on the way is followed by resume() or undo().
class Installer {
  public:
    Installer(Journal& journal, InstallerOptions options) : journal_(journal), options_(std::move(options)) {}

    /// Fails with `input` before anything was touched when a mail program would say more to the new certificate than to what it sees now,
    /// unless `force`; with `local` when nothing could be recorded or written. Everything later is an Outcome.
    Result<Outcome, Failure> install(const std::vector<Surveyed>& servers, Plan plan, const Credential& credential, const Origin& origin,
                                     bool force);
    /// Carries out a plan that puts no certificate anywhere: files of configurations change, and the servers must show what they showed
    /// before. Fails with `usage` when an installation was broken off, with `local` when nothing could be recorded or written. Everything
    /// later is an Outcome.
    Result<Outcome, Failure> configure(const std::vector<Surveyed>& servers, Plan plan, const Origin& origin);
    /// Puts back what an installation changed. Fails with `usage` when the files are not as it left them, unless `force`.
    Result<Outcome, Failure> undo(const Installation& installation, bool force);
    /// Goes on with one that was broken off: forward, and back where that does not work. Fails as undo().
    Result<Outcome, Failure> resume(const Installation& installation, bool force);

  private:
    struct Work;
    /// What every installation begins with: who runs, what nothing listens on.
    Result<Work, Failure> begin_work(const std::vector<Surveyed>& servers, Plan plan, const Origin& origin);
    /// Records what is about to be done, and does it.
    Result<Outcome, Failure> record_and_carry_out(Work& work);
    Result<void, Failure> put_files(std::span<const FileChange> changes, bool forward);
    /// Everything is there before a configuration names it, and is named no more before it goes.
    Result<void, Failure> put_all(const Work& work, bool forward);
    Result<void, Failure> make_copies(const Work& work, bool forward);
    Result<void, Failure> tell_server(const Surveyed& surveyed, bool runs);
    Result<Proof, Failure> prove_all(Work& work);
    Result<Proof, Failure> prove_once(Work& work);
    /// Takes ports that answer now from those that nothing listened on.
    Result<void, Failure> forget_dead_that_live(Work& work);
    /// The number of the newest later installation that has written that file and is not undone; 0: none has.
    Result<std::int64_t, Failure> written_later(std::int64_t number, const std::string& path);
    /// From the writing of files to the record, and back when something goes wrong.
    Result<Outcome, Failure> carry_out(Work& work);
    Result<Outcome, Failure> roll_back(Work& work, std::optional<Failure> why);
    Result<Work, Failure> work_of(const Installation& installation, bool force);
    [[nodiscard]] std::optional<doctor::Report> judge(const Work& work) const;
    [[nodiscard]] Asking asking() const { return {.clock = options_.clock, .stop = options_.stop, .progress = options_.progress}; }
    void step(std::string_view name, const std::string& sentence) const;

    Journal& journal_;
    InstallerOptions options_;
};

/// The servers that an installation changed. Fails with `input` when this version does not know one of them.
Result<std::vector<std::shared_ptr<const Server>>, Failure> servers_of(const Installation& installation);

}  // namespace truename::servers
