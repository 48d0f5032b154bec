#include "wizard/answer.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

#include "base/text.h"
#include "net/dns_client.h"
#include "servers/command.h"

namespace truename::wizard {

Result<std::string, std::string> choose(const Page& page, std::string_view text) {
    for (const Choice& choice : page.choices) {
        if (choice.value == text) return choice.value;
    }
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size() && number >= 1 && number <= page.choices.size())
        return page.choices[number - 1].value;
    if (page.takes_text && !text.empty()) return std::string(text);
    if (text.empty()) return Unexpected{std::string("Something has to be answered here.")};
    return Unexpected{"\"" + printable(text) + "\" is none of these."};
}

Result<std::string, std::string> readable_file(std::string_view text) {
    std::error_code error;
    const std::string path = std::filesystem::absolute(text, error).string();  // the command may be run from elsewhere
    if (::access(path.c_str(), R_OK) != 0) return Unexpected{printable(path) + " cannot be read: " + std::strerror(errno) + "."};
    if (std::filesystem::is_directory(path, error)) return Unexpected{printable(path) + " is a folder, and a file is wanted."};
    if (std::filesystem::is_empty(path, error)) return Unexpected{printable(path) + " is empty."};
    return path;
}

Result<std::string, std::string> runnable_program(std::string_view text) {
    std::error_code error;
    const bool is_path = text.find('/') != std::string_view::npos;
    std::string program = is_path ? std::filesystem::absolute(text, error).string() : std::string(text);
    if (servers::has_program(program)) return program;
    return Unexpected{printable(program) + " is no program that can be run."};
}

Result<std::string, std::string> name_server(std::string_view text) {
    if (net::parse_resolver(text)) return std::string(text);
    return Unexpected{"\"" + printable(text) + "\" is no address of a name server, such as 192.0.2.53 or 192.0.2.53:5353."};
}

Result<std::string, std::string> folder_path(std::string_view text) {
    if (!text.starts_with('/')) return Unexpected{std::string("The whole path of a folder is wanted, beginning with a slash.")};
    std::error_code error;
    if (std::filesystem::exists(text, error) && !std::filesystem::is_directory(text, error))
        return Unexpected{printable(text) + " is no folder."};
    return std::string(text);
}

Result<std::string, std::string> existing_folder(std::string_view text) {
    auto path = folder_path(text);
    std::error_code error;
    if (path && !std::filesystem::is_directory(*path, error)) return Unexpected{"There is no folder " + printable(*path) + "."};
    return path;
}

std::vector<Choice> yes_or_no(std::string yes, std::string no) {
    return {{"yes", std::move(yes)}, {"no", std::move(no)}};
}

}  // namespace truename::wizard
