#include "x509/pkcs7.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include "der/oid.h"
#include "der/reader.h"
#include "der/value.h"
#include "x509/certificate.h"

namespace truename::x509 {

namespace {

using Places = std::vector<std::size_t>;

/// SET OF CHOICE { certificate or list SEQUENCE, other kinds [n] }, under an IMPLICIT tag.
Result<std::vector<Bytes>> read_set(const der::Tlv& set, std::size_t most) {
    std::vector<Bytes> elements;
    for (der::Reader reader(set); !reader.at_end();) {
        const auto element = reader.read();
        if (!element) return forward_error(element);
        if (element->tag != der::Tag::sequence) continue;
        if (elements.size() == most) return fail(ErrorKind::too_large, element->offset);
        elements.push_back(element->tlv);
    }
    return elements;
}

/// Puts what issued nothing that is still to come first, again and again; the work grows with the number of certificates only.
class IssuedFirst {
  public:
    explicit IssuedFirst(const std::vector<Bytes>& certificates) : certificates_(certificates) {
        for (std::size_t i = 0; i < certificates.size(); ++i) {
            const auto read = parse_certificate(certificates[i]);
            issuers_.emplace_back(read && !is_self_issued(*read) ? as_text(read->issuer.tlv()) : std::string_view());
            if (read) by_subject_[as_text(read->subject.tlv())].push_back(i);
            if (!issuers_.back().empty()) ++issued_[issuers_.back()];
        }
    }

    std::vector<Bytes> order() {
        is_taken_.resize(certificates_.size());
        std::vector<bool> has_issued(certificates_.size());
        for (const auto& [name, count] : issued_) {
            if (const auto found = by_subject_.find(name); found != by_subject_.end()) {
                for (const std::size_t place : found->second) has_issued[place] = true;
            }
        }
        for (std::size_t i = 0; i < certificates_.size(); ++i) {
            if (!has_issued[i]) take_from(i);
        }
        for (std::size_t i = 0; i < certificates_.size(); ++i) take_from(i);  // circles
        return std::move(ordered_);
    }

  private:
    // Takes one, and those of its issuers that it was the last to wait for.
    void take_from(std::size_t first) {
        for (Places waiting{first}; !waiting.empty();) {
            const std::size_t place = waiting.back();
            waiting.pop_back();
            if (is_taken_[place]) continue;
            is_taken_[place] = true;
            ordered_.push_back(certificates_[place]);
            const auto issued = issued_.find(issuers_[place]);
            if (issued == issued_.end() || --issued->second > 0) continue;
            if (const auto found = by_subject_.find(issuers_[place]); found != by_subject_.end())
                waiting.insert(waiting.end(), found->second.rbegin(), found->second.rend());
        }
    }

    const std::vector<Bytes>& certificates_;
    std::vector<std::string_view> issuers_;  // empty for those that are their own, or cannot be read
    std::map<std::string_view, Places> by_subject_;
    std::map<std::string_view, std::size_t> issued_;  // how many certificates of an issuer are still to come
    std::vector<bool> is_taken_;
    std::vector<Bytes> ordered_;
};

/// SignedData ::= SEQUENCE { version INTEGER, digestAlgorithms SET, encapContentInfo SEQUENCE, certificates [0] OPTIONAL, crls [1]
/// OPTIONAL, signerInfos SET }
Result<Pkcs7Contents> read_signed_data(der::Reader fields, std::size_t most) {
    for (const der::Tag tag : {der::Tag::integer, der::Tag::set, der::Tag::sequence}) {
        if (const auto element = fields.read(tag); !element) return forward_error(element);
    }
    Pkcs7Contents contents;
    std::vector<Bytes>* const members[] = {&contents.certificates, &contents.crls};
    for (unsigned number = 0; number < 2; ++number) {
        if (!fields.next_is(der::context_constructed(number))) continue;
        const auto element = fields.read();
        if (!element) return forward_error(element);
        auto set = read_set(*element, most - contents.certificates.size());
        if (!set) return forward_error(set);
        *members[number] = std::move(*set);
    }
    if (const auto signers = fields.read(der::Tag::set); !signers) return forward_error(signers);
    if (const auto end = fields.expect_end(); !end) return forward_error(end);
    contents.certificates = IssuedFirst(contents.certificates).order();
    return contents;
}

}  // namespace

/// ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content [0] EXPLICIT ANY }
Result<Pkcs7Contents> read_pkcs7(Bytes der, std::size_t most) {
    der::Reader whole(der);
    const auto outer = whole.read(der::Tag::sequence);
    if (!outer) return forward_error(outer);
    der::Reader parts(*outer);
    const auto type = read_oid_element(parts);
    if (!type) return forward_error(type);
    if (!(*type == der::oid::pkcs7_signed_data)) return fail(ErrorKind::unsupported, outer->value_offset());
    const auto content = parts.read(der::context_constructed(0));
    if (!content) return forward_error(content);
    der::Reader inside(*content);
    const auto data = inside.read(der::Tag::sequence);
    if (!data) return forward_error(data);
    return read_signed_data(der::Reader(*data), most);
}

}  // namespace truename::x509
