#include "servers/diff.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace truename::servers {
namespace {

using Lines = std::vector<std::string_view>;

/// With their line ends.
Lines lines_of(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const std::size_t newline = text.find('\n'), size = newline == std::string_view::npos ? text.size() : newline + 1;
        lines.push_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    return lines;
}

/// Lines of both texts that are one after the other in both: `size` lines from `a` in the old and `b` in the new text.
struct Same {
    std::size_t a = 0, b = 0, size = 0;
};

/// E. Myers, An O(ND) Difference Algorithm (1986): the shortest way from the old lines to the new ones, found by the farthest points that
/// can be reached with so many changes on each diagonal.
class Matcher {
  public:
    Matcher(const Lines& a, const Lines& b) : a_(a), b_(b) {}

    /// Ascending; without the empty ones.
    std::vector<Same> matches() {
        while (prefix_ < std::min(a_.size(), b_.size()) && a_[prefix_] == b_[prefix_]) ++prefix_;
        while (suffix_ < std::min(a_.size(), b_.size()) - prefix_ && a_[a_.size() - 1 - suffix_] == b_[b_.size() - 1 - suffix_]) ++suffix_;
        rows_ = static_cast<Place>(a_.size() - prefix_ - suffix_);
        columns_ = static_cast<Place>(b_.size() - prefix_ - suffix_);
        std::vector<Same> result = {{0, 0, prefix_}};
        for (Place changes = 0; changes <= kMostChanges; ++changes) {
            if (!advance(changes)) continue;
            walk_back(changes, result);
            break;
        }
        result.push_back({a_.size() - suffix_, b_.size() - suffix_, suffix_});
        std::erase_if(result, [](const Same& same) { return same.size == 0; });
        return result;
    }

  private:
    using Place = std::int64_t;
    static constexpr Place kMostChanges = 1000;

    [[nodiscard]] bool equal_at(Place row, Place column) const {
        return a_[prefix_ + static_cast<std::size_t>(row)] == b_[prefix_ + static_cast<std::size_t>(column)];
    }

    /// The row reached on a diagonal (row - column) with so many changes; each step's are kept, from -changes to +changes.
    [[nodiscard]] Place reached(Place changes, Place diagonal) const {
        if (changes < 0 || diagonal < -changes || diagonal > changes) return -1;
        return steps_[static_cast<std::size_t>(changes)][static_cast<std::size_t>(diagonal + changes)];
    }

    /// The row where a way of `changes` changes comes to the diagonal: a line of the old text left out, or one of the new text put in.
    [[nodiscard]] Place entered(Place changes, Place diagonal) const {
        if (changes == 0) return 0;
        const Place left_out = reached(changes - 1, diagonal - 1);
        return std::max(left_out < 0 ? -1 : left_out + 1, reached(changes - 1, diagonal + 1));
    }

    /// One change more; true when that reaches the end.
    bool advance(Place changes) {
        std::vector<Place> step(static_cast<std::size_t>(2 * changes + 1), -1);
        for (Place diagonal = -changes; diagonal <= changes; diagonal += 2) {
            Place row = entered(changes, diagonal);
            while (row >= 0 && row < rows_ && row - diagonal < columns_ && equal_at(row, row - diagonal)) ++row;
            step[static_cast<std::size_t>(diagonal + changes)] = row <= rows_ && row - diagonal <= columns_ ? row : -1;
        }
        steps_.push_back(std::move(step));
        return reached(changes, rows_ - columns_) == rows_;
    }

    /// The lines that are the same on the way that was found, appended in ascending order.
    void walk_back(Place changes, std::vector<Same>& result) const {
        const auto first = static_cast<std::ptrdiff_t>(result.size());
        Place row = rows_, diagonal = rows_ - columns_;
        for (; changes >= 0; --changes) {
            const Place from = entered(changes, diagonal);
            result.push_back({prefix_ + static_cast<std::size_t>(from), prefix_ + static_cast<std::size_t>(from - diagonal),
                              static_cast<std::size_t>(row - from)});
            const bool left_out = from > 0 && reached(changes - 1, diagonal - 1) == from - 1;
            diagonal += left_out ? -1 : 1;
            row = left_out ? from - 1 : from;
        }
        std::reverse(result.begin() + first, result.end());
    }

    const Lines& a_;
    const Lines& b_;
    std::size_t prefix_ = 0, suffix_ = 0;
    Place rows_ = 0, columns_ = 0;
    std::vector<std::vector<Place>> steps_;
};

/// Lines of the old text that were replaced by lines of the new one.
struct Replaced {
    std::size_t a_begin = 0, a_end = 0, b_begin = 0, b_end = 0;
};

std::vector<Replaced> replaced(const std::vector<Same>& matches, std::size_t a_size, std::size_t b_size) {
    std::vector<Replaced> result;
    std::size_t a = 0, b = 0;
    const auto add = [&](std::size_t a_end, std::size_t b_end) {
        if (a < a_end || b < b_end) result.push_back({a, a_end, b, b_end});
    };
    for (const Same& same : matches) {
        add(same.a, same.b);
        a = same.a + same.size;
        b = same.b + same.size;
    }
    add(a_size, b_size);
    return result;
}

void add_line(std::string& out, char sign, std::string_view line) {
    out.append(1, sign).append(line);
    if (!line.ends_with('\n')) out += "\n\\ No newline at end of file\n";
}

/// `12,3`, as the head of a hunk counts: from one, and the line before where there is none.
std::string range(std::size_t begin, std::size_t end) {
    const std::string first = std::to_string(begin == end ? begin : begin + 1);
    return end - begin == 1 ? first : first + ',' + std::to_string(end - begin);
}

}  // namespace

std::string unified_diff(std::string_view old_text, std::string_view new_text, std::string_view old_name, std::string_view new_name) {
    constexpr std::size_t kAround = 3;
    if (old_text == new_text) return {};
    const Lines a = lines_of(old_text), b = lines_of(new_text);
    const std::vector<Replaced> changes = replaced(Matcher(a, b).matches(), a.size(), b.size());
    std::string out = "--- " + std::string(old_name) + "\n+++ " + std::string(new_name) + "\n";
    for (std::size_t first = 0, next = 0; first < changes.size(); first = next) {
        for (next = first + 1; next < changes.size() && changes[next].a_begin - changes[next - 1].a_end <= 2 * kAround;) ++next;
        const Replaced& last = changes[next - 1];
        const std::size_t before = std::min(kAround, changes[first].a_begin), behind = std::min(kAround, a.size() - last.a_end);
        const std::size_t begin = changes[first].a_begin - before, end = last.a_end + behind;
        out += "@@ -" + range(begin, end) + " +" + range(changes[first].b_begin - before, last.b_end + behind) + " @@\n";
        std::size_t at = begin;
        for (std::size_t i = first; i < next; ++i) {
            for (; at < changes[i].a_begin; ++at) add_line(out, ' ', a[at]);
            for (; at < changes[i].a_end; ++at) add_line(out, '-', a[at]);
            for (std::size_t line = changes[i].b_begin; line < changes[i].b_end; ++line) add_line(out, '+', b[line]);
        }
        for (; at < end; ++at) add_line(out, ' ', a[at]);
    }
    return out;
}

}  // namespace truename::servers
