#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "acme/account_key.h"
#include "acme/messages.h"
#include "base/result.h"
#include "finding/failure.h"
#include "net/https_client.h"

namespace truename::acme {

/// One exchange with a web server, as net::HttpsClient::send() does it.
using Transport = std::function<Result<net::HttpsResponse, Failure>(const net::HttpsRequest&)>;
/// Waits so long; false when somebody does not want to wait any more.
using Wait = std::function<bool(std::chrono::seconds)>;

/// What an authority wants to know of an account's holder.
struct Registration {
    std::string mailbox = {};  ///< to be told of trouble; empty: none
    std::string key_id = {};   ///< what the authority gave for binding the account (RFC 8555 7.3.4); empty: nothing
    ByteString mac_key = {};   ///< with it
};

/// An account with an authority, by whose key everything is asked. Nonces are fetched and kept, a request whose nonce is refused is made
/// again (6.5), and a server that is busy is waited for.
class Client {
  public:
    /// Reads the directory at `url`, and finds the account of `key` or makes one. Making one agrees to the terms of service. Fails as the
    /// transport does, with `protocol` for answers that are none, with `limited` when the server turns the account away for now, with
    /// `usage` when it wants an account that is bound and nothing was given for that.
    static Result<Client, Failure> open(std::string url, AccountKey key, const Registration& registration, Transport transport, Wait wait);

    [[nodiscard]] const Directory& directory() const { return directory_; }
    [[nodiscard]] const AccountKey& key() const { return key_; }
    /// Whether open() made the account.
    [[nodiscard]] bool is_new() const { return is_new_; }

    /// Posts JSON, or nothing to read. `doing` begins the sentence of a failure. An answer with an error is a Failure that has the server's
    /// words.
    Result<net::HttpsResponse, Failure> post(std::string_view doing, const std::string& url, std::string_view payload);
    /// How long the answer asks to be waited for before the next request: 1 to 60 seconds. Nothing where it does not say.
    static std::optional<std::chrono::seconds> pause_of(const net::HttpsResponse& response);
    /// Waits as long as was asked, or else twice as long as before, from one second to 60, when there were `earlier` pauses for the same.
    /// Fails with `local` when interrupted, with `timeout` when all pauses together come to half an hour.
    Result<void, Failure> pause(std::string_view doing, const std::string& url, std::optional<std::chrono::seconds> asked, int earlier);

  private:
    Client(std::string url, AccountKey key, Transport transport, Wait wait)
        : url_(std::move(url)), key_(std::move(key)), transport_(std::move(transport)), wait_(std::move(wait)) {}
    Result<void, Failure> read_directory();
    Result<void, Failure> find_account(const Registration& registration);
    Result<std::string, Failure> take_nonce();
    Result<net::HttpsResponse, Failure> post_once(std::string_view doing, const std::string& url, std::string_view payload);
    [[nodiscard]] Failure failure(FailureKind kind, std::string_view doing, std::string reason, std::string next = {}) const;
    [[nodiscard]] Failure failure(std::string_view doing, const net::HttpsResponse& response) const;

    std::string url_;
    AccountKey key_;
    Transport transport_;
    Wait wait_;
    Directory directory_;
    Sender sender_;
    std::string nonce_;
    bool is_new_ = false;
    std::chrono::seconds waited_{0};
};

}  // namespace truename::acme
