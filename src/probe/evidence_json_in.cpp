#include <initializer_list>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/text.h"
#include "probe/deep.h"
#include "probe/evidence.h"
#include "probe/wire.h"

namespace truename::probe {

namespace {

using Json = nlohmann::json;

/// Walks the tree and remembers the first thing that is wrong, by its member's path. After that everything reads as its default, so the
/// functions below need no checks of their own.
class Reader {
  public:
    [[nodiscard]] const std::string& problem() const { return problem_; }

    void wrong(std::string_view member, std::string_view what) {
        if (problem_.empty()) problem_ = "member '" + path_ + std::string(member) + "' " + std::string(what);
    }

    const Json* find(const Json& object, const char* name) {
        if (!object.is_object()) return nullptr;
        const auto member = object.find(name);
        return member == object.end() ? nullptr : &*member;
    }

    const Json& need(const Json& object, const char* name) {
        static const Json kNone;
        const Json* const member = find(object, name);
        if (member == nullptr) wrong(name, "is missing");
        return member != nullptr ? *member : kNone;
    }

    std::string text(const Json& object, const char* name) {
        const Json& value = need(object, name);
        if (value.is_string()) return value.get<std::string>();
        const Json* const coded = find(value, "base64");
        if (coded != nullptr && coded->is_string()) {
            if (const auto bytes = from_base64(coded->get_ref<const std::string&>())) return std::string(as_text(*bytes));
        }
        wrong(name, "is not text");
        return {};
    }

    ByteString bytes(const Json& value, const char* name) {
        if (value.is_string()) {
            if (auto decoded = from_base64(value.get_ref<const std::string&>())) return std::move(*decoded);
        }
        wrong(name, "is not base64");
        return {};
    }

    Time time(const Json& object, const char* name) {
        const auto read = parse_time(text(object, name));
        if (!read) wrong(name, "is not a time");
        return read ? *read : Time{};
    }

    bool flag(const Json& object, const char* name) {
        const Json& value = need(object, name);
        if (!value.is_boolean()) wrong(name, "is not true or false");
        return value.is_boolean() && value.get<bool>();
    }

    template <class T>
    T number(const Json& object, const char* name) {
        const Json& value = need(object, name);
        if (value.is_number_unsigned() && value.get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<T>::max())) {
            return static_cast<T>(value.get<std::uint64_t>());
        }
        wrong(name, "is not a number in its range");
        return {};
    }

    /// The value among `all` whose word stands there.
    template <class T, class NameOf>
    T word(const Json& object, const char* name, std::initializer_list<T> all, NameOf&& name_of_value) {
        const std::string found = text(object, name);
        for (const T one : all) {
            if (name_of_value(one) == found) return one;
        }
        wrong(name, "has a value that is not known: " + printable(found));
        return *all.begin();
    }

    /// Calls `each` for every element, with the path set to it.
    template <class F>
    void list(const Json& object, const char* name, F&& each) {
        const Json& value = need(object, name);
        if (!value.is_array()) return wrong(name, "is not a list");
        std::size_t index = 0;
        for (const Json& element : value) {
            const std::string before = path_;
            path_ += std::string(name) + "[" + std::to_string(index++) + "].";
            each(element);
            path_ = before;
        }
    }

  private:
    std::string path_, problem_;
};

constexpr auto kVersions = {net::TlsVersion::tls_1_0, net::TlsVersion::tls_1_1, net::TlsVersion::tls_1_2, net::TlsVersion::tls_1_3};
constexpr auto kVersionName = [](net::TlsVersion v) { return net::name_of(v); };

std::optional<Failure> read_failure(Reader& in, const Json& object, const char* name) {
    const Json* const value = in.find(object, name);
    if (value == nullptr) return std::nullopt;
    Failure failure;
    failure.kind = in.word(*value, "kind",
                           {FailureKind::refused, FailureKind::limited, FailureKind::timeout, FailureKind::dropped, FailureKind::protocol,
                            FailureKind::local, FailureKind::usage, FailureKind::input},
                           [](FailureKind k) { return truename::name_of(k); });
    failure.doing = in.text(*value, "doing");
    failure.object = in.text(*value, "object");
    failure.reason = in.text(*value, "reason");
    failure.next = in.text(*value, "next");
    return failure;
}

Protocol read_protocol(Reader& in, const Json& object) {
    const auto protocol = find_protocol(in.text(object, "protocol"));
    if (!protocol) in.wrong("protocol", "is not known");
    return protocol.value_or(Protocol::tls);
}

Target read_target(Reader& in, const Json& object) {
    Target target;
    target.text = in.text(object, "text");
    target.name = in.text(object, "name");
    target.is_address = in.flag(object, "is_address");
    if (in.find(object, "port") != nullptr) target.port = in.number<std::uint16_t>(object, "port");
    if (in.find(object, "protocol") != nullptr) target.protocol = read_protocol(in, object);
    target.source = in.text(object, "source");
    return target;
}

net::TlsHello read_hello(Reader& in, const Json& object) {
    net::TlsHello hello;
    hello.server_name = in.text(object, "server_name");
    hello.min = in.word<net::TlsVersion>(object, "min", kVersions, kVersionName);
    hello.max = in.word<net::TlsVersion>(object, "max", kVersions, kVersionName);
    hello.keys = in.word(object, "keys", {net::KeyOffer::any, net::KeyOffer::rsa, net::KeyOffer::ecdsa, net::KeyOffer::none},
                         [](net::KeyOffer k) { return net::name_of(k); });
    return hello;
}

net::TlsReport read_tls(Reader& in, const Json& object) {
    using net::Handshake, net::TlsTrouble;
    net::TlsReport tls;
    tls.handshake = in.word(object, "handshake", {Handshake::none, Handshake::failed, Handshake::completed},
                            [](Handshake h) { return net::name_of(h); });
    tls.trouble = in.word(object, "trouble",
                          {TlsTrouble::none, TlsTrouble::plaintext, TlsTrouble::closed, TlsTrouble::alert, TlsTrouble::bad_server_signature,
                           TlsTrouble::bad_certificate, TlsTrouble::too_large, TlsTrouble::version, TlsTrouble::timeout, TlsTrouble::other},
                          [](TlsTrouble t) { return net::name_of(t); });
    if (in.find(object, "version") != nullptr) tls.version = in.word<net::TlsVersion>(object, "version", kVersions, kVersionName);
    tls.cipher = in.text(object, "cipher");
    tls.group = in.text(object, "group");
    tls.signature = in.text(object, "signature");
    in.list(object, "chain", [&](const Json& der) { tls.chain.push_back(in.bytes(der, "der")); });
    tls.staple = in.bytes(in.need(object, "staple"), "staple");
    tls.asks_client_certificate = in.flag(object, "asks_client_certificate");
    if (in.find(object, "alert") != nullptr) tls.alert = in.number<std::uint8_t>(object, "alert");
    tls.plaintext = in.text(object, "plaintext");
    tls.error = in.text(object, "error");
    return tls;
}

Reach read_reach(Reader& in, const Json& object) {
    Reach reach;
    const auto answer = [&](const Json& row, const char* key) {
        return in.word(row, key, {Answer::not_asked, Answer::no, Answer::yes}, [](Answer a) -> std::string_view {
            return a == Answer::yes ? "yes" : a == Answer::no ? "no" : "not-asked";
        });
    };
    for (const net::TlsVersion version : kVersions) {
        const Json& row = in.need(object, std::string(net::name_of(version)).c_str());
        const Answer other = in.find(row, "other") != nullptr ? answer(row, "other") : Answer::not_asked;
        reach.answers[Reach::row(version)] = {answer(row, "rsa"), answer(row, "ecdsa"), other};
    }
    return reach;
}

Finding read_finding(Reader& in, const Json& object) {
    const auto id = find_finding(in.text(object, "id"));
    if (!id) in.wrong("id", "is a finding that this program does not know: a newer one may");
    Finding finding{.id = id.value_or(FindingId::tls_handshake)};
    const std::string field = in.text(object, "field");
    bool known = false;
    for (auto i = static_cast<int>(Field::none); i <= static_cast<int>(Field::attributes); ++i) {
        if (truename::name_of(static_cast<Field>(i)) != field) continue;
        finding.field = static_cast<Field>(i);
        known = true;
        break;
    }
    if (!known) in.wrong("field", "is not known");
    finding.offset = in.number<std::uint32_t>(object, "offset");
    finding.expected = in.text(object, "expected");
    finding.found = in.text(object, "found");
    return finding;
}

DeepAnswer read_deep(Reader& in, const Json& object) {
    DeepAnswer answer;
    answer.question = in.word(object, "question",
                              {Question::again, Question::no_sni, Question::other_name, Question::rsa_only, Question::ecdsa_only,
                               Question::tls_1_2, Question::tls_1_0_only, Question::injection, Question::no_certificate},
                              [](Question q) { return name_of(q); });
    answer.hello = read_hello(in, in.need(object, "hello"));
    answer.tls = read_tls(in, in.need(object, "tls"));
    if (answer.question == Question::injection) answer.injected = in.text(object, "injected");
    answer.error = read_failure(in, object, "error");
    return answer;
}

Endpoint read_endpoint(Reader& in, const Json& object) {
    Endpoint endpoint;
    endpoint.id = in.text(object, "id");
    endpoint.protocol = read_protocol(in, object);
    endpoint.port = in.number<std::uint16_t>(object, "port");
    endpoint.tls_mode = in.word(object, "tls_mode", {TlsMode::implicit, TlsMode::starttls},
                                [](TlsMode m) -> std::string_view { return m == TlsMode::implicit ? "implicit" : "starttls"; });
    endpoint.address = in.text(object, "address");
    endpoint.hello = read_hello(in, in.need(object, "hello"));
    endpoint.state = in.word(object, "state",
                             {EndpointState::judged, EndpointState::limited, EndpointState::refused, EndpointState::timeout,
                              EndpointState::dropped, EndpointState::no_tls, EndpointState::tls_failed},
                             [](EndpointState s) { return name_of(s); });
    endpoint.tls = read_tls(in, in.need(object, "tls"));
    endpoint.greeting = in.text(object, "greeting");
    endpoint.capabilities = in.text(object, "capabilities");
    endpoint.login_before_tls = in.flag(object, "login_before_tls");
    endpoint.reach = read_reach(in, in.need(object, "reach"));
    in.list(object, "deep", [&](const Json& one) { endpoint.deep.push_back(read_deep(in, one)); });
    // Files from before there was a column for other keys count those as RSA or ECDSA.
    const Json* const newest = in.find(in.need(object, "reach"), std::string(net::name_of(net::TlsVersion::tls_1_3)).c_str());
    if (newest != nullptr && in.find(*newest, "other") == nullptr && key_column(endpoint.tls) == KeyColumn::other)
        find_reach_again(endpoint);
    in.list(object, "findings", [&](const Json& one) { endpoint.findings.push_back(read_finding(in, one)); });
    endpoint.error = read_failure(in, object, "error");
    endpoint.elapsed = std::chrono::milliseconds(in.number<std::int64_t>(object, "elapsed_ms"));
    return endpoint;
}

DnsAnswer read_dns(Reader& in, const Json& object) {
    DnsAnswer answer;
    answer.name = in.text(object, "name");
    in.list(object, "addresses", [&](const Json& address) {
        if (!address.is_string()) return in.wrong("", "is not text");
        answer.addresses.push_back(address.get<std::string>());
    });
    answer.origin = in.text(object, "origin");
    answer.failure = read_failure(in, object, "failure");
    return answer;
}

Fetched read_fetched(Reader& in, const Json& object) {
    Fetched fetched;
    fetched.url = in.text(object, "url");
    fetched.kind =
        in.word(object, "kind", {FetchedKind::issuer, FetchedKind::ocsp, FetchedKind::crl}, [](FetchedKind k) { return name_of(k); });
    fetched.bytes = in.bytes(in.need(object, "bytes"), "bytes");
    fetched.address = in.text(object, "address");
    fetched.failure = read_failure(in, object, "failure");
    fetched.elapsed = std::chrono::milliseconds(in.number<std::int64_t>(object, "elapsed_ms"));
    if (in.find(object, "about") != nullptr) fetched.about = in.text(object, "about");
    if (in.find(object, "nonce") != nullptr) fetched.nonce = in.bytes(in.need(object, "nonce"), "nonce");
    if (in.find(object, "at") != nullptr) fetched.at = in.time(object, "at");
    return fetched;
}

Unexpected<Failure> bad(std::string reason, std::string next) {
    return {Failure{FailureKind::input, "reading the evidence in", "the file", std::move(reason), std::move(next)}};
}

constexpr std::string_view kSaveAgain = "Save it again with truename check --save.";

}  // namespace

Result<Evidence, Failure> read_evidence(std::string_view text) {
    if (text.size() > kMaxEvidenceSize) return bad("it is larger than 64 MB", std::string(kSaveAgain));
    if (trim(text).empty()) return bad("it is empty", std::string(kSaveAgain));
    const Json root = Json::parse(text, nullptr, false);
    if (root.is_discarded()) {
        const bool cut = trim(text).front() == '{' && trim(text).back() != '}';
        return bad(cut ? "it is cut short: the last brace is missing" : "it is not JSON", std::string(kSaveAgain));
    }
    Reader in;
    const Json* const format = in.find(root, "format");
    if (format == nullptr || *format != "truename-evidence") {
        return bad("it is not evidence of truename", "Give a file that truename check --save has written.");
    }
    const int version = in.number<int>(root, "schema_version");
    if (in.problem().empty() && version > kEvidenceVersion) {
        return bad("it is of version " + std::to_string(version) + ", and this program reads up to " + std::to_string(kEvidenceVersion),
                   "Use the version of truename that wrote it, or a newer one.");
    }
    Evidence evidence;
    evidence.target = read_target(in, in.need(root, "target"));
    evidence.at = in.time(root, "at");
    evidence.elapsed = std::chrono::milliseconds(in.number<std::int64_t>(root, "elapsed_ms"));
    evidence.connections = in.number<unsigned>(root, "connections");
    evidence.deep = in.flag(root, "deep");
    evidence.fetched_issuers = in.flag(root, "fetched_issuers");
    in.list(root, "dns", [&](const Json& one) { evidence.dns.push_back(read_dns(in, one)); });
    in.list(root, "endpoints", [&](const Json& one) { evidence.endpoints.push_back(read_endpoint(in, one)); });
    in.list(root, "fetched", [&](const Json& one) { evidence.fetched.push_back(read_fetched(in, one)); });
    evidence.error = read_failure(in, root, "error");
    if (!in.problem().empty()) return bad(in.problem(), std::string(kSaveAgain));
    return evidence;
}

}  // namespace truename::probe
