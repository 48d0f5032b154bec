#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "der/oid.h"
#include "mail/sink.h"

namespace truename::mail {

/// The most octets of everything but the content that are kept: certificates, recipients, signatures. A thousand recipients take 400 KB.
inline constexpr std::size_t kMaxCmsMembers = std::size_t{2} << 20;

/// The deepest that elements may lie in each other, not counting what lies in those that are given whole.
inline constexpr std::size_t kMaxCmsDepth = 16;

/// What a CmsReader tells, in the order of the octets. What is given is borrowed for the call.
class CmsHandler {
  public:
    CmsHandler() = default;
    CmsHandler(const CmsHandler&) = delete;
    CmsHandler& operator=(const CmsHandler&) = delete;
    virtual ~CmsHandler() = default;

    /// contentType of the outermost ContentInfo (RFC 5652 3).
    virtual Outcome on_content_type(der::Oid type) = 0;
    /// A member of SignedData, EnvelopedData or AuthEnvelopedData that is not its content: a whole element.
    virtual Outcome on_member(Bytes tlv) = 0;
    /// A member of EncapsulatedContentInfo or EncryptedContentInfo that is not the content itself: a whole element.
    virtual Outcome on_content_info(Bytes tlv) = 0;
    /// The content begins. Never called where it is left out, as in a detached signature.
    virtual Outcome on_content_begin() = 0;
    virtual Outcome on_content(Bytes piece) = 0;
    /// The whole structure was there.
    virtual Outcome on_end() = 0;
};

/// Takes a CMS structure (RFC 5652 5.1 and 6.1, RFC 5083 2.1) apart while it comes, in BER: lengths may be indefinite, and the content may
/// be a string of strings (X.690 8.1.3.6, 8.7.3). Members are given with definite lengths; inside of one that has a definite length all
/// octets stay as they are, because signatures may cover them, and nothing in there is looked at. The reader knows no algorithm and checks
/// nothing but frames.
class CmsReader : public Sink {
  public:
    /// Borrows `handler`.
    explicit CmsReader(CmsHandler& handler) : handler_(handler) {}
    Outcome write(Bytes piece) override;
    /// Failure when the structure is not complete.
    Outcome finish() override;

  private:
    /// What an element that is open is.
    enum class Role : std::uint8_t {
        content_info,
        explicit_content,  // its [0]
        data,              // SignedData, EnvelopedData, ...
        inner,             // EncapsulatedContentInfo, EncryptedContentInfo
        explicit_octets,   // the [0] of EncapsulatedContentInfo
        octets,            // the content, or a string of which it is made
        member,            // what is kept until it is whole
    };
    struct Frame {
        Role role{};
        bool is_indefinite = false;
        bool is_primitive = false;
        bool has_content = false;    // of the two that have one: it has begun
        std::uint64_t end = 0;       // of a definite one: where it ends; else where what holds it ends
        std::size_t members = 0;     // that have begun in it
        std::size_t kept_start = 0;  // of an indefinite member: where it begins in kept_
    };
    struct Header {
        std::uint8_t tag = 0;
        bool is_indefinite = false;
        std::uint64_t length = 0;
    };

    Outcome take_header_octet(std::uint8_t octet);
    [[nodiscard]] std::size_t header_size() const;
    Outcome begin(const Header& header);
    Result<Role, Failure> role_in(Frame& parent, const Header& header) const;
    Outcome push(Role role, const Header& header);
    Outcome take_contents(Bytes piece);
    Outcome close_finished();
    Outcome close_top();
    Outcome keep(Bytes octets);
    Outcome deliver();

    CmsHandler& handler_;
    std::vector<Frame> frames_;
    std::uint64_t at_ = 0;  // octets taken
    std::array<std::uint8_t, 12> header_{};
    std::size_t header_used_ = 0;
    ByteString kept_;  // the member that is not whole yet
    std::size_t kept_in_all_ = 0;
    bool is_signed_data_ = false;
    bool is_complete_ = false;
};

}  // namespace truename::mail
