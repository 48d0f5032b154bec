#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/conformance/trial.h"

namespace truename::differential {

struct Opinion {
    bool is_given = true;  ///< false: it could not be asked; `reason` says why
    bool accepts = false;
    std::string reason;  ///< in the library's own words
};

struct Question {
    conformance::Trial trial;
    std::string leaf_key;  ///< PEM; empty when it is not ours. For libraries that have to be shown a server.
};

/// A TLS library that says what it thinks of a chain. Several may think at once: each is told the question first and then asked.
class Library {
  public:
    Library() = default;
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
    virtual ~Library() = default;
    /// `question` lives until the answer was taken.
    virtual void ask(const Question& question) = 0;
    virtual Opinion answer() = 0;
};

/// One that answers by a call.
class CalledLibrary : public Library {
  public:
    using Call = Opinion (*)(const conformance::Trial&);
    explicit CalledLibrary(Call call) : call_(call) {}
    void ask(const Question& question) override { question_ = &question; }
    Opinion answer() override { return call_(question_->trial); }

  private:
    Call call_;
    const Question* question_ = nullptr;
};

// What each says as a TLS client does that leaves everything to it: for a server, the name compared.
Opinion ask_openssl(const conformance::Trial& trial);
Opinion ask_gnutls(const conformance::Trial& trial);
Opinion ask_nss(const conformance::Trial& trial);

/// One that answers in a program of its own (worker.*), started by `command`. Throws std::runtime_error when it cannot be started.
std::unique_ptr<Library> make_worker(const std::vector<std::string>& command);

}  // namespace truename::differential
