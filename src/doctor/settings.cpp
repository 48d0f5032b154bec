#include "doctor/settings.h"

#include <algorithm>

#include "x509/certificate.h"

namespace truename::doctor {

Settings::Settings(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Settings::Settings(Settings&&) noexcept = default;
Settings& Settings::operator=(Settings&&) noexcept = default;
Settings::~Settings() = default;

namespace {

Result<verify::TrustStores, Failure> load_trust(const Options& options) {
    verify::TrustStores trust;
    trust.use_shipped(options.trust == TrustBase::own);
    if (options.system_roots && options.trust != TrustBase::none) {
        // A machine whose bundle cannot be read has none; only who asks for it by name is told.
        const auto loaded = trust.add_system(options.system_roots->bytes, options.system_roots->name);
        if (!loaded && options.trust == TrustBase::system) return forward_error(loaded);
    }
    return trust;
}

Result<void, Failure> add_roots(verify::TrustStores& trust, const std::vector<NamedFile>& files) {
    for (const NamedFile& file : files) {
        if (const auto added = trust.add(file.bytes, file.name); !added) return forward_error(added);
    }
    return {};
}

}  // namespace

clients::Roots Settings::Impl::roots() const {
    switch (options.trust) {
        case TrustBase::own:
            return clients::Roots::own;
        case TrustBase::system:
            return clients::Roots::system;
        case TrustBase::none:
            return clients::Roots::none;
    }
    return clients::Roots::none;
}

std::vector<Client> Settings::Impl::clients() const {
    std::vector<Client> list;
    for (std::size_t i = 0; i < profiles.size(); ++i) list.push_back({ids[i], std::string(profiles[i]->name)});
    return list;
}

Result<Settings, Failure> prepare(Options given) {
    auto impl = std::make_unique<Settings::Impl>();
    impl->options = std::move(given);
    Options& options = impl->options;
    if (!options.data_folder.empty()) {
        auto library = clients::load_library(options.data_folder);
        if (!library) return forward_error(library);
        impl->library = std::move(*library);
        auto causes = load_causes(options.data_folder);
        if (!causes) return forward_error(causes);
        impl->own_causes = std::move(*causes);
    }
    const clients::Library& library = impl->library ? *impl->library : clients::compiled();
    auto profiles = clients::select(library, options.clients);
    if (!profiles) return forward_error(profiles);
    impl->profiles = std::move(*profiles);
    for (const clients::Profile* profile : impl->profiles) impl->ids.emplace_back(profile->id);
    auto trust = load_trust(options);
    if (!trust) return forward_error(trust);
    impl->without_added = std::move(*trust);
    impl->trust = impl->without_added;
    if (const auto added = add_roots(impl->trust, options.added_roots); !added) return forward_error(added);
    options.system_roots.reset();  // its certificates are in the stores now
    return Settings(std::move(impl));
}

namespace {

bool has_root(const clients::Profile& profile, const verify::Anchor& anchor, TrustBase base, Time at) {
    const auto& store = profile.trust.store;
    const bool own_list = base == TrustBase::own && store.known && store.value.kind != clients::StoreKind::system;
    if (!own_list) return anchor.system;
    return store.value.kind == clients::StoreKind::vendor &&
           verify::TrustStores::membership(anchor, store.value.store, at) == verify::Membership::yes;
}

/// RFC 5280 4.2.1.1: a name may belong to several keys; where a side has no identifier the name alone counts.
bool may_have_issued(const x509::Certificate& issuer, const x509::Certificate& certificate) {
    if (x509::relation(issuer.subject, certificate.issuer) == x509::NameRelation::different) return false;
    const auto& wanted = certificate.known.authority_key_identifier;
    const auto& own = issuer.known.subject_key_identifier;
    if (!wanted || !wanted->key_identifier || !own) return true;
    return std::ranges::equal(*own, *wanted->key_identifier);
}

}  // namespace

std::vector<Bytes> roots_for(Bytes der, const Settings& settings) {
    std::vector<Bytes> roots;
    const auto certificate = x509::parse_certificate(der);
    if (!certificate) return roots;
    for (const verify::Anchor* anchor : settings.impl().trust.find_by_subject_key(verify::name_key(certificate->issuer))) {
        const auto root = x509::parse_certificate(anchor->der);
        if (root && may_have_issued(*root, *certificate)) roots.push_back(anchor->der);
    }
    return roots;
}

bool knows_issuer(Bytes der, Time at, const Settings& settings) {
    const auto certificate = x509::parse_certificate(der);
    if (!certificate) return false;
    const Settings::Impl& impl = settings.impl();
    const std::vector<const verify::Anchor*> anchors = impl.trust.find_by_subject_key(verify::name_key(certificate->issuer));
    return std::any_of(anchors.begin(), anchors.end(), [&](const verify::Anchor* anchor) {
        const auto root = x509::parse_certificate(anchor->der);
        if (!root || !may_have_issued(*root, *certificate)) return false;
        return anchor->added || std::all_of(impl.profiles.begin(), impl.profiles.end(), [&](const clients::Profile* profile) {
                   return has_root(*profile, *anchor, impl.options.trust, at);
               });
    });
}

}  // namespace truename::doctor
