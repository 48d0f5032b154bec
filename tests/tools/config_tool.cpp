// config_tool: reads and edits configurations of mail servers for the tests. Where nothing else is said, what it prints is a line
// `NAME<tab>VALUE<tab>FILE:LINE` for each setting that decides. An edit is written into its file, and its diff printed.
//
//   config_tool dovecot FILE [lname=NAME] [local=ADDRESS] [protocol=NAME]      every setting outside of sections
//   config_tool dovecot-set FILE NAME VALUE [LOCAL_NAME]                       a VALUE that begins with < is a file
//   config_tool postfix MAIN_CF [as-it-stands]                                 every parameter, `$name` replaced or as it stands
//   config_tool postfix-set MAIN_CF NAME VALUE
//   config_tool master MASTER_CF                                               every override, NAME is SERVICE/TYPE/PARAMETER
//   config_tool master-set MASTER_CF SERVICE TYPE NAME VALUE
//   config_tool master-remove MASTER_CF SERVICE TYPE NAME
#include <cstdio>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "servers/diff.h"
#include "servers/dovecot_config.h"
#include "servers/dovecot_edit.h"
#include "servers/postfix_config.h"
#include "servers/postfix_edit.h"

namespace {

using namespace truename;
using namespace truename::servers;

using Words = std::vector<std::string>;

int stop(const Failure& failure) {
    std::fprintf(stderr, "config_tool: %s\n", to_sentence(failure).c_str());
    return 65;
}

void print(const std::string& name, const std::string& value, const std::string& file, std::size_t line) {
    std::printf("%s\t%s\t%s:%zu\n", name.c_str(), value.c_str(), file.c_str(), line);
}

int write(const Result<FileEdit, Failure>& edit) {
    if (!edit) return stop(edit.error());
    std::fputs(unified_diff(edit->old_bytes, edit->new_bytes, edit->file, edit->file).c_str(), stdout);
    if (edit->old_bytes == edit->new_bytes) return 0;
    std::ofstream stream(edit->file, std::ios::binary);
    stream << edit->new_bytes;
    return stream.good() ? 0 : 73;
}

int show_dovecot(const DovecotConfig& config, const Words& filters) {
    DovecotFilter asked;
    for (const std::string_view filter : filters) {
        const auto value = filter.substr(filter.find('=') + 1);
        (filter.starts_with("lname") ? asked.local_name : filter.starts_with("local") ? asked.local : asked.protocol) = value;
    }
    std::set<std::string_view> names;
    for (const DovecotSetting& setting : config.settings) {
        const DovecotSetting* found = names.insert(setting.name).second ? find_setting(config, setting.name, asked) : nullptr;
        if (found != nullptr) print(found->name, (found->is_file ? "<" : "") + found->value, config.files[found->file].path, found->line);
    }
    return 0;
}

int set_dovecot(const DovecotConfig& config, const ConfigFiles& files, const Words& words) {
    const bool is_file = words[1].starts_with('<');
    const DovecotValue value{words[1].substr(is_file ? 1 : 0), is_file};
    return write(set_dovecot_setting(config, files, words[0], value, words.size() > 2 ? words[2] : ""));
}

int show_postfix(const PostfixMain& main, bool as_it_stands) {
    for (const PostfixParameter& parameter : main.parameters) {
        if (find_parameter(main, parameter.name) != &parameter) continue;
        const auto value = as_it_stands ? std::nullopt : expand(main, parameter.value);
        print(parameter.name, value ? *value : parameter.value, main.path, parameter.line);
    }
    return 0;
}

int show_master(const PostfixMaster& master) {
    for (const PostfixService& service : master.services) {
        for (const PostfixOverride& override : service.overrides) {
            if (find_override(service, override.name) == &override)
                print(service.name + "/" + service.type + "/" + override.name, override.value, master.path, override.line);
        }
    }
    return 0;
}

int run(const std::string& command, const std::string& file, const Words& words) {
    const ConfigFiles files = disk_files();
    if (command.starts_with("dovecot")) {
        const auto config = read_dovecot_config(file, files);
        if (!config) return stop(config.error());
        return command == "dovecot" ? show_dovecot(*config, words) : set_dovecot(*config, files, words);
    }
    if (command.starts_with("postfix")) {
        const auto main = read_postfix_main(file, files);
        if (!main) return stop(main.error());
        return command == "postfix" ? show_postfix(*main, !words.empty()) : write(set_postfix_parameter(*main, words[0], words[1]));
    }
    const auto master = read_postfix_master(file, files);
    if (!master) return stop(master.error());
    if (command == "master") return show_master(*master);
    if (command == "master-set") return write(set_postfix_override(*master, words[0], words[1], words[2], words[3]));
    return write(remove_postfix_override(*master, words[0], words[1], words[2]));
}

}  // namespace

int main(int argc, char** argv) {
    const Words words(argv + 1, argv + argc);
    const std::string command = words.empty() ? "" : words[0];
    const std::size_t needed = command == "dovecot-set" || command == "postfix-set" ? 4
                               : command == "master-set"                            ? 6
                               : command == "master-remove"                         ? 5
                                                                                    : 2;
    if (words.size() < needed) {
        std::fprintf(stderr, "config_tool: see the top of its source\n");
        return 64;
    }
    return run(command, words[1], Words(words.begin() + 2, words.end()));
}
