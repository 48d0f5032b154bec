#include "tests/conformance/boringssl_purposes.h"

#include <algorithm>
#include <stdexcept>

// Which key purposes BoringSSL's library asks of a path. It is a habit of that library: RFC 5280 gives the extension a meaning only in the
// certificate of whom it is about.
namespace truename::conformance {

namespace {

using x509::Certificate;
using x509::PurposeFit;

constexpr der::Oid kDocumentSigning = der::make_oid<1, 3, 6, 1, 5, 5, 7, 3, 36>;
constexpr der::Oid kRcsMlsClient = der::make_oid<2, 23, 146, 2, 1, 3>;
constexpr der::Oid kMicrosoftApplicationPolicies = der::make_oid<1, 3, 6, 1, 4, 1, 311, 21, 10>;

enum class Strictness { lenient, leaf, all };

struct Asked {
    der::Oid purpose;
    std::string_view words;
    bool issuer_may_be_silent = false;  // of the leaf, even where all are asked strictly
};

constexpr Asked kServer{der::oid::kp_server_auth, "server auth", true};
constexpr Asked kClient{der::oid::kp_client_auth, "client auth"};

Strictness strictness_of(std::string_view purpose) {
    if (purpose.ends_with("_STRICT_LEAF")) return Strictness::leaf;
    return purpose.ends_with("_STRICT") ? Strictness::all : Strictness::lenient;
}

bool lists(const Certificate& certificate, der::Oid purpose) {
    return x509::purpose_fit(certificate.known.extended_key_usage, purpose) == PurposeFit::listed;
}

class TlsPurposes {
  public:
    TlsPurposes(std::span<const Certificate* const> path, bool has_anchor, const Asked& asked, Strictness strictness)
        : path_(path), has_anchor_(has_anchor), asked_(asked), strictness_(strictness) {}

    std::vector<Remark> look() {
        for (std::size_t i = 0; i < path_.size(); ++i) {
            const bool is_anchor = has_anchor_ && i + 1 == path_.size() && i > 0;
            if (i < 2 && !is_anchor) look_for_others(i);
            look_at_purpose(i, i < 2 && !is_anchor);
        }
        return std::move(remarks_);
    }

  private:
    [[nodiscard]] bool is_strict(std::size_t i) const {
        return strictness_ == Strictness::all || (strictness_ == Strictness::leaf && i == 0);
    }
    void add(std::size_t i, bool is_error, std::string text) { remarks_.push_back({i, is_error, std::move(text)}); }

    // What neither a server nor a client, nor who issues to them, should be allowed besides.
    void look_for_others(std::size_t i) {
        constexpr std::pair<der::Oid, std::string_view> kOthers[] = {{der::oid::kp_code_signing, "code signing"},
                                                                     {der::oid::kp_time_stamping, "time stamping"},
                                                                     {der::oid::kp_ocsp_signing, "OCSP signing"}};
        for (const auto& [purpose, words] : kOthers) {
            const bool is_right = i == 1 && purpose == der::oid::kp_ocsp_signing;  // an issuer answers for what it issued
            if (is_right || !lists(*path_[i], purpose)) continue;
            add(i, is_strict(i), "The extended key usage includes " + std::string(words) + " which is not permitted for this use");
        }
    }

    void look_at_purpose(std::size_t i, bool any_is_told) {
        const std::string missing = "The extended key usage does not include " + std::string(asked_.words);
        switch (x509::purpose_fit(path_[i]->known.extended_key_usage, asked_.purpose)) {
            case PurposeFit::listed:
                return;
            case PurposeFit::any:
                if (any_is_told) add(i, false, missing + " but instead includes anyExtendedKeyUsage");
                if (any_is_told && is_strict(i)) add(i, true, missing);
                return;
            case PurposeFit::other:
                if (!lists(*path_[i], der::oid::kp_server_auth)) add(i, false, missing + " or server auth");
                add(i, true, missing);
                return;
            case PurposeFit::not_said:
                if (i == 0) add(i, false, "Certificate does not have extended key usage");
                if (is_strict(i) && !(i == 1 && asked_.issuer_may_be_silent)) add(i, true, missing);
        }
    }

    std::span<const Certificate* const> path_;
    bool has_anchor_;
    const Asked& asked_;
    Strictness strictness_;
    std::vector<Remark> remarks_;
};

bool lists_only(const Certificate& certificate, der::Oid purpose) {
    const auto& usage = certificate.known.extended_key_usage;
    return usage && usage->count() == 1 && usage->has(purpose);
}

// Clients of Messaging Layer Security: nothing but that, from the leaf up.
std::vector<Remark> look_at_mls(std::span<const Certificate* const> path) {
    std::vector<Remark> remarks;
    const auto& usage = path.front()->known.key_usage;
    if (!usage || usage->bits.bytes.size() != 1 || usage->bits.bytes[0] != 0x80)
        remarks.push_back({0, true, "KeyUsage must have only the digitalSignature bit set for rcsMlsClient auth"});
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (!path[i]->known.extended_key_usage.is_present())
            remarks.push_back({i, true, "Certificate does not have extended key usage"});
        else if (!lists_only(*path[i], kRcsMlsClient))
            remarks.push_back({i, true, "The extended key usage does not contain only the rcsMlsClient key purpose."});
    }
    return remarks;
}

// Signers of what a picture tells of its origin (C2PA), and of the time of that.
std::vector<Remark> look_at_c2pa(const Certificate& leaf, bool of_time) {
    const auto has_one = [&](std::initializer_list<der::Oid> purposes) {
        return std::any_of(purposes.begin(), purposes.end(), [&](der::Oid purpose) { return lists(leaf, purpose); });
    };
    const bool forbidden = has_one({der::oid::any_extended_key_usage, der::oid::kp_ocsp_signing});
    if (of_time) {
        if (!forbidden && has_one({der::oid::kp_time_stamping})) return {};
        return {{0, true, "The extended key usage does not contain the time stamping key purpose, or contains prohibited key usages"}};
    }
    if (!forbidden && !has_one({der::oid::kp_time_stamping}) && has_one({der::oid::kp_email_protection, kDocumentSigning})) return {};
    return {
        {0, true,
         "The extended key usage must contain at least one of: email protection or document signing, and must not contain prohibited key "
         "usages"}};
}

}  // namespace

std::vector<Remark> remarks_on_purposes(std::span<const Certificate* const> path, bool has_anchor, std::string_view purpose) {
    if (purpose == "ANY_EKU") return {};
    if (purpose.starts_with("SERVER_AUTH")) return TlsPurposes(path, has_anchor, kServer, strictness_of(purpose)).look();
    if (purpose.starts_with("CLIENT_AUTH")) return TlsPurposes(path, has_anchor, kClient, strictness_of(purpose)).look();
    if (purpose == "MLS_CLIENT_AUTH") return look_at_mls(path);
    if (purpose == "C2PA_MANIFEST" || purpose == "C2PA_TIMESTAMPING") return look_at_c2pa(*path.front(), purpose == "C2PA_TIMESTAMPING");
    throw std::runtime_error("the key purpose " + std::string(purpose) + " is not known");
}

bool forbids_authority(std::string_view purpose) {
    return strictness_of(purpose) != Strictness::lenient || purpose == "MLS_CLIENT_AUTH";
}

bool knows_extension(const Certificate& certificate, std::string_view name, std::string_view purpose) {
    // of who takes part in a group of Messaging Layer Security (GSM Association)
    if (name == "2.23.146.2.1.4" || name == "2.23.146.2.1.5") return purpose == "MLS_CLIENT_AUTH";
    // Where both are there, the extended key usage counts.
    return name == der::to_dotted(kMicrosoftApplicationPolicies) && certificate.known.extended_key_usage.is_present();
}

}  // namespace truename::conformance
