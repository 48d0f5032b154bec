#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "doctor/doctor.h"
#include "probe/evidence.h"
#include "recipe/recipe.h"
#include "tests/x509/ocsp.h"

namespace truename::doctor {

/// The certificates that the tests of this folder judge: those of tests/doctor/story.toml.
const recipe::Built& story();

/// The bytes of one as a PEM file.
NamedFile file(std::string_view name);
/// Several in one PEM file.
NamedFile file(std::initializer_list<std::string_view> names);
/// What the story's root, as a responder, says of one of its certificates until 2027-01-01.
ByteString ocsp_answer(std::string_view name, const x509::OcspSays& says = {});
/// A request as a PEM file.
NamedFile request(std::string_view name);

/// What a probe of remote.example.com would have seen: every port shows `names`, on one address.
probe::Evidence shown(std::initializer_list<std::string_view> names,
                      std::initializer_list<probe::Protocol> ports = {probe::Protocol::imaps});

/// An endpoint that shows `names` on `address`.
probe::Endpoint endpoint(probe::Protocol protocol, std::string_view address, std::initializer_list<std::string_view> names);

/// Options with no roots but the `added` ones, for `clients`.
Options options(std::initializer_list<std::string> clients, std::initializer_list<std::string_view> added = {});

/// Options with each client's own roots: the authority of a request is imagined, so nobody can choose whom they trust.
Options own_lists(std::initializer_list<std::string> clients);

/// examine() with freshly prepared settings; the test program stops when they cannot be prepared.
Report judge(const probe::Evidence& evidence, const Options& options);

/// predict() in the same way.
Report foresee(const PredictInput& input, const Options& options);

/// The verdict of that client; its absence fails the test.
const Verdict& verdict_of(const Report& report, std::string_view client);

/// The kinds of all causes in their order.
std::vector<std::string> kinds(const std::vector<Cause>& causes);
/// The same of mends.
std::vector<std::string> kinds(const std::vector<Mend>& mends);

}  // namespace truename::doctor
