#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "doctor/report.h"
#include "finding/failure.h"
#include "finding/finding.h"

namespace truename::doctor {

/// How the world differs once a mend is done; several may hold at once.
using Changes = std::uint16_t;
inline constexpr Changes kChangeNames = 1;      ///< the name that users type becomes the first one of the certificate
inline constexpr Changes kChangeValidity = 2;   ///< a fresh certificate of 90 days
inline constexpr Changes kChangeIssuer = 4;     ///< an authority that every client has
inline constexpr Changes kChangeKey = 8;        ///< RSA 2048, signed with SHA-256
inline constexpr Changes kChangeForm = 16;      ///< purposes and extensions as a server's certificate should have them
inline constexpr Changes kChangeChain = 32;     ///< everything is sent, in order
inline constexpr Changes kChangeRoot = 64;      ///< the clients are given the root
inline constexpr Changes kChangeTyped = 128;    ///< the user types the nearest name of the certificate
inline constexpr Changes kChangeFirst = 256;    ///< the user types the first name of the certificate
inline constexpr Changes kChangeAlone = 512;    ///< the name that users type becomes the only one of the certificate
inline constexpr Changes kChangeReload = 2048;  ///< where a certificate and its renewal are shown, the renewal alone is
inline constexpr Changes kChangeStaple = 1024;  ///< the server staples an OCSP response

/// Whose certificates a mend is for.
enum class Authority : std::uint8_t {
    any,
    own,     ///< of somebody's own: its root was added, is trusted by nobody, or the certificate is signed by itself
    others,  ///< of a public authority, or of one that is not known
};

/// For which names a mend is.
enum class MendedName : std::uint8_t {
    any,
    certifiable,  ///< what users type is a name that public authorities certify
    inner,        ///< it is one of an inner network
};

/// One row of data/causes/mends.toml. Texts hold placeholders, see `fill`.
struct MendRow {
    std::string_view id;
    Who who;
    std::string_view text;
    std::span<const std::string_view> steps;
    Changes change;  ///< 0: nothing that could be judged again
    Authority authority;
    MendedName name;
};

/// One row of data/causes/*.toml: which findings have one explanation.
struct CauseRow {
    std::string_view id;
    char letter;  ///< the kind, for the ids of a report: N names, T trust, C chain, V validity, K key, U usage, R revocation, X encoding, S
                  ///< TLS, M mail
    std::span<const FindingId> findings;  ///< may be empty where something else than a finding leads here (Verdict::barrier)
    std::span<const FindingId> explains;  ///< findings that have this cause where one of `findings` is true beside them, else another
    Who who;
    std::string_view headline;  ///< the second half of the report's first sentence
    std::string_view text;
    std::string_view others;              ///< why the other clients are silent; may be empty
    std::string_view shortcut;            ///< what the popular wrong mend costs; may be empty
    std::string_view assuming;            ///< not empty for a row that holds only under another assumption
    std::span<const std::uint8_t> mends;  ///< indexes into CauseTable::mends, best first
};

/// All rows of data/causes/, in the order of the files' names. Borrows them.
struct CauseTable {
    std::span<const CauseRow> causes;
    std::span<const MendRow> mends;
    std::array<std::string_view, 6> who;  ///< by Who: the report's first sentence, with `{headline}` in it

    /// The row that explains `id` under a report's own assumptions; nothing for an id that no cause names. `beside` is what else is true of
    /// the same chain or endpoint.
    [[nodiscard]] const CauseRow* cause_of(FindingId id, std::span<const FindingId> beside = {}) const;
    /// The row with that id; nothing when there is none.
    [[nodiscard]] const CauseRow* find(std::string_view id) const;
};

/// What was compiled in: no reading, lives for ever. It has a cause for every finding.
const CauseTable& compiled_causes();

/// The largest file of causes that is read.
inline constexpr std::size_t kMaxCauseFile = std::size_t{1} << 20;

/// Reads `folder`/causes/*.toml. Fails with `input` and file and line for the first thing that is wrong (an unknown key, finding, mend or
/// placeholder), with `local` for what cannot be read. Nothing (a null pointer) when `folder` has no causes/. Not checked: that every
/// finding has a cause.
Result<std::shared_ptr<const CauseTable>, Failure> load_causes(const std::string& folder);

/// Placeholder names and what stands for them.
using Values = std::vector<std::pair<std::string_view, std::string>>;

/// `text` with each `{name}` replaced. A part in round brackets whose value is empty or unknown is left out with its brackets.
std::string fill(std::string_view text, const Values& values);

/// The same for a line that somebody pastes into a shell: false when one of its values is empty or holds anything but letters, digits and
/// `.-_:,*` (a name in a certificate comes from outside); then `line` is not to be shown.
bool fill_step(std::string_view text, const Values& values, std::string& line);

}  // namespace truename::doctor
