#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "servers/place.h"
#include "servers/server.h"

namespace truename::servers {

/// Chooses places of one server for a certificate. The numbers are those of Survey::places. Borrows the survey.
class Chooser {
  public:
    Chooser(const Survey& survey, const Credential& credential);

    /// Those that are for one of the names, or else the one that is for everybody.
    [[nodiscard]] std::vector<std::size_t> for_names(const std::vector<std::string>& names) const;

    /// Those that are for one of the names, and for names of the certificate alone; `missing` gets the names that have none.
    [[nodiscard]] std::vector<std::size_t> by_name(const std::vector<std::string>& names, std::vector<std::string>& missing) const;

    /// Those with a name of their own that the certificate covers, and the one for everybody when what lies there shares a name with it,
    /// cannot be read, or is a stopgap.
    [[nodiscard]] std::vector<std::size_t> for_certificate() const;

    /// What lies there.
    [[nodiscard]] const PairOnDisk& pair(std::size_t place) const { return pairs_[place]; }

  private:
    template <class F>
    std::vector<std::size_t> places_where(F&& wanted) const;
    [[nodiscard]] bool is_for_everybody(const PairOnDisk& pair, bool named) const;
    [[nodiscard]] std::vector<std::size_t> right_kind_of_key(std::vector<std::size_t> chosen) const;
    [[nodiscard]] bool is_of_the_kind(std::size_t place) const;

    const Survey& survey_;
    std::vector<std::string> own_;
    std::string algorithm_;
    std::vector<PairOnDisk> pairs_;
};

/// A certificate that nobody was given on purpose: self-signed, for this machine's own name or for none that others could type, as
/// Debian's ssl-cert makes one. The chain of `pair` is not empty.
bool is_stopgap(const PairOnDisk& pair);

}  // namespace truename::servers
