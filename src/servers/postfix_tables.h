#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "finding/failure.h"
#include "probe/endpoint.h"

namespace truename::servers {

/// One service of master.cf that listens on the network and speaks SMTP with TLS.
struct PostfixListener {
    std::string id;    ///< `submission/inet`, as postconf -P has it
    std::string host;  ///< the address before the port; empty: inet_interfaces
    std::uint16_t port = 0;
    std::map<std::string, std::string, std::less<>> overrides;  ///< its `-o name=value`
};

/// Reads what `postconf -M` (services) and `postconf -P` (their overrides) print. What is no smtpd or postscreen is left out, as is what
/// cannot be read.
std::vector<PostfixListener> read_postfix_listeners(std::string_view services, std::string_view overrides);

/// Reads `name = value` lines as postconf prints them.
std::map<std::string, std::string, std::less<>> read_postfix_values(std::string_view text);

/// One line of a source of `tls_server_sni_maps`: a name and its files.
struct SniLine {
    std::string name;
    std::vector<std::string> files;
};

/// Reads the text of a table: `name file file`, lines that begin with a blank continue the one before.
std::vector<SniLine> read_sni_lines(std::string_view text);

/// The text of such a table where that line takes the place of those for its name, or is its last; everything else stays as it is. Nothing
/// where the table has no form for the name of a file.
std::optional<std::string> with_sni_line(std::string_view text, const SniLine& line);

/// A key with its certificates in a list of files as smtpd_tls_chain_files has it.
struct ChainPair {
    std::string key_file, certificate_file;
    unsigned key_number = 0, certificate_number = 0;  ///< which pair of each file
};

/// Which pairs a list of files holds: a key comes before its certificates. A list whose files hold nothing yet is taken as a key's file and
/// a chain's, one file as both. Fails with `input` for a list of which that cannot be told.
Result<std::vector<ChainPair>, Failure> pairs_of_chain_files(const std::vector<std::string>& files);

}  // namespace truename::servers
