#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "der/oid.h"
#include "finding/finding.h"
#include "x509/trust_settings.h"

namespace truename::conformance {

/// How strong the keys of a path must be, and the digests that its signatures are about.
struct Strength {
    unsigned rsa_bits = 0, curve_bits = 0, digest_bits = 0;
};

/// A chain and everything that a profile judges it by.
struct Trial {
    std::vector<ByteString> chain;                        ///< leaf first, as a server would send it
    std::vector<ByteString> anchors;                      ///< trusted as if a user had added them
    std::map<ByteString, x509::ExplicitTrust> said = {};  ///< of some anchors, about the purpose that is asked for
    std::string name;                                     ///< host or address; empty: none is compared
    std::vector<std::string> mailboxes = {};              ///< each must be among the leaf's
    Time at{};
    std::optional<std::vector<ByteString>> crls = {};
    std::vector<FindingId> ignored = {};          ///< what the case tells the library not to mind
    std::vector<FindingId> ignored_of_leaf = {};  ///< what nobody can mind of the server's certificate, since there is no handshake
    std::vector<FindingId> refused = {};          ///< what it tells the library not to bear
    Strength least = {};
    std::vector<der::Oid> usages = {};               ///< asked for instead of serverAuth: each certificate must allow one of them
    bool partial_chains = false;                     ///< any anchor may end a path, whatever the profile says
    std::optional<unsigned> max_intermediates = {};  ///< more of them, self-issued ones left out, are too many
};

struct Answer {
    bool accepted = false;
    std::vector<std::string> findings;  ///< what the profile minds, or why it cannot be judged
    std::vector<std::string> told;      ///< everything that is true of the path and a defect, with its field
};

/// What a program of that profile says. Whatever is not silence is no.
Answer judge(const Trial& trial, std::string_view profile);

/// Tells `watcher` of every trial from now on: of those that judge() is asked, and of those that a reader judges in its own way and shows.
void watch_trials(std::function<void(const Trial&)> watcher);
void show_trial(const Trial& trial);

/// Every certificate of a text with PEM blocks, in its order.
std::vector<ByteString> certificates_of(std::string_view pem);
/// Every CRL of it.
std::vector<ByteString> crls_of(std::string_view pem);

}  // namespace truename::conformance
