#include "cli/judging.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "cli/file.h"
#include "cli/program.h"

namespace truename::cli {

namespace {

namespace fs = std::filesystem;

/// RFC 5646 2.1: two or three letters, and perhaps more behind a hyphen (`pt-BR`).
bool is_language(std::string_view text) {
    const std::string_view first = text.substr(0, text.find('-'));
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return (first.size() == 2 || first.size() == 3) && std::all_of(first.begin(), first.end(), is_letter) &&
           first.size() != text.size() - 1;
}

// Where Debian keeps the roots that stand in for what is not known of a client.
constexpr const char* kSystemRoots = "/etc/ssl/certs/ca-certificates.crt";

/// The files of a folder of roots in the order of their names, without hidden ones and folders in it.
Result<std::vector<std::string>, Stop> files_of_folder(const std::string& folder) {
    std::vector<std::string> paths;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        std::error_code ignored;
        if (!it->path().filename().string().starts_with('.') && it->is_regular_file(ignored)) paths.push_back(it->path().string());
    }
    if (error)
        return Unexpected{Stop{ExitCode::no_input, {FailureKind::local, "reading the roots in", printable(folder), error.message(), ""}}};
    if (paths.empty())
        return Unexpected{
            Stop{ExitCode::bad_input, {FailureKind::input, "reading the roots in", printable(folder), "there is no file in it", ""}}};
    std::sort(paths.begin(), paths.end());
    return paths;
}

Result<void, Stop> add_trust(std::string_view value, doctor::Options& options) {
    if (value == "own" || value == "system" || value == "none") {
        options.trust = value == "own" ? doctor::TrustBase::own : value == "system" ? doctor::TrustBase::system : doctor::TrustBase::none;
        return {};
    }
    if (value.empty()) return Unexpected{usage_stop("--trust", "the name of a file or folder is missing")};
    std::vector<std::string> paths = {std::string(value)};
    std::error_code ignored;
    if (fs::is_directory(paths[0], ignored)) {
        auto files = files_of_folder(paths[0]);
        if (!files) return forward_error(files);
        paths = std::move(*files);
    }
    for (const std::string& path : paths) {
        Result<ByteString, Stop> bytes = read_file(path, "reading the roots in");
        if (!bytes) {
            Stop stop = bytes.error();
            if (stop.code == ExitCode::no_input && stop.failure.next.empty())
                stop.failure.next = "--trust takes a file, a folder, own, system or none";
            return Unexpected{std::move(stop)};
        }
        options.added_roots.push_back({path, std::move(*bytes)});
    }
    return {};
}

}  // namespace

Stop stop_for(Failure failure) {
    const ExitCode code = failure.kind == FailureKind::usage   ? ExitCode::usage
                          : failure.kind == FailureKind::input ? ExitCode::bad_input
                                                               : ExitCode::no_input;
    return {code, std::move(failure)};
}

Result<std::optional<Time>, Stop> judging_time(const Arguments& arguments) {
    const std::optional<std::string_view> text = arguments.get("at");
    if (!text) return std::optional<Time>{};
    const Result<Time> time = parse_time(*text);
    if (!time) {
        return Unexpected{usage_stop("--at", "\"" + printable(*text) + "\" is no time",
                                     "Write 2027-03-01, 2027-03-01T08:00 (UTC) or @ and the seconds since 1970")};
    }
    return std::optional<Time>{*time};
}

Result<std::string, Stop> data_folder(const Arguments& arguments) {
    const std::string folder(arguments.get("data").value_or(""));
    if (!arguments.has("data")) return folder;
    std::error_code error;
    if (!fs::is_directory(folder, error))
        return Unexpected{
            Stop{ExitCode::no_input, {FailureKind::local, "reading the data in", printable(folder), "there is no such folder", ""}}};
    for (const char* name : {"clients", "dialogs", "causes", "errors"}) {
        if (fs::is_directory(fs::path(folder) / name, error)) return folder;
    }
    return Unexpected{
        Stop{ExitCode::bad_input,
             {FailureKind::input, "reading the data in", printable(folder), "it holds none of clients, dialogs, causes and errors", ""}}};
}

Result<std::vector<doctor::NamedFile>, Stop> named_files(const std::vector<std::string_view>& paths, std::string_view doing) {
    std::vector<doctor::NamedFile> files;
    for (const std::string_view path : paths) {
        Result<ByteString, Stop> bytes = read_file(path, doing);
        if (!bytes) return forward_error(bytes);
        files.push_back({path == "-" ? "standard input" : std::string(path), std::move(*bytes)});
    }
    return files;
}

Result<doctor::Options, Stop> judging_options(const Arguments& arguments, const Program& program) {
    doctor::Options options;
    for (const std::string_view list : arguments.all("client")) {
        for (const std::string_view id : list_items(list)) options.clients.emplace_back(id);
    }
    const auto at = judging_time(arguments);
    if (!at) return forward_error(at);
    options.at = *at;
    for (const std::string_view value : arguments.all("trust")) {
        if (const auto added = add_trust(value, options); !added) return forward_error(added);
    }
    if (Result<ByteString, Stop> roots = read_file(kSystemRoots, "reading this machine's roots in"))
        options.system_roots = doctor::NamedFile{kSystemRoots, std::move(*roots)};
    else if (options.trust == doctor::TrustBase::system)
        return forward_error(roots);
    const auto lang = arguments.get("lang");
    if (lang && !is_language(*lang))
        return Unexpected{usage_stop("--lang " + printable(*lang), "it is no language code", "Write two letters: de, fr, ja")};
    options.lang = lang.value_or(program.language());
    auto folder = data_folder(arguments);
    if (!folder) return forward_error(folder);
    options.data_folder = std::move(*folder);
    return options;
}

}  // namespace truename::cli
