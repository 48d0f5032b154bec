// For every byte of three certificates removed, doubled or changed: either an error that names its field and lies in the broken part, or
// the values that OpenSSL reads too.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "der/writer.h"
#include "tests/x509/data.h"
#include "tests/x509/openssl_reader.h"
#include "x509/certificate.h"
#include "x509/findings.h"

namespace truename::x509 {
namespace {

constexpr const char* kFiles[] = {"rsa-leaf.pem", "ec-ca.pem", "ed25519.pem"};

struct Extent {
    Field field;
    std::size_t start, end;
    [[nodiscard]] bool contains(std::size_t at) const { return at >= start && at < end; }
    [[nodiscard]] std::size_t size() const { return end - start; }
};

/// Where each field of an intact certificate stands.
std::vector<Extent> extents_of(const Certificate& c) {
    std::vector<Extent> extents;
    const auto put = [&](Field field, Bytes tlv) {
        const auto start = static_cast<std::size_t>(tlv.data() - c.der.data());
        extents.push_back({field, start, start + tlv.size()});
    };
    put(Field::certificate, c.der);
    put(Field::tbs_certificate, c.tbs_certificate);
    der::Reader tbs(*der::Reader(c.tbs_certificate, c.tbs_offset).read());
    for (const Field field : {Field::version, Field::serial_number, Field::signature_algorithm_inner, Field::issuer, Field::validity,
                              Field::subject, Field::subject_public_key_info, Field::extensions})
        put(field, tbs.read()->tlv);
    const auto validity = std::find_if(extents.begin(), extents.end(), [](const Extent& e) { return e.field == Field::validity; });
    const auto times = *der::Reader(c.der.subspan(validity->start, validity->size()), static_cast<std::uint32_t>(validity->start)).read();
    der::Reader reader(times);
    for (const Field field : {Field::not_before, Field::not_after}) put(field, reader.read()->tlv);
    put(Field::signature_algorithm, c.signature_algorithm.tlv);
    extents.push_back({Field::signature_value, c.signature_offset, c.der.size()});
    return extents;
}

/// The smallest field around `at`.
Extent innermost(const std::vector<Extent>& extents, std::size_t at) {
    Extent best = extents.front();
    for (const Extent& extent : extents) {
        if (extent.contains(at) && extent.size() < best.size()) best = extent;
    }
    return best;
}

/// Whether an error is where the damage at `at` was done: it names the damaged field, one that holds it or lies in it, or (when the damage
/// made an element longer or shorter) one that comes after it; and its offset is not before the damaged field and not behind the named one.
bool is_in_place(const ParseError& error, std::size_t at, const std::vector<Extent>& extents, std::size_t mutated_size) {
    const Extent damaged = innermost(extents, at);
    if (error.offset > mutated_size) return false;
    const auto named = std::find_if(extents.begin(), extents.end(), [&](const Extent& e) { return e.field == error.field; });
    if (named == extents.end()) return error.field == Field::issuer_unique_id || error.field == Field::subject_unique_id;
    if (named->contains(at)) return error.offset >= named->start && error.offset <= named->end + 1;
    return named->start >= damaged.start && error.offset >= damaged.start;
}

/// What OpenSSL and we read differently on purpose. One that no damage shows any more is stale and fails.
struct Difference {
    std::string_view value;  ///< the name in SeenValues; "whole" when OpenSSL refuses the certificate and we read it
    Field damaged;           ///< where the damage was done
    bool we_read;            ///< whether we read the value and OpenSSL refuses it, or the other way round
    std::string_view reason;
};

constexpr std::string_view kDoubled =
    "the damage made two extensions of one kind: OpenSSL gives none of them, we the first and extension.duplicate";
constexpr std::string_view kLazyName =
    "what a name of another kind than text holds is looked at when it is asked for; name.malformed tells of it";
constexpr std::string_view kStrict = "OpenSSL lets a SEQUENCE OF that says it is primitive and negative lengths pass";

constexpr Difference kDifferences[] = {
    {"whole", Field::issuer, true, "text that is not of its type is cert.name-encoding, because clients read on"},
    {"whole", Field::subject, true, "as for the issuer"},
    {"whole", Field::subject_public_key_info, true, "parameters of a key are ANY; what cannot be read is key.invalid or key.unsupported"},
    {"whole", Field::extensions, true, "what stands behind the last element that belongs there is cert.extra-element"},
    {"subjectAltName", Field::extensions, true, kLazyName},
    {"authorityKeyIdentifier", Field::extensions, true, kLazyName},
    {"keyUsage", Field::extensions, true, kDoubled},
    {"basicConstraints", Field::extensions, true, kDoubled},
    {"subjectKeyIdentifier", Field::extensions, true, kDoubled},
    {"subjectAltName", Field::extensions, false, kStrict},
    {"basicConstraints", Field::extensions, false, kStrict},
    {"keyUsage", Field::extensions, false, kStrict},
    {"extKeyUsage", Field::extensions, false, kStrict},
    {"authorityKeyIdentifier", Field::extensions, false, kStrict},
};

class Mutations : public testing::Test {
  protected:
    /// Judges one damaged certificate; false when something is wrong with our answer.
    void judge(const ByteString& mutated, std::size_t at, const std::string& what) {
        ++count_;
        const auto ours = parse_certificate(mutated);
        if (!ours) {
            ++refused_;
            EXPECT_TRUE(is_in_place(ours.error(), at, extents_, mutated.size())) << what << ": " << describe(ours.error());
            return;
        }
        std::vector<Finding> findings;
        report_findings(*ours, findings);
        for (const Finding& finding : findings) EXPECT_LE(finding.offset, mutated.size()) << what;
        const auto theirs = read_with_openssl(mutated);
        if (!theirs) {
            EXPECT_TRUE(is_known("whole", at, true)) << what << ": OpenSSL refuses it, we read it";
            return;
        }
        const SeenValues seen = values_of(*ours);
        for (const auto& [name, value] : *theirs) {
            const auto it = seen.find(name);
            const std::string our_value = it == seen.end() ? "absent" : it->second;
            if (our_value == value) continue;
            const bool one_refuses = (our_value == kRefused) != (value == kRefused);
            EXPECT_TRUE(one_refuses && is_known(name, at, value == kRefused))
                << what << ": " << name << "\n  ours   " << our_value << "\n  theirs " << value;
        }
        for (const auto& [name, value] : seen) EXPECT_TRUE(theirs->contains(name)) << what << ": only we see " << name;
    }

    [[nodiscard]] bool is_known(std::string_view value, std::size_t at, bool we_read) const {
        const Field damaged = innermost(extents_, at).field;
        for (std::size_t i = 0; i < std::size(kDifferences); ++i) {
            const Difference& known = kDifferences[i];
            if (known.value != value || known.we_read != we_read || known.damaged != damaged) continue;
            ++used_[i];
            return true;
        }
        return false;
    }

    template <class Mutate>
    void for_every_byte(Mutate&& mutate) {
        for (const char* file : kFiles) {
            const ByteString der = der_of(file);
            extents_ = extents_of(*parse_certificate(der));
            for (std::size_t at = 0; at < der.size(); ++at) mutate(der, at, std::string(file) + " byte " + std::to_string(at));
        }
        EXPECT_GT(count_, 1'500U);
        EXPECT_GT(refused_, 100U);
        ++tests_run_;
    }

    static void TearDownTestSuite() {
        constexpr unsigned kTests = 4;
        if (tests_run_ != kTests) return;
        for (std::size_t i = 0; i < used_.size(); ++i)
            EXPECT_GT(used_[i], 0U) << "stale: " << kDifferences[i].value << ", " << kDifferences[i].reason;
    }

    std::vector<Extent> extents_;
    static inline std::array<std::size_t, std::size(kDifferences)> used_{};
    static inline unsigned tests_run_ = 0;
    std::size_t count_ = 0, refused_ = 0;
};

TEST_F(Mutations, EveryByteRemoved) {
    for_every_byte([&](ByteString der, std::size_t at, const std::string& what) {
        der.erase(der.begin() + static_cast<std::ptrdiff_t>(at));
        judge(der, at, what);
    });
}

TEST_F(Mutations, EveryByteDoubled) {
    for_every_byte([&](ByteString der, std::size_t at, const std::string& what) {
        der.insert(der.begin() + static_cast<std::ptrdiff_t>(at), der[at]);
        judge(der, at, what);
    });
}

TEST_F(Mutations, EveryByteChanged) {
    for_every_byte([&](const ByteString& der, std::size_t at, const std::string& what) {
        for (const int mask : {0x01, 0x02, 0x20, 0x80, 0xFF, int{der[at]}}) {
            ByteString mutated = der;
            mutated[at] = static_cast<std::uint8_t>(mutated[at] ^ mask);
            if (mask != 0) judge(mutated, at, what + " xor " + std::to_string(mask));
        }
    });
}

/// `element` with the byte at `at` (an offset of the whole) replaced by `bytes`, and every length around it mended, so that the damage
/// reaches the fields instead of ending at the outermost length.
void rebuild(der::Writer& w, const der::Tlv& element, std::size_t at, Bytes bytes) {
    if (at < element.offset || at >= element.offset + element.tlv.size()) {
        w.raw(element.tlv);
    } else if (at < element.value_offset() || !der::is_constructed(element.tag)) {
        const std::size_t from = std::max<std::size_t>(at, element.value_offset());
        const Bytes head = element.tlv.first(at - element.offset), rest = element.tlv.subspan(at - element.offset + 1);
        if (from != at) {
            w.raw(head).raw(bytes).raw(rest);
            return;
        }
        w.nested(element.tag, [&] { w.raw(head.subspan(element.value_offset() - element.offset)).raw(bytes).raw(rest); });
    } else {
        w.nested(element.tag, [&] {
            der::Reader children(element);
            while (!children.at_end()) rebuild(w, *children.read(), at, bytes);
        });
    }
}

TEST_F(Mutations, EveryByteRemovedOrDoubledWithTheLengthsAroundItMended) {
    for_every_byte([&](const ByteString& der, std::size_t at, const std::string& what) {
        const der::Tlv whole = *der::Reader(der).read();
        const ByteString twice = {der[at], der[at]};
        for (const Bytes& bytes : {Bytes(), Bytes(twice)}) {
            der::Writer w;
            rebuild(w, whole, at, bytes);
            judge(w.bytes(), at, what + (bytes.empty() ? " removed" : " doubled"));
        }
    });
}

}  // namespace
}  // namespace truename::x509
