#pragma once

#include "servers/server.h"

namespace truename::servers {

/// Postfix 3.4 and later, by postconf, postmap and postfix.
class Postfix final : public Server {
  public:
    /// `config` is the folder of main.cf.
    explicit Postfix(std::string config) : config_(std::move(config)) {}
    [[nodiscard]] std::string_view id() const override { return "postfix"; }
    [[nodiscard]] std::string_view title() const override { return "Postfix"; }
    [[nodiscard]] const std::string& config() const override { return config_; }
    [[nodiscard]] std::vector<std::string> other_instances() const override;
    [[nodiscard]] Result<Survey, Failure> survey() const override;
    [[nodiscard]] Result<void, Failure> validate() const override;
    [[nodiscard]] Result<bool, Failure> is_running() const override;
    [[nodiscard]] std::string where_set(const Place& place) const override;
    [[nodiscard]] std::string reload_command() const override;
    [[nodiscard]] Result<void, Failure> compile_map(const std::string& map) const override;
    void drop_map(const std::string& map) const override;
    [[nodiscard]] Result<std::vector<FileEdit>, Failure> edits_for_tls(const std::optional<Place>& place) const override;
    [[nodiscard]] Result<PlaceEdits, Failure> edits_for_place(const Place& place) const override;
    [[nodiscard]] Result<std::string, Failure> host_name() const override;
    [[nodiscard]] Result<std::vector<FileEdit>, Failure> edits_for_host_name(const std::string& name) const override;
    [[nodiscard]] Result<std::vector<std::string>, Failure> hangs_on_host_name() const override;
    [[nodiscard]] Result<void, Failure> reload() const override;

  private:
    std::string config_;
};

}  // namespace truename::servers
