#include "mail/cms_reader.h"

#include <algorithm>
#include <limits>

#include "der/reader.h"

namespace truename::mail {

namespace {

constexpr std::uint8_t kOid = 0x06, kOctetString = 0x04, kStringOfStrings = 0x24, kSequence = 0x30, kPrimitive0 = 0x80,
                       kConstructed0 = 0xA0;

Unexpected<Failure> broken(std::string reason) {
    return bad_message("its CMS structure is broken: " + std::move(reason), "Something on the way has changed it; have it sent again");
}

/// The length octets of X.690 8.1.3 in the fewest octets.
ByteString length_octets(std::size_t length) {
    if (length < 0x80) return {static_cast<std::uint8_t>(length)};
    ByteString octets;
    for (; length > 0; length >>= 8) octets.insert(octets.begin(), static_cast<std::uint8_t>(length));
    octets.insert(octets.begin(), static_cast<std::uint8_t>(0x80 | octets.size()));
    return octets;
}

}  // namespace

Outcome CmsReader::write(Bytes piece) {
    while (!piece.empty()) {
        if (is_complete_) return broken("something follows its end");
        if (!frames_.empty() && frames_.back().is_primitive) {
            const std::uint64_t left = frames_.back().end - at_;
            const Bytes contents = piece.first(static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size())));
            piece = piece.subspan(contents.size());
            if (Outcome taken = take_contents(contents); !taken) return taken;
        } else {
            const std::uint8_t octet = piece.front();
            piece = piece.subspan(1);
            if (Outcome taken = take_header_octet(octet); !taken) return taken;
        }
        if (Outcome closed = close_finished(); !closed) return closed;
    }
    return {};
}

Outcome CmsReader::finish() {
    if (!is_complete_) return bad_message("it ends in the middle of its CMS structure: the end is missing", "Have it sent again");
    return {};
}

std::size_t CmsReader::header_size() const {
    if (header_used_ < 2) return 2;
    return header_[1] <= 0x80 ? 2 : 2 + (header_[1] & 0x7FU);
}

Outcome CmsReader::take_header_octet(std::uint8_t octet) {
    if (!frames_.empty() && at_ >= frames_.back().end) return broken("an element is longer than what holds it");
    ++at_;
    header_[header_used_++] = octet;
    if (header_used_ == 1 && (octet & 0x1F) == 0x1F) return broken("there is a tag that nothing in it has");
    if (header_used_ == 2 && octet > 0x88) return broken("a length is larger than any file");
    if (header_used_ < header_size()) return {};
    Header header{header_[0], header_[1] == 0x80, 0};
    if (header_[1] < 0x80) header.length = header_[1];
    for (std::size_t i = 2; i < header_used_; ++i) header.length = header.length << 8 | header_[i];
    const Bytes octets = Bytes(header_).first(header_used_);
    header_used_ = 0;
    const bool in_member = !frames_.empty() && frames_.back().role == Role::member;
    if (header.tag == 0) {
        if (header.length != 0 || header.is_indefinite || frames_.empty() || !frames_.back().is_indefinite)
            return broken("an end stands where nothing ends");
        return close_top();
    }
    if (in_member && !header.is_indefinite) {
        if (Outcome kept = keep(octets); !kept) return kept;
    }
    return begin(header);
}

Outcome CmsReader::begin(const Header& header) {
    const bool is_constructed = (header.tag & 0x20) != 0;
    if (header.is_indefinite && !is_constructed) return broken("a value has no length");
    if (frames_.empty()) return header.tag == kSequence ? push(Role::content_info, header) : broken("it does not begin as one");
    const auto role = role_in(frames_.back(), header);
    if (!role) return forward_error(role);
    ++frames_.back().members;
    if (*role == Role::octets && frames_.back().role != Role::octets) {
        if (Outcome begun = handler_.on_content_begin(); !begun) return begun;
    }
    if (*role == Role::member && frames_.back().role != Role::member && !header.is_indefinite) {
        kept_ = {header.tag};
        const ByteString length = length_octets(static_cast<std::size_t>(std::min<std::uint64_t>(header.length, kMaxCmsMembers + 1)));
        if (Outcome kept = keep(length); !kept) return kept;
    }
    return push(*role, header);
}

Result<CmsReader::Role, Failure> CmsReader::role_in(Frame& parent, const Header& header) const {
    switch (parent.role) {
        case Role::content_info:
            if (parent.members == 0 && header.tag == kOid) return Role::member;
            if (parent.members == 1 && header.tag == kConstructed0) return Role::explicit_content;
            return broken("it is no ContentInfo");
        case Role::explicit_content:
            if (parent.members == 0 && header.tag == kSequence) return Role::data;
            return broken("its content is of a kind that is not known");
        case Role::data:
            // Nothing else that is a SEQUENCE stands in any of the three; a second one is not looked at as one.
            if (header.tag == kSequence) {
                if (parent.has_content) return broken("it has two contents");
                parent.has_content = true;
                return Role::inner;
            }
            return Role::member;
        case Role::inner:
            if (parent.has_content) return broken("something follows its content");
            if (header.tag != kConstructed0 && header.tag != kPrimitive0) return Role::member;
            parent.has_content = true;
            if (!is_signed_data_) return Role::octets;
            if (header.tag == kConstructed0) return Role::explicit_octets;
            return broken("its content has no type");
        case Role::explicit_octets:
            if (parent.members == 0 && (header.tag == kOctetString || header.tag == kStringOfStrings)) return Role::octets;
            return broken("its content is no string of octets");
        case Role::octets:
            if (header.tag == kOctetString || header.tag == kStringOfStrings) return Role::octets;
            return broken("its content is no string of octets");
        case Role::member:
            return Role::member;
    }
    return broken("it is no ContentInfo");
}

Outcome CmsReader::push(Role role, const Header& header) {
    if (frames_.size() >= kMaxCmsDepth) return broken("its elements lie too deep in each other");
    const std::uint64_t limit = frames_.empty() ? std::numeric_limits<std::uint64_t>::max() : frames_.back().end;
    if (!header.is_indefinite && header.length > limit - at_) return broken("an element is longer than what holds it");
    Frame frame;
    frame.role = role;
    frame.is_indefinite = header.is_indefinite;
    // A member of definite length is kept as it is, whatever is in it.
    frame.is_primitive = (header.tag & 0x20) == 0 || (role == Role::member && !header.is_indefinite);
    frame.end = header.is_indefinite ? limit : at_ + header.length;
    if (role == Role::member && header.is_indefinite) {
        if (frames_.back().role != Role::member) kept_.clear();
        frame.kept_start = kept_.size();
        if (Outcome kept = keep(Bytes(&header.tag, 1)); !kept) return kept;
    }
    frames_.push_back(frame);
    return {};
}

Outcome CmsReader::take_contents(Bytes piece) {
    at_ += piece.size();
    if (frames_.back().role == Role::octets) return handler_.on_content(piece);
    return keep(piece);
}

Outcome CmsReader::keep(Bytes octets) {
    kept_in_all_ += octets.size();
    if (kept_in_all_ > kMaxCmsMembers)
        return bad_message("its certificates, recipients and signatures are larger than " + std::to_string(kMaxCmsMembers >> 20) + " MB");
    kept_.insert(kept_.end(), octets.begin(), octets.end());
    return {};
}

Outcome CmsReader::close_finished() {
    while (!frames_.empty() && !frames_.back().is_indefinite && at_ == frames_.back().end && header_used_ == 0) {
        if (Outcome closed = close_top(); !closed) return closed;
    }
    return {};
}

Outcome CmsReader::close_top() {
    const Frame frame = frames_.back();
    frames_.pop_back();
    if (frames_.empty()) {
        if (frame.members != 2) return broken("it has no content");
        is_complete_ = true;
        return handler_.on_end();
    }
    if (frame.role != Role::member) return {};
    if (frame.is_indefinite) {
        const std::size_t contents = kept_.size() - frame.kept_start - 1;
        const ByteString length = length_octets(contents);
        kept_.insert(kept_.begin() + static_cast<std::ptrdiff_t>(frame.kept_start) + 1, length.begin(), length.end());
    }
    return frames_.back().role == Role::member ? Outcome() : deliver();
}

Outcome CmsReader::deliver() {
    const ByteString member = std::move(kept_);
    kept_.clear();
    if (frames_.back().role == Role::data) return handler_.on_member(member);
    if (frames_.back().role == Role::inner) return handler_.on_content_info(member);
    const der::Oid type(Bytes(member).subspan(2));
    is_signed_data_ = type == der::oid::pkcs7_signed_data;
    return handler_.on_content_type(type);
}

}  // namespace truename::mail
