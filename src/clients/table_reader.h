#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "clients/fact.h"
#include "clients/library.h"
#include "clients/toml_tree.h"
#include "clients/words.h"

namespace truename::clients {

/// All problems, each once: the layers of a profile are read again for each profile that stands on them.
class Problems {
  public:
    void add(std::string_view file, Place place, std::string reason);
    [[nodiscard]] bool empty() const { return problems_.empty(); }
    /// Sorted by file and place.
    [[nodiscard]] std::vector<DataProblem> take();

  private:
    std::vector<DataProblem> problems_;
};

/// Where texts of a library stay as long as it does.
class Strings {
  public:
    std::string_view keep(std::string_view text);

  private:
    std::set<std::string, std::less<>> strings_;
};

/// What facts of a table have when they say nothing themselves.
struct Backing {
    std::string_view source = {};
    std::optional<Confidence> confidence = {};
};

/// Reads one table: takes the keys that are asked for, reports wrong types and, with finish(), keys that nobody asked for. `where` names
/// the table in error texts: `[names]`. All are borrowed.
class TableReader {
  public:
    TableReader(std::string_view file, const TomlValue& table, std::string where, Problems& problems, Strings& strings)
        : file_(file), table_(&table), where_(std::move(where)), problems_(&problems), strings_(&strings) {}

    /// The member, which from now on is known.
    const TomlValue* find(std::string_view key);
    /// A text; with `required`, a missing one is a problem. Empty when there is none.
    std::string_view text(std::string_view key, bool required);
    std::optional<bool> flag(std::string_view key);
    std::optional<std::int64_t> number(std::string_view key, std::int64_t least, std::int64_t most);
    /// A text that is a day, as `2018-10-16`.
    std::optional<Time> date(std::string_view key);
    /// One text or a list of them.
    std::vector<std::pair<std::string_view, Place>> texts(std::string_view key);
    template <class E>
    std::optional<E> word(std::string_view key) {
        const TomlValue* value = find(key);
        return value ? as_word<E>(*value, key) : std::nullopt;
    }
    /// A member that is a table.
    std::optional<TableReader> table(std::string_view key);
    /// The tables of an array of tables.
    std::vector<TableReader> tables(std::string_view key);

    /// `source` and `confidence` of this table, else those of `outer`.
    Backing backing(const Backing& outer = {});

    /// Reads a fact in one of its three forms; `read` makes the value from the TOML value or reports and gives nothing. False when the key
    /// is not there.
    template <class T, class Read>
    bool fact(std::string_view key, Fact<T>& out, const Backing& backing, Read&& read) {
        const TomlValue* node = find(key);
        if (!node) return false;
        const std::optional<Written> written = open_fact(*node, key, backing);
        if (!written) return true;
        if (written->unknown) {
            out = {};
            return true;
        }
        if (std::optional<T> value = read(*written->value))
            out = {std::move(*value), true, *written->backing.confidence, written->backing.source};
        return true;
    }
    template <class E>
    bool fact_word(std::string_view key, Fact<E>& out, const Backing& backing) {
        return fact(key, out, backing, [&](const TomlValue& value) { return as_word<E>(value, key); });
    }
    /// A list of words as bits.
    template <class E>
    bool fact_bits(std::string_view key, Fact<std::uint8_t>& out, const Backing& backing) {
        return fact(key, out, backing, [&](const TomlValue& value) { return as_bits<E>(value, key); });
    }

    template <class E>
    std::optional<E> as_word(const TomlValue& value, std::string_view key) {
        if (!expect(value, key, TomlValue::Kind::text, "a text")) return {};
        if (const auto found = find_word<E>(value.text)) return found;
        std::vector<std::string_view> allowed;
        for (const Word<E>& row : words<E>()) allowed.push_back(row.word);
        wrong_word(value, key, allowed);
        return {};
    }
    template <class E>
    std::optional<std::uint8_t> as_bits(const TomlValue& value, std::string_view key) {
        if (!expect(value, key, TomlValue::Kind::array, "a list of words")) return {};
        unsigned bits = 0;
        for (const TomlValue& item : value.items) {
            const auto found = as_word<E>(item, key);
            if (!found) return {};
            bits |= static_cast<unsigned>(*found);
        }
        return static_cast<std::uint8_t>(bits);
    }
    bool expect(const TomlValue& value, std::string_view key, TomlValue::Kind kind, std::string_view what);
    void wrong_word(const TomlValue& value, std::string_view key, const std::vector<std::string_view>& allowed);

    void problem(Place place, std::string reason) { problems_->add(file_, place, std::move(reason)); }
    /// Reports every key that was not asked for.
    void finish();

    [[nodiscard]] Place place() const { return table_->place; }
    [[nodiscard]] const TomlValue& tree() const { return *table_; }
    [[nodiscard]] std::string_view file() const { return file_; }
    [[nodiscard]] const std::string& where() const { return where_; }
    std::string_view keep(std::string_view text) { return strings_->keep(text); }

  private:
    struct Written {
        const TomlValue* value = nullptr;
        bool unknown = false;
        Backing backing;
    };
    std::optional<Written> open_fact(const TomlValue& node, std::string_view key, const Backing& backing);

    std::string_view file_;
    const TomlValue* table_;
    std::string where_;
    Problems* problems_;
    Strings* strings_;
    std::vector<std::string> asked_;
};

}  // namespace truename::clients
