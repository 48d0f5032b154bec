#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mail/cms_reader.h"
#include "mail/mime_parser.h"
#include "mail/smime.h"
#include "mail/traits.h"

namespace truename::mail {

class CmsLook;

/// One entity of a message.
struct ShownPart {
    std::size_t depth = 0;
    std::string type;          ///< `text/plain`, as it says; safe to print, and shortened
    std::uint64_t octets = 0;  ///< of its body as it is encoded; of a multipart without that of its parts
    bool is_cut_off = false;
    std::string about;  ///< of a signature or a CMS structure: who signed it, to whom it is encrypted; lines that are safe to print
    std::vector<MessageTrait> needs;                         ///< what a program has to know for it, but for its key
    std::vector<std::vector<MessageTrait>> recipient_needs;  ///< and for the key: each list that some recipient needs, once
    bool is_encrypted = false;
    bool is_detached_signature = false;  ///< one beside a part of the message, which can be read without it
    std::string cms_failure;             ///< why that cannot be read to its end; empty when it can
    std::string header_failure;          ///< why its header cannot be read: then nothing else of it is known
};

/// Takes a message apart and shows its structure; checks nothing and opens nothing. What is inside of a CMS structure is not gone into.
class StructureReader : public Sink, private MimeHandler {
  public:
    StructureReader();
    ~StructureReader() override;
    Outcome write(Bytes piece) override { return parser_.write(piece); }
    Outcome finish() override { return parser_.finish(); }

    /// Every entity in the order of the message.
    [[nodiscard]] const std::vector<ShownPart>& parts() const { return parts_; }
    /// The header of the message itself.
    [[nodiscard]] const HeaderBlock& header() const { return header_; }

  private:
    Result<BodyView, Failure> on_header(std::size_t depth, HeaderBlock header, const ContentType& type) override;
    Result<PartView, Failure> on_part(std::size_t, std::size_t, std::uint64_t) override { return PartView::parsed; }
    Outcome on_content(Bytes piece) override;
    Outcome on_end(std::size_t depth, EntityEnd end) override;
    /// A part with a header that cannot be read is one that cannot be read; the others can.
    Outcome on_bad_header(std::size_t depth, Failure failure) override;
    /// What is told of signers and recipients together stays small, however many parts a message has.
    std::string within_limit(std::string about);
    void keep(ShownPart& part, const Outcome& outcome);

    MimeParser parser_;
    HeaderBlock header_;
    std::vector<ShownPart> parts_;
    std::size_t about_size_ = 0;     // of all parts
    std::vector<std::size_t> open_;  // of parts_, by depth
    std::unique_ptr<CmsLook> look_;  // only of the part that is open: a thousand of them would not fit into memory
    std::unique_ptr<CmsReader> reader_;
    std::optional<TransferDecoder> decoder_;  // of the part that is open, when it is one of CMS
};

}  // namespace truename::mail
