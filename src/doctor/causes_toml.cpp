#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "doctor/causes.h"

namespace truename::doctor {

namespace {

constexpr std::string_view kDoing = "reading the causes in";
constexpr std::size_t kMostMends = 250;  // a cause names them by one byte

constexpr std::string_view kWho[] = {"nobody", "server", "user", "ca", "provider", "unknown"};  // in the order of Who
constexpr std::string_view kChanges[] = {"names", "validity", "issuer", "key",   "form",   "chain",
                                         "root",  "typed",    "first",  "alone", "staple", "reload"};
constexpr std::string_view kAuthorities[] = {"any", "own", "others"};         // in the order of Authority
constexpr std::string_view kMendedNames[] = {"any", "certifiable", "inner"};  // in the order of MendedName
constexpr std::string_view kPlaceholders[] = {
    "name",     "first",   "names", "nearest",  "issuer",  "root",        "subject",  "not_before",    "at",        "found",
    "key",      "count",   "days",  "host",     "clients", "not_after",   "headline", "wanted",        "signature", "endpoints",
    "internal", "missing", "as_ca", "left_out", "port",    "counterpart", "about",    "uncertifiable", "mailboxes", "logins"};

// The rows with all that they borrow.
struct Storage {
    std::deque<std::string> texts;
    std::deque<std::vector<std::string_view>> steps;
    std::deque<std::vector<FindingId>> findings;  // also those that are explained
    std::deque<std::vector<std::uint8_t>> mend_numbers;
    std::vector<CauseRow> causes;
    std::vector<MendRow> mends;
    CauseTable table;
};

template <std::size_t N>
std::optional<std::size_t> index_of(std::string_view word, const std::string_view (&words)[N]) {
    const auto at = std::find(std::begin(words), std::end(words), word);
    return at == std::end(words) ? std::nullopt : std::optional(static_cast<std::size_t>(at - std::begin(words)));
}

// The mends that a cause names, to be looked up when all files were read.
struct NamedMends {
    std::string file;
    std::size_t line;
    std::vector<std::string> ids;
};

// Reads one file after another into a Storage; the first problem is kept and everything after it means nothing.
class Loader {
  public:
    void read(const std::string& name, std::string_view text) {
        file_ = name;
        try {
            const toml::table root = toml::parse(text, name);
            if (std::filesystem::path(name).filename() == "who.toml") return read_who(root);
            check_keys(root, {"cause", "mend"});
            each(root, "mend", [&](const toml::table& table) { read_mend(table); });
            each(root, "cause", [&](const toml::table& table) { read_cause(table); });
        } catch (const toml::parse_error& error) {
            problem(error.source(), std::string(error.description()));
        }
    }

    Result<std::shared_ptr<const CauseTable>, Failure> finish(const std::string& folder) {
        for (std::size_t i = 0; i < named_mends_.size(); ++i) look_up(named_mends_[i], storage_->mend_numbers[i]);
        for (std::size_t i = 0; i < std::size(kWho); ++i) {
            if (storage_->table.who[i].empty())
                problem_in(folder, "there is no sentence for who = \"" + std::string(kWho[i]) + "\" (who.toml)");
        }
        if (problem_) return Unexpected{*problem_};
        for (std::size_t i = 0; i < storage_->causes.size(); ++i) storage_->causes[i].mends = storage_->mend_numbers[i];
        storage_->table.causes = storage_->causes;
        storage_->table.mends = storage_->mends;
        return std::shared_ptr<const CauseTable>(storage_, &storage_->table);
    }

  private:
    void problem_in(std::string_view place, std::string reason) {
        if (!problem_) problem_ = Failure{FailureKind::input, std::string(kDoing), printable(place), std::move(reason), ""};
    }
    void problem(const toml::source_region& where, std::string reason) {
        problem_in(file_ + ":" + std::to_string(where.begin.line), std::move(reason));
    }

    void check_placeholders(std::string_view text, const toml::source_region& where) {
        for (std::size_t i = text.find('{'); i != std::string_view::npos; i = text.find('{', i + 1)) {
            const std::string_view name = text.substr(i + 1, text.find('}', i) - i - 1);
            if (!index_of(name, kPlaceholders)) problem(where, "unknown placeholder {" + printable(name) + "}");
        }
    }

    std::string_view keep(std::string text) { return storage_->texts.emplace_back(std::move(text)); }

    std::string_view text_of(const toml::table& table, const char* key, bool needed = true) {
        const toml::node* node = table.get(key);
        if (node == nullptr) {
            if (needed) problem(table.source(), "there is no `" + std::string(key) + "`");
            return {};
        }
        if (!node->is_string()) {
            problem(node->source(), "`" + std::string(key) + "` must be a text");
            return {};
        }
        check_placeholders(node->as_string()->get(), node->source());
        return keep(node->as_string()->get());
    }

    std::string_view id_of(const toml::table& table) {
        const std::string_view id = text_of(table, "id");
        const bool is_id = !id.empty() && std::all_of(id.begin(), id.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
        if (!is_id) problem(table.source(), "`id` must be small letters and hyphens");
        return id;
    }

    std::vector<std::string> list_of(const toml::table& table, const char* key) {
        std::vector<std::string> list;
        const toml::node* node = table.get(key);
        if (node == nullptr) return list;
        if (!node->is_array()) {
            problem(node->source(), "`" + std::string(key) + "` must be a list");
            return list;
        }
        for (const toml::node& item : *node->as_array()) {
            if (!item.is_string()) {
                problem(item.source(), "`" + std::string(key) + "` must hold texts");
                continue;
            }
            list.push_back(item.as_string()->get());
            check_placeholders(list.back(), item.source());
        }
        return list;
    }

    void check_keys(const toml::table& table, std::initializer_list<std::string_view> known) {
        for (const auto& [key, node] : table) {
            if (std::find(known.begin(), known.end(), key.str()) == known.end())
                problem(node.source(), "unknown key `" + printable(key.str()) + "`");
        }
    }

    Who who_of(const toml::table& table) {
        const std::string_view word = text_of(table, "who");
        const auto index = index_of(word, kWho);
        if (!index) problem(table.source(), "unknown `who`: " + printable(word));
        return static_cast<Who>(index.value_or(0));
    }

    std::span<const FindingId> findings_of(const toml::table& table, const char* key) {
        std::vector<FindingId>& findings = storage_->findings.emplace_back();
        for (const std::string& id : list_of(table, key)) {
            const std::optional<FindingId> found = find_finding(id);
            if (found)
                findings.push_back(*found);
            else
                problem(table.source(), "unknown finding `" + printable(id) + "`");
        }
        return findings;
    }

    // One of the words of an enumeration, the first when the key is not there.
    template <class Enum, std::size_t N>
    Enum word_of(const toml::table& table, const char* key, const std::string_view (&words)[N]) {
        const std::string_view word = table.contains(key) ? text_of(table, key) : words[0];
        const auto index = index_of(word, words);
        if (!index) problem(table.source(), "unknown `" + std::string(key) + "`: " + printable(word));
        return static_cast<Enum>(index.value_or(0));
    }

    void read_mend(const toml::table& table) {
        check_keys(table, {"id", "who", "text", "steps", "change", "authority", "name"});
        MendRow row{id_of(table),
                    who_of(table),
                    text_of(table, "text"),
                    {},
                    0,
                    word_of<Authority>(table, "authority", kAuthorities),
                    word_of<MendedName>(table, "name", kMendedNames)};
        std::vector<std::string_view>& steps = storage_->steps.emplace_back();
        for (std::string& step : list_of(table, "steps")) steps.push_back(keep(std::move(step)));
        row.steps = steps;
        for (const std::string& word : list_of(table, "change")) {
            const auto bit = index_of(word, kChanges);
            if (!bit) problem(table.source(), "unknown change `" + printable(word) + "`");
            row.change = static_cast<Changes>(row.change | (1u << bit.value_or(0)));
        }
        if (storage_->mends.size() >= kMostMends) problem(table.source(), "more than " + std::to_string(kMostMends) + " mends");
        storage_->mends.push_back(row);
    }

    void read_cause(const toml::table& table) {
        check_keys(table, {"id", "letter", "findings", "explains", "who", "headline", "text", "others", "shortcut", "assuming", "mends"});
        CauseRow row{};
        row.id = id_of(table);
        const std::string_view letter = text_of(table, "letter");
        if (letter.size() != 1 || letter[0] < 'A' || letter[0] > 'Z') problem(table.source(), "`letter` must be one capital letter");
        row.letter = letter.empty() ? '?' : letter[0];
        row.who = who_of(table);
        row.headline = text_of(table, "headline");
        row.text = text_of(table, "text");
        row.others = text_of(table, "others", false);
        row.shortcut = text_of(table, "shortcut", false);
        row.assuming = text_of(table, "assuming", false);
        row.findings = findings_of(table, "findings");
        row.explains = findings_of(table, "explains");
        named_mends_.push_back({file_, table.source().begin.line, list_of(table, "mends")});
        storage_->mend_numbers.emplace_back();
        storage_->causes.push_back(row);
    }

    void look_up(const NamedMends& named, std::vector<std::uint8_t>& numbers) {
        const std::string place = named.file + ":" + std::to_string(named.line);
        if (named.ids.empty()) problem_in(place, "there are no `mends`");
        for (const std::string& id : named.ids) {
            const auto at = std::find_if(storage_->mends.begin(), storage_->mends.end(), [&](const MendRow& m) { return m.id == id; });
            if (at == storage_->mends.end()) return problem_in(place, "unknown mend `" + printable(id) + "`");
            numbers.push_back(static_cast<std::uint8_t>(at - storage_->mends.begin()));
        }
    }

    void read_who(const toml::table& root) {
        for (const auto& [key, node] : root) {
            const auto index = index_of(key.str(), kWho);
            if (!index || !node.is_table()) {
                problem(node.source(), "unknown `who`: " + printable(key.str()));
                continue;
            }
            check_keys(*node.as_table(), {"text"});
            storage_->table.who[*index] = text_of(*node.as_table(), "text");
        }
    }

    template <class F>
    void each(const toml::table& root, const char* key, F use) {
        const toml::node* node = root.get(key);
        if (node == nullptr) return;
        if (!node->is_array_of_tables()) return problem(node->source(), "write it as [[" + std::string(key) + "]]");
        for (const toml::node& item : *node->as_array()) use(*item.as_table());
    }

    std::shared_ptr<Storage> storage_ = std::make_shared<Storage>();
    std::vector<NamedMends> named_mends_;  // of the causes, in their order
    std::string file_;
    std::optional<Failure> problem_;
};

Failure unreadable(const std::string& path, std::string reason) {
    return {FailureKind::local, std::string(kDoing), printable(path), std::move(reason), ""};
}

Result<std::vector<std::string>, Failure> toml_files(const std::string& folder) {
    std::vector<std::string> paths;
    std::error_code error;
    for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        if (it->path().extension() == ".toml") paths.push_back(it->path().string());
    }
    if (error) return Unexpected{unreadable(folder, error.message())};
    std::sort(paths.begin(), paths.end());
    return paths;
}

}  // namespace

Result<std::shared_ptr<const CauseTable>, Failure> load_causes(const std::string& folder) {
    const std::string causes = folder + "/causes";
    std::error_code ignored;
    if (!std::filesystem::is_directory(causes, ignored)) return std::shared_ptr<const CauseTable>();
    const auto paths = toml_files(causes);
    if (!paths) return forward_error(paths);
    Loader loader;
    for (const std::string& path : *paths) {
        std::ifstream in(path, std::ios::binary);
        std::string text(kMaxCauseFile + 1, '\0');
        in.read(text.data(), static_cast<std::streamsize>(text.size()));
        if (!in && !in.eof()) return Unexpected{unreadable(path, "the file cannot be read")};
        text.resize(static_cast<std::size_t>(in.gcount()));
        if (text.size() > kMaxCauseFile)
            return Unexpected{Failure{FailureKind::input, std::string(kDoing), printable(path), "it is larger than 1 MB", ""}};
        loader.read(path, text);
    }
    return loader.finish(causes);
}

}  // namespace truename::doctor
