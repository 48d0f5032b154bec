#include "mail/mime_parser.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/text.h"

namespace truename::mail {

namespace {

/// A line that is longer is no delimiter, however many blanks stand behind its boundary.
constexpr std::size_t kMaxLine = 1'000;

/// Where `wanted` is next, or the end.
std::size_t find_octet(Bytes data, std::size_t from, char wanted) {
    if (from >= data.size()) return data.size();
    const void* found = std::memchr(data.data() + from, wanted, data.size() - from);
    return found != nullptr ? static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - data.data()) : data.size();
}

/// How many octets at the end of `data` could be a line end and the first hyphen of a delimiter.
std::size_t undecided_tail(Bytes data, bool at_line_start) {
    const std::string_view text = as_text(data);
    if (at_line_start && text == "-") return 1;
    for (const std::string_view tail : {"\r\n-", "\r\n", "\n-", "\n", "\r"}) {
        if (text.ends_with(tail)) return tail.size();
    }
    return 0;
}

bool is_empty_line(std::string_view line) {
    return line == "\n" || line == "\r\n";
}

}  // namespace

MimeParser::MimeParser(MimeHandler& handler, const MimeLimits& limits) : handler_(handler), limits_(limits), entities_(1) {}

Outcome MimeParser::write(Bytes piece) {
    constexpr std::size_t kMore = 2 * kMaxLine;  // decides whatever is held
    while (!held_.empty() && !piece.empty()) {
        const std::size_t more = std::min(piece.size(), kMore);
        held_.insert(held_.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(more));
        const auto taken = take(held_, false);
        if (!taken) return forward_error(taken);
        const std::size_t left = held_.size() - *taken;
        if (left <= more && more < piece.size()) {
            held_.clear();
            piece = piece.subspan(more - left);
        } else {
            held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(*taken));
            piece = piece.subspan(more);
        }
    }
    if (piece.empty()) return {};
    const auto taken = take(piece, false);
    if (!taken) return forward_error(taken);
    held_.assign(piece.begin() + static_cast<std::ptrdiff_t>(*taken), piece.end());
    return {};
}

Outcome MimeParser::finish() {
    const auto taken = take(held_, true);
    if (!taken) return forward_error(taken);
    while (state_ == State::header) {
        if (Outcome ended = end_header(); !ended) return ended;
    }
    // Those in a closed multipart have ended; what is still open in another was cut off.
    const auto open = std::ranges::find_if(entities_, [](const Entity& entity) { return !entity.boundary.empty() && !entity.is_closed; });
    const auto cut_off = static_cast<std::size_t>(open - entities_.begin());
    if (Outcome closed = close_down_to(std::min(cut_off, entities_.size()), EntityEnd::cut_off); !closed) return closed;
    return close_down_to(0, EntityEnd::whole);
}

Result<std::size_t, Failure> MimeParser::take(Bytes data, bool is_last) {
    std::size_t at = 0;
    while (at < data.size()) {
        const State before = state_;
        auto taken = state_ == State::header ? take_header(data.subspan(at)) : take_body(data.subspan(at), is_last);
        if (!taken) return taken;
        at += *taken;
        taken_ += *taken;
        if (*taken == 0 && state_ == before) break;
    }
    return at;
}

Result<std::size_t, Failure> MimeParser::take_header(Bytes data) {
    const std::size_t end = find_octet(data, 0, '\n');
    const bool is_whole = end < data.size();
    const std::size_t size = is_whole ? end + 1 : end;
    if (header_.size() + size > kMaxHeader) return bad_message("a header of it is longer than " + std::to_string(kMaxHeader >> 10) + " KB");
    header_.insert(header_.end(), data.begin(), data.begin() + static_cast<std::ptrdiff_t>(size));
    if (!is_whole) return size;
    const std::string_view line = as_text(header_).substr(line_start_);
    Delimiter delimiter;
    if (open_multiparts_ > 0 && find_delimiter(line, delimiter)) {
        // A part that ends inside its header has no body.
        header_.resize(line_start_);
        if (Outcome ended = end_header(); !ended) return forward_error(ended);
        if (Outcome delimited = delimit(delimiter, taken_ + size); !delimited) return forward_error(delimited);
        return size;
    }
    const bool is_end = is_empty_line(line);
    line_start_ = header_.size();
    if (is_end) {
        if (Outcome ended = end_header(); !ended) return forward_error(ended);
    }
    return size;
}

Outcome MimeParser::end_header() {
    auto header = HeaderBlock::parse(header_);
    header_.clear();
    line_start_ = 0;
    const auto type = header ? content_type_of(*header) : Result<ContentType, Failure>(forward_error(header));
    if (!type) {
        Outcome borne = handler_.on_bad_header(entities_.size() - 1, type.error());
        return borne ? begin_body(BodyView::content, {}) : borne;
    }
    const auto view = handler_.on_header(entities_.size() - 1, std::move(*header), *type);
    if (!view) return forward_error(view);
    return begin_body(*view, *type);
}

Outcome MimeParser::begin_body(BodyView view, const ContentType& type) {
    at_line_start_ = true;
    state_ = State::content;
    if (view == BodyView::message) return begin_entity(entities_.size());
    if (view == BodyView::content) return {};
    const std::string boundary(type.find("boundary").value_or(""));
    if (boundary.empty() || boundary.size() > kMaxBoundary || boundary.find_first_of("\r\n") != std::string::npos)
        return bad_message("it has a " + printable(type.name()) + " whose boundary is missing, or longer than 70 characters");
    for (const Entity& entity : entities_) {
        if (entity.is_closed || entity.boundary.empty()) continue;
        if (entity.boundary == boundary || entity.boundary == boundary + "--" || boundary == entity.boundary + "--")
            return bad_message("two multiparts in each other have the same boundary, and programs differ in what belongs to which");
    }
    entities_.back().boundary = boundary;
    ++open_multiparts_;
    state_ = State::skipped;
    return {};
}

Outcome MimeParser::begin_entity(std::size_t level) {
    if (level >= limits_.depth) return bad_message("its parts lie more than " + std::to_string(limits_.depth) + " deep in each other");
    if (++parts_ > limits_.parts) return bad_message("it has more than " + std::to_string(limits_.parts) + " parts");
    entities_.emplace_back();
    state_ = State::header;
    return {};
}

Outcome MimeParser::emit(Bytes piece) {
    if (piece.empty()) return {};
    at_line_start_ = false;
    return state_ == State::content ? handler_.on_content(piece) : Outcome();
}

Result<std::size_t, Failure> MimeParser::take_body(Bytes data, bool is_last) {
    std::size_t from = 0;  // where to look on
    while (open_multiparts_ > 0) {
        const std::size_t hyphen = find_octet(data, from, '-');
        if (hyphen + 1 >= data.size()) break;
        const bool begins_line = hyphen == 0 ? at_line_start_ : data[hyphen - 1] == '\n';
        from = hyphen + 1;
        if (!begins_line || data[hyphen + 1] != '-') continue;
        // The line end before it is part of a delimiter.
        std::size_t end = hyphen;
        if (end > 0) --end;
        if (end > 0 && data[end - 1] == '\r') --end;
        const Bytes window = data.first(std::min(data.size(), hyphen + kMaxLine));
        const std::size_t line_end = find_octet(window, hyphen, '\n');
        if (line_end == window.size() && window.size() == data.size() && !is_last) {
            if (Outcome emitted = emit(data.first(end)); !emitted) return forward_error(emitted);
            return end;  // the line is not all here
        }
        const bool is_line = line_end < window.size() || window.size() == data.size();
        const std::size_t next = std::min(line_end + 1, window.size());
        Delimiter delimiter;
        if (!is_line || !find_delimiter(as_text(data.subspan(hyphen, next - hyphen)), delimiter)) continue;
        if (Outcome emitted = emit(data.first(end)); !emitted) return forward_error(emitted);
        if (Outcome delimited = delimit(delimiter, taken_ + next); !delimited) return forward_error(delimited);
        return next;
    }
    const std::size_t held = is_last || open_multiparts_ == 0 ? 0 : undecided_tail(data, at_line_start_);
    const Bytes decided = data.first(data.size() - held);
    if (Outcome emitted = emit(decided); !emitted) return forward_error(emitted);
    return decided.size();
}

bool MimeParser::find_delimiter(std::string_view line, Delimiter& found) const {
    if (!line.starts_with("--") || line.size() > kMaxLine) return false;
    line.remove_prefix(2);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
        line.remove_suffix(1);
    for (std::size_t level = entities_.size(); level-- > 0;) {
        const Entity& entity = entities_[level];
        if (entity.boundary.empty() || entity.is_closed) continue;
        const std::size_t size = entity.boundary.size();
        const bool closes = line.size() == size + 2 && line.ends_with("--");
        if ((line.size() != size && !closes) || !line.starts_with(entity.boundary)) continue;
        found = {level, closes};
        return true;
    }
    return false;
}

Outcome MimeParser::delimit(const Delimiter& delimiter, std::uint64_t next) {
    if (Outcome closed = close_down_to(delimiter.level + 1, EntityEnd::whole); !closed) return closed;
    Entity& multipart = entities_[delimiter.level];
    at_line_start_ = true;
    if (delimiter.closes) {
        multipart.is_closed = true;
        --open_multiparts_;
        state_ = State::skipped;
        return {};
    }
    const std::size_t index = multipart.parts++;
    const auto view = handler_.on_part(delimiter.level + 1, index, next);
    if (!view) return forward_error(view);
    if (Outcome begun = begin_entity(delimiter.level + 1); !begun) return begun;
    if (*view == PartView::raw) state_ = State::content;
    return {};
}

Outcome MimeParser::close_down_to(std::size_t level, EntityEnd end) {
    while (entities_.size() > level) {
        const Entity& entity = entities_.back();
        const bool is_open = !entity.boundary.empty() && !entity.is_closed;
        if (is_open) --open_multiparts_;
        const std::size_t depth = entities_.size() - 1;
        entities_.pop_back();
        if (Outcome ended = handler_.on_end(depth, is_open ? EntityEnd::cut_off : end); !ended) return ended;
    }
    return {};
}

}  // namespace truename::mail
