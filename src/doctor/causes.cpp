#include "doctor/causes.h"

#include <algorithm>

#include "base/text.h"

namespace truename::doctor {

namespace {

const std::string* value_of(std::string_view name, const Values& values) {
    const auto at = std::find_if(values.begin(), values.end(), [&](const auto& v) { return v.first == name; });
    return at == values.end() ? nullptr : &at->second;
}

// One `{name}` that starts at `at`; `end` becomes the position after it.
std::string_view placeholder(std::string_view text, std::size_t at, std::size_t& end) {
    const std::size_t close = text.find('}', at);
    if (close == std::string_view::npos) return {};
    end = close + 1;
    return text.substr(at + 1, close - at - 1);
}

// A piece without round brackets; false when one of its values is empty.
bool fill_piece(std::string_view text, const Values& values, std::string& out) {
    bool whole = true;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = 0;
        const std::string_view name = text[i] == '{' ? placeholder(text, i, end) : std::string_view();
        if (name.empty()) {
            out += text[i++];
            continue;
        }
        const std::string* value = value_of(name, values);
        if (value == nullptr || value->empty()) whole = false;
        if (value != nullptr) out += *value;
        i = end;
    }
    return whole;
}

bool holds(std::span<const FindingId> findings, FindingId id) {
    return std::find(findings.begin(), findings.end(), id) != findings.end();
}

bool is_plain(std::string_view value) {
    static constexpr std::string_view kOther = ".-_:,*";
    return !value.empty() && value.front() != '-' &&
           std::all_of(value.begin(), value.end(), [](char c) { return is_alphanumeric(c) || kOther.find(c) != std::string_view::npos; });
}

}  // namespace

const CauseRow* CauseTable::cause_of(FindingId id, std::span<const FindingId> beside) const {
    const CauseRow* own = nullptr;
    for (const CauseRow& row : causes) {
        if (!row.assuming.empty()) continue;
        const auto is_true = [&](FindingId other) { return holds(row.findings, other); };
        if (holds(row.explains, id) && std::any_of(beside.begin(), beside.end(), is_true)) return &row;
        if (own == nullptr && holds(row.findings, id)) own = &row;
    }
    return own;
}

const CauseRow* CauseTable::find(std::string_view id) const {
    for (const CauseRow& row : causes) {
        if (row.id == id) return &row;
    }
    return nullptr;
}

std::string fill(std::string_view text, const Values& values) {
    std::string out;
    while (!text.empty()) {
        const std::size_t open = text.find('(');
        const std::size_t close = open == std::string_view::npos ? open : text.find(')', open);
        if (close == std::string_view::npos) {
            fill_piece(text, values, out);
            break;
        }
        fill_piece(text.substr(0, open), values, out);
        std::string inner;
        if (fill_piece(text.substr(open, close + 1 - open), values, inner)) {
            out += inner;
        } else if (!out.empty() && out.back() == ' ') {
            out.pop_back();
        }
        text.remove_prefix(close + 1);
    }
    return out;
}

bool fill_step(std::string_view text, const Values& values, std::string& line) {
    for (std::size_t i = text.find('{'); i != std::string_view::npos; i = text.find('{', i)) {
        std::size_t end = 0;
        const std::string* value = value_of(placeholder(text, i, end), values);
        if (value == nullptr || !is_plain(*value)) return false;
        i = end;
    }
    line.clear();
    return fill_piece(text, values, line);
}

}  // namespace truename::doctor
