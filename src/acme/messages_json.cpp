#include <nlohmann/json.hpp>

#include "acme/messages.h"
#include "base/text.h"

namespace truename::acme {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxList = 200, kMaxText = 2'000;
constexpr std::string_view kErrors = "urn:ietf:params:acme:error:";

/// An object's members; remembers the first that is wrong. After that everything reads as empty.
class Object {
  public:
    explicit Object(const Json& json) : json_(json) {
        if (!json.is_object()) wrong_ = "it is no JSON object";
    }
    [[nodiscard]] const std::string& wrong() const { return wrong_; }

    [[nodiscard]] const Json* find(const char* name) const {
        if (!json_.is_object()) return nullptr;
        const auto member = json_.find(name);
        return member == json_.end() ? nullptr : &*member;
    }
    std::string text(const char* name, bool is_needed) {
        const Json* value = find(name);
        if (value != nullptr && value->is_string() && value->get_ref<const std::string&>().size() <= kMaxText)
            return value->get<std::string>();
        if (is_needed || (value != nullptr && !value->is_null()))
            fail(std::string("its member \"") + name + "\" is " + (value ? "no text" : "missing"));
        return {};
    }
    std::string address(const char* name, bool is_needed) {
        std::string value = text(name, is_needed);
        if (!value.empty() && !value.starts_with("https://")) fail(std::string("its member \"") + name + "\" is no https address");
        return value;
    }
    [[nodiscard]] bool flag(const char* name) const {
        const Json* value = find(name);
        return value != nullptr && value->is_boolean() && value->get<bool>();
    }
    /// The elements of an array; `each` gets them one by one.
    template <class Each>
    void list(const char* name, Each&& each) {
        const Json* value = find(name);
        if (value == nullptr || !value->is_array() || value->size() > kMaxList)
            return fail(std::string("its member \"") + name + "\" is no list of at most " + std::to_string(kMaxList));
        for (const Json& element : *value) each(element);
    }
    void fail(std::string what) {
        if (wrong_.empty()) wrong_ = std::move(what);
    }

  private:
    const Json& json_;
    std::string wrong_;
};

Json parse(std::string_view text) {
    return Json::parse(text, nullptr, false);  // what is no JSON is "discarded", and so no object
}

bool is_token(std::string_view text) {
    return !text.empty() &&
           text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == std::string_view::npos;
}

Problem to_problem(const Json& json) {
    Object object(json);
    Problem problem{object.text("type", false), object.text("detail", false), {}};
    if (object.find("subproblems") == nullptr) return problem;
    object.list("subproblems", [&](const Json& element) {
        Object part(element);
        const Json* identifier = part.find("identifier");
        const std::string name = identifier != nullptr ? Object(*identifier).text("value", false) : std::string();
        problem.parts.push_back(name + (name.empty() ? "" : ": ") + part.text("detail", false));
    });
    return problem;
}

Challenge to_challenge(const Json& json, Object& authorization) {
    Object object(json);
    Challenge challenge{object.text("type", true), object.address("url", true), object.text("token", false), {}};
    if (const Json* error = object.find("error"); error != nullptr && error->is_object()) challenge.error = to_problem(*error);
    const bool has_token = challenge.type == "http-01" || challenge.type == "dns-01";
    if (has_token && !is_token(challenge.token)) object.fail("a token is not of letters, digits, - and _");
    if (!object.wrong().empty()) authorization.fail("of a challenge " + object.wrong());
    return challenge;
}

template <class Value>
Result<Value, std::string> finish(Value value, const Object& object) {
    if (!object.wrong().empty()) return Unexpected{object.wrong()};
    return value;
}

}  // namespace

bool Problem::is(std::string_view name) const {
    return type.starts_with(kErrors) && std::string_view(type).substr(kErrors.size()) == name;
}

std::string Problem::in_words() const {
    std::string words = printable(detail.empty() ? (type.empty() ? "it gave no reason" : type) : detail);
    for (const std::string& part : parts) words += "; " + printable(part);
    clip(words, 1'000);
    return words;
}

Problem read_problem(std::string_view text) {
    const Json json = parse(text);
    if (json.is_object()) return to_problem(json);
    std::string beginning(trim(text.substr(0, kMaxText)));
    clip(beginning);
    return {"", std::move(beginning), {}};
}

Result<Directory, std::string> read_directory(std::string_view text) {
    const Json json = parse(text);
    Object object(json);
    Directory directory{object.address("newNonce", true), object.address("newAccount", true), object.address("newOrder", true), {}, false};
    if (const Json* meta = object.find("meta"); meta != nullptr && meta->is_object()) {
        Object about(*meta);
        directory.terms = about.text("termsOfService", false);
        directory.needs_external_account = about.flag("externalAccountRequired");
    }
    return finish(std::move(directory), object);
}

Result<Authorization, std::string> read_authorization(std::string_view text) {
    const Json json = parse(text);
    Object object(json);
    Authorization authorization;
    if (const Json* identifier = object.find("identifier"); identifier != nullptr) {
        Object named(*identifier);
        authorization.name = named.text("value", true);
        if (!named.wrong().empty()) object.fail("of its identifier " + named.wrong());
    } else {
        object.fail("its member \"identifier\" is missing");
    }
    authorization.is_wildcard = object.flag("wildcard");
    authorization.status = object.text("status", true);
    object.list("challenges", [&](const Json& element) { authorization.challenges.push_back(to_challenge(element, object)); });
    return finish(std::move(authorization), object);
}

Result<Order, std::string> read_order(std::string_view text) {
    const Json json = parse(text);
    Object object(json);
    Order order{object.text("status", true), {}, object.address("finalize", true), object.address("certificate", false), {}};
    object.list("authorizations", [&](const Json& element) {
        if (!element.is_string() || !element.get_ref<const std::string&>().starts_with("https://"))
            object.fail("an authorization is no https address");
        else
            order.authorizations.push_back(element.get<std::string>());
    });
    if (const Json* error = object.find("error"); error != nullptr && error->is_object()) order.error = to_problem(*error);
    return finish(std::move(order), object);
}

}  // namespace truename::acme
