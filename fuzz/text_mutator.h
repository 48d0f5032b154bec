#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

// Changes of texts that are built of quoted words, numbers and lines (TOML, JSON), which mostly still are such texts afterwards: bytes that
// change by chance seldom get behind the first comma.

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max);  // of libFuzzer

class TextMutator {
  public:
    TextMutator(std::string text, unsigned seed) : text_(std::move(text)), random_(seed) {}

    std::string changed() {
        find_words();
        switch (pick(10)) {
            case 0:
                replace(word(), std::string(in(word())));
                break;
            case 1:
            case 9:
                replace(shared_word(), std::string(in(shared_word())));
                break;
            case 2:
                rename();
                break;
            case 3:
            case 4:
                make_odd(word());
                break;
            case 5:
            case 6:
                change_number();
                break;
            case 7:
                change_lines();
                break;
            default:
                if (text_.find("{\"") == std::string::npos) {
                    repeat_table();
                } else {
                    repeat_object();
                }
                break;
        }
        return std::move(text_);
    }

  private:
    struct Piece {
        std::size_t begin = 0, size = 0;
    };

    std::size_t pick(std::size_t count) { return count == 0 ? 0 : random_() % count; }
    [[nodiscard]] std::string_view in(Piece piece) const { return std::string_view(text_).substr(piece.begin, piece.size); }
    void replace(Piece piece, std::string_view by) { text_.replace(piece.begin, piece.size, by); }
    void make_odd(Piece piece) { replace(piece, odd(std::string(in(piece)))); }

    /// What stands between quotes, and each run of digits outside of them.
    void find_words() {
        for (std::size_t i = 0; i < text_.size(); ++i) {
            if (text_[i] == '"') {
                const std::size_t begin = ++i;
                while (i < text_.size() && text_[i] != '"' && text_[i] != '\n') i += text_[i] == '\\' ? 2 : 1;
                const std::size_t end = std::min(i, text_.size());
                if (!std::string_view(text_).substr(end).starts_with("\":")) words_.push_back({begin, end - begin});  // no names of members
            } else if (is_digit(text_[i])) {
                const std::size_t begin = i;
                while (i < text_.size() && is_digit(text_[i])) ++i;
                numbers_.push_back({begin, i - begin});
            }
        }
    }

    static bool is_digit(char c) { return c >= '0' && c <= '9'; }

    Piece word() { return words_.empty() ? Piece{} : words_[pick(words_.size())]; }

    /// A short word that stands in more than one place: by such words things refer to each other.
    Piece shared_word() {
        for (int tries = 0; tries < 32; ++tries) {
            const Piece found = word();
            const auto is_it = [&](Piece other) { return in(other) == in(found); };
            if (found.size <= 24 && std::ranges::count_if(words_, is_it) > 1) return found;
        }
        return word();
    }

    /// The word with something in it that a name seldom has; often with everything that some reader of it takes for more than a name.
    std::string odd(std::string word) {
        static constexpr std::string_view kAll = "|<b>&amp;%41'\\\"\\u001b[1m\\n\\u202e{HOST}";
        static constexpr std::string_view kOdd[] = {".", "..", "*", "-", "_",   ":",       "@",       "/",
                                                    " ", "|",  "<", "}", "\\n", "\\u007f", "\xC3\xA9"};
        return word.insert(pick(word.size() + 1), pick(3) == 0 ? kAll : kOdd[pick(std::size(kOdd))]);
    }

    /// A word is another one wherever it stands, also outside of quotes.
    void rename() {
        const std::string old(in(pick(2) == 0 ? word() : shared_word())), name = odd(old);
        if (old.empty() || name.size() > 256) return;
        for (std::size_t at = text_.find(old); at != std::string::npos && text_.size() < 65'536; at = text_.find(old, at + name.size()))
            text_.replace(at, old.size(), name);
    }

    void change_number() {
        static constexpr std::string_view kEdges[] = {"0",
                                                      "1",
                                                      "127",
                                                      "128",
                                                      "255",
                                                      "256",
                                                      "32768",
                                                      "65535",
                                                      "65536",
                                                      "2147483648",
                                                      "4294967296",
                                                      "4294968289",
                                                      "18446744073709551615"};
        if (!numbers_.empty()) replace(numbers_[pick(numbers_.size())], kEdges[pick(std::size(kEdges))]);
    }

    /// A line is there twice, is left out or stands elsewhere.
    void change_lines() {
        const auto line = [&] {
            const std::size_t before = text_.rfind('\n', pick(text_.size() + 1)), begin = before == std::string::npos ? 0 : before + 1;
            return Piece{begin, std::min(text_.find('\n', begin), text_.size() - 1) + 1 - begin};
        };
        if (text_.empty()) return;
        const Piece from = line();
        const std::string copy(in(from));
        const std::size_t how = pick(3);
        if (how != 0) text_.erase(from.begin, from.size);
        if (how != 1 && !text_.empty()) text_.insert(line().begin, copy);
    }

    /// A `[...]` with its lines stands once more behind itself.
    void repeat_table() {
        const std::size_t begin = text_.find("\n[", pick(text_.size() + 1));
        if (begin == std::string::npos) return;
        const std::size_t end = std::min(text_.find("\n[", begin + 1), text_.size());
        text_.insert(end, text_.substr(begin, end - begin));
    }

    /// A `{...}` stands once more behind itself.
    void repeat_object() {
        const std::size_t begin = text_.find('{', pick(text_.size() + 1));
        if (begin == std::string::npos) return;
        std::size_t end = begin;
        for (int depth = 0; end < text_.size(); ++end) {
            depth += text_[end] == '{' ? 1 : text_[end] == '}' ? -1 : 0;
            if (depth == 0) break;
        }
        if (end < text_.size()) text_.insert(end + 1, "," + text_.substr(begin, end + 1 - begin));
    }

    std::string text_;
    std::minstd_rand random_;
    std::vector<Piece> words_, numbers_;
};

/// For LLVMFuzzerCustomMutator: changes the text that begins at `from`, or by chance any bytes at all.
inline std::size_t mutate_text(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed, std::size_t from) {
    if (seed % 16 == 0 || from > size) return LLVMFuzzerMutate(data, size, max);
    const std::string text = TextMutator({reinterpret_cast<const char*>(data) + from, size - from}, seed).changed();
    if (from + text.size() > max) return LLVMFuzzerMutate(data, size, max);
    std::memcpy(data + from, text.data(), text.size());
    return from + text.size();
}
