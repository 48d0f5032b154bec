#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace truename::servers {

/// A name that a pattern of a server's settings stands for: `*.example.com` and `.example.com` are asked for as `mail.example.com`.
std::string example_of(std::string_view pattern);

/// The same for asking: one that no certificate and no other entry has as it stands, `truename.example.com`.
std::string asked_as(std::string_view pattern);

/// Whether a pattern of a server's settings is for a name: itself, `*.example.com` one label more, `.example.com` any depth below.
bool stands_for(std::string_view pattern, std::string_view name);

/// Whether one of the patterns is.
bool any_stands_for(const std::vector<std::string>& patterns, std::string_view name);

}  // namespace truename::servers
