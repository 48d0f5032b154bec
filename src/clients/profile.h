#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "clients/dialog.h"
#include "clients/fact.h"
#include "finding/finding.h"
#include "verify/ocsp_findings.h"
#include "verify/path.h"
#include "verify/trust_store.h"
#include "x509/dns_match.h"
#include "x509/ip_address.h"

namespace truename::clients {

/// What a client does about a finding, mildest first.
enum class Action : std::uint8_t { silent, warns, refuses };

/// `silent`, `warns`, `refuses`.
std::string_view name_of(Action value);

/// Which roots a client ships with.
enum class StoreKind : std::uint8_t {
    none,    ///< none at all
    system,  ///< those of the machine it runs on
    vendor,  ///< a list whose history is known (verify::Store)
};

/// A client's list of roots.
struct StoreRule {
    StoreKind kind = StoreKind::none;
    verify::Store store{};  ///< of `vendor`

    friend bool operator==(const StoreRule&, const StoreRule&) = default;
};

/// What a trusted certificate must be for a path to end in it.
enum class AnchorKind : std::uint8_t {
    any,
    authority,    ///< signed with its own key, or an authority
    self_signed,  ///< signed with its own key
};

/// `[trust]`. An unknown store is stood in for by this machine's bundle.
struct TrustRule {
    Fact<StoreRule> store;
    Fact<AnchorKind> anchor;
    Fact<bool> takes_added;  ///< roots that a user or administrator adds count
    Fact<bool> checked;      ///< false for a client that looks at no chain
    Fact<bool> settings;     ///< what is said of an added root beside it counts: for which purposes it is trusted and rejected
};

/// Where a client takes issuers from; as bits.
enum class Uses : std::uint8_t { server = 1, store = 2, aia = 4 };

/// `server`, `store`, `aia`.
std::string_view name_of(Uses value);

/// `[path]`: verify::Habit as facts.
struct PathRule {
    Fact<std::uint8_t> uses;  ///< bits of Uses
    Fact<verify::PathSearch> search;
    Fact<verify::NamesEqual> names_equal;
    Fact<verify::KeyIdentifierUse> key_identifier;
    Fact<verify::Judges> judges;
    Fact<verify::Reports> reports;
};

/// Which presented names are compared with the name asked for.
enum class Compares : std::uint8_t {
    nothing,    ///< names are not checked
    first_dns,  ///< the first dNSName of the list only
    any_dns,
};

/// When the subject's common name is compared, too.
enum class CommonName : std::uint8_t {
    never,
    without_san,                     ///< there is no subjectAltName
    without_dns,                     ///< it holds no dNSName
    without_dns_or_address,          ///< it holds neither dNSName nor iPAddress
    without_dns_address_or_service,  ///< nor a URI or an SRVName (RFC 6125 6.4.4)
    always,                          ///< besides the list
};

/// Which of several common names.
enum class WhichCommonName : std::uint8_t {
    any,
    first,
    last,
    only,  ///< one counts only when it is alone
};

/// What a name that is an address is compared with.
enum class AddressRule : std::uint8_t {
    none,  ///< it never matches
    ip_address,
    ip_address_or_dns_text,
    dns_text,                   ///< iPAddress entries are not looked at
    ip_address_or_common_name,  ///< the common name's text when there is no iPAddress
};

/// What a dNSName that is no name does to the comparison.
enum class Malformed : std::uint8_t {
    skip,                ///< it counts for nothing
    fail,                ///< nothing matches any more
    fail_under_shipped,  ///< `fail` when the root is shipped with the client, else `skip`
};

/// What an iPAddress of another length than an address has does.
enum class OddAddress : std::uint8_t {
    skip,        ///< it counts for nothing
    hides_list,  ///< the subjectAltName counts as absent
};

/// In which form names outside ASCII are compared.
enum class ULabels : std::uint8_t {
    as_typed,  ///< the name asked for is not converted
    a_labels,
    u_labels,  ///< both names, and a common name is converted too
};

/// `[names]`. Each may be unknown: a verdict suffers only where it hangs on it.
struct NameRule {
    Fact<Compares> compares;
    Fact<CommonName> common_name;
    Fact<WhichCommonName> which_common_name;
    Fact<bool> service_names;  ///< the SRVNames of all services asked for count as well
    Fact<AddressRule> address;
    Fact<x509::WildcardPosition> wildcard;
    Fact<std::uint8_t> wildcard_labels;  ///< labels that must follow
    Fact<bool> wildcard_any_depth;       ///< a whole-label star covers one or more labels
    Fact<x509::EmptyStar> wildcard_empty;
    Fact<x509::StarCovers> wildcard_covers;
    Fact<x509::StarOverALabel> wildcard_over_a_label;
    Fact<bool> wildcard_in_a_label;         ///< a label that begins with xn-- may hold a star
    Fact<bool> wildcard_before_a_label;     ///< the next label may begin with xn--
    Fact<bool> wildcard_below_registrable;  ///< what a star matches has a label more than one's own name under a public suffix
    Fact<x509::DotsCut> reference_dot;      ///< at the end of the name asked for
    Fact<x509::DotsCut> presented_dot;      ///< at the end of a presented name
    Fact<bool> leading_dot_is_below;        ///< a name asked for that begins with a dot is matched by every name that ends so
    Fact<x509::EmptyLabels> empty_labels;
    Fact<x509::Underscore> underscore;
    Fact<bool> hyphen_may_end_label;
    Fact<x509::NameSyntax> syntax;            ///< of presented names
    Fact<x509::NameSyntax> reference_syntax;  ///< of the name asked for
    Fact<ULabels> u_labels;
    Fact<x509::IpAddressText> address_text;
    Fact<bool> mapped_address_is_same;  ///< ::ffff:192.0.2.1 and 192.0.2.1 are one address
    Fact<OddAddress> odd_address;
    Fact<Malformed> malformed;
};

/// Versions of TLS, oldest first.
enum class TlsVersion : std::uint8_t { ssl3, tls1_0, tls1_1, tls1_2, tls1_3 };

/// `ssl3`, `1.0`, ... `1.3`.
std::string_view name_of(TlsVersion value);

/// Kinds of server keys; as bits. `ecdsa` is one on P-256, P-384 or P-521.
enum class ServerKey : std::uint8_t { rsa = 1, ecdsa = 2, ed25519 = 4, ed448 = 8, dsa = 16, rsa_pss = 32, other_curve = 64 };

/// `rsa`, `ecdsa`, `ed25519`, `ed448`, `dsa`, `rsa-pss`, `other-curve`.
std::string_view name_of(ServerKey value);

/// `[tls]`: what decides whether the client can talk to a server at all.
struct TlsRule {
    Fact<TlsVersion> min, max;
    Fact<std::uint8_t> keys;          ///< bits of ServerKey: those that it can use
    Fact<std::uint8_t> keys_refused;  ///< bits of ServerKey: those that it cannot; of what is in neither nobody knows
    Fact<bool> sni;
    Fact<bool> needs_old_ciphers;  ///< knows only ciphers that servers of today have dropped (RC4, DES, 3DES)
};

/// What a client does when it has asked whether a certificate is revoked and nobody gave an answer that counts.
enum class WithoutAnswer : std::uint8_t { goes_on, refuses };

/// `[revocation]`. What came of each source is a finding; a client minds only those of sources at which it looks.
struct RevocationRule {
    Fact<std::uint8_t> looks_at;  ///< bits of verify::StatusSource
    Fact<WithoutAnswer> without_answer;
};

/// One entry of `order`: a finding, or all findings of a kind.
struct OrderEntry {
    std::optional<FindingId> finding;
    std::string_view kind;  ///< when there is no finding
};

/// How many problems a client tells.
enum class Show : std::uint8_t { first, all };

/// `[report]`.
struct ReportRule {
    Fact<std::span<const OrderEntry>> order;
    Fact<Show> show;
};

/// What must hold for a reaction to apply; what is not given is no condition.
struct When {
    std::optional<verify::Role> role;
    enum class AnchorIs : std::uint8_t { any, shipped, added, none };
    AnchorIs anchor = AnchorIs::any;
    bool leaf_is_root = false;                      ///< the server's certificate is itself the root
    std::optional<Time> issued_from, issued_until;  ///< notBefore of the certificate: from <= it < until
    std::string_view platform_from;
    std::span<const FindingId> unless;
    std::span<const Field> fields;  ///< the part of the certificate that the finding is about
};

/// What a client makes of one finding. When the library sorts its errors into kinds and the profile answers the kind, `action` is the
/// answer and `library` what the answer is to.
struct Reaction {
    FindingId finding{};
    When when;
    Fact<Action> action;
    std::string_view kind;  ///< empty when it has none
    std::string_view code;  ///< as the client or its logs show it; empty when there is none
    const Dialog* dialog = nullptr;
    const Text* line = nullptr;  ///< of `dialog`
    Fact<Action> library;
};

/// A mail program in one version on one platform, with everything that its layers say. All of it is borrowed from a Library.
struct Profile {
    std::string_view id;       ///< the shortest that names it: `outlook-2007`, `outlook-2007/xp`, `thunderbird@115`
    std::string_view product;  ///< the id without version and platform
    std::string_view version, platform;
    bool is_default = false;  ///< what the bare id stands for
    std::string_view name;    ///< for people: `Outlook 2007`
    std::string_view base;    ///< `schannel@win10`
    std::string_view base_name;
    std::string_view note;
    std::uint16_t year = 0;
    bool retired = false;
    std::optional<Time>
        gathered;  ///< the day on which the oldest of its facts was looked up, those of its bases too; nothing when a layer does not say
    TrustRule trust;
    PathRule path;
    NameRule names;
    TlsRule tls;
    RevocationRule revocation;
    ReportRule report;
    std::span<const Reaction> reactions;  ///< by finding, and for one finding in the order in which they are tried

    /// The reactions to `finding`, in the order in which they are tried.
    [[nodiscard]] std::span<const Reaction> reactions_to(FindingId finding) const;
    /// Whether a finding is about a source of revocation at which the client is known not to look: then it cannot mind.
    [[nodiscard]] bool looks_past(FindingId finding) const;
};

/// The profile in canonical form, with the source and confidence of every fact: TOML that people can compare line by line.
std::string print(const Profile& profile);

/// The defects of certificates for which the profile knows no reaction under any condition: there the client cannot be judged. Troubles of
/// TLS and of mail dialogs are not among them; `reaches` and the endpoints tell those.
std::vector<FindingId> gaps(const Profile& profile);

}  // namespace truename::clients
