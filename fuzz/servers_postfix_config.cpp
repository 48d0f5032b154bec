// Must reach read_postfix_main, expand, set_postfix_parameter, read_postfix_master, set_postfix_override and remove_postfix_override.
//
// The first line of an input is what to set: name and value with a tab between for main.cf, and behind two more tabs service and type for
// master.cf. The file stands behind it.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "fuzz/lines.h"
#include "fuzz/must.h"
#include "fuzz/text_mutator.h"
#include "servers/postfix_config.h"
#include "servers/postfix_edit.h"
#include "servers/postfix_line.h"
#include "tests/servers_unit/text_files.h"

namespace {

using namespace truename;
using namespace truename::servers;

const std::string kPath = "/m/file.cf";

ConfigFiles files_of(const std::string& text) {
    return text_files({{kPath, text}});
}

std::size_t line_of(std::string_view text, std::size_t at) {
    return static_cast<std::size_t>(std::ranges::count(text.substr(0, at), '\n')) + 1;
}

/// Comments stay, whatever is edited.
std::vector<std::string> comments(std::string_view text) {
    std::vector<std::string> result;
    for (const std::string_view line : split(text, '\n')) {
        if (trim(line).starts_with('#')) result.emplace_back(trim(line));
    }
    return result;
}

/// A text whose lines all end in CRLF still is one.
void check_line_ends(const FileEdit& edit) {
    const auto is_crlf = [](std::string_view text) {
        std::size_t at = text.find('\n');
        while (at != std::string_view::npos && at > 0 && text[at - 1] == '\r') at = text.find('\n', at + 1);
        return at == std::string_view::npos && text.find('\n') != std::string_view::npos;
    };
    must(!is_crlf(edit.old_bytes) || is_crlf(edit.new_bytes), "line ends stay");
}

/// Words that every form has room for.
bool is_plain(std::string_view name, std::string_view value) {
    const auto is_word = [](char c) { return is_alphanumeric(c) || c == '_' || c == '/'; };
    const auto all_plain = [&](std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_word); };
    return all_plain(name) && all_plain(value) && name.find('/') == std::string_view::npos;
}

void check_failure(const Failure& failure) {
    must(!failure.reason.empty() && failure.object.starts_with('/'), "a failure says where and why");
}

std::vector<std::string> others(const PostfixMain& main, std::string_view but) {
    std::vector<std::string> result;
    for (const PostfixParameter& parameter : main.parameters) {
        if (parameter.name != but) result.push_back(parameter.name + "=" + parameter.value);
    }
    return result;
}

void check_main_places(const PostfixMain& main) {
    for (const PostfixParameter& parameter : main.parameters) {
        must(!parameter.name.empty() && trim(parameter.value) == parameter.value, "a parameter has a name");
        must(line_of(main.text, parameter.begin) == parameter.line, "the line is counted");
        const PostfixLine line = read_postfix_line(main.text, parameter.begin);
        must(line.text.starts_with(parameter.name) && line.text.ends_with(parameter.value), "a parameter lies where it is said to");
        (void)expand(main, parameter.value);
    }
}

void check_main(const std::string& text, std::string_view name, std::string_view value) {
    const auto main = read_postfix_main(kPath, files_of(text));
    if (!main) return check_failure(main.error());
    check_main_places(*main);
    for (std::size_t i = 0; i < std::min<std::size_t>(main->parameters.size(), 4); ++i) {
        const PostfixParameter& parameter = main->parameters[i];
        if (find_parameter(*main, parameter.name) != &parameter) continue;
        const auto same = set_postfix_parameter(*main, parameter.name, parameter.value);
        must(!same || same->new_bytes == text, "what is so stays as it is");
    }
    const auto edit = set_postfix_parameter(*main, name, value);
    must(edit || !is_plain(name, value), "an easy wish comes true");
    if (!edit) return check_failure(edit.error());
    check_line_ends(*edit);
    const auto after = read_postfix_main(kPath, files_of(edit->new_bytes));
    must(edit->old_bytes == text && after.has_value(), "what was edited can be read");
    const PostfixParameter* found = find_parameter(*after, name);
    must(found != nullptr && found->value == value, "and says what was wished");
    must(others(*main, name) == others(*after, name), "all else is as before");
    must(comments(text) == comments(edit->new_bytes), "comments stay");
    const auto again = set_postfix_parameter(*after, name, value);
    must(again && again->old_bytes == again->new_bytes, "once is enough");
}

std::vector<std::string> others(const PostfixMaster& master, const PostfixService* but, std::string_view name) {
    std::vector<std::string> result;
    for (const PostfixService& service : master.services) {
        result.push_back(service.name + "/" + service.type + " " + service.command + " " + join(service.arguments, " "));
        for (const PostfixOverride& override : service.overrides) {
            if (&service != but || override.name != name) result.push_back(override.name + "=" + override.value);
        }
    }
    return result;
}

/// Whether a word of the service begins as a comment does. It can only stand behind another one in its line, which then cannot go.
bool has_hash_word(const PostfixMaster& master, const PostfixService& service) {
    const std::string line = read_postfix_line(master.text, service.begin).text;
    for (std::size_t at = line.find('#'); at != std::string::npos; at = line.find('#', at + 1)) {
        if (at > 0 && is_postfix_space(line[at - 1])) return true;
    }
    return false;
}

void check_removed(const PostfixMaster& master, const PostfixService& service, std::string_view name) {
    const auto edit = remove_postfix_override(master, service.name, service.type, name);
    must(edit || has_hash_word(master, service), "an override can be taken out");
    if (!edit) return check_failure(edit.error());
    const auto after = read_postfix_master(kPath, files_of(edit->new_bytes));
    must(after.has_value(), "and the rest be read");
    const PostfixService* left = find_service(*after, service.name, service.type);
    must(left != nullptr && find_override(*left, name) == nullptr, "it is gone");
    must(others(master, &service, name) == others(*after, left, name), "and nothing else");
    must(comments(master.text) == comments(edit->new_bytes), "comments stay");
    must(find_override(service, name) != nullptr || edit->new_bytes == master.text, "without one nothing changes");
}

void check_master(const std::string& text, std::string_view name, std::string_view value, std::string_view service, std::string_view type) {
    const auto master = read_postfix_master(kPath, files_of(text));
    if (!master) return check_failure(master.error());
    for (const PostfixService& one : master->services) {
        must(line_of(text, one.begin) == one.line, "the line is counted");
        for (const PostfixOverride& override : one.overrides) must(override.line >= one.line, "an override stands in its service");
    }
    const PostfixService* before = find_service(*master, service, type);
    const auto edit = set_postfix_override(*master, service, type, name, value);
    must(edit || before == nullptr || !is_plain(name, value) || has_hash_word(*master, *before), "an easy wish comes true");
    if (before != nullptr) check_removed(*master, *before, name);
    if (!edit) return check_failure(edit.error());
    must(before != nullptr, "only a service can have an override");
    check_line_ends(*edit);
    const auto after = read_postfix_master(kPath, files_of(edit->new_bytes));
    must(after.has_value(), "what was edited can be read");
    const PostfixService* changed = find_service(*after, service, type);
    const PostfixOverride* found = changed == nullptr ? nullptr : find_override(*changed, name);
    must(found != nullptr && found->value == value, "and says what was wished");
    must(others(*master, before, name) == others(*after, changed, name), "all else is as before");
    must(comments(text) == comments(edit->new_bytes), "comments stay");
    const auto again = set_postfix_override(*after, service, type, name, value);
    must(again && again->old_bytes == again->new_bytes, "once is enough");
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
    return seed % 2 == 0 ? LLVMFuzzerMutate(data, size, max) : mutate_text(data, size, max, seed / 2, 0);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 8192) return 0;
    std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto first = take_line(input);
    if (!first) return 0;
    const auto words = split(*first, '\t');
    const auto word = [&](std::size_t i) { return i < words.size() ? words[i] : std::string_view(); };
    if (words.size() < 3) {
        check_main(std::string(input), word(0), word(1));
    } else {
        check_master(std::string(input), word(0), word(1), word(2), word(3));
    }
    return 0;
}
