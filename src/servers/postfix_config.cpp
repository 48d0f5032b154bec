#include "servers/postfix_config.h"

#include <algorithm>
#include <ranges>
#include <utility>

#include "base/text.h"
#include "servers/config_text.h"
#include "servers/postfix_line.h"
#include "servers/postfix_service.h"

namespace truename::servers {
namespace {

Unexpected<Failure> failure(std::string object, std::string reason, std::string next = "") {
    return {Failure{FailureKind::input, "reading the configuration", std::move(object), std::move(reason), std::move(next)}};
}

Result<std::string, Failure> read_text(const std::string& path, const ConfigFiles& files) {
    auto read = files.read(path);
    if (!read) return forward_error(read);
    if (!*read) return failure(path, "there is no such file");
    if ((*read)->size() > ConfigLimits::kFileBytes) return failure(path, "the configuration is too large");
    if ((*read)->find('\0') != std::string::npos) return failure(path, "it holds a zero byte, so it is no text");
    return std::move(**read);
}

/// Calls `take` with each logical line and the number of its first line; false stops there.
template <class Take>
Result<void, Failure> each_line(const std::string& path, std::string_view text, const Take& take) {
    std::size_t number = 1;
    for (std::size_t at = 0; at < text.size();) {
        const PostfixLine line = read_postfix_line(text, at);
        const bool starts_right = line.pieces.empty() || line.pieces.front().begin == line.begin;
        if (!starts_right || !take(line, number))
            return failure(path + " line " + std::to_string(number), "Postfix would not read this line",
                           "postfix check says what is wrong with it.");
        at = line.next;
        number += line.lines;
    }
    return {};
}

/// Replaces names in values, and in the values that it finds for them.
class Expander {
  public:
    explicit Expander(const PostfixMain& main) : main_(main) {}

    bool add(std::string_view value, std::size_t depth) {
        if (depth > 16) return false;
        for (std::size_t at = 0; at < value.size();) {
            const auto [name, end] = name_at(value, at);
            const PostfixParameter* found = name.empty() ? nullptr : find_parameter(main_, name);
            if (found != nullptr) {
                if (!add(found->value, depth + 1)) return false;
            } else {
                result_ += value.substr(at, end - at);
            }
            at = end;
            if (result_.size() > kMostBytes || ++steps_ > kMostSteps) return false;
        }
        return true;
    }

    std::string take() { return std::move(result_); }

  private:
    static constexpr std::size_t kMostBytes = 65'536, kMostSteps = 2000;

    struct Name {
        std::string_view name;  ///< empty when no plain `$name` stands there
        std::size_t end = 0;
    };

    static Name name_at(std::string_view value, std::size_t at) {
        if (value[at] != '$') return {{}, std::min(value.find('$', at), value.size())};
        if (value.substr(at).starts_with("$$")) return {{}, at + 2};
        const char open = at + 1 < value.size() ? value[at + 1] : '\0';
        const char close = open == '{' ? '}' : open == '(' ? ')' : '\0';
        const std::size_t begin = close == '\0' ? at + 1 : at + 2;
        std::size_t end = begin;
        while (end < value.size() && (is_alphanumeric(value[end]) || value[end] == '_')) ++end;
        const bool is_plain = close == '\0' || (end < value.size() && value[end] == close);
        if (!is_plain || end == begin) return {{}, at + 1};
        return {value.substr(begin, end - begin), close == '\0' ? end : end + 1};
    }

    const PostfixMain& main_;
    std::string result_;
    std::size_t steps_ = 0;
};

std::size_t line_of(std::string_view text, std::size_t at, std::size_t from, std::size_t from_line) {
    return from_line + static_cast<std::size_t>(std::ranges::count(text.substr(from, at - from), '\n'));
}

}  // namespace

Result<PostfixMain, Failure> read_postfix_main(const std::string& path, const ConfigFiles& files) {
    auto text = read_text(path, files);
    if (!text) return forward_error(text);
    PostfixMain main{path, std::move(*text), {}, {}};
    const auto done = each_line(path, main.text, [&main](const PostfixLine& line, std::size_t number) {
        if (line.pieces.empty()) {
            const auto name = name_in_comment(std::string_view(main.text).substr(line.begin, line.next - line.begin));
            if (!name.empty()) main.hints.push_back({std::string(name), line.next});
            return true;
        }
        const PostfixAssignment parted = part_assignment(line.text, 0, line.text.size());
        if (!parted.is_right) return false;
        main.parameters.push_back({line.text.substr(0, parted.name_end),
                                   line.text.substr(parted.value_begin, parted.value_end - parted.value_begin), number, line.begin});
        return true;
    });
    if (!done) return forward_error(done);
    return main;
}

const PostfixParameter* find_parameter(const PostfixMain& main, std::string_view name) {
    const auto backwards = std::views::reverse(main.parameters);
    const auto found = std::ranges::find(backwards, name, &PostfixParameter::name);
    return found == backwards.end() ? nullptr : &*found;
}

std::optional<std::string> expand(const PostfixMain& main, std::string_view value) {
    Expander expander(main);
    if (!expander.add(value, 0)) return std::nullopt;
    return expander.take();
}

Result<PostfixMaster, Failure> read_postfix_master(const std::string& path, const ConfigFiles& files) {
    auto text = read_text(path, files);
    if (!text) return forward_error(text);
    PostfixMaster master{path, std::move(*text), {}};
    const auto done = each_line(path, master.text, [&master](const PostfixLine& line, std::size_t number) {
        if (line.pieces.empty()) return true;
        const PostfixEntry entry = read_postfix_entry(line.text);
        if (!entry.is_right) return false;
        PostfixService service{entry.name, entry.type, entry.command, {}, number, line.begin, entry.arguments};
        std::size_t at = line.begin, at_line = number;
        for (const PostfixOption& option : entry.options) {
            const std::size_t begin = locate(line.pieces, option.argument, option.end).front().begin;
            at_line = line_of(master.text, begin, at, at_line);
            at = begin;
            service.overrides.push_back({option.name, option.value, at_line});
        }
        master.services.push_back(std::move(service));
        return true;
    });
    if (!done) return forward_error(done);
    return master;
}

const PostfixService* find_service(const PostfixMaster& master, std::string_view name, std::string_view type) {
    const PostfixService* found = nullptr;
    for (const PostfixService& service : master.services) {
        if (service.name == name && service.type == type) found = &service;
    }
    return found;
}

const PostfixOverride* find_override(const PostfixService& service, std::string_view name) {
    const auto backwards = std::views::reverse(service.overrides);
    const auto found = std::ranges::find(backwards, name, &PostfixOverride::name);
    return found == backwards.end() ? nullptr : &*found;
}

}  // namespace truename::servers
