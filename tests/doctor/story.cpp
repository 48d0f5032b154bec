#include "tests/doctor/story.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "tests/seeds.h"
#include "x509/pem.h"

namespace truename::doctor {

namespace {

const Time kNow = *parse_time("2026-11-24T00:00:00Z");

template <class T, class E>
T need(Result<T, E> result) {
    if (result) return std::move(*result);
    if constexpr (std::is_same_v<E, Failure>) std::cerr << to_sentence(result.error()) << "\n";
    std::abort();
}

std::vector<ByteString> chain(std::initializer_list<std::string_view> names) {
    std::vector<ByteString> list;
    for (const std::string_view name : names) list.push_back(to_owned(story().certificate(name)));
    return list;
}

}  // namespace

const recipe::Built& story() {
    static const recipe::Built built =
        need(recipe::build(need(recipe::load_file(TRUENAME_SOURCE_DIR "/tests/doctor/story.toml")), TRUENAME_SOURCE_DIR "/tests/keys"));
    return built;
}

NamedFile file(std::initializer_list<std::string_view> names) {
    std::string pem;
    for (const std::string_view name : names) pem += x509::to_pem("CERTIFICATE", story().certificate(name));
    return {std::string(*names.begin()) + ".pem", to_owned(as_bytes(pem))};
}

NamedFile file(std::string_view name) {
    return file({name});
}

ByteString ocsp_answer(std::string_view name, const x509::OcspSays& says) {
    const auto root = x509::parse_certificate(story().certificate("root"));
    const x509::OcspResponder responder{.issuer = &*root, .signer = &*root, .key = &story().certificates.at("root").key};
    x509::OcspSays until = says;
    if (until.next_update.empty()) until.next_update = "2027-01-01";
    return x509::ocsp_response(*x509::parse_certificate(story().certificate(name)), until, responder);
}

NamedFile request(std::string_view name) {
    const auto found = story().requests.find(name);
    return {std::string(name) + ".csr", to_owned(as_bytes(x509::to_pem("CERTIFICATE REQUEST", found->second.der)))};
}

probe::Endpoint endpoint(probe::Protocol protocol, std::string_view address, std::initializer_list<std::string_view> names) {
    const probe::ProtocolInfo& row = probe::info(protocol);
    probe::Endpoint made;
    made.protocol = protocol;
    made.port = row.port;
    made.tls_mode = row.tls;
    made.address = address;
    made.id = std::string(row.name) + ":" + std::to_string(row.port) + "@" + std::string(address);
    made.hello.server_name = "remote.example.com";
    made.state = probe::EndpointState::judged;
    made.tls.handshake = net::Handshake::completed;
    made.tls.version = net::TlsVersion::tls_1_3;
    made.tls.chain = chain(names);
    made.reach.answers[3][0] = probe::Answer::yes;
    return made;
}

probe::Evidence shown(std::initializer_list<std::string_view> names, std::initializer_list<probe::Protocol> ports) {
    probe::Evidence evidence;
    evidence.target.text = evidence.target.name = "remote.example.com";
    evidence.target.source = "argument";
    evidence.at = kNow;
    evidence.elapsed = std::chrono::milliseconds(40);
    for (const probe::Protocol port : ports) evidence.endpoints.push_back(endpoint(port, "192.0.2.10", names));
    evidence.connections = static_cast<unsigned>(evidence.endpoints.size());
    return evidence;
}

Options options(std::initializer_list<std::string> clients, std::initializer_list<std::string_view> added) {
    Options made;
    made.clients = clients;
    made.trust = TrustBase::none;
    for (const std::string_view name : added) made.added_roots.push_back(file(name));
    return made;
}

Options own_lists(std::initializer_list<std::string> clients) {
    Options made = options(clients);
    made.trust = TrustBase::own;
    return made;
}

namespace {

/// Choices of fuzz/doctor_examine.cpp.
char choices_of(const Options& options) {
    return static_cast<char>(1 | (options.require.empty() ? 0 : 2) | (options.deep ? 4 : 0) | (options.trust == TrustBase::own ? 8 : 0));
}

std::string block(const ByteString& bytes) {
    const auto size = static_cast<std::uint16_t>(bytes.size());
    return std::string{static_cast<char>(size >> 8), static_cast<char>(size & 0xFF)} + std::string(as_text(bytes));
}

ByteString all(const std::vector<NamedFile>& files) {
    ByteString joined;
    for (const NamedFile& file : files) joined.insert(joined.end(), file.bytes.begin(), file.bytes.end());
    return joined;
}

/// In the form of fuzz/doctor_predict.cpp.
void write_seed_of(const PredictInput& input) {
    const bool other_name = input.name == "remote.example.com";
    std::string seed{0,
                     static_cast<char>((other_name ? 3 : 0) | (input.as_ca ? 4 : 0) | (input.as_ca && input.as_ca->sorts_names ? 8 : 0))};
    seed +=
        block(all(input.files)) + block(all(input.issuers)) + block(input.ocsp ? input.ocsp->bytes : ByteString()) + block(all(input.crls));
    write_seed("doctor_predict", seed);
}

}  // namespace

Report judge(const probe::Evidence& evidence, const Options& options) {
    write_seed("doctor_examine", choices_of(options) + block(all(options.added_roots)) + write_evidence(evidence));
    return examine(evidence, need(prepare(options)));
}

Report foresee(const PredictInput& input, const Options& options) {
    PredictInput asked = input;
    if (asked.name.empty()) asked.name = "remote.example.com";
    asked.now = kNow;
    write_seed_of(asked);
    return need(predict(asked, need(prepare(options))));
}

const Verdict& verdict_of(const Report& report, std::string_view client) {
    static const Verdict none;
    for (const Verdict& verdict : report.verdicts) {
        if (verdict.id == client) return verdict;
    }
    ADD_FAILURE() << "no verdict of " << client;
    return none;
}

std::vector<std::string> kinds(const std::vector<Cause>& causes) {
    std::vector<std::string> list;
    for (const Cause& cause : causes) list.push_back(cause.kind);
    return list;
}

std::vector<std::string> kinds(const std::vector<Mend>& mends) {
    std::vector<std::string> list;
    for (const Mend& mend : mends) list.push_back(mend.kind);
    return list;
}

}  // namespace truename::doctor
