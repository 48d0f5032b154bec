#include "servers/dovecot_config.h"

#include <algorithm>
#include <map>
#include <utility>

#include "servers/config_text.h"
#include "servers/dovecot_line.h"

namespace truename::servers {
namespace {

class ConfigReader {
  public:
    ConfigReader(const ConfigFiles& files, DovecotConfig& config) : files_(files), config_(config) {}

    Result<void, Failure> read(const std::string& path) {
        config_.blocks.emplace_back();
        return read_file(path, false);
    }

  private:
    using Done = Result<void, Failure>;

    static Unexpected<Failure> failure(std::string object, std::string reason, std::string next = "") {
        return {Failure{FailureKind::input, "reading the configuration", std::move(object), std::move(reason), std::move(next)}};
    }
    Unexpected<Failure> failure_here(std::string reason, std::string next = "") const {
        return failure(config_.files[file_].path + " line " + std::to_string(line_), std::move(reason), std::move(next));
    }

    /// Reads the file, which need not be there when it `may_miss`, in the place of the line that includes it.
    Done read_file(const std::string& path, bool may_miss) {
        if (std::ranges::find(open_, path) != open_.end()) return failure(path, "it includes itself");
        if (open_.size() >= ConfigLimits::kDepth) return failure(path, "too many files include each other");
        if (++reads_ > ConfigLimits::kFiles) return failure(path, "the configuration has too many files");
        const auto read = text_of(path);
        if (!read) return forward_error(read);
        if (!*read) return may_miss ? Done() : failure(path, "there is no such file");
        const std::string& bytes = **read;
        bytes_ += bytes.size();
        if (bytes.size() > ConfigLimits::kFileBytes || bytes_ > ConfigLimits::kTotalBytes)
            return failure(path, "the configuration is too large");
        if (bytes.find('\0') != std::string::npos) return failure(path, "it holds a zero byte, so it is no text");
        const std::size_t file = file_, line = line_, block = block_;
        file_ = add_file(path, bytes);
        open_.push_back(path);
        Done done = read_lines(bytes);
        open_.pop_back();
        if (!done) return done;
        if (block_ != block) return failure_here("a block is not closed");
        file_ = file;
        line_ = line;
        return done;
    }

    /// A file that is included again is what it was.
    [[nodiscard]] Result<std::optional<std::string>, Failure> text_of(const std::string& path) const {
        const auto known = std::ranges::find(config_.files, path, &DovecotFile::path);
        return known == config_.files.end() ? files_.read(path) : std::optional(known->text);
    }

    std::size_t add_file(const std::string& path, const std::string& text) {
        const auto known = std::ranges::find(config_.files, path, &DovecotFile::path);
        const auto place = static_cast<std::size_t>(known - config_.files.begin());
        if (known == config_.files.end()) config_.files.push_back({path, text, 0});
        ++config_.files[place].times;
        return place;
    }

    Done read_lines(std::string_view text) {
        line_ = 1;
        for (std::size_t at = 0; at < text.size();) {
            const DovecotLine line = read_dovecot_line(text, at);
            if (Done done = take(text, line); !done) return done;
            at = line.next;
            line_ += line.lines;
        }
        return {};
    }

    Done take(std::string_view text, const DovecotLine& line) {
        switch (line.kind) {
            case DovecotLineKind::nothing:
            case DovecotLineKind::dropped:
                return {};
            case DovecotLineKind::comment:
                if (const auto name = name_in_comment(text.substr(line.begin, line.next - line.begin)); !name.empty())
                    config_.hints.push_back({std::string(name), block_, file_, line.begin, line.next});
                return {};
            case DovecotLineKind::setting:
                return take_setting(line);
            case DovecotLineKind::include:
            case DovecotLineKind::include_try:
                return include(line);
            case DovecotLineKind::block_begin:
                return begin_block(line);
            case DovecotLineKind::block_end:
                return end_block(line);
            case DovecotLineKind::broken:
                break;
        }
        return failure_here("Dovecot 2.3 would not read this line", "doveconf -n says what is wrong with it.");
    }

    Done take_setting(const DovecotLine& line) {
        if (line.key == "dovecot_config_version" && !line.value.starts_with("2.4.")) return other_dialect("an unknown Dovecot");
        if (line.key == "dovecot_config_version") return other_dialect("Dovecot 2.4");
        if (line.key == "dovecot_storage_version" || line.key.starts_with("ssl_server_")) return other_dialect("Dovecot 2.4");
        if (line.key == "ssl_cert_file" || line.key == "ssl_key_file") return other_dialect("Dovecot 1");
        config_.settings.push_back({line.key, line.value, line.is_file, block_, file_, line_, line.begin, line.next});
        return {};
    }

    [[nodiscard]] Done other_dialect(const std::string& version) const {
        return failure_here("the configuration is written for " + version,
                            "Only configurations of Dovecot 2.3 are changed: change it by hand.");
    }

    Done include(const DovecotLine& line) {
        const bool may_miss = line.kind == DovecotLineKind::include_try;
        std::string pattern = line.value;
        if (!pattern.starts_with('/')) {
            const std::string& path = config_.files[file_].path;
            const std::size_t slash = path.rfind('/');
            if (slash != std::string::npos) pattern.insert(0, path, 0, slash + 1);
        }
        const auto found = files_.match(pattern);
        if (!found) return forward_error(found);
        if (found->empty() && !may_miss) return failure_here("no file matches " + pattern);
        for (const std::string& path : *found) {
            if (Done done = read_file(path, may_miss); !done) return done;
        }
        return {};
    }

    Done begin_block(const DovecotLine& line) {
        if (++depth_ > ConfigLimits::kDepth) return failure_here("too many blocks lie in each other");
        const bool is_section = config_.blocks[block_].is_section || !is_dovecot_filter(line.key);
        if (!is_section && line.value.empty()) return failure_here("a block for nobody: " + line.key + " has no name");
        config_.blocks.push_back({.type = line.key,
                                  .name = line.value,
                                  .outside = block_,
                                  .is_section = is_section,
                                  .file = file_,
                                  .line = line_,
                                  .begin = line.begin});
        block_ = config_.blocks.size() - 1;
        config_.blocks[block_].first = is_section ? block_ : first_.try_emplace(key_of(filter_of(config_, block_)), block_).first->second;
        return {};
    }

    Done end_block(const DovecotLine& line) {
        if (block_ == 0) return failure_here("a block is closed that was not opened");
        DovecotBlock& block = config_.blocks[block_];
        if (block.file != file_) return failure_here("a block is closed that another file opened");
        block.inside_end = line.begin;
        block.end = line.next;
        block_ = block.outside;
        --depth_;
        return {};
    }

    const ConfigFiles& files_;
    DovecotConfig& config_;
    std::vector<std::string> open_;
    std::map<std::string, std::size_t, std::less<>> first_;  // of each filter, the first block
    std::size_t file_ = 0, line_ = 0, block_ = 0, depth_ = 0, reads_ = 0, bytes_ = 0;
};

}  // namespace

DovecotFilter filter_of(const DovecotConfig& config, std::size_t block) {
    DovecotFilter filter;
    for (; block != 0; block = config.blocks[block].outside) {
        const DovecotBlock& around = config.blocks[block];
        std::string_view& part = around.type == "protocol"     ? filter.protocol
                                 : around.type == "local"      ? filter.local
                                 : around.type == "local_name" ? filter.local_name
                                                               : filter.remote;
        if (is_dovecot_filter(around.type) && part.empty()) part = around.name;  // the innermost of one type holds
    }
    return filter;
}

Result<DovecotConfig, Failure> read_dovecot_config(const std::string& path, const ConfigFiles& files) {
    DovecotConfig config;
    const auto done = ConfigReader(files, config).read(path);
    if (!done) return forward_error(done);
    return config;
}

const DovecotSetting* find_setting(const DovecotConfig& config, std::string_view name, const DovecotFilter& asked) {
    const DovecotSetting* found = nullptr;
    DovecotFilter found_filter;
    for (const DovecotSetting& setting : config.settings) {
        const DovecotBlock& block = config.blocks[setting.block];
        if (setting.name != name || block.is_section) continue;
        const DovecotFilter filter = filter_of(config, setting.block);
        if (!applies(filter, asked)) continue;
        const bool is_equal = found != nullptr && !goes_before(filter, found_filter) && !goes_before(found_filter, filter);
        if (found != nullptr && !(is_equal ? block.first <= config.blocks[found->block].first : goes_before(filter, found_filter)))
            continue;
        found = &setting;
        found_filter = filter;
    }
    return found;
}

std::vector<const DovecotSetting*> settings_in_filters(const DovecotConfig& config, std::string_view name) {
    std::vector<const DovecotSetting*> result;
    for (const DovecotSetting& setting : config.settings) {
        if (setting.name == name && setting.block != 0 && !config.blocks[setting.block].is_section) result.push_back(&setting);
    }
    return result;
}

const DovecotSetting* contradicting(const DovecotConfig& config, std::string_view name) {
    const auto found = settings_in_filters(config, name);
    const auto has_no_name = [&](const DovecotSetting* setting) { return filter_of(config, setting->block).local_name.empty(); };
    const auto first = std::ranges::find_if(found, has_no_name);
    return first == found.end() ? nullptr : *first;
}

}  // namespace truename::servers
