#include "explain/explain.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>

#include "base/text.h"
#include "explain/data.h"
#include "explain/words.h"

namespace truename::explain {

namespace {

constexpr std::size_t kMostSegments = 60;
constexpr double kLeastScore = 0.5, kLeastWeight = 45;   // below, it is no answer
constexpr double kWins = 0.85, kNear = 0.6;              // shares of the best answer of a piece
constexpr double kWhole = 0.95;                          // from this fit on the question is the whole text
constexpr std::size_t kWholeExact = 2;                   // a word that is a whole text is one of every day
constexpr std::size_t kLeastExact = 3;                   // one or two common words are no text ...
constexpr double kLeastFitOfTwo = 0.4, kLeastFit = 0.5;  // ... unless they are most of one
constexpr std::string_view kOther = "other";             // texts about other things than certificates and TLS

bool is_whole_text(const TextMatch& match) {
    return match.exact >= kWholeExact && match.fit >= kWhole;
}

bool is_answer(const TextMatch& match) {
    if (is_whole_text(match)) return true;
    if (match.score < kLeastScore || match.score * match.weight < kLeastWeight) return false;
    return match.exact >= kLeastExact || match.fit >= (match.exact == 2 ? kLeastFitOfTwo : kLeastFit);
}

bool is_line_end(char32_t c) {
    return (c >= 10 && c <= 13) || (c >= 28 && c <= 30) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/// Adds a piece without white space at its ends, unless it is empty or there.
void add_segment(std::u32string_view piece, std::vector<std::u32string>& segments) {
    while (!piece.empty() && is_space(piece.front())) piece.remove_prefix(1);
    while (!piece.empty() && is_space(piece.back())) piece.remove_suffix(1);
    if (!piece.empty() && std::find(segments.begin(), segments.end(), piece) == segments.end()) segments.emplace_back(piece);
}

/// Sentences end with a mark and white space.
void add_sentences(std::u32string_view line, std::vector<std::u32string>& segments) {
    constexpr std::u32string_view kMarks = U".?!\u3002";
    std::size_t begin = 0;
    for (std::size_t i = 1; i < line.size(); ++i) {
        if (!is_space(line[i]) || kMarks.find(line[i - 1]) == std::u32string_view::npos) continue;
        add_segment(line.substr(begin, i - begin), segments);
        begin = i;
    }
    add_segment(line.substr(begin), segments);
}

/// The whole text, its lines, its sentences, and what follows the last colon of a line of a log: the library's own reason.
std::vector<std::u32string> segments_of(std::u32string_view text) {
    std::vector<std::u32string> segments;
    add_segment(text, segments);
    for (std::size_t i = 0; i < text.size() && segments.size() < kMostSegments;) {
        std::size_t end = i;
        while (end < text.size() && !is_line_end(text[end])) ++end;
        const std::u32string_view line = text.substr(i, end - i);
        i = end + 1;
        add_segment(line, segments);
        add_sentences(line, segments);
        if (const std::size_t colon = line.rfind(U": "); colon != std::u32string_view::npos) add_segment(line.substr(colon + 2), segments);
    }
    if (segments.size() > kMostSegments) segments.resize(kMostSegments);
    return segments;
}

/// Leaves what is an answer to a piece of the question. What is one text from end to end is no piece of another one.
void leave_answers(std::vector<TextMatch>& matches) {
    std::erase_if(matches, [](const TextMatch& match) { return !is_answer(match); });
    if (std::any_of(matches.begin(), matches.end(), is_whole_text))
        std::erase_if(matches, [](const TextMatch& match) { return !is_whole_text(match); });
}

/// Takes out what contradicts `reasons`, which a code or a whole text told, by a few words only; and everything when the piece rather
/// reads like a text about something else.
void leave_consistent(std::vector<TextMatch>& matches, const std::set<std::string_view>& reasons) {
    if (!reasons.empty())
        std::erase_if(matches, [&](const TextMatch& match) { return match.fit < kLeastFit && !reasons.contains(match.meaning); });
    double best = 0;
    for (const TextMatch& match : matches) best = std::max(best, match.order());
    const auto is_other = [](const TextMatch& match) { return match.meaning == kOther; };
    if (std::any_of(matches.begin(), matches.end(), [&](const TextMatch& match) { return is_other(match) && match.order() == best; }))
        matches.clear();
    std::erase_if(matches, is_other);
}

struct Found {
    bool wins = false;
    TextMatch match;
};

Result<std::string, Failure> read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in) return Unexpected{Failure{FailureKind::local, "reading", printable(path), "it cannot be read", "Is --data the right folder?"}};
    return text;
}

}  // namespace

Result<Library, Failure> Library::load(std::string_view folder) {
    std::string texts, codes, meanings;
    const bool built_in = folder.empty();
    const std::string prefix = built_in ? "data/errors/" : std::string(folder) + "/errors/";
    if (built_in) {
        meanings = built_in_meanings();
    } else {
        for (const auto& [target, name] : {std::pair{&texts, "texts.idx"}, {&codes, "codes.tsv"}, {&meanings, "meanings.toml"}}) {
            auto text = read_file(prefix + name);
            if (!text) return forward_error(text);
            *target = std::move(*text);
        }
    }
    auto index = TextIndex::read(as_bytes(built_in ? built_in_texts() : std::string_view(texts)));
    if (!index) {
        return Unexpected{Failure{FailureKind::input, "reading", printable(prefix) + "texts.idx",
                                  std::string(describe(index.error().kind)) + " at byte " + std::to_string(index.error().offset), ""}};
    }
    auto table = CodeTable::read(built_in ? built_in_codes() : std::string_view(codes));
    if (!table) return forward_error(table);
    Library library(std::move(*index), std::move(*table));
    if (auto read = library.read_meanings(meanings, prefix + "meanings.toml"); !read) return forward_error(read);
    return library;
}

Answer Library::ask(std::string_view question) const {
    question = question.substr(0, kLongestQuestion);
    Answer answer;
    answer.codes = codes_.find(question);
    answer.suggestions = codes_.suggest(question);

    const auto is_general = [&](std::string_view id) {
        const Meaning* known = meaning(id);
        return known && known->general;
    };
    std::set<std::string_view> reasons;
    const auto note_reason = [&](std::string_view id) {
        if (id != kOther && !is_general(id)) reasons.insert(id);
    };
    for (const CodeMatch& code : answer.codes) note_reason(code.meaning);
    std::vector<std::vector<TextMatch>> pieces;
    for (const std::u32string& segment : segments_of(decode(question))) {
        std::vector<TextMatch>& matches = pieces.emplace_back(index_.search(segment));
        leave_answers(matches);
        if (matches.empty() || !is_whole_text(matches.front())) continue;
        for (const TextMatch& match : matches) note_reason(match.meaning);
        if (pieces.size() == 1) break;
    }
    std::vector<Found> found;
    for (std::vector<TextMatch>& matches : pieces) {
        leave_consistent(matches, reasons);
        double best = 0;
        for (const TextMatch& match : matches) best = std::max(best, match.order());
        for (const TextMatch& match : matches) {
            if (match.order() < kNear * best) continue;
            const Found here{match.order() >= kWins * best, match};
            const auto known =
                std::find_if(found.begin(), found.end(), [&](const Found& each) { return each.match.meaning == match.meaning; });
            if (known == found.end())
                found.push_back(here);
            else if (std::pair(here.wins, match.order()) > std::pair(known->wins, known->match.order()))
                *known = here;
        }
    }
    std::stable_sort(found.begin(), found.end(), [&](const Found& a, const Found& b) {
        if (a.wins != b.wins) return a.wins;
        if (is_general(a.match.meaning) != is_general(b.match.meaning)) return !is_general(a.match.meaning);
        return a.match.order() > b.match.order();
    });
    for (const Found& each : found) answer.texts.push_back(each.match);
    return answer;
}

const Meaning* Library::meaning(std::string_view id) const {
    const auto found = std::find_if(meanings_.begin(), meanings_.end(), [&](const Meaning& each) { return each.id == id; });
    return found == meanings_.end() ? nullptr : &*found;
}

std::string_view Library::family_name(std::string_view id) const {
    const auto found = std::find_if(families_.begin(), families_.end(), [&](const Family& each) { return each.id == id; });
    return found == families_.end() || found->name.empty() ? id : std::string_view(found->name);
}

}  // namespace truename::explain
