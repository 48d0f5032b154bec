#include <algorithm>
#include <set>

#include "base/text.h"
#include "clients/layer.h"
#include "clients/rules.h"

namespace truename::clients {

namespace {

constexpr std::size_t kMaxBases = 4;  // a base on a base on ...

class ProfilesReader {
  public:
    ProfilesReader(const std::vector<ParsedFile>& bases, Storage& storage, Problems& problems)
        : bases_(bases), storage_(storage), problems_(problems) {}

    // What the bases are called and stand on.
    void check_base_heads() {
        std::set<std::string_view> ids;
        for (const ParsedFile& file : bases_) {
            Profile profile;
            TableReader root = reader(file);
            const std::string_view id = read_base_head(root, profile);
            if (!id.empty() && !ids.insert(id).second) root.problem({}, "there are two bases with the id " + std::string(id));
        }
    }

    // Each base by itself, so that one that no profile uses is checked, too.
    void check_bases() {
        for (const ParsedFile& file : bases_) {
            Profile profile;
            std::set<std::string> said;
            TableReader root = reader(file);
            read_base_head(root, profile);
            read_layer(root, profile, said, storage_);
            root.finish();
        }
    }

    void read_client(const ParsedFile& file) {
        TableReader root = reader(file);
        auto head = root.table("client");
        if (!head) {
            if (!root.tree().find("client")) root.problem({}, "the file has no [client]");
            return;
        }
        Profile client;
        const BaseName base = read_client_head(*head, client, file.path);
        client.is_default = true;
        std::vector<TableReader> variants = root.tables("variant");
        add(client, base, {&root}, head->place());
        for (TableReader& variant : variants) {
            Profile profile = client;
            profile.is_default = false;
            const BaseName own_base = read_variant_head(variant, client, profile);
            TableReader again = reader(file);
            again.find("client");
            again.find("variant");
            add(profile, own_base.id.empty() ? base : own_base, {&again, &variant}, variant.place());
        }
        root.finish();
        for (TableReader& variant : variants) variant.finish();
    }

  private:
    // What a profile says that it stands on, and where.
    struct BaseName {
        std::string_view id;
        Place place;
    };

    static BaseName base_of(TableReader& head, bool required) {
        const std::string_view id = head.text("base", required);
        const TomlValue* written = head.tree().find("base");
        return {id, written ? written->place : head.place()};
    }

    TableReader reader(const ParsedFile& file) { return {file.path, file.tree, "the file", problems_, storage_.strings}; }

    std::string_view read_base_head(TableReader& root, Profile& profile) {
        auto head = root.table("base");
        if (!head) {
            if (!root.tree().find("base")) root.problem({}, "the file has no [base]");
            return {};
        }
        const std::string_view id = head->text("id", true);
        profile.base_name = head->text("name", true);
        const std::optional<Time> gathered = head->date("gathered");
        // The oldest fact decides, and a layer that does not say may have an older one.
        profile.gathered = gathered && profile.gathered ? std::min(gathered, profile.gathered) : std::nullopt;
        const std::string_view below = head->text("base", false);
        if (!below.empty() && !find_base(below)) head->problem(head->tree().find("base")->place, "there is no base " + std::string(below));
        head->finish();
        return id;
    }

    BaseName read_client_head(TableReader& head, Profile& profile, std::string_view path) {
        profile.id = profile.product = head.text("id", true);
        if (!profile.product.empty() && (!is_id(profile.product) || profile.product != stem_of(path)))
            head.problem(head.place(), "id must be the name of the file, " + std::string(stem_of(path)) +
                                           ", in lower-case letters, digits, dots and hyphens");
        profile.name = head.text("name", true);
        profile.version = head.text("version", true);
        profile.platform = head.text("platform", true);
        const BaseName base = base_of(head, true);
        if (const auto year = head.number("year", 1990, 2100)) profile.year = static_cast<std::uint16_t>(*year);
        profile.retired = head.flag("retired").value_or(false);
        profile.gathered = head.date("gathered");
        profile.note = head.text("note", false);
        head.finish();
        check_ids(head, profile);
        return base;
    }

    // What a variant says of itself; gives its own base or none.
    BaseName read_variant_head(TableReader& head, const Profile& client, Profile& profile) {
        const std::string_view version = head.text("version", false), platform = head.text("platform", false);
        if (version.empty() && platform.empty()) head.problem(head.place(), "[[variant]] has neither version nor platform");
        if (!version.empty()) profile.version = version;
        if (!platform.empty()) profile.platform = platform;
        const std::string_view name = head.text("name", true);
        if (name == client.name) head.problem(head.place(), "the name must tell the variant from the client");
        if (!name.empty()) profile.name = name;
        if (const std::string_view note = head.text("note", false); !note.empty()) profile.note = note;
        if (const auto year = head.number("year", 1990, 2100)) profile.year = static_cast<std::uint16_t>(*year);
        if (const auto retired = head.flag("retired")) profile.retired = *retired;
        if (const auto gathered = head.date("gathered")) profile.gathered = gathered;
        check_ids(head, profile);
        std::string id(profile.product);
        if (profile.version != client.version) id.append("@").append(profile.version);
        if (profile.platform != client.platform) id.append("/").append(profile.platform);
        profile.id = head.keep(id);
        return base_of(head, false);
    }

    void check_ids(TableReader& head, const Profile& profile) {
        for (const std::string_view id : {profile.version, profile.platform}) {
            if (!id.empty() && !is_id(id))
                head.problem(head.place(),
                             "\"" + printable(id) + "\" is no version or platform: lower-case letters, digits, dots, hyphens");
        }
        for (const Profile& other : storage_.profiles) {
            if (other.product == profile.product && other.version == profile.version && other.platform == profile.platform)
                head.problem(head.place(), "there is a " + std::string(profile.product) + "@" + std::string(profile.version) + "/" +
                                               std::string(profile.platform) + " already");
        }
    }

    const ParsedFile* find_base(std::string_view id) const {
        for (const ParsedFile& file : bases_) {
            const TomlValue* head = file.tree.find("base");
            const TomlValue* own = head ? head->find("id") : nullptr;
            if (own && own->text == id) return &file;
        }
        return nullptr;
    }

    // The base of that id and those below it, nearest first.
    std::vector<const ParsedFile*> bases_of(std::string_view id, TableReader& asker, Place place) {
        std::vector<const ParsedFile*> chain;
        while (!id.empty()) {
            const ParsedFile* file = find_base(id);
            if (!file) {
                asker.problem(place, "there is no base " + printable(id));
                break;
            }
            if (chain.size() == kMaxBases) {
                asker.problem(place, "more than 4 bases stand on each other, or in a circle");
                break;
            }
            chain.push_back(file);
            const TomlValue* below = file->tree.find("base")->find("base");
            id = below ? std::string_view(below->text) : std::string_view();
        }
        return chain;
    }

    // Lays `own` (nearest last) over the bases and adds the result. Without a base there is nothing to say about the profile: what is wrong
    // with its base is said.
    void add(Profile profile, const BaseName& base, std::vector<TableReader*> own, Place place) {
        std::set<std::string> said;
        std::vector<Layer> layers;  // nearest last
        const std::vector<const ParsedFile*> bases = bases_of(base.id, *own.front(), base.place);
        if (bases.empty()) {
            for (TableReader* layer : own) read_layer(*layer, profile, said, storage_);
            return;
        }
        profile.base = base.id;
        for (auto file = bases.rbegin(); file != bases.rend(); ++file) {
            TableReader root = reader(**file);
            read_base_head(root, profile);
            layers.push_back(read_layer(root, profile, said, storage_));
            for (WrittenReaction& reaction : layers.back().reactions) reaction.of_base = true;
        }
        for (TableReader* layer : own) layers.push_back(read_layer(*layer, profile, said, storage_));
        if (!said.contains("trust.checked")) profile.trust.checked = {true, true, Confidence::inferred, "no source says that it does not"};
        check_complete(profile, said, *own.front(), place);
        profile.reactions = resolve(layers, *own.front(), place);
        check_order(profile, *own.front(), place);
        storage_.profiles.push_back(profile);
    }

    void check_complete(Profile& profile, const std::set<std::string>& said, TableReader& asker, Place place) {
        for_each_rule(profile, [&](std::string_view table, std::string_view key, const auto&, auto) {
            if (table == "names" || table == "tls" || table == "revocation" || key == "checked" || key == "anchor" || key == "settings")
                return;
            const std::string name = std::string(table) + "." + std::string(key);
            if (!said.contains(name)) asker.problem(place, "neither the profile nor its base says " + name);
        });
    }

    // A kind in the order that no reaction has is a slip.
    void check_order(const Profile& profile, TableReader& asker, Place place) {
        for (const OrderEntry& entry : profile.report.order.value) {
            const bool used = entry.finding || std::any_of(profile.reactions.begin(), profile.reactions.end(),
                                                           [&](const Reaction& r) { return r.kind == entry.kind; });
            if (!used) asker.problem(place, "order names the kind " + printable(entry.kind) + ", which no reaction has");
        }
    }

    // The reactions of all layers, nearest first; what stands behind one that always holds is never reached and falls away.
    std::span<const Reaction> resolve(const std::vector<Layer>& layers, TableReader& asker, Place place) {
        std::vector<std::pair<FindingId, const WrittenReaction*>> all;
        for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
            for (const WrittenReaction& written : layer->reactions) {
                for (const FindingId finding : written.findings) all.emplace_back(finding, &written);
            }
        }
        std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        std::vector<Reaction> reactions;
        std::optional<FindingId> settled;
        for (const auto& [finding, written] : all) {
            if (settled == finding) continue;
            if (is_unconditional(written->when)) settled = finding;
            reactions.push_back(answered(*written, layers, asker, place));
            reactions.back().finding = finding;
        }
        return storage_.keep(std::move(reactions));
    }

    static bool is_unconditional(const When& when) {
        return !when.role && when.anchor == When::AnchorIs::any && !when.leaf_is_root && !when.issued_from && !when.issued_until &&
               when.platform_from.empty() && when.unless.empty() && when.fields.empty();
    }

    Reaction answered(const WrittenReaction& written, const std::vector<Layer>& layers, TableReader& asker, Place place) {
        Reaction reaction;
        reaction.when = written.when;
        reaction.action = written.action;
        reaction.kind = written.kind;
        reaction.code = written.code;
        set_dialog(reaction, written.dialog, written.line, written.file, written.place);
        if (written.kind.empty() || !written.action.known || reaction.dialog) return reaction;
        const WrittenAnswer* answer = find_answer(layers, written.kind);
        if (!answer) {
            if (!written.of_base) return reaction;
            asker.problem(place, "nobody answers the kind " + std::string(written.kind) + ", which the base has: [[answer]]");
            return reaction;
        }
        reaction.library = written.action;
        reaction.action = answer->action;
        if (!answer->code.empty()) reaction.code = answer->code;
        if (!answer->dialog.empty()) set_dialog(reaction, answer->dialog, answer->line, answer->file, answer->place);
        return reaction;
    }

    static const WrittenAnswer* find_answer(const std::vector<Layer>& layers, std::string_view kind) {
        for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
            for (const WrittenAnswer& answer : layer->answers) {
                if (answer.kind == kind) return &answer;
            }
        }
        return nullptr;
    }

    void set_dialog(Reaction& reaction, std::string_view dialog, std::string_view line, std::string_view file, Place place) {
        reaction.dialog = nullptr;
        reaction.line = nullptr;
        if (dialog.empty()) return;
        for (const Dialog& candidate : storage_.dialogs) {
            if (candidate.id == dialog) reaction.dialog = &candidate;
        }
        if (!reaction.dialog) {
            problems_.add(file, place, "there is no dialog " + printable(dialog));
            return;
        }
        if (line.empty()) return;
        for (const Text& text : reaction.dialog->texts) {
            if (text.id == line) reaction.line = &text;
        }
        if (!reaction.line) problems_.add(file, place, "the dialog " + printable(dialog) + " has no text " + printable(line));
    }

    const std::vector<ParsedFile>& bases_;
    Storage& storage_;
    Problems& problems_;
};

}  // namespace

void read_profiles(const std::vector<ParsedFile>& clients, const std::vector<ParsedFile>& bases, Storage& storage, Problems& problems) {
    ProfilesReader reader(bases, storage, problems);
    reader.check_base_heads();
    if (!problems.empty()) return;  // whatever stands on them would seem to be wrong, too
    reader.check_bases();
    for (const ParsedFile& file : clients) reader.read_client(file);
}

}  // namespace truename::clients
