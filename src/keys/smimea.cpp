#include "keys/smimea.h"

#include "base/text.h"
#include "crypto/digest.h"
#include "x509/mailbox.h"

namespace truename::keys {

std::optional<std::string> smimea_record(std::string_view address, Bytes certificate) {
    constexpr std::size_t kDigest = 28;  // octets of the digest that count (RFC 8162 3)
    const auto mailbox = x509::parse_mailbox(address);
    if (!mailbox) return std::nullopt;
    const crypto::Sha256 digest = crypto::sha256(as_bytes(mailbox->local_part));
    return to_hex(Bytes(digest).first(kDigest)) + "._smimecert." + mailbox->host + ". IN SMIMEA 3 0 0 " + to_hex(certificate);
}

}  // namespace truename::keys
