#pragma once

#include "servers/server.h"

namespace truename::servers {

/// Dovecot 2.3, by doveconf and doveadm. 2.4 has other names for its settings: survey() refuses it.
class Dovecot final : public Server {
  public:
    /// `config` is a folder with dovecot.conf in it, or such a file.
    explicit Dovecot(std::string config);
    [[nodiscard]] std::string_view id() const override { return "dovecot"; }
    [[nodiscard]] std::string_view title() const override { return "Dovecot"; }
    [[nodiscard]] const std::string& config() const override { return config_; }
    [[nodiscard]] std::string config_folder() const override { return file_.substr(0, file_.rfind('/')); }
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
    std::string config_, file_;
};

}  // namespace truename::servers
