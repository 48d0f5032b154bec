#include "authority/handout.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "authority/data_files.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "x509/certificate.h"
#include "x509/pem.h"
#include "x509/print.h"

namespace truename::authority {

namespace {

/// For XML and HTML.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '<')
            out += "&lt;";
        else if (c == '&')
            out += "&amp;";
        else if (c == '"')
            out += "&quot;";
        else
            out += c;
    }
    return out;
}

/// `01234567-89ab-...` from sixteen octets, marked as one that was made from a name (RFC 9562 5.8).
std::string uuid(Bytes octets) {
    ByteString marked = to_owned(octets.first(16));
    marked[6] = static_cast<std::uint8_t>((marked[6] & 0x0F) | 0x80);
    marked[8] = static_cast<std::uint8_t>((marked[8] & 0x3F) | 0x80);
    std::string text = to_hex(marked);
    for (const std::size_t at : {20U, 16U, 12U, 8U}) text.insert(at, 1, '-');
    return text;
}

/// The values of one root, by name.
class Values {
  public:
    Values(const x509::Certificate& root, Bytes der) {
        const crypto::Sha256 sha256 = crypto::sha256(der);
        const std::vector<std::string> names = x509::common_names(root.subject);
        const std::string name = names.empty() ? x509::to_string(root.subject) : printable(names.front());
        values_ = {{{"name", name},
                    {"xmlname", escaped(name)},
                    {"sha256", to_hex(sha256, ':')},
                    {"sha1", to_hex(crypto::sha1(der))},
                    {"short", to_hex(Bytes(sha256).first(4))},
                    {"base64", to_base64(der)},
                    {"uuid1", uuid(Bytes(sha256).first(16))},
                    {"uuid2", uuid(Bytes(sha256).last(16))}}};
    }
    /// `text` with its values; nothing when one is not known. Braces around anything but a lower-case word stand for themselves.
    [[nodiscard]] std::optional<std::string> fill(std::string_view text) const {
        std::string out;
        while (!text.empty()) {
            const std::size_t open = text.find('{'), close = text.find('}', open);
            out += text.substr(0, open);
            if (close == std::string_view::npos) return out + std::string(open == std::string_view::npos ? "" : text.substr(open));
            const std::string_view word = text.substr(open + 1, close - open - 1);
            if (!is_name(word)) {
                out += '{';
                text.remove_prefix(open + 1);
                continue;
            }
            const auto found = std::ranges::find(values_, word, [](const auto& value) { return value.first; });
            if (found == values_.end()) return std::nullopt;
            out += found->second;
            text.remove_prefix(close + 1);
        }
        return out;
    }

  private:
    static bool is_name(std::string_view word) {
        return !word.empty() && std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
    }
    std::array<std::pair<std::string_view, std::string>, 8> values_;
};

std::string contents_of(const Handout::File& file, Bytes root) {
    if (file.form == Handout::File::Form::pem) return x509::to_pem("CERTIFICATE", root);
    if (file.form == Handout::File::Form::der) return std::string(as_text(root));
    return file.text;
}

void append_steps(std::string& text, std::string_view heading, const std::vector<std::string>& steps) {
    text += "\n" + std::string(heading) + "\n";
    std::size_t number = 0;
    for (const std::string& step : steps) text += "  " + std::to_string(++number) + "  " + step + "\n";
}

void append_list(std::string& page, std::string_view heading, const std::vector<std::string>& steps) {
    page += "<h3>" + escaped(heading) + "</h3>\n<ol>\n";
    for (const std::string& step : steps) page += "<li>" + escaped(step) + "</li>\n";
    page += "</ol>\n";
}

}  // namespace

const std::vector<Handout>& handouts() {
    static const std::vector<Handout> list = [] {
        std::vector<Handout> read;
        for (const DataFile& file : handout_files()) {
            auto handout = read_handout(file.id, file.toml);
            if (!handout) std::abort();  // a test reads each of them
            read.push_back(std::move(*handout));
        }
        return read;
    }();
    return list;
}

const Handout* find_handout(std::string_view id) {
    const auto found = std::ranges::find(handouts(), id, &Handout::id);
    return found == handouts().end() ? nullptr : &*found;
}

Result<FilledHandout, Failure> FilledHandout::make(const Handout& handout, Bytes root) {
    const auto wrong = [&](std::string reason) {
        return Unexpected{Failure{FailureKind::input, "filling in", "handouts/" + handout.id + ".toml", std::move(reason), ""}};
    };
    const auto certificate = x509::parse_certificate(root);
    if (!certificate) return wrong("the root cannot be read: " + x509::describe(certificate.error()));
    const Values values(*certificate, root);
    FilledHandout filled;
    filled.title = handout.title;
    for (const Handout::File& file : handout.files) {
        const auto name = values.fill(file.name);
        const auto contents = file.form == Handout::File::Form::text ? values.fill(file.text) : contents_of(file, root);
        if (!name || !contents) return wrong("a value in " + file.name + " is not known");
        filled.files.push_back({*name, *contents});
    }
    const auto fill_all = [&](const std::vector<std::string>& steps, std::vector<std::string>& out) {
        return std::ranges::all_of(steps, [&](const std::string& step) {
            auto text = values.fill(step);
            if (text) out.push_back(std::move(*text));
            return out.size() <= steps.size() && text.has_value();
        });
    };
    if (!fill_all(handout.install, filled.install) || !fill_all(handout.remove, filled.remove))
        return wrong("a value in a step is not known");
    return filled;
}

std::string to_text(const FilledHandout& handout) {
    std::string text = "For " + handout.title + "\n";
    append_steps(text, "To trust it", handout.install);
    append_steps(text, "To take it away again", handout.remove);
    return text;
}

std::string to_page(const std::vector<FilledHandout>& handouts, std::string_view name, Bytes root) {
    std::string page = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>" + escaped(name) +
                       "</title>\n<style>body{font:16px/1.5 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em}"
                       "code{overflow-wrap:anywhere}</style>\n<h1>" +
                       escaped(name) +
                       "</h1>\n<p>Whoever trusts this root trusts the servers that it certifies. Its SHA-256 fingerprint is<br><code>" +
                       to_hex(crypto::sha256(root), ':') +
                       "</code><br>Ask the one who sent you here, by telephone for example, whether that is right.</p>\n"
                       "<p><a download=\"root.crt\" href=\"data:application/x-x509-ca-cert;base64," +
                       to_base64(root) + "\">root.crt</a></p>\n";
    for (const FilledHandout& handout : handouts) {
        page += "<details><summary>" + escaped(handout.title) + "</summary>\n";
        append_list(page, "To trust it", handout.install);
        append_list(page, "To take it away again", handout.remove);
        page += "</details>\n";
    }
    return page + "</html>\n";
}

}  // namespace truename::authority
