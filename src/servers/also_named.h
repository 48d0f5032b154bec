#pragma once

#include <string>
#include <vector>

#include "servers/plan.h"
#include "servers/server.h"

namespace truename::servers {

/// Another server of this machine whose settings name files that an installation is about.
struct AlsoNamed {
    std::string server, title, config;  ///< as Server has them
    std::string setting;                ///< that names them
    std::string set_in;                 ///< where that stands; empty: not known
    std::string reload;                 ///< the command with which it would read them
    std::vector<std::string> files;
};

/// The servers that this machine has, each instance of one by itself, without `chosen`.
std::vector<std::shared_ptr<const Server>> servers_beside(const std::vector<Surveyed>& chosen);

/// Those of `others` whose settings name files of the plan's places, links followed.
std::vector<AlsoNamed> also_named(const Plan& plan, const std::vector<Surveyed>& others);

/// What that means and what to do, in a sentence or two.
std::string to_sentence(const AlsoNamed& also);

/// That this instance is left alone, and how it is named.
std::string instance_left_alone(const Server& server);

}  // namespace truename::servers
