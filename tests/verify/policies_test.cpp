#include "verify/policies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "der/oid.h"
#include "der/writer.h"
#include "tests/seeds.h"
#include "tests/verify/support.h"
#include "x509/certificate.h"

namespace truename::verify {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kAny = "2.5.29.32.0";

/// What a certificate of the path says of policies, in dotted OIDs.
struct Says {
    std::vector<std::string> policies = {};
    std::vector<std::pair<std::string, std::string>> mappings = {};  ///< the issuer's policy and the subject's
    std::optional<int> require_explicit = {}, inhibit_mapping = {}, inhibit_any = {};
};

void add_oid(der::Writer& writer, const std::string& dotted) {
    const ByteString content = *der::parse_dotted(dotted);
    writer.oid(der::Oid(content));
}

std::string extension(std::string_view id, const der::Writer& value) {
    return "[[certificate.extension]]\nid = \"" + std::string(id) + "\"\nvalue = \"" + to_hex(value.bytes()) + "\"\n";
}

std::string extensions(const Says& says) {
    std::string toml;
    if (!says.mappings.empty()) {
        der::Writer writer;
        writer.sequence([&] {
            for (const auto& [issuer, subject] : says.mappings) {
                writer.sequence([&] {
                    add_oid(writer, issuer);
                    add_oid(writer, subject);
                });
            }
        });
        toml += extension("2.5.29.33", writer);
    }
    if (says.require_explicit || says.inhibit_mapping) {
        der::Writer writer;
        writer.sequence([&] {
            if (says.require_explicit) writer.integer(*says.require_explicit, der::context(0));
            if (says.inhibit_mapping) writer.integer(*says.inhibit_mapping, der::context(1));
        });
        toml += extension("2.5.29.36", writer);
    }
    if (says.inhibit_any) toml += extension("2.5.29.54", der::Writer().integer(*says.inhibit_any));
    return toml;
}

/// A path from the anchor's first certificate down to the server's.
class PathOf {
  public:
    explicit PathOf(const std::vector<Says>& from_the_top) : built_(build(recipe_of(from_the_top))) {
        for (std::size_t i = from_the_top.size(); i-- > 0;)
            certificates_.push_back(*x509::parse_certificate(built_.certificate("c" + std::to_string(i))));
        for (const x509::Certificate& certificate : certificates_) path_.push_back(&certificate);
    }

    /// The dotted policies that the path is good for, or the id of what is wrong with its place.
    std::vector<std::string> process(const PolicyInputs& inputs = {}) {
        std::vector<Bytes> ders;
        for (const x509::Certificate& certificate : certificates_) ders.push_back(certificate.der);
        const bool wants[] = {inputs.explicit_policy, inputs.inhibit_policy_mapping, inputs.inhibit_any_policy,
                              !inputs.initial_policy_set.empty()};
        write_seed("verify_policies", {wants[0] + wants[1] * 2U + wants[2] * 4U + wants[3] * 8U}, {ders});
        const PolicyResult result = process_policies(path_, inputs);
        std::vector<std::string> policies;
        for (const AtPosition& found : result.findings)
            policies.push_back(std::string(info(found.finding.id).name) + " @" + std::to_string(found.position));
        if (!result.valid) return policies;
        if (result.any_policy) policies.emplace_back("any");
        for (const der::Oid policy : result.user_constrained) policies.push_back(der::to_dotted(policy));
        return policies;
    }

  private:
    static std::string recipe_of(const std::vector<Says>& from_the_top) {
        const std::string validity = "validity = [\"2020-01-01\", \"2040-01-01\"]\n";
        std::string toml = "[[certificate]]\nname = \"root\"\nsubject = \"CN=Root\"\nca = true\n" + validity + "key = \"p256-1\"\n";
        for (std::size_t i = 0; i < from_the_top.size(); ++i) {
            const std::string name = "c" + std::to_string(i), issuer = i == 0 ? "root" : "c" + std::to_string(i - 1);
            toml += "[[certificate]]\nname = \"" + name + "\"\nsubject = \"CN=" + name + "\"\nissuer = \"" + issuer + "\"\nca = true\n" +
                    validity + "key = \"p256-2\"\n";
            if (!from_the_top[i].policies.empty()) toml += "policies = [\"" + join(from_the_top[i].policies, "\", \"") + "\"]\n";
            toml += extensions(from_the_top[i]);
        }
        return toml;
    }

    recipe::Built built_;
    std::vector<x509::Certificate> certificates_;
    std::vector<const x509::Certificate*> path_;
};

/// Some policy has to hold, and neither mappings nor any-policy make one where they are inhibited.
PolicyInputs policies_asked(bool inhibit_mapping = false, bool inhibit_any = false) {
    PolicyInputs inputs;
    inputs.explicit_policy = true;
    inputs.inhibit_policy_mapping = inhibit_mapping;
    inputs.inhibit_any_policy = inhibit_any;
    return inputs;
}

/// An initial policy set with its bytes.
class Wants {
  public:
    explicit Wants(std::initializer_list<const char*> dotted) {
        for (const char* one : dotted) bytes_.push_back(*der::parse_dotted(one));
        for (const ByteString& one : bytes_) inputs.initial_policy_set.emplace_back(Bytes(one));
    }
    PolicyInputs inputs;

  private:
    std::vector<ByteString> bytes_;
};

TEST(Policies, HoldWhereEveryCertificateNamesThem) {
    PathOf path({{.policies = {"1.2.3", "1.2.4"}}, {.policies = {"1.2.4", "1.2.5"}}});
    EXPECT_THAT(path.process(), ElementsAre("1.2.4"));
    EXPECT_THAT(path.process(Wants({"1.2.4"}).inputs), ElementsAre("1.2.4"));
    EXPECT_THAT(path.process(Wants({"1.2.3"}).inputs), IsEmpty()) << "nobody asked that there be one";
}

TEST(Policies, AnyPolicyOfAnAuthorityLeavesTheChoiceToThoseBelow) {
    PathOf path({{.policies = {kAny}}, {.policies = {"1.2.3"}}});
    EXPECT_THAT(path.process(), ElementsAre("1.2.3"));
    PathOf all({{.policies = {kAny}}, {.policies = {kAny}}});
    EXPECT_THAT(all.process(), ElementsAre("any"));
    EXPECT_THAT(all.process(Wants({"1.2.3"}).inputs), ElementsAre("1.2.3"));
}

TEST(Policies, ThatMustBeThereAndAreNotBreakThePathWhereTheLastIsLost) {
    PathOf path({{.policies = {"1.2.3"}, .require_explicit = 0}, {.policies = {"1.2.3"}}, {.policies = {"1.2.4"}}});
    EXPECT_THAT(path.process(), ElementsAre("policy.required @0"));
    PathOf middle({{.policies = {"1.2.3"}, .require_explicit = 0}, {}, {.policies = {"1.2.3"}}});
    EXPECT_THAT(middle.process(), ElementsAre("policy.required @1"));
    PathOf without({{}, {}});
    EXPECT_THAT(without.process(), IsEmpty()) << "most certificates of mail servers in private hands";
    EXPECT_THAT(without.process(policies_asked()), ElementsAre("policy.required @1"));
}

TEST(Policies, ThatTheUserAsksForAndThePathDoesNotHoldBreakItWhereOneMustBeThere) {
    PathOf path({{.policies = {"1.2.3", "1.2.4"}, .require_explicit = 0}, {.policies = {"1.2.3", "1.2.4"}}});
    EXPECT_THAT(path.process(Wants({"1.2.4", "1.2.9"}).inputs), ElementsAre("1.2.4"));
    EXPECT_THAT(path.process(Wants({"1.2.9"}).inputs), ElementsAre("policy.required @0"));
}

TEST(Policies, TakeTheNameOfTheTopmostAuthorityThroughMappings) {
    PathOf path({{.policies = {"1.2.3"}, .mappings = {{"1.2.3", "1.9.3"}}}, {.policies = {"1.9.3"}}});
    EXPECT_THAT(path.process(), ElementsAre("1.2.3"));
    EXPECT_THAT(path.process(policies_asked(true, false)), ElementsAre("policy.required @0"));
    PathOf unmapped({{.policies = {"1.2.3"}, .mappings = {{"1.2.3", "1.9.3"}}}, {.policies = {"1.2.3"}}});
    EXPECT_THAT(unmapped.process(policies_asked()), ElementsAre("policy.required @0")) << "its own name means nothing below";
}

TEST(Policies, CannotBeMappedFromOrToAnyPolicy) {
    EXPECT_THAT(PathOf({{.policies = {kAny}, .mappings = {{kAny, "1.2.3"}}}, {.policies = {"1.2.3"}}}).process(),
                ElementsAre("policy.mapping-any @1"));
    EXPECT_THAT(PathOf({{.policies = {"1.2.3"}, .mappings = {{"1.2.3", kAny}}}, {.policies = {"1.2.3"}}}).process(),
                ElementsAre("policy.mapping-any @1"));
}

TEST(Policies, AnyPolicyCountsNoLongerOnceItIsInhibited) {
    PathOf path({{.policies = {"1.2.3"}, .require_explicit = 0, .inhibit_any = 0}, {.policies = {kAny}}});
    EXPECT_THAT(path.process(), ElementsAre("policy.required @0"));
    PathOf later({{.policies = {"1.2.3"}, .require_explicit = 0, .inhibit_any = 1}, {.policies = {kAny}}});
    EXPECT_THAT(later.process(), ElementsAre("1.2.3"));
    EXPECT_THAT(PathOf({{.policies = {kAny}}}).process(policies_asked(false, true)), ElementsAre("policy.required @0"));
}

TEST(Policies, MappingsEndWhereTheyAreInhibited) {
    PathOf path({{.policies = {"1.2.3"}, .require_explicit = 0, .inhibit_mapping = 0},
                 {.policies = {"1.2.3"}, .mappings = {{"1.2.3", "1.9.3"}}},
                 {.policies = {"1.9.3"}}});
    EXPECT_THAT(path.process(), ElementsAre("policy.required @0"));
}

/// Twenty levels with two policies each, both mapped to both: a tree would have a million leaves.
TEST(Policies, AreNoMoreWorkThanTheCertificatesHold) {
    const std::vector<std::pair<std::string, std::string>> both = {
        {"1.2.3", "1.2.3"}, {"1.2.3", "1.2.4"}, {"1.2.4", "1.2.3"}, {"1.2.4", "1.2.4"}};
    std::vector<Says> path(20, {.policies = {"1.2.3", "1.2.4"}, .mappings = both});
    EXPECT_THAT(PathOf(path).process(), ElementsAre("1.2.3", "1.2.4"));
}

}  // namespace
}  // namespace truename::verify
