// Must reach TextIndex::read and search, CodeTable::read and find, words.h and Library::ask.
//
// Input that begins with a zero byte is an index, with a one byte a table of codes; behind a two byte stand where a byte of an index is
// changed, how, and the lines that the index is made of. Everything else is a question, as a user pastes it; unknown words cost much, so
// only behind a three byte it may be long.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>

#include "base/bytes.h"
#include "base/text.h"
#include "explain/explain.h"
#include "explain/words.h"
#include "fuzz/explain_index.h"
#include "fuzz/must.h"

namespace {

using namespace truename;

/// Characters as UTF-8.
std::string encode(std::u32string_view text) {
    std::string result;
    for (const char32_t c : text) {
        const auto tail = [&](unsigned shift) { result += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
        if (c < 0x80) {
            result += static_cast<char>(c);
        } else if (c < 0x800) {
            result += static_cast<char>(0xC0 | (c >> 6));
            tail(0);
        } else if (c < 0x10000) {
            result += static_cast<char>(0xE0 | (c >> 12));
            tail(6);
            tail(0);
        } else {
            result += static_cast<char>(0xF0 | (c >> 18));
            tail(12);
            tail(6);
            tail(0);
        }
    }
    return result;
}

/// FNV-1a over bytes.
std::uint32_t hash(std::string_view bytes) {
    std::uint32_t value = 0x811C9DC5;
    for (const char c : bytes) value = (value ^ static_cast<unsigned char>(c)) * 0x01000193;
    return value;
}

void check_words(std::string_view question) {
    const std::u32string text = explain::decode(question);
    must(!is_utf8(question) || encode(text) == question, "what is read is the text");
    for (const std::u32string& word : explain::words_of(text)) {
        must(explain::words_of(word) == std::vector<std::u32string>{word}, "a word is a word");
        for (const std::u32string& feature : explain::features_of(word)) {
            must(word.find(feature) != std::u32string::npos, "a word is looked up by its own letters");
            must(explain::hash_of(feature) == hash(encode(feature)), "and by the hash of their bytes");
        }
    }
}

void check_match(const explain::TextMatch& match) {
    must(match.score >= 0 && match.score <= 1 && match.fit >= 0 && match.fit <= 1, "a share is a share");
    must(std::isfinite(match.weight) && std::isfinite(match.order()), "a weight is a number");
    must(match.fit > 0 && match.score >= match.fit && match.order() > 0, "what is found fits in part");
}

void ask(std::string_view question) {
    static const auto library = explain::Library::load();
    must(library.has_value(), "what is built in can be read");
    const explain::Answer answer = library->ask(question);
    std::set<std::string_view> meanings;
    for (const explain::TextMatch& text : answer.texts) {
        check_match(text);
        must(library->meaning(text.meaning) != nullptr && !library->family_name(text.family).empty(), "what a text means is known");
        must(text.score >= 0.5, "nothing is guessed");
        must(meanings.insert(text.meaning).second, "each meaning is told once");
    }
    for (const explain::CodeMatch& code : answer.codes) {
        must(!code.code.empty() && library->meaning(code.meaning) != nullptr, "what a code means is known");
        const bool is_there = ascii_lower(question).find(ascii_lower(code.code).substr(0, 5)) != std::string::npos;
        must(is_there || question.find("\xE2\x88\x92") != std::string_view::npos, "a code stands in the question");
    }
    for (const explain::CodeSuggestion& suggestion : answer.suggestions) must(!suggestion.spellings.empty(), "a suggestion has a spelling");
    must(library->ask(question).texts.size() == answer.texts.size(), "the same question has the same answer");
}

void search(const explain::TextIndex& index, std::u32string_view question) {
    const auto matches = index.search(question);
    must(matches.size() <= 8, "few texts are told");
    for (const explain::TextMatch& match : matches) {
        check_match(match);
        const auto is_it = [&](const std::string& name) { return name.data() == match.meaning.data(); };
        must(std::ranges::any_of(index.meanings(), is_it), "a meaning is one of the index");
    }
}

void read_index(Bytes bytes) {
    const auto index = explain::TextIndex::read(bytes);
    if (!index) {
        must(index.error().offset <= bytes.size(), "an error lies inside the index");
        return;
    }
    search(*index, U"the target principal name is incorrect");
    search(*index, U"teh targt nameis \u0446\u0435\u043B\u044C \u8A3C\u660E\u66F8");
}

/// An index finds each text by itself; when a byte of it is changed or left out, it still holds what every index holds.
void make_index(std::uint8_t place, std::uint8_t change, std::string_view lines) {
    std::vector<std::string> texts;
    for (const std::string_view line : split(lines.substr(0, 120), '\n')) {
        if (texts.size() < 8) texts.emplace_back(line);
    }
    ByteString bytes = IndexWriter(texts).take();
    if (change == 1) {
        bytes.erase(bytes.end() - 1 - place % static_cast<std::ptrdiff_t>(bytes.size()));
    } else {
        bytes[bytes.size() - 1 - place % bytes.size()] ^= change;
    }
    const auto index = explain::TextIndex::read(bytes);
    must(index || change != 0, "what was written can be read");
    if (!index) return;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const std::u32string text = explain::decode(texts[i]);
        search(*index, text);
        if (change != 0 || explain::words_of(text).empty()) continue;
        const auto matches = index->search(text);
        must(!matches.empty() && matches[0].score > 0.999, "a text is found by itself");
        must(std::ranges::any_of(matches,
                                 [&](const explain::TextMatch& match) { return match.meaning == std::to_string(i) && match.fit > 0.999; }),
             "and for what it is");
    }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max);  // of libFuzzer

/// Every other input makes an index, since those are read a hundred times as fast as a question is answered.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
    size = LLVMFuzzerMutate(data, size, max);
    if (seed % 2 == 0 || size < 4) return size;
    data[0] = 2;
    data[1] = static_cast<std::uint8_t>(seed >> 8U);
    data[2] = static_cast<std::uint8_t>(1U << (seed >> 16U) % 8);
    return size;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 8192) return 0;
    const Bytes input(data, size);
    if (!input.empty() && input[0] == 0) {
        read_index(input.subspan(1));
    } else if (!input.empty() && input[0] == 1) {
        if (const auto table = explain::CodeTable::read(as_text(input.subspan(1)))) (void)table->find("0x80090322 -8179 alert 46");
    } else if (input.size() > 3 && input[0] == 2) {
        make_index(input[1], input[2], as_text(input.subspan(3)));
    } else {
        const bool is_long = !input.empty() && input[0] == 3;
        const std::string_view question = is_long ? as_text(input.subspan(1)).substr(0, 600) : as_text(input).substr(0, 64);
        check_words(question);
        ask(question);
    }
    return 0;
}
