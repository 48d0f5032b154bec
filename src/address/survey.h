#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "address/dns_view.h"
#include "address/records.h"
#include "address/settings_fetch.h"
#include "address/told.h"
#include "base/clock.h"
#include "base/result.h"
#include "doctor/doctor.h"
#include "finding/failure.h"
#include "probe/probe.h"

namespace truename::address {

/// What is asked about an address.
struct Question {
    InternetAddress address;
    std::vector<std::string> addresses;  ///< that the name shall have; empty: those that it has
    std::vector<probe::Port> ports;      ///< of the name; empty: the usual ones
    bool has_files = false;              ///< files with settings are, or shall be, served
};

/// With what it is asked.
struct Surroundings {
    net::DnsClient* dns = nullptr;
    const doctor::Settings* mail = nullptr;  ///< the programs that judge what mail servers show
    const doctor::Settings* web = nullptr;   ///< and those that judge what web servers show
    const Clock* clock = nullptr;
    FetchOptions fetch = {};
    probe::Limits limits = {};
    std::stop_token stop = {};
    std::function<void(const std::string&)> tell = {};  ///< what is being done, a line each; may be empty
};

/// What programs meet where they are sent.
struct Meeting {
    probe::Port port;
    std::string host;
    bool is_web = false;
    std::vector<Told> told;                                        ///< who sends them there
    doctor::EndpointState state = doctor::EndpointState::refused;  ///< the worst of its addresses
    doctor::Outcome outcome = doctor::Outcome::not_judged;         ///< the worst of all programs
    std::string says;                ///< what one that is not silent shows, or why nothing was judged; not safe for a terminal
    std::vector<std::string> names;  ///< of the certificate that is shown
    std::string sha256;              ///< of that certificate; empty: none was shown
};

/// All that was found out.
struct Survey {
    Question question;
    DnsView dns;
    std::string unchecked_because;  ///< why DNSSEC was not checked; empty when it was
    std::vector<RecordCheck> records;
    std::vector<Meeting> meetings;
    /// As the exit codes of `check`: 0 all is set up; 1 a record is missing, or a program would warn; 2 one would refuse, is sent where
    /// nothing answers, or records are not what the zone has signed; 3 neither the DNS nor a server said anything.
    int exit = 3;
};

/// Asks the DNS, then the servers that it names, and says what is missing. Fails with `local`.
Result<Survey, Failure> survey(const Question& question, const Surroundings& surroundings);

/// The records that are missing and can be made at once by whoever has the zone, the optional ones only if they are wanted; those whose
/// data is not known yet are among them, and TLSA records, which have to change with each key, are not.
std::vector<Record> records_to_make(const Survey& survey, bool with_optional);

/// Whether the DNS said anything about the records.
bool is_told(const Survey& survey);

/// How many records of the zone are not yet as they have to be, or are not known because the DNS is silent.
std::size_t records_to_wait_for(const Survey& survey);

}  // namespace truename::address
