#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "x509/dns_match.h"

namespace truename::x509 {

/// matches_dns_id() once more, written the slow way: labels in vectors, one question after another. The two share no line. For names in
/// lower case without A-labels.
class SlowMatch {
  public:
    explicit SlowMatch(const DnsMatchRule& rule) : rule_(rule) {}

    [[nodiscard]] bool matches(const std::string& presented, const std::string& reference) const {
        const std::string name = without_dots(presented, rule_.presented_dots), wanted = without_dots(reference, rule_.reference_dots);
        if (name.empty()) return false;
        // Most pairs end here, or the tests would take minutes.
        if (presented != reference && !rule_.leading_dot_is_below && !holds_letters_of(wanted, name)) return false;
        const auto p = labels_of(name), q = labels_of(wanted);
        const bool has_empty = std::count(p.begin(), p.end(), "") > 0;
        const bool has_underscore = (name + wanted).find('_') != std::string::npos;
        if (has_underscore && rule_.underscore == Underscore::no_match) return false;
        if (has_empty && rule_.empty_labels == EmptyLabels::no_match) return false;
        const bool is_one = is_name(name, rule_.presented_syntax, true), wants_one = is_name(wanted, rule_.reference_syntax, false);
        if (!is_one && rule_.presented_syntax != NameSyntax::exact) return false;
        if (!wants_one && rule_.reference_syntax != NameSyntax::exact) return false;
        if (!is_one || !wants_one) return !wanted.empty() && presented == reference;
        if (name == wanted) return true;
        if (rule_.leading_dot_is_below && wanted.size() > 1 && wanted[0] == '.') return name.ends_with(wanted);
        if (has_underscore && rule_.underscore == Underscore::no_wildcard) return false;
        if (has_empty && rule_.empty_labels != EmptyLabels::allowed) return false;
        if (rule_.star_below_registrable && q.size() < 3) return false;  // no small name stands on the list of public suffixes
        return matches_stars(p, q);
    }

  private:
    using Labels = std::vector<std::string>;

    static Labels labels_of(const std::string& name) {
        const auto labels = split(name, '.');
        return {labels.begin(), labels.end()};
    }

    /// Every character of a pattern stands for one of what it matches; stars stand for any.
    static bool holds_letters_of(const std::string& text, const std::string& pattern) {
        const bool has_star = pattern.find('*') != std::string::npos;
        return std::all_of(pattern.begin(), pattern.end(),
                           [&](char c) {
                               return c == '*' || std::count(text.begin(), text.end(), c) >= std::count(pattern.begin(), pattern.end(), c);
                           }) &&
               (has_star || text.size() == pattern.size());
    }

    static std::string without_dots(std::string name, DotsCut cut) {
        std::size_t dots = 0;
        while (dots < name.size() && name[name.size() - 1 - dots] == '.') ++dots;
        const bool is_cut = cut == DotsCut::all || (cut == DotsCut::two && dots <= 2) || (cut == DotsCut::one && dots <= 1);
        return is_cut ? name.substr(0, name.size() - dots) : name;
    }

    [[nodiscard]] bool is_name(const std::string& name, NameSyntax syntax, bool is_presented) const {
        if (syntax == NameSyntax::as_is || syntax == NameSyntax::printable) return true;  // of the letters of small names
        if (syntax == NameSyntax::host_characters)
            return name.find('*') == std::string::npos && name.find_first_not_of('.') != std::string::npos;
        const Labels labels = labels_of(name);
        for (std::size_t i = 0; i < labels.size(); ++i) {
            const std::string& label = labels[i];
            const bool may_have_star = is_presented && (i == 0 || rule_.wildcard == WildcardPosition::any_labels);
            if (label.empty() || label[0] == '-') return false;
            if (label.back() == '-' && !rule_.hyphen_may_end_label) return false;
            if (label.find('*') != std::string::npos && !may_have_star) return false;
        }
        return true;
    }

    [[nodiscard]] bool matches_stars(const Labels& p, const Labels& q) const {
        using enum WildcardPosition;
        std::size_t stars = 0, place = 0;
        for (std::size_t i = 0; i < p.size(); ++i) {
            for (const char c : p[i]) {
                if (c == '*') ++stars, place = i;
            }
        }
        if (stars == 0 || (stars > 1 && rule_.wildcard != any_labels)) return false;
        const std::size_t after = p.size() - place - 1 - (place + 1 < p.size() && p.back().empty() ? 1 : 0);
        if (after < rule_.min_labels_after) return false;
        if (rule_.wildcard != any_labels && !is_in_place(p, place)) return false;
        if (rule_.wildcard != any_labels && rule_.star_spans_labels && place == 0 && p[0] == "*") return spans(p, q);
        if (p.size() != q.size()) return false;
        for (std::size_t i = 0; i < p.size(); ++i) {
            if (!fits(p[i], q[i])) return false;
        }
        return true;
    }

    [[nodiscard]] bool is_in_place(const Labels& p, std::size_t place) const {
        using enum WildcardPosition;
        const std::string& label = p[place];
        if (rule_.wildcard == none || (place != 0 && rule_.wildcard != any_label)) return false;
        if (place + 1 < p.size() && p[place + 1].empty()) return false;
        const bool starts = label.front() == '*', ends = label.back() == '*';
        if (rule_.wildcard == whole_left_label) return label == "*";
        if (rule_.wildcard == left_label_start) return starts;
        if (rule_.wildcard == left_label_end) return ends;
        return rule_.wildcard != left_label_start_or_end || starts || ends;
    }

    /// One or more labels in the place of the first one.
    static bool spans(const Labels& p, const Labels& q) {
        if (q.size() < p.size() || !std::equal(p.begin() + 1, p.end(), q.end() - static_cast<std::ptrdiff_t>(p.size() - 1))) return false;
        return std::none_of(q.begin(), q.end() - static_cast<std::ptrdiff_t>(p.size() - 1),
                            [](const std::string& label) { return label.empty(); });
    }

    [[nodiscard]] bool is_covered(const std::string& text, bool whole) const {
        if (rule_.wildcard == WildcardPosition::any_labels) return true;
        if (text.empty()) return rule_.empty_star == EmptyStar::yes || (!whole && rule_.empty_star == EmptyStar::part_of_label);
        if (rule_.star_covers == StarCovers::anything) return true;
        return text.find('*') == std::string::npos &&
               (rule_.star_covers == StarCovers::host_characters || text.find('_') == std::string::npos);
    }

    /// Every text that the (first) star could stand for, tried one after another.
    [[nodiscard]] bool fits(const std::string& pattern, const std::string& label) const {
        const std::size_t star = pattern.find('*');
        if (star == std::string::npos) return pattern == label;
        const std::string before = pattern.substr(0, star), after = pattern.substr(star + 1);
        if (!label.starts_with(before)) return false;
        for (std::size_t size = 0; star + size <= label.size(); ++size) {
            if (is_covered(label.substr(star, size), pattern == "*") && fits(after, label.substr(star + size))) return true;
        }
        return false;
    }

    const DnsMatchRule& rule_;
};

/// All texts of at most `longest` characters of the alphabet, the empty one first.
inline std::vector<std::string> all_names(std::string_view alphabet, std::size_t longest) {
    std::vector<std::string> names = {""};
    for (std::size_t first = 0, size = 0; size < longest; ++size) {
        const std::size_t end = names.size();
        for (; first < end; ++first) {
            for (const char c : alphabet) names.push_back(names[first] + c);
        }
    }
    return names;
}

}  // namespace truename::x509
