#include "tests/clients/support.h"

#include <cstdio>
#include <cstdlib>

#include "base/text.h"
#include "crypto/digest.h"
#include "tests/seeds.h"

namespace truename::clients {

namespace {

[[noreturn]] void stop(const std::string& reason) {
    std::fprintf(stderr, "%s\n", reason.c_str());
    std::abort();
}

constexpr std::string_view kBase = R"(
[base]
id = "lib@1"
name = "A library"
[trust]
source = "S1"
confidence = "source"
store = "system"
takes_added = "yes"
[path]
source = "S1"
confidence = "source"
uses = ["server"]
search = "any-good-path"
names_equal = "folded"
key_identifier = "hint"
judges = "path"
reports = "afterwards"
[names]
source = "S1"
confidence = "source"
compares = "any-dns"
common_name = "never"
which_common_name = "any"
address = "ip-address"
wildcard = "whole-left-label"
wildcard_labels = 2
wildcard_depth = "one-label"
wildcard_empty = "no"
wildcard_over_a_label = "yes"
wildcard_in_a_label = "no"
wildcard_before_a_label = "yes"
reference_dot = "stripped"
presented_dot = "kept"
underscore = "allowed"
syntax = "checked"
malformed = "skip"
[tls]
source = "S1"
confidence = "source"
min = "1.2"
max = "1.3"
keys = ["rsa", "ecdsa"]
sni = "yes"
[report]
source = "S1"
confidence = "source"
order = ["trust", "name", "time"]
show = "all"
[[reaction]]
finding = ["path.self-signed", "path.untrusted-root", "path.unknown-issuer"]
action = "refuses"
kind = "trust"
code = "E_TRUST"
source = "S1"
confidence = "source"
[[reaction]]
finding = ["name.mismatch", "name.none"]
action = "refuses"
kind = "name"
code = "E_NAME"
source = "S1"
confidence = "source"
[[reaction]]
finding = ["validity.expired", "validity.not-yet"]
action = "refuses"
kind = "time"
code = "E_TIME"
source = "S1"
confidence = "source"
)";

constexpr std::string_view kClient = R"([client]
id = "demo"
name = "Demo Mail"
version = "1"
platform = "linux-5"
base = "lib@1"
[[answer]]
kind = "trust"
action = "warns"
dialog = "demo-question"
line = "trust"
source = "S2"
confidence = "documented"
[[answer]]
kind = "name"
action = "warns"
dialog = "demo-question"
line = "name"
source = "S2"
confidence = "documented"
[[answer]]
kind = "time"
action = "warns"
dialog = "demo-question"
line = "time"
source = "S2"
confidence = "documented"
[[reaction]]
finding = "signature.invalid"
action = "refuses"
source = "S2"
confidence = "documented"
)";

constexpr std::string_view kDialog = R"([dialog]
id = "demo-question"
name = "Demo's question"
source = "S2"
confidence = "documented"
[texts.title]
en = "Careful"
de = "Vorsicht"
[texts.trust]
en = "{ISSUER} is not known."
[texts.name]
en = "This is not {HOST}."
de = "Das ist nicht {HOST}."
[texts.time]
en = "It ended on {DATE}."
[texts.ask]
en = "Go on?"
de = "Weiter?"
[texts.yes]
en = "Yes"
de = "Ja"
[texts.no]
en = "No"
de = "Nein"
[[step]]
id = "question"
title = "title"
lines = ["*", "ask"]
[[step.button]]
label = "yes"
does = "accepts"
lasts = "session"
bound_to = ["host", "certificate"]
covers = "shown"
[[step.button]]
label = "no"
does = "refuses"
)";

/// In the form of fuzz/clients_profile.cpp.
void write_seed_of(const std::vector<DataFile>& files) {
    std::string seed = "f";
    for (const DataFile& file : files) seed += "== " + file.path + "\n" + file.text;
    write_seed("clients_profile", seed);
}

}  // namespace

std::vector<DataFile> demo_files() {
    return {{"clients/bases/lib.toml", std::string(kBase)},
            {"clients/demo.toml", std::string(kClient)},
            {"clients/sets.toml", "usual = [\"demo\"]\n"},
            {"dialogs/demo-question.toml", std::string(kDialog)}};
}

std::vector<DataFile> demo_with(std::string_view path, std::string_view from, std::string_view to) {
    std::vector<DataFile> files = demo_files();
    for (DataFile& file : files) {
        if (file.path != path) continue;
        const std::size_t at = file.text.find(from);
        if (at == std::string::npos) stop("not in the demo: " + std::string(from));
        file.text.replace(at, from.size(), to);
        write_seed_of(files);
        return files;
    }
    stop("no such file in the demo: " + std::string(path));
}

std::shared_ptr<const Library> read(const std::vector<DataFile>& files) {
    std::vector<DataProblem> problems;
    auto library = read_library(files, problems);
    for (const DataProblem& problem : problems) std::fprintf(stderr, "%s\n", to_string(problem).c_str());
    if (!library) stop("the data is wrong");
    return library;
}

const Profile& profile(const Library& library, std::string_view id) {
    const std::string ids[] = {std::string(id)};
    const auto found = select(library, ids);
    if (!found || found->size() != 1) stop("no client " + std::string(id));
    return *found->front();
}

Scene::Scene(std::string_view toml)
    : Scene([&] {
          const auto recipe = recipe::load(toml, "test");
          if (!recipe) stop(to_sentence(recipe.error()));
          auto built = recipe::build(*recipe, TRUENAME_SOURCE_DIR "/tests/keys");
          if (!built) stop(to_sentence(built.error()));
          return std::move(*built);
      }()) {}

Scene::Scene(recipe::Built built) : at(*parse_time("2026-06-01")), built_(std::move(built)) {
    stores_.use_shipped(false);
}

Scene& Scene::sends(const std::vector<std::string>& names) {
    presented_.clear();
    for (const std::string& name : names) presented_.push_back(built_.certificate(name));
    return *this;
}

Scene& Scene::adds_roots(const std::vector<std::string>& names, x509::ExplicitTrust said) {
    roots_.insert(roots_.end(), names.begin(), names.end());
    for (const std::string& name : names) stores_.add_certificate(built_.certificate(name), true, said);
    return *this;
}

Scene& Scene::has_bundle(const std::vector<std::string>& names) {
    roots_.insert(roots_.end(), names.begin(), names.end());
    for (const std::string& name : names) stores_.add_certificate(built_.certificate(name), false);
    return *this;
}

Scene& Scene::fetched(const std::vector<std::string>& names) {
    fetched_.clear();
    for (const std::string& name : names) fetched_.push_back(built_.certificate(name));
    return *this;
}

Scene& Scene::asked(const std::string& name, ByteString response) {
    responses_.push_back(std::move(response));
    asked_.push_back({verify::StatusSource::ocsp,
                      crypto::sha256(built_.certificate(name)),
                      "http://ocsp.test/",
                      responses_.back(),
                      "it is down",
                      {},
                      at});
    return *this;
}

Scene& Scene::staples(ByteString response) {
    responses_.push_back(std::move(response));
    staples_.emplace_back(responses_.back());
    return *this;
}

/// In the form of fuzz/clients_judge.cpp, with one root.
void Scene::write_seed_of() const {
    std::string seed{static_cast<char>((context.tls.empty() ? 0 : 1) | 4 | (roots_.empty() ? 0 : 8) | (fetched_.empty() ? 0 : 16)), '\x24',
                     '\x92'};
    seed += static_cast<char>(host.size()) + host;
    std::vector<Bytes> certificates = presented_;
    certificates.insert(certificates.end(), fetched_.begin(), fetched_.end());
    if (!roots_.empty()) certificates.emplace_back(built_.certificate(roots_.front()));
    for (const Bytes der : certificates) {
        seed += static_cast<char>(der.size() >> 8);
        seed += static_cast<char>(der.size() & 0xFF);
        seed += as_text(der);
    }
    if (host.size() < 256 && seed.size() < 32'768) write_seed("clients_judge", seed);
}

Verdict Scene::judge(const Profile& profile) {
    write_seed_of();
    verify::Input input;
    input.presented = presented_;
    input.fetched = fetched_;
    input.asked = asked_;
    input.staples = staples_;
    input.stapled = !staples_.empty();
    input.name = host;
    input.at = at;
    context.host = host;
    verify::Verification& verification = verifications_.emplace_back(input, stores_, memory_);
    return Judge(verification, context).judge(profile);
}

std::vector<std::string> findings(const Verdict& verdict) {
    std::vector<std::string> names;
    for (const verify::Placed& placed : verdict.findings) names.emplace_back(info(placed.finding->id).name);
    return names;
}

std::string recipe_with(std::string_view more) {
    std::string text = R"([[certificate]]
name = "root"
subject = "CN=Demo Root"
ca = true
key_usage = ["keyCertSign", "cRLSign"]
validity = ["2020-01-01", "2036-01-01"]
key = "rsa2048-1"
[[certificate]]
name = "server"
)";
    const auto add = [&](std::string_view key, std::string_view value) {
        if (more.find(std::string(key) + " =") == std::string_view::npos) text.append(key).append(" = ").append(value).append("\n");
    };
    add("subject", "\"CN=mail.example.com\"");
    add("issuer", "\"root\"");
    add("names", "[\"DNS:mail.example.com\"]");
    add("key_usage", "[\"digitalSignature\"]");
    add("extended_key_usage", "[\"serverAuth\"]");
    add("validity", "[\"2026-01-01\", \"2027-01-01\"]");
    add("key", "\"rsa2048-2\"");
    return text + std::string(more) + "\n";
}

}  // namespace truename::clients
