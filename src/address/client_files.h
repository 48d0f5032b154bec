#pragma once

#include <string>
#include <vector>

#include "address/survey.h"

namespace truename::address {

/// A file with settings that programs look for, and where a web server must have it.
struct ClientFile {
    std::string path;  ///< below the root of the web server: `.well-known/autoconfig/mail/config-v1.1.xml`
    std::string text;
    std::string served;  ///< how, in words that follow `to be served`
};

/// The files that let programs set up an account by its address alone: autoconfig, Autodiscover (the answer for POP3, IMAP and SMTP) and a
/// profile for the programs of Apple. They name the services that answered in the survey; none where nobody can both read and send.
std::vector<ClientFile> client_files(const Survey& survey);

}  // namespace truename::address
