#include "mail/address.h"

#include <algorithm>

#include "base/text.h"

namespace truename::mail {

namespace {

constexpr std::size_t kMaxAddresses = 1'000;
constexpr unsigned kMaxComments = 16;  // in each other

bool is_atom_character(char c) {
    return is_alphanumeric(c) || static_cast<unsigned char>(c) >= 0x80 ||
           std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

/// Reads the words of RFC 5322 3.2 one after another. Everything fails at the first thing that is none.
class Reader {
  public:
    explicit Reader(std::string_view text) : rest_(text) { skip_blanks(); }

    [[nodiscard]] bool broken() const { return broken_; }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] bool next_is(char c) const { return !rest_.empty() && rest_.front() == c; }
    bool take(char c) {
        if (!next_is(c)) return false;
        rest_.remove_prefix(1);
        skip_blanks();
        return true;
    }
    /// A dot-atom, an atom or a quoted string, as it stands; empty when none comes next.
    std::string word() {
        std::size_t size = 0;
        if (next_is('"')) {
            size = 1;
            while (size < rest_.size() && rest_[size] != '"') size += rest_[size] == '\\' ? 2 : 1;
            if (size >= rest_.size()) return fail_here();
            ++size;
        } else {
            while (size < rest_.size() && (is_atom_character(rest_[size]) || rest_[size] == '.')) ++size;
        }
        return cut(size);
    }
    /// `[192.0.2.1]`, or a dot-atom.
    std::string domain() {
        if (!next_is('[')) return next_is('"') ? fail_here() : word();
        const std::size_t end = rest_.find(']');
        return end == std::string_view::npos ? fail_here() : cut(end + 1);
    }

  private:
    std::string cut(std::size_t size) {
        std::string text(rest_.substr(0, size));
        rest_.remove_prefix(size);
        skip_blanks();
        return text;
    }
    std::string fail_here() {
        broken_ = true;
        rest_ = {};
        return {};
    }
    void skip_blanks() {
        unsigned depth = 0;
        while (!rest_.empty()) {
            const char c = rest_.front();
            if (c == '(' && ++depth > kMaxComments) break;
            if (c == ')' && depth > 0) {
                --depth;
            } else if (c == '\\' && depth > 0 && rest_.size() > 1) {
                rest_.remove_prefix(1);
            } else if (depth == 0 && c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                return;
            }
            rest_.remove_prefix(1);
        }
        if (depth > 0) (void)fail_here();
    }
    std::string_view rest_;
    bool broken_ = false;
};

/// addr-spec (RFC 5322 3.4.1), whose local part was read already.
std::string addr_spec(Reader& reader, std::string local) {
    if (local.empty() || !reader.take('@')) return {};
    std::string host = reader.domain();
    return host.empty() ? std::string() : std::move(local) + "@" + host;
}

/// mailbox = name-addr / addr-spec; empty when it is neither. `first` are the words that stand before what comes next.
std::string mailbox(Reader& reader, const std::vector<std::string>& words) {
    if (reader.next_is('@')) return words.size() == 1 ? addr_spec(reader, words.front()) : std::string();
    if (!reader.take('<')) return {};
    std::string address = addr_spec(reader, reader.word());
    return reader.take('>') ? address : std::string();
}

}  // namespace

Result<std::vector<std::string>> parse_mailbox_list(std::string_view text) {
    Reader reader(text);
    std::vector<std::string> addresses;
    bool in_group = false;
    while (!reader.at_end()) {
        if (reader.take(',')) continue;  // empty elements are obsolete and harmless
        if (in_group && reader.take(';')) {
            in_group = false;
            continue;
        }
        std::vector<std::string> words;
        for (std::string word = reader.word(); !word.empty(); word = reader.word()) words.push_back(std::move(word));
        if (!in_group && !words.empty() && reader.take(':')) {
            in_group = true;
            continue;
        }
        std::string address = mailbox(reader, words);
        const bool ends = reader.at_end() || reader.next_is(',') || (in_group && reader.next_is(';'));
        if (address.empty() || !ends) return fail(ErrorKind::bad_value, 0);
        if (addresses.size() == kMaxAddresses) return fail(ErrorKind::too_large, 0);
        addresses.push_back(std::move(address));
    }
    if (reader.broken() || in_group) return fail(ErrorKind::bad_value, 0);
    return addresses;
}

Result<std::string, Failure> from_address(const HeaderBlock& header) {
    const auto refuse = [](std::string reason) {
        return Unexpected{Failure{FailureKind::refused, "reading the sender of", "the message", std::move(reason), ""}};
    };
    const std::size_t count = header.count("From");
    if (count == 0) return refuse("it has no From");
    if (count > 1) return refuse("it has " + std::to_string(count) + " From fields, and programs differ in which they show");
    const std::string text = *header.find("From");
    const auto addresses = parse_mailbox_list(text);
    std::string shown = printable(text);
    clip(shown, 100);
    if (!addresses || addresses->empty()) return refuse("its From cannot be read: \"" + shown + "\"");
    if (addresses->size() > 1) return refuse("its From names " + std::to_string(addresses->size()) + " people: \"" + shown + "\"");
    return addresses->front();
}

}  // namespace truename::mail
