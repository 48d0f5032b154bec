// Must reach read_dovecot_config, find_setting, set_dovecot_setting, add_edit and unified_diff.
//
// The first line of an input is what to set: name, value (a file when it begins with <) and the name it is for, with tabs between. Behind
// it stands the main file, and others, each behind a line `== NAME`.
#include <fnmatch.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "fuzz/lines.h"
#include "fuzz/must.h"
#include "fuzz/text_mutator.h"
#include "servers/config_text.h"
#include "servers/diff.h"
#include "servers/dovecot_config.h"
#include "servers/dovecot_edit.h"
#include "servers/dovecot_line.h"
#include "tests/servers_unit/text_files.h"

namespace {

using namespace truename;
using namespace truename::servers;

const std::string kMain = "/m/dovecot.conf";
constexpr std::string_view kNames[] = {"", "a.test", "mail.a.test", "b.test"};

struct Wish {
    std::string name, local_name;
    DovecotValue value;
};

Wish read_wish(std::string_view line) {
    const auto words = split(line, '\t');
    const auto word = [&](std::size_t i) { return i < words.size() ? words[i] : std::string_view(); };
    const bool is_file = word(1).starts_with('<');
    return {std::string(word(0)), std::string(word(2)), {std::string(word(1).substr(is_file ? 1 : 0)), is_file}};
}

std::map<std::string, std::string> read_texts(std::string_view input) {
    std::map<std::string, std::string> texts;
    std::string path = kMain;
    while (true) {
        const std::size_t end = input.starts_with("== ") ? 0 : std::min(input.find("\n== "), input.size() - 1) + 1;
        texts[path] += input.substr(0, end);
        input.remove_prefix(end);
        const auto head = take_line(input);
        if (!head || texts.size() > 8) return texts;
        path = "/m/" + std::string(head->substr(3));
        if (input.empty()) return texts;
    }
}

/// What the settings say, and under which blocks; `but` is left out.
std::vector<std::string> told(const DovecotConfig& config, std::string_view but) {
    std::vector<std::string> result;
    for (const DovecotSetting& setting : config.settings) {
        if (setting.name == but) continue;
        const DovecotBlock& block = config.blocks[setting.block];
        result.push_back(setting.name + (setting.is_file ? "<" : "=") + setting.value + "\n" + block.type + block.name);
    }
    return result;
}

std::string effective(const DovecotConfig& config, std::string_view name, std::string_view local_name) {
    const DovecotSetting* found = find_setting(config, name, {.local_name = local_name});
    return found == nullptr ? "none" : (found->is_file ? "<" : "=") + found->value;
}

void check_places(const DovecotConfig& config) {
    must(!config.blocks.empty() && config.files.front().path == kMain, "there is a main file");
    for (const DovecotSetting& setting : config.settings) {
        const std::string& text = config.files[setting.file].text;
        must(setting.begin < setting.end && setting.end <= text.size(), "a setting has bytes");
        const DovecotLine line = read_dovecot_line(text, setting.begin);
        must(line.kind == DovecotLineKind::setting && line.next == setting.end, "which are its lines");
        must(line.key == setting.name && line.value == setting.value && line.is_file == setting.is_file, "and say it");
        must(static_cast<std::size_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(setting.begin), '\n')) + 1 ==
                 setting.line,
             "the line is counted");
        const DovecotBlock& block = config.blocks[setting.block];
        must(setting.block == 0 || block.file != setting.file || (block.begin < setting.begin && setting.end <= block.inside_end),
             "a setting lies in its block");
    }
    for (std::size_t i = 1; i < config.blocks.size(); ++i) {
        const DovecotBlock& block = config.blocks[i];
        must(block.outside < i && block.first <= i && block.begin < block.inside_end && block.inside_end < block.end, "a block is closed");
    }
}

void check_same(const DovecotConfig& config, const ConfigFiles& files) {
    std::size_t checked = 0;
    for (const DovecotSetting& setting : config.settings) {
        if (setting.block != 0 || find_setting(config, setting.name) != &setting || ++checked > 4) continue;
        must(config.files[setting.file].times > 0, "a file was read");
        const auto edit = set_dovecot_setting(config, files, setting.name, {setting.value, setting.is_file});
        if (edit && config.files[setting.file].times == 1) must(edit->old_bytes == edit->new_bytes, "what is so stays as it is");
    }
}

bool is_plain(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return is_alphanumeric(c) || c == '.' || c == '/'; });
}

/// There are wishes that nothing stands against.
bool is_easy(const DovecotConfig& config, const Wish& wish) {
    const bool has_form = wish.value.is_file ? is_plain(wish.value.text) : std::ranges::none_of(wish.value.text, is_control);
    if (!has_form || (wish.name != "ssl_cert" && wish.name != "ssl_key" && wish.name != "a")) return false;
    if (wish.local_name.empty()) return true;
    const auto is_its = [&](const DovecotBlock& block) { return equal_ignoring_ascii_case(block.name, wish.local_name); };
    const auto is_odd = [&](const DovecotBlock& block) { return !block.is_section && block.outside != 0; };
    const auto is_once = [&](const DovecotFile& file) { return file.times == 1; };
    return is_plain(wish.local_name) && contradicting(config, wish.name) == nullptr && std::ranges::none_of(config.blocks, is_its) &&
           std::ranges::none_of(config.blocks, is_odd) && std::ranges::all_of(config.files, is_once);
}

void check_finding(const DovecotConfig& config) {
    const DovecotFilter asked{.protocol = "imap", .local_name = "a.test", .local = "192.0.2.7", .remote = "2001:db8::1"};
    std::size_t checked = 0;
    for (const DovecotSetting& setting : config.settings) {
        if (config.blocks[setting.block].is_section || ++checked > 16) continue;
        const DovecotFilter filter = filter_of(config, setting.block);
        const DovecotSetting* found = find_setting(config, setting.name, asked);
        must(found == nullptr || found->name == setting.name, "a setting is found by its name");
        must(!applies(filter, asked) || (found != nullptr && !goes_before(filter, filter_of(config, found->block))),
             "nothing more special holds");
        const bool is_rival = found != nullptr && config.blocks[setting.block].first == config.blocks[found->block].first;
        must(!is_rival || &setting <= found, "the last of one filter decides");
    }
}

void check_edit(const DovecotConfig& config, const ConfigFiles& files, const Wish& wish) {
    const auto edit = set_dovecot_setting(config, files, wish.name, wish.value, wish.local_name);
    must(edit || !is_easy(config, wish), "an easy wish comes true");
    if (!edit) {
        must(!edit.error().reason.empty() && !edit.error().next.empty(), "a failure says why and what now");
        return;
    }
    const ConfigFiles edited = with_edits(files, {*edit});
    const auto after = read_dovecot_config(kMain, edited);
    must(after.has_value(), "what was edited can be read");
    const std::string value = (wish.value.is_file ? "<" : "=") + wish.value.text;
    must(effective(*after, wish.name, wish.local_name) == value, "and says what was wished");
    must(told(config, wish.name) == told(*after, wish.name), "all else is as before");
    for (const std::string_view name : kNames) {
        const bool is_meant =
            wish.local_name.empty() || equal_ignoring_ascii_case(name, wish.local_name) || wish.local_name.starts_with('*');
        must(is_meant || effective(config, wish.name, name) == effective(*after, wish.name, name), "nobody else gets it");
    }
    const auto again = set_dovecot_setting(*after, edited, wish.name, wish.value, wish.local_name);
    must(again && again->old_bytes == again->new_bytes, "once is enough");
    const std::string diff = unified_diff(edit->old_bytes, edit->new_bytes, "a", "b");
    must(diff.empty() == (edit->old_bytes == edit->new_bytes), "a diff shows that something changed");
    must(diff.empty() || diff.find("\n@@", diff.find("\n@@") + 3) == std::string::npos, "in one place");
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
    return seed % 2 == 0 ? LLVMFuzzerMutate(data, size, max) : mutate_text(data, size, max, seed / 2, 0);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 8192) return 0;
    std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto first = take_line(input);
    if (!first || input.empty()) return 0;
    const Wish wish = read_wish(*first);
    const ConfigFiles files = text_files(read_texts(input));
    const auto config = read_dovecot_config(kMain, files);
    if (!config) {
        must(!config.error().reason.empty() && config.error().object.starts_with('/'), "a failure says where and why");
        return 0;
    }
    check_places(*config);
    check_finding(*config);
    check_same(*config, files);
    check_edit(*config, files, wish);
    return 0;
}
