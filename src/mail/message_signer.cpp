#include "mail/message_signer.h"

#include <cstring>

#include "mail/address.h"
#include "mail/smime.h"

namespace truename::mail {

bool has_8bit(Bytes piece) {
    std::uint64_t all = 0;
    for (; piece.size() >= sizeof all; piece = piece.subspan(sizeof all)) {
        std::uint64_t some = 0;
        std::memcpy(&some, piece.data(), sizeof some);
        all |= some;
    }
    for (const std::uint8_t octet : piece) all |= octet;
    return (all & 0x8080808080808080U) != 0;
}

Result<BodyView, Failure> MessageSigner::on_header(std::size_t, HeaderBlock header, const ContentType&) {
    const auto from = from_address(header);
    if (!from) return forward_error(from);
    if (Outcome may = check_may_sign(identity_, *from, at_); !may) return forward_error(may);
    if (Outcome written = next_.write(as_bytes(fields_of_message(header))); !written) return forward_error(written);
    signer_ = std::make_unique<EntitySigner>(identity_, at_, header.line_end(), next_);
    if (Outcome written = signer_->write(as_bytes(header_of_content(header, header.line_end()))); !written) return forward_error(written);
    return BodyView::content;
}

Outcome MessageSigner::on_content(Bytes piece) {
    has_8bit_ = has_8bit_ || mail::has_8bit(piece);
    return signer_->write(piece);
}

}  // namespace truename::mail
