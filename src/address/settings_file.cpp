#include "address/settings_file.h"

#include <charconv>
#include <optional>

#include "base/text.h"
#include "x509/dns_name.h"

namespace truename::address {

namespace {

constexpr std::size_t kMostServers = 50;
constexpr std::string_view kDomainPlaceholder = "%EMAILDOMAIN%";

/// A piece of an XML text: a tag, or the text up to the next one.
struct Piece {
    std::string_view name;        ///< of a tag, without a prefix of a namespace; empty for text
    std::string_view attributes;  ///< of a tag that begins an element
    std::string_view text;        ///< between two tags, as it stands there
    bool is_end = false;          ///< `</name>`
};

/// Cuts XML into its pieces, as far as files with settings need it: no entities, no checks. Borrows from the text.
class Pieces {
  public:
    explicit Pieces(std::string_view text) : rest_(text) {}

    /// Nothing at the end.
    std::optional<Piece> next() {
        while (!rest_.empty()) {
            if (rest_.front() != '<') return Piece{{}, {}, trim(take_until("<", false)), false};
            if (rest_.starts_with("<!--")) {
                take_until("-->", true);
            } else if (rest_.starts_with("<?") || rest_.starts_with("<!")) {
                take_until(">", true);
            } else {
                return tag(take_until(">", true));
            }
        }
        return std::nullopt;
    }

  private:
    /// Up to the mark, which goes too when `with_it`; everything when there is none.
    std::string_view take_until(std::string_view mark, bool with_it) {
        const std::size_t at = rest_.find(mark);
        const std::size_t size = at == std::string_view::npos ? rest_.size() : at + (with_it ? mark.size() : 0);
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    static Piece tag(std::string_view text) {
        text.remove_prefix(1);
        if (text.ends_with('>')) text.remove_suffix(1);
        Piece piece;
        piece.is_end = text.starts_with('/');
        if (piece.is_end) text.remove_prefix(1);
        const std::size_t end = std::min(text.find_first_of(" \t\r\n/"), text.size());
        piece.name = text.substr(0, end);
        piece.name.remove_prefix(std::min(piece.name.find(':') + 1, piece.name.size()));  // npos + 1 is 0
        piece.attributes = text.substr(end);
        return piece;
    }

    std::string_view rest_;
};

std::string_view attribute(std::string_view attributes, std::string_view name) {
    const std::size_t at = attributes.find(name);
    if (at == std::string_view::npos) return {};
    std::string_view rest = trim(attributes.substr(at + name.size()));
    if (!rest.starts_with('=')) return {};
    rest = trim(rest.substr(1));
    if (rest.empty() || (rest.front() != '"' && rest.front() != '\'')) return {};
    return rest.substr(1, std::min(rest.find(rest.front(), 1), rest.size()) - 1);
}

/// What a file says of one server.
struct Entry {
    std::string type;  ///< `imap`, `pop3`, `smtp`
    std::string host, port;
    bool is_implicit = false;  ///< TLS from the first byte
};

std::optional<probe::Protocol> protocol_of(const Entry& entry) {
    using probe::Protocol;
    if (entry.type == "imap") return entry.is_implicit ? Protocol::imaps : Protocol::imap;
    if (entry.type == "pop3") return entry.is_implicit ? Protocol::pop3s : Protocol::pop3;
    if (entry.type == "smtp") return entry.is_implicit ? Protocol::submissions : Protocol::submission;
    return std::nullopt;
}

void add(std::vector<Told>& all, Entry entry, const std::string& domain, Teller teller, const std::string& record) {
    const auto protocol = protocol_of(entry);
    if (const std::size_t at = entry.host.find(kDomainPlaceholder); at != std::string::npos)
        entry.host.replace(at, kDomainPlaceholder.size(), domain);
    const auto host = x509::to_a_labels(entry.host);
    if (all.size() >= kMostServers || !protocol || !host || !x509::classify_dns_name(*host).valid || host->find('*') != std::string::npos)
        return;
    std::uint16_t port = probe::info(*protocol).port;
    if (!entry.port.empty()) {
        const auto [end, error] = std::from_chars(entry.port.data(), entry.port.data() + entry.port.size(), port);
        if (error != std::errc() || end != entry.port.data() + entry.port.size() || port == 0) return;
    }
    all.push_back({{*protocol, port}, *host, teller, record, false});
}

}  // namespace

std::vector<Told> read_autoconfig(std::string_view text, const std::string& domain, const std::string& record) {
    std::vector<Told> all;
    Pieces pieces(text.substr(0, kMaxSettingsFile));
    std::optional<Entry> entry;
    std::string_view inside;
    while (const auto piece = pieces.next()) {
        const bool is_server = piece->name == "incomingServer" || piece->name == "outgoingServer";
        if (is_server && !piece->is_end) {
            entry = Entry{.type = ascii_lower(attribute(piece->attributes, "type")), .host = {}, .port = {}};
        } else if (is_server) {
            if (entry) add(all, std::move(*entry), domain, Teller::autoconfig, record);
            entry.reset();
        } else if (!piece->name.empty()) {
            inside = piece->is_end ? std::string_view() : piece->name;
        } else if (entry && inside == "hostname") {
            entry->host = piece->text;
        } else if (entry && inside == "port") {
            entry->port = piece->text;
        } else if (entry && inside == "socketType") {
            entry->is_implicit = ascii_lower(piece->text) == "ssl";
        }
    }
    return all;
}

std::vector<Told> read_autodiscover(std::string_view text, const std::string& domain, const std::string& record) {
    std::vector<Told> all;
    Pieces pieces(text.substr(0, kMaxSettingsFile));
    std::optional<Entry> entry;
    std::string_view inside;
    while (const auto piece = pieces.next()) {
        if (piece->name == "Protocol" && !piece->is_end) {
            entry = Entry{.type = {}, .host = {}, .port = {}, .is_implicit = true};  // SSL is on where nothing is said
        } else if (piece->name == "Protocol") {
            if (entry) add(all, std::move(*entry), domain, Teller::autodiscover, record);
            entry.reset();
        } else if (!piece->name.empty()) {
            inside = piece->is_end ? std::string_view() : piece->name;
        } else if (!entry) {
            continue;
        } else if (inside == "Type") {
            entry->type = ascii_lower(piece->text);
        } else if (inside == "Server") {
            entry->host = piece->text;
        } else if (inside == "Port") {
            entry->port = piece->text;
        } else if (inside == "SSL") {
            entry->is_implicit = entry->is_implicit && ascii_lower(piece->text) == "on";
        } else if (inside == "Encryption") {
            entry->is_implicit = ascii_lower(piece->text) == "ssl";
        }
    }
    return all;
}

}  // namespace truename::address
