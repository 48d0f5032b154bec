#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "base/text.h"
#include "clients/library.h"
#include "clients/storage.h"

namespace truename::clients {

namespace {

enum class FileKind : std::uint8_t { client, base, sets, dialog, none };

FileKind kind_of(std::string_view path) {
    if (!path.ends_with(".toml")) return FileKind::none;
    if (path == "clients/sets.toml") return FileKind::sets;
    if (path.starts_with("clients/bases/")) return FileKind::base;
    if (path.starts_with("clients/")) return FileKind::client;
    if (path.starts_with("dialogs/")) return FileKind::dialog;
    return FileKind::none;
}

// The profile that a set or a user names: default version and platform where the id does not say.
const Profile* find_profile(std::span<const Profile> profiles, std::string_view id) {
    for (const Profile& profile : profiles) {
        if (profile.id == id) return &profile;
    }
    const std::size_t at = std::min(id.find('@'), id.find('/'));
    const std::string_view product = id.substr(0, at);
    std::string_view version, platform;
    if (const std::size_t slash = id.find('/'); slash != std::string_view::npos) {
        platform = id.substr(slash + 1);
        id = id.substr(0, slash);
    }
    if (const std::size_t sign = id.find('@'); sign != std::string_view::npos) version = id.substr(sign + 1);
    const Profile* found = nullptr;
    for (const Profile& profile : profiles) {
        if (profile.product != product) continue;
        const bool fits = (version.empty() || version == profile.version) && (platform.empty() || platform == profile.platform);
        if (fits && (profile.is_default || !found)) found = &profile;
    }
    return found;
}

void read_sets(std::string_view file, const TomlValue& tree, Storage& storage, Problems& problems) {
    TableReader table(file, tree, "the file", problems, storage.strings);
    for (const std::string& name : tree.keys) {
        if (name == "all" || find_profile(storage.profiles, name)) table.problem(tree.find(name)->place, name + " has a meaning already");
        std::vector<const Profile*> profiles;
        for (const auto& [id, place] : table.texts(name)) {
            const Profile* profile = find_profile(storage.profiles, id);
            if (profile)
                profiles.push_back(profile);
            else
                table.problem(place, "there is no client " + printable(id));
        }
        storage.sets.push_back({table.keep(name), storage.keep(std::move(profiles))});
    }
}

struct ParsedFiles {
    std::vector<ParsedFile> clients, bases, sets, dialogs;
};

ParsedFiles parse_files(std::span<const DataFile> files, Problems& problems) {
    ParsedFiles parsed;
    for (const DataFile& file : files) {
        const FileKind kind = kind_of(file.path);
        if (kind == FileKind::none) continue;
        Result<TomlValue, TomlError> tree = parse_toml(file.text);
        if (!tree) {
            problems.add(file.path, tree.error().place, tree.error().reason);
            continue;
        }
        std::vector<ParsedFile>& list = kind == FileKind::client ? parsed.clients
                                        : kind == FileKind::base ? parsed.bases
                                        : kind == FileKind::sets ? parsed.sets
                                                                 : parsed.dialogs;
        list.push_back({file.path, std::move(*tree)});
    }
    return parsed;
}

void read_dialogs(const std::vector<ParsedFile>& files, Storage& storage, Problems& problems) {
    for (const ParsedFile& file : files) storage.dialogs.push_back(read_dialog(file.path, file.tree, storage, problems));
    std::stable_sort(storage.dialogs.begin(), storage.dialogs.end(), [](const Dialog& a, const Dialog& b) { return a.id < b.id; });
}

void sort_profiles(std::vector<Profile>& profiles) {
    std::stable_sort(profiles.begin(), profiles.end(), [](const Profile& a, const Profile& b) {
        if (a.product != b.product) return a.product < b.product;
        return a.is_default > b.is_default;
    });
}

Result<std::string, Failure> read_text(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text(kMaxDataFileSize + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in && !in.eof()) {
        return Unexpected{Failure{FailureKind::local, "reading the client data", path.string(), "the file cannot be read", {}}};
    }
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

// The distance within which an id is taken for another one, mistyped.
constexpr std::size_t kNear = 4;

Failure no_such_client(const Library& library, const std::string& id) {
    std::string best;
    std::size_t least = kNear;
    const auto consider = [&](std::string candidate) {
        const std::size_t steps = edit_distance(id, candidate, least);
        if (steps < least) {
            least = steps;
            best = std::move(candidate);
        }
    };
    for (const Profile& profile : library.profiles) consider(std::string(profile.id));
    for (const ClientSet& set : library.sets) consider(std::string(set.name));
    std::string next = best.empty() ? std::string() : "Did you mean " + best + "? ";
    return {FailureKind::usage, "choosing the clients", printable(id), "there is no such client",
            next + "`truename clients` lists them all."};
}

}  // namespace

std::string_view stem_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
    return path.substr(0, path.rfind('.'));
}

bool is_id(std::string_view text) {
    if (text.empty() || text.front() == '-' || text.front() == '.') return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; });
}

std::string to_string(const DataProblem& problem) {
    std::string text = problem.file;
    if (problem.line != 0) text += ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
    return text + ": " + problem.reason;
}

std::shared_ptr<const Library> read_library(std::span<const DataFile> files, std::vector<DataProblem>& problems) {
    Problems found;
    const ParsedFiles parsed = parse_files(files, found);
    const auto storage = std::make_shared<Storage>();
    // What builds on a wrong file seems to be wrong, too: so nothing is said of it.
    const auto is_good = [&] { return found.empty(); };
    if (is_good()) read_dialogs(parsed.dialogs, *storage, found);
    if (is_good()) read_profiles(parsed.clients, parsed.bases, *storage, found);
    sort_profiles(storage->profiles);
    if (is_good()) {
        for (const ParsedFile& file : parsed.sets) read_sets(file.path, file.tree, *storage, found);
    }
    if (!is_good()) {
        for (DataProblem& problem : found.take()) problems.push_back(std::move(problem));
        return nullptr;
    }
    storage->library = {storage->profiles, storage->dialogs, storage->sets};
    return {storage, &storage->library};
}

Result<std::vector<DataFile>, Failure> data_files(const std::string& folder) {
    std::vector<DataFile> files;
    for (const std::string_view part : {"clients", "clients/bases", "dialogs"}) {
        std::error_code error;
        const std::filesystem::path path = std::filesystem::path(folder) / part;
        for (std::filesystem::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
            if (!entry->is_regular_file() || entry->path().extension() != ".toml") continue;
            Result<std::string, Failure> text = read_text(entry->path());
            if (!text) return forward_error(text);
            files.push_back({std::string(part) + "/" + entry->path().filename().string(), std::move(*text)});
        }
    }
    std::sort(files.begin(), files.end(), [](const DataFile& a, const DataFile& b) { return a.path < b.path; });
    return files;
}

Result<std::shared_ptr<const Library>, Failure> load_library(const std::string& folder) {
    if (!std::filesystem::is_directory(std::filesystem::path(folder) / "clients")) return std::shared_ptr<const Library>();
    const Result<std::vector<DataFile>, Failure> files = data_files(folder);
    if (!files) return forward_error(files);
    std::vector<DataProblem> problems;
    std::shared_ptr<const Library> library = read_library(*files, problems);
    if (library) return library;
    const DataProblem& first = problems.front();
    std::string object = folder + "/" + first.file;
    if (first.line != 0) object += ":" + std::to_string(first.line) + ":" + std::to_string(first.column);
    std::string next = "docs/profile-format.md describes these files.";
    if (const std::size_t more = problems.size() - 1; more != 0)
        next = std::to_string(more) + (more == 1 ? " more problem follows it. " : " more problems follow it. ") + next;
    return Unexpected{Failure{FailureKind::input, "reading the client data", std::move(object), first.reason, std::move(next)}};
}

Result<std::vector<const Profile*>, Failure> select(const Library& library, std::span<const std::string> ids) {
    static const std::string kUsual[] = {"usual"};
    if (ids.empty()) ids = kUsual;
    std::vector<const Profile*> chosen;
    const auto choose = [&](const Profile* profile) {
        if (std::find(chosen.begin(), chosen.end(), profile) == chosen.end()) chosen.push_back(profile);
    };
    for (const std::string& id : ids) {
        const auto set = std::find_if(library.sets.begin(), library.sets.end(), [&](const ClientSet& s) { return s.name == id; });
        if (id == "all") {
            for (const Profile& profile : library.profiles) choose(&profile);
        } else if (set != library.sets.end()) {
            for (const Profile* profile : set->profiles) choose(profile);
        } else if (const Profile* profile = find_profile(library.profiles, id)) {
            choose(profile);
        } else {
            return Unexpected{no_such_client(library, id)};
        }
    }
    return chosen;
}

}  // namespace truename::clients
