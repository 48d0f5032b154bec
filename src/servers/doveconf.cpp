#include "servers/doveconf.h"

#include "base/text.h"

namespace truename::servers {

std::string_view DoveconfBlock::value(std::string_view name) const {
    for (const auto& [key, text] : settings) {
        if (key == name) return text;
    }
    return {};
}

DoveconfBlock read_doveconf(std::string_view text) {
    constexpr std::size_t kMaxDepth = 32;
    DoveconfBlock whole;
    std::vector<DoveconfBlock*> open{&whole};
    std::size_t too_deep = 0;
    for (const std::string_view raw : split(text, '\n')) {
        const std::string_view line = trim(raw);
        if (line.empty() || line.starts_with('#')) continue;
        if (line == "}") {
            if (too_deep > 0)
                --too_deep;
            else if (open.size() > 1)
                open.pop_back();
            continue;
        }
        if (line.ends_with(" {")) {
            if (open.size() > kMaxDepth) {
                ++too_deep;
                continue;
            }
            const std::string_view head = trim(line.substr(0, line.size() - 2));
            const std::size_t blank = head.find(' ');
            DoveconfBlock& block = open.back()->blocks.emplace_back();
            block.type = head.substr(0, blank);
            if (blank != std::string_view::npos) block.argument = trim(head.substr(blank + 1));
            open.push_back(&block);
            continue;
        }
        const std::size_t equals = line.find('=');
        if (equals != std::string_view::npos)
            open.back()->settings.emplace_back(trim(line.substr(0, equals)), trim(line.substr(equals + 1)));
    }
    return whole;
}

}  // namespace truename::servers
