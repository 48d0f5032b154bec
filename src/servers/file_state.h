#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/secret.h"
#include "finding/failure.h"

namespace truename::servers {

/// The largest file of a mail server that is read or kept here.
inline constexpr std::size_t kMaxServerFile = std::size_t{4} << 20;

/// All that is to be restored of a file. A private key may be in it, so it is cleared when it goes.
struct FileState {
    bool exists = false;
    std::optional<std::string> link;  ///< it is a symbolic link, to there; the rest is that of the file behind it
    crypto::Secret bytes;
    mode_t mode = 0600;
    uid_t owner = 0;
    gid_t group = 0;
};

/// Reads a file as it is now; one that is not there is a state, too. Fails with `local`, also for what is no regular file, and for one over
/// kMaxServerFile.
Result<FileState, Failure> read_file_state(const std::string& path);

/// `0640`.
std::string mode_in_words(mode_t mode);

/// Whether both are the same, the link too.
bool same_state(const FileState& a, const FileState& b);

/// A state that is to be at `path`, lying ready beside it.
class StagedFile {
  public:
    /// Writes it under another name, with owner and mode, and flushes it to the disk; what an earlier run left there is replaced. A state
    /// that does not exist needs nothing to lie ready. Fails with `local`, having left nothing behind.
    static Result<StagedFile, Failure> write(const std::string& path, const FileState& state);
    StagedFile(StagedFile&& other) noexcept;
    StagedFile& operator=(StagedFile&&) = delete;
    /// Takes away what was not put in place.
    ~StagedFile();

    /// Puts it in place, in one step and on the disk: before it all of the old can be seen at `path`, after it all of the new.
    Result<void, Failure> put_in_place();

  private:
    StagedFile(std::string path, bool removes) : path_(std::move(path)), removes_(removes) {}
    std::string path_;
    bool removes_ = false;
    bool waits_ = true;
};

/// Takes away what a run that was ended has left beside `path`.
void remove_leftover(const std::string& path);

}  // namespace truename::servers
