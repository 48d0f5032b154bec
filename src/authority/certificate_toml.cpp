#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>

#include <algorithm>

#include "authority/certificate_profile.h"
#include "base/text.h"
#include "der/oid.h"

namespace truename::authority {

namespace {

constexpr unsigned kMostDays = 3'650;

/// One file; the first thing that is wrong is kept.
class Reader {
  public:
    Reader(std::string_view id, const toml::table& table) : id_(id), table_(table) {}

    std::string text(std::string_view key) {
        const auto value = table_[key].value<std::string>();
        if (!value) wrong(key, "has to be a text");
        return value.value_or("");
    }
    unsigned days(std::string_view key) {
        const auto value = table_[key].value<std::int64_t>();
        if (value && *value > 0 && *value <= kMostDays) return static_cast<unsigned>(*value);
        wrong(key, "has to be a number from 1 to " + std::to_string(kMostDays));
        return 0;
    }
    CertificateProfile::Names names(std::string_view key) {
        const std::string word = text(key);
        if (word != "hosts" && word != "mailbox") wrong(key, "has to be hosts or mailbox");
        return word == "mailbox" ? CertificateProfile::Names::mailbox : CertificateProfile::Names::hosts;
    }
    std::vector<x509::KeyUsageBit> usage(std::string_view key) {
        std::vector<x509::KeyUsageBit> bits;
        for (const std::string& word : words(key)) {
            const auto* found = std::ranges::find_if(kBits, [&](x509::KeyUsageBit bit) { return x509::name_of(bit) == word; });
            if (found == std::end(kBits)) {
                wrong(key, "\"" + printable(word) + "\" is no usage of a key");
            } else {
                bits.push_back(*found);
            }
        }
        return bits;
    }
    std::vector<ByteString> purposes(std::string_view key) {
        std::vector<ByteString> list;
        for (const std::string& word : words(key)) {
            const auto* found = std::ranges::find(kPurposes, word, [](const auto& row) { return row.first; });
            if (found == std::end(kPurposes)) {
                wrong(key, "\"" + printable(word) + "\" is no purpose");
            } else {
                list.push_back(to_owned(found->second.content()));
            }
        }
        return list;
    }
    void check_keys() {
        for (const auto& [key, value] : table_) {
            if (std::ranges::find(kKeys, key.str()) == std::end(kKeys)) wrong(key.str(), "is not known");
        }
    }
    [[nodiscard]] const std::string& problem() const { return problem_; }

  private:
    static constexpr std::string_view kKeys[] = {"title", "names", "days", "purposes", "usage", "usage_rsa"};
    static constexpr x509::KeyUsageBit kBits[] = {x509::KeyUsageBit::digital_signature, x509::KeyUsageBit::content_commitment,
                                                  x509::KeyUsageBit::key_encipherment, x509::KeyUsageBit::data_encipherment,
                                                  x509::KeyUsageBit::key_agreement};
    static constexpr std::pair<std::string_view, der::Oid> kPurposes[] = {{"serverAuth", der::oid::kp_server_auth},
                                                                          {"clientAuth", der::oid::kp_client_auth},
                                                                          {"emailProtection", der::oid::kp_email_protection}};

    std::vector<std::string> words(std::string_view key) {
        std::vector<std::string> list;
        const toml::array* array = table_[key].as_array();
        if (array == nullptr || array->empty()) wrong(key, "has to be a list of words");
        if (array == nullptr) return list;
        for (const toml::node& node : *array) list.push_back(node.value_or(std::string()));
        return list;
    }
    void wrong(std::string_view key, std::string_view what) {
        if (problem_.empty()) problem_ = printable(key) + " " + std::string(what);
    }

    std::string_view id_;
    const toml::table& table_;
    std::string problem_;
};

Failure unreadable(std::string_view id, std::string reason) {
    return {FailureKind::input, "reading", "certificates/" + printable(id) + ".toml", std::move(reason), ""};
}

}  // namespace

Result<CertificateProfile, Failure> read_certificate_profile(std::string_view id, std::string_view toml) {
    try {
        const toml::table table = toml::parse(toml, id);
        Reader reader(id, table);
        CertificateProfile profile;
        profile.id = id;
        profile.title = reader.text("title");
        profile.names = reader.names("names");
        profile.days = reader.days("days");
        profile.purposes = reader.purposes("purposes");
        profile.usage = reader.usage("usage");
        profile.usage_rsa = reader.usage("usage_rsa");
        reader.check_keys();
        if (!reader.problem().empty()) return Unexpected{unreadable(id, reader.problem())};
        return profile;
    } catch (const toml::parse_error& error) {
        return Unexpected{unreadable(id, "line " + std::to_string(error.source().begin.line) + ": " + std::string(error.description()))};
    }
}

}  // namespace truename::authority
