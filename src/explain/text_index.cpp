#include "explain/text_index.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "explain/words.h"

namespace truename::explain {

namespace {

constexpr double kFlatten = 0.4;  // a text's length counts to this power: users send fragments
constexpr double kSlip = 0.8;     // the weight of a word that fits with one letter changed
constexpr std::size_t kMostWords = 200;

/// ln(1 + texts / holding), squared: rare words say more.
double weight_of(std::size_t texts, std::size_t holding) {
    const double log = std::log(1 + static_cast<double>(texts) / static_cast<double>(holding));
    return log * log;
}

}  // namespace

/// Takes the parts of the file from its front; the first error sticks, and everything after it is 0.
class TextIndex::Reader {
  public:
    explicit Reader(Bytes bytes) : bytes_(bytes) {}

    std::uint32_t byte() {
        if (at_ < bytes_.size()) return bytes_[at_++];
        error_ = true;
        return 0;
    }
    std::uint32_t number(unsigned size) {
        std::uint32_t value = 0;
        for (unsigned i = 0; i < size; ++i) value |= byte() << (8 * i);
        return value;
    }
    std::uint32_t variable() {
        std::uint32_t value = 0;
        for (unsigned shift = 0; shift < 32; shift += 7) {
            const std::uint32_t next = byte();
            value |= (next & 127) << shift;
            if (next < 128) return value;
        }
        error_ = true;
        return 0;
    }
    std::vector<std::string> strings() {
        std::vector<std::string> found(byte());
        for (std::string& text : found) {
            const std::size_t size = byte();
            if (size > bytes_.size() - at_) {
                error_ = true;
                return found;
            }
            text = as_text(bytes_.subspan(at_, size));
            at_ += size;
        }
        return found;
    }
    [[nodiscard]] bool failed() const { return error_; }
    [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }
    [[nodiscard]] std::size_t at() const { return at_; }

  private:
    Bytes bytes_;
    std::size_t at_ = 0;
    bool error_ = false;
};

double TextMatch::order() const {
    return score * std::sqrt(weight) * (1 + fit) / 2;
}

Result<TextIndex> TextIndex::read(Bytes bytes) {
    constexpr std::string_view kMark = "TNEX\x01";
    if (!as_text(bytes).starts_with(kMark)) return fail(ErrorKind::bad_value, 0);
    Reader reader(bytes);
    for (std::size_t i = 0; i < kMark.size(); ++i) reader.byte();
    TextIndex index;
    index.meanings_ = reader.strings();
    index.families_ = reader.strings();
    index.languages_ = reader.strings();
    index.texts_.resize(reader.number(2));
    for (Text& text : index.texts_) {
        text.meaning = static_cast<std::uint8_t>(reader.byte());
        text.family = static_cast<std::uint8_t>(reader.byte());
        text.language = static_cast<std::uint8_t>(reader.byte());
        if (text.meaning >= index.meanings_.size() || text.family >= index.families_.size() || text.language >= index.languages_.size())
            return fail(ErrorKind::bad_value, reader.at());
    }
    char32_t letter = 0;
    for (std::uint32_t left = reader.variable(); left != 0 && !reader.failed(); --left) {
        letter += reader.variable();
        index.letters_[script_of(letter)] += letter;
    }
    const std::size_t words = reader.number(4);
    if (words > reader.left() / 4) return fail(ErrorKind::truncated, reader.at());
    index.words_.resize(words);
    for (Word& word : index.words_) word.hash = reader.number(4);
    if (!std::is_sorted(index.words_.begin(), index.words_.end(), [](const Word& a, const Word& b) { return a.hash < b.hash; }))
        return fail(ErrorKind::bad_value, reader.at());
    for (Word& word : index.words_) {
        word.first = static_cast<std::uint32_t>(index.postings_.size());
        word.count = reader.variable();
        if (word.count == 0 || word.count > reader.left()) return fail(ErrorKind::truncated, reader.at());
        word.weight = weight_of(index.texts_.size(), word.count);
        std::uint32_t text = 0;
        for (std::uint32_t i = 0; i < word.count; ++i) {
            text += reader.variable();
            if (text >= index.texts_.size()) return fail(ErrorKind::bad_value, reader.at());
            index.postings_.push_back(static_cast<std::uint16_t>(text));
            index.texts_[text].total += word.weight;
        }
    }
    if (reader.failed()) return fail(ErrorKind::truncated, bytes.size());
    if (reader.left() != 0) return fail(ErrorKind::trailing_data, reader.at());
    index.rarest_ = weight_of(index.texts_.size(), 1);
    return index;
}

const TextIndex::Word* TextIndex::find(std::uint32_t hash) const {
    const auto found =
        std::lower_bound(words_.begin(), words_.end(), hash, [](const Word& word, std::uint32_t value) { return word.hash < value; });
    return found != words_.end() && found->hash == hash ? &*found : nullptr;
}

std::vector<const TextIndex::Word*> TextIndex::near(std::u32string_view word) const {
    std::u32string letters;
    std::set<std::uint32_t> scripts;
    for (const char32_t c : word) scripts.insert(script_of(c));
    for (const std::uint32_t script : scripts) {
        if (const auto found = letters_.find(script); found != letters_.end()) letters += found->second;
    }
    std::set<const Word*> found;
    std::u32string tried;
    const auto attempt = [&](std::u32string_view a, std::u32string_view b, std::u32string_view c) {
        tried = a;
        tried += b;
        tried += c;
        if (tried == word) return;
        if (const Word* known = find(hash_of(tried))) found.insert(known);
    };
    for (std::size_t i = 0; i <= word.size(); ++i) {
        const std::u32string_view left = word.substr(0, i), right = word.substr(i);
        const std::u32string_view rest = right.empty() ? right : right.substr(1);
        if (i >= 2 && i + 2 <= word.size()) {
            const Word* first = find(hash_of(left));
            const Word* second = find(hash_of(right));
            if (first && second) found.insert({first, second});
        }
        attempt(left, {}, rest);
        if (right.size() >= 2) attempt(std::u32string(left) + right[1], right.substr(0, 1), right.substr(2));
        for (const char32_t letter : letters) {
            attempt(left, {&letter, 1}, right);
            attempt(left, {&letter, 1}, rest);
        }
    }
    return {found.begin(), found.end()};
}

std::vector<TextMatch> TextIndex::search(std::u32string_view question, std::size_t most) const {
    std::map<const Word*, double> asked;
    std::set<std::uint32_t> unknown;
    double total = 0;
    std::vector<std::u32string> words = words_of(question);
    if (words.size() > kMostWords) words.resize(kMostWords);
    for (const std::u32string& word : words) {
        for (const std::u32string& feature : features_of(word)) {
            const std::uint32_t hash = hash_of(feature);
            if (const Word* known = find(hash)) {
                if (asked.contains(known)) continue;
                asked[known] = 1;
                total += known->weight;
                continue;
            }
            std::vector<const Word*> others;
            if (word.size() >= 4 && word.size() <= 30 && !is_unspaced(word[0])) others = near(word);
            double heaviest = others.empty() ? rarest_ : 0;
            for (const Word* other : others) {
                heaviest = std::max(heaviest, other->weight);
                asked[other] = std::max(asked[other], kSlip);
            }
            total += heaviest;
        }
    }
    struct Found {
        double weight = 0;
        std::size_t exact = 0;
    };
    std::map<std::size_t, Found> found;
    for (const auto& [word, share] : asked) {
        for (std::uint32_t i = 0; i < word->count; ++i) {
            Found& text = found[postings_[word->first + i]];
            text.weight += share * word->weight;
            text.exact += share == 1 ? 1 : 0;
        }
    }
    struct Best {
        double rank = -1;
        TextMatch match;
    };
    std::map<std::uint8_t, Best> best;
    for (const auto& [number, here] : found) {
        const double weight = here.weight;
        const Text& text = texts_[number];
        const double rank = weight / std::pow(text.total, kFlatten / 2);
        Best& known = best[text.meaning];
        if (rank <= known.rank) continue;
        known = {
            rank,
            {meanings_[text.meaning], families_[text.family], languages_[text.language],
             std::min(1.0, weight / std::min(total, text.total)), weight, std::min(1.0, weight / std::max(total, text.total)), here.exact}};
    }
    std::vector<Best> ranked;
    ranked.reserve(best.size());
    for (auto& [meaning, each] : best) ranked.push_back(each);
    std::stable_sort(ranked.begin(), ranked.end(), [](const Best& a, const Best& b) { return a.rank > b.rank; });
    std::vector<TextMatch> matches;
    for (std::size_t i = 0; i < std::min(most, ranked.size()); ++i) matches.push_back(ranked[i].match);
    return matches;
}

}  // namespace truename::explain
