#include "servers/dovecot_edit.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "servers/config_text.h"
#include "servers/dovecot_line.h"

namespace truename::servers {
namespace {

/// What is to be written into one file.
struct Draft {
    std::size_t file = 0;
    std::vector<Change> changes;
};

bool is_plain_word(std::string_view text) {
    return !text.empty() && std::ranges::none_of(text, [](char c) {
        return is_control(c) || std::string_view(" \"'#={}\\").find(c) != std::string_view::npos;
    });
}

/// The value as it stands behind `=`; nothing when Dovecot's syntax has no form for it.
std::optional<std::string> written(const DovecotValue& value) {
    const std::string& text = value.text;
    if (std::ranges::any_of(text, is_control)) return std::nullopt;
    const bool is_special = text.find_first_of("#\"'") != std::string::npos || text.ends_with('\\') || trim(text) != text;
    if (value.is_file) return is_special || text.empty() ? std::nullopt : std::optional("<" + text);
    if (!is_special && !text.starts_with('<')) return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

/// The word that settings of one matter begin with: `ssl_`.
std::string_view family_of(std::string_view name) {
    const std::size_t end = name.find('_');
    return end == std::string_view::npos ? std::string_view() : name.substr(0, end + 1);
}

/// Finds the place for one setting.
class Placer {
  public:
    Placer(const DovecotConfig& config, std::string_view name, const DovecotValue& value, std::string written)
        : config_(config), name_(name), value_(value), written_(std::move(written)) {}

    [[nodiscard]] Draft for_everybody() const {
        const DovecotSetting* old = last_in(0);
        if (old != nullptr) return may_edit(old->file) ? in_place_of(*old) : at_the_end({assignment("")});
        if (const DovecotHint* hint = hint_in(0)) return lines_at(hint->file, hint->end, {assignment(indent(hint->file, hint->begin))});
        const DovecotSetting* relative = nullptr;
        for (const DovecotSetting& setting : config_.settings) {
            const bool is_relative = setting.block == 0 && !family_of(name_).empty() && setting.name.starts_with(family_of(name_));
            if (is_relative && may_edit(setting.file)) relative = &setting;
        }
        if (relative == nullptr) return at_the_end({assignment("")});
        return lines_at(relative->file, relative->end, {assignment(indent(relative->file, relative->begin))});
    }

    [[nodiscard]] Draft for_name(std::string_view local_name) const {
        const DovecotBlock* own = nullptr;  // the last block of just this name that may be edited
        const DovecotBlock* any = nullptr;  // the last block of any name
        for (const DovecotBlock& block : config_.blocks) {
            if (block.type != "local_name" || block.outside != 0 || !may_edit(block.file)) continue;
            any = &block;
            if (equal_ignoring_ascii_case(block.name, local_name)) own = &block;
        }
        const DovecotSetting* winner = find_setting(config_, name_, {.local_name = local_name});
        const bool by_name = winner != nullptr && winner->block != 0;
        const std::size_t first = by_name ? config_.blocks[winner->block].first : config_.blocks.size();
        if (own != nullptr && own->first <= first) {
            if (by_name && own->first == first && may_edit(winner->file)) return in_place_of(*winner);
            return inside(*own);
        }
        const std::vector<std::string> block = {"local_name " + std::string(local_name) + " {", "  " + assignment(""), "}"};
        if (by_name && first != own_first(local_name)) {
            const DovecotBlock& before = config_.blocks[first];
            if (may_edit(before.file) && before.outside == 0) return lines_at(before.file, before.begin, block);
        }
        return any == nullptr ? at_the_end(block) : lines_at(any->file, any->end, block);
    }

  private:
    [[nodiscard]] std::string assignment(const std::string& indentation) const {
        return indentation + std::string(name_) + " =" + (written_.empty() ? "" : " ") + written_;
    }
    [[nodiscard]] std::string indent(std::size_t file, std::size_t begin) const { return indentation_of(config_.files[file].text, begin); }

    /// A file that belongs to this configuration, and once only: a change of it changes one thing.
    [[nodiscard]] bool may_edit(std::size_t file) const {
        const std::string& main = config_.files.front().path;
        const std::string folder = main.substr(0, main.rfind('/') + 1);
        return config_.files[file].times == 1 && config_.files[file].path.starts_with(folder);
    }

    /// The first block, editable or not, of just this name; the number of blocks when there is none.
    [[nodiscard]] std::size_t own_first(std::string_view local_name) const {
        const auto is_it = [&](const DovecotBlock& block) {
            return block.type == "local_name" && block.outside == 0 && equal_ignoring_ascii_case(block.name, local_name);
        };
        return static_cast<std::size_t>(std::ranges::find_if(config_.blocks, is_it) - config_.blocks.begin());
    }

    [[nodiscard]] const DovecotSetting* last_in(std::size_t block) const {
        const DovecotSetting* found = nullptr;
        for (const DovecotSetting& setting : config_.settings) {
            if (setting.name == name_ && setting.block == block) found = &setting;
        }
        return found;
    }

    [[nodiscard]] const DovecotHint* hint_in(std::size_t block) const {
        const auto is_it = [&](const DovecotHint& hint) { return hint.name == name_ && hint.block == block && may_edit(hint.file); };
        const auto found = std::ranges::find_if(config_.hints, is_it);
        return found == config_.hints.end() ? nullptr : &*found;
    }

    [[nodiscard]] Draft lines_at(std::size_t file, std::size_t at, const std::vector<std::string>& lines) const {
        return {file, {insert_lines(config_.files[file].text, at, lines)}};
    }
    [[nodiscard]] Draft at_the_end(const std::vector<std::string>& lines) const { return lines_at(0, config_.files[0].text.size(), lines); }

    /// A line in the block, behind a comment that shows the setting, or as the last.
    [[nodiscard]] Draft inside(const DovecotBlock& block) const {
        const auto number = static_cast<std::size_t>(&block - config_.blocks.data());
        if (const DovecotHint* hint = hint_in(number))
            return lines_at(hint->file, hint->end, {assignment(indent(hint->file, hint->begin))});
        std::string indentation = indent(block.file, block.begin) + "  ";
        for (const DovecotSetting& setting : config_.settings) {
            if (setting.block == number && setting.file == block.file) indentation = indent(setting.file, setting.begin);
        }
        return lines_at(block.file, block.inside_end, {assignment(indentation)});
    }

    /// The new value where the old one stands. Of a value on several lines the others go, but not the comments behind them.
    [[nodiscard]] Draft in_place_of(const DovecotSetting& setting) const {
        if (setting.value == value_.text && setting.is_file == value_.is_file) return {setting.file, {}};
        const std::string& text = config_.files[setting.file].text;
        return {setting.file, replace_pieces(text, read_dovecot_line(text, setting.begin).raw_value, written_)};
    }

    const DovecotConfig& config_;
    std::string_view name_;
    const DovecotValue& value_;
    std::string written_;
};

Unexpected<Failure> cannot(std::string_view name, std::string object, std::string reason, std::string next) {
    return {Failure{FailureKind::input, "setting " + printable(name), std::move(object), std::move(reason), std::move(next)}};
}

std::string place_of(const DovecotConfig& config, const DovecotSetting& setting) {
    return config.files[setting.file].path + " line " + std::to_string(setting.line);
}

/// Everything that is set with the blocks around it, in order, but for `name` where `local_name` (nobody: everybody) gets it from.
std::vector<std::string> others(const DovecotConfig& config, std::string_view name, std::string_view local_name) {
    std::vector<std::string> result;
    for (const DovecotSetting& setting : config.settings) {
        const bool is_it = setting.name == name && !config.blocks[setting.block].is_section;
        if (is_it && key_of(filter_of(config, setting.block)) == key_of({.local_name = local_name})) continue;
        std::string text = setting.name + (setting.is_file ? "=<" : "=") + setting.value;
        for (std::size_t block = setting.block; block != 0; block = config.blocks[block].outside)
            text += '\n' + config.blocks[block].type + ' ' + config.blocks[block].name;
        result.push_back(std::move(text));
    }
    return result;
}

/// True when in `after` only what the clients of `local_name` get for `name` has changed, and to `value`.
bool is_as_meant(const DovecotConfig& before, const DovecotConfig& after, std::string_view name, const DovecotValue& value,
                 std::string_view local_name) {
    const DovecotSetting* found = find_setting(after, name, {.local_name = local_name});
    return found != nullptr && found->value == value.text && found->is_file == value.is_file &&
           others(before, name, local_name) == others(after, name, local_name);
}

}  // namespace

Result<FileEdit, Failure> set_dovecot_setting(const DovecotConfig& config, const ConfigFiles& files, std::string_view name,
                                              const DovecotValue& value, std::string_view local_name) {
    const std::string& main = config.files.front().path;
    const std::optional<std::string> text = written(value);
    if (!is_plain_word(name) || !text || (!local_name.empty() && !is_plain_word(local_name)))
        return cannot(name, main, "Dovecot's syntax has no form for " + printable(value.text), "Choose another name for the file.");
    if (const DovecotSetting* other = local_name.empty() ? nullptr : contradicting(config, name))
        return cannot(name, place_of(config, *other),
                      "it is set there for a protocol or an address, and Dovecot refuses connections for which two such values hold",
                      "Move that setting into blocks local_name, or change it by hand.");
    const Placer placer(config, name, value, *text);
    const Draft draft = local_name.empty() ? placer.for_everybody() : placer.for_name(local_name);
    const DovecotFile& file = config.files[draft.file];
    FileEdit edit{file.path, file.text, with_changes(file.text, draft.changes)};
    const auto after = read_dovecot_config(main, with_edits(files, {edit}));
    if (!after || !is_as_meant(config, *after, name, value, local_name))
        return cannot(name, file.path, "no small change of the configuration has just this effect", "Change it by hand.");
    return edit;
}

}  // namespace truename::servers
