#include "mail/message_encryptor.h"

#include "mail/address.h"
#include "mail/smime.h"

namespace truename::mail {

Result<BodyView, Failure> MessageEncryptor::on_header(std::size_t, HeaderBlock header, const ContentType&) {
    if (options_.signer != nullptr) {
        const auto from = from_address(header);
        if (!from) return forward_error(from);
        if (Outcome may = check_may_sign(*options_.signer, *from, options_.at); !may) return forward_error(may);
    }
    auto encryptor = EntityEncryptor::make(options_.recipients, options_.cipher, header.line_end(), next_);
    if (!encryptor) return forward_error(encryptor);
    encryptor_ = std::move(*encryptor);
    Sink* first = encryptor_.get();
    if (options_.signer != nullptr) {
        signer_ = std::make_unique<EntitySigner>(*options_.signer, options_.at, "\r\n", *encryptor_);
        first = signer_.get();
    }
    lines_.emplace(*first);
    content_ = is_binary(header) ? first : &*lines_;
    if (Outcome written = next_.write(as_bytes(fields_of_message(header))); !written) return forward_error(written);
    if (Outcome written = content_->write(as_bytes(header_of_content(header, "\r\n"))); !written) return forward_error(written);
    return BodyView::content;
}

}  // namespace truename::mail
