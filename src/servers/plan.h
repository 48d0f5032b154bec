#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "finding/failure.h"
#include "servers/journal.h"
#include "servers/offer.h"
#include "servers/place.h"
#include "servers/server.h"

namespace truename::servers {

/// One server with what its settings say now.
struct Surveyed {
    std::shared_ptr<const Server> server;
    Survey survey;
};

/// Asks each server whether its configuration is one and what it says.
Result<std::vector<Surveyed>, Failure> survey_all(const std::vector<std::shared_ptr<const Server>>& servers);

/// Whether one of them shows a certificate to anybody.
bool shows_anything(const std::vector<Surveyed>& servers);

/// What is to be done, with nothing done yet.
struct Plan {
    std::vector<FileChange> changes;    ///< each file once; those that are as they should be already are not in it
    bool by_name = false;               ///< as Installation::by_name
    std::vector<FileEdit> edits;        ///< of configurations and the tables that they name, in the order of writing; in `changes`, too
    std::vector<std::string> maps;      ///< as Installation::maps
    std::vector<std::string> names;     ///< the names under which the certificate must do, most important first
    std::vector<std::string> places;    ///< the destinations in words
    std::vector<std::string> files;     ///< and their files
    std::vector<std::string> warnings;  ///< sentences: what the new certificate lacks
};

/// Who is to be shown a certificate.
struct Audience {
    std::vector<std::string> names = {};  ///< what they type, most important first; none: as the certificate has it
    bool by_name = false;                 ///< only who asks for one of these names (SNI)
};

/// Decides which places take `credential`, and what their files will be. With names those places that are for one of them, or else the
/// one that is for everybody. Without, every place with a name of its own that the certificate covers, and the one for everybody when what
/// lies there now shares a name with it, cannot be read, or is this machine's own self-signed certificate. `by_name`: the places that are
/// for names of the certificate alone, and new ones for the names that have none.
///
/// A server's configuration is changed by as little as does it: for new places, and where its settings name no files, or its TLS is
/// switched off; then everybody is shown the certificate, and `by_name` counts for nothing. The changes are in an order in which everything
/// is there before something names it.
///
/// Fails with `input` when one server shows nothing yet and another does and `by_name`, when no place takes it (it is another name's), when
/// a place is such that nothing can be written, and where another program looks after the files.
Result<Plan, Failure> plan_installation(const std::vector<Surveyed>& servers, const Credential& credential, const Audience& audience);

/// What is to be done so that each server has that name; nothing where they have it. Sentences of what hangs on the names before are among
/// its warnings.
Result<Plan, Failure> plan_host_name(const std::vector<std::shared_ptr<const Server>>& servers, const std::string& name);

/// The private keys that lie in the places of these servers: a renewal may come without one.
std::vector<NamedKey> keys_in_places(const std::vector<Surveyed>& servers);

/// The certificates that lie behind the first in the places of these servers: a renewal may come without them.
std::vector<ByteString> issuers_in_places(const std::vector<Surveyed>& servers);

}  // namespace truename::servers
