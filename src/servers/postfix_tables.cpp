#include "servers/postfix_tables.h"

#include <netdb.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "servers/config_text.h"
#include "servers/file_state.h"
#include "servers/pem_text.h"
#include "servers/setting_words.h"

namespace truename::servers {

namespace {

/// The number of a port that is given by name or number; 0 for neither.
std::uint16_t port_of(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error == std::errc{} && end == text.data() + text.size()) return port;
    for (const probe::ProtocolInfo& row : probe::all_protocols()) {
        if (row.name == text) return row.port;
    }
    if (text == "smtps" || text == "ssmtp") return 465;
    return 0;
}

}  // namespace

std::vector<PostfixListener> read_postfix_listeners(std::string_view services, std::string_view overrides) {
    std::vector<PostfixListener> list;
    for (const std::string_view line : split(services, '\n')) {
        const std::vector<std::string> words = setting_words(line);
        // The columns of master(5): name type private unprivileged chroot wakeup maxproc command.
        if (words.size() < 8 || words[1] != "inet" || (words[7] != "smtpd" && words[7] != "postscreen")) continue;
        PostfixListener service;
        service.id = words[0] + "/inet";
        const std::size_t colon = words[0].rfind(':');
        std::string host = colon == std::string::npos ? "" : words[0].substr(0, colon);
        if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
        service.host = std::move(host);
        service.port = port_of(std::string_view(words[0]).substr(colon == std::string::npos ? 0 : colon + 1));
        if (service.port != 0) list.push_back(std::move(service));
    }
    for (const auto& [path, value] : read_postfix_values(overrides)) {
        for (PostfixListener& service : list) {
            if (path.starts_with(service.id + "/")) service.overrides[path.substr(service.id.size() + 1)] = value;
        }
    }
    return list;
}

std::map<std::string, std::string, std::less<>> read_postfix_values(std::string_view text) {
    std::map<std::string, std::string, std::less<>> values;
    std::string last;
    for (const std::string_view line : split(text, '\n')) {
        const bool continues = line.starts_with(' ') || line.starts_with('\t');
        if (continues && !last.empty()) {
            values[last] += " " + std::string(trim(line));
            continue;
        }
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos) continue;
        last = trim(line.substr(0, equals));
        values[last] = trim(line.substr(equals + 1));
    }
    return values;
}

std::vector<SniLine> read_sni_lines(std::string_view text) {
    std::vector<SniLine> lines;
    for (const std::string_view raw : split(text, '\n')) {
        const std::string_view line = trim(raw);
        std::vector<std::string> words = setting_words(line);
        if (words.empty() || line.starts_with('#')) continue;
        const bool continues = raw.starts_with(' ') || raw.starts_with('\t');
        if (continues && lines.empty()) continue;
        if (!continues) {
            lines.push_back({ascii_lower(words.front()), {}});
            words.erase(words.begin());
        }
        lines.back().files.insert(lines.back().files.end(), words.begin(), words.end());
    }
    return lines;
}

std::optional<std::string> with_sni_line(std::string_view text, const SniLine& line) {
    const auto has_no_form = [](const std::string& file) {
        return file.empty() || std::ranges::any_of(file, [](char c) { return is_control(c) || c == ' ' || c == ','; });
    };
    if (std::ranges::any_of(line.files, has_no_form)) return std::nullopt;
    const std::string entry = line.name + " " + join(line.files, ", ");
    std::vector<Change> changes;
    bool is_written = false, is_in_it = false;
    for (TextLine row{0, 0, 0}; row.next < text.size();) {
        row = line_at(text, row.next);
        const std::string_view raw = text.substr(row.begin, row.end - row.begin);
        const std::vector<std::string> words = setting_words(raw);
        if (words.empty() || words.front().starts_with('#')) continue;
        const bool continues = raw.starts_with(' ') || raw.starts_with('\t');
        if (!continues) is_in_it = ascii_lower(words.front()) == line.name;
        if (!is_in_it) continue;
        changes.push_back(is_written ? Change{row.begin, row.next - row.begin, ""} : Change{row.begin, row.end - row.begin, entry});
        is_written = true;
    }
    if (!is_written) changes = {insert_lines(text, text.size(), {entry})};
    return with_changes(text, changes);
}

Result<std::vector<ChainPair>, Failure> pairs_of_chain_files(const std::vector<std::string>& files) {
    std::vector<ChainPair> pairs;
    bool empty = true;
    for (const std::string& file : files) {
        const auto state = read_file_state(file);
        if (!state) return forward_error(state);
        unsigned keys = 0, chains = 0;
        bool after_certificate = false;
        for (const PemSpan& span : pem_spans(state->bytes.view())) {
            if (span.kind == PemSpan::Kind::other) continue;
            empty = false;
            const bool is_key = span.kind == PemSpan::Kind::private_key;
            if (is_key) pairs.push_back({file, "", keys++, 0});
            if (!is_key && !after_certificate) {
                // Certificates without a key before them, or behind those of another file: the server does not take that either.
                if (pairs.empty() || !pairs.back().certificate_file.empty()) pairs.push_back({"", "", 0, 0});
                pairs.back().certificate_file = file;
                pairs.back().certificate_number = chains++;
            }
            after_certificate = !is_key;
        }
    }
    if (empty && files.size() == 1) return std::vector<ChainPair>{{files[0], files[0], 0, 0}};
    if (empty && files.size() == 2) return std::vector<ChainPair>{{files[0], files[1], 0, 0}};
    const auto half = [](const ChainPair& pair) { return pair.key_file.empty() || pair.certificate_file.empty(); };
    if (pairs.empty() || std::any_of(pairs.begin(), pairs.end(), half)) {
        // One of two files is broken or missing: the other says which it is.
        if (pairs.size() == 1 && files.size() == 2) return std::vector<ChainPair>{{files[0], files[1], 0, 0}};
        return Unexpected{Failure{FailureKind::input, "reading", printable(join(files, ", ")),
                                  "not every key in them is followed by its certificates", "Put each key before its certificate"}};
    }
    return pairs;
}

}  // namespace truename::servers
