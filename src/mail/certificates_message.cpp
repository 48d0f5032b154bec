#include "mail/certificates_message.h"

#include <algorithm>

#include "base/text.h"
#include "crypto/random.h"
#include "der/oid.h"
#include "der/writer.h"
#include "mail/address.h"
#include "mail/base64.h"

namespace truename::mail {

namespace {

/// A SignedData that nobody has signed: how certificates travel (RFC 5652 5.1).
ByteString certificates_only(const std::vector<ByteString>& certificates) {
    der::Writer writer;
    writer.sequence([&] {
        writer.oid(der::oid::pkcs7_signed_data);
        writer.nested(der::context_constructed(0), [&] {
            writer.sequence([&] {
                writer.integer(1).set([] {});
                writer.sequence([&] { writer.oid(der::oid::data); });
                writer.set_of(certificates, der::context_constructed(0)).set([] {});
            });
        });
    });
    return writer.take();
}

}  // namespace

std::optional<std::string> certificates_message(std::string_view from, std::string_view subject, std::string_view text,
                                                const std::vector<ByteString>& certificates) {
    const auto addresses = parse_mailbox_list(from);
    const bool has_line_end = (std::string(from) + std::string(subject)).find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos;
    if (!addresses || addresses->size() != 1 || has_line_end) return std::nullopt;
    const bool is_ascii = std::ranges::all_of(std::string(from) + std::string(subject) + std::string(text),
                                              [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    const std::string boundary = "certificates-" + to_hex(crypto::random_bytes(16));
    std::string message = "From: " + std::string(from) + "\nSubject: " + std::string(subject) +
                          "\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"" + boundary + "\"\n\n--" + boundary +
                          "\nContent-Type: text/plain; charset=" + (is_ascii ? "us-ascii" : "utf-8") + "\n" +
                          (is_ascii ? "" : "Content-Transfer-Encoding: 8bit\n") + "\n" + std::string(text) + "\n--" + boundary +
                          "\nContent-Type: application/pkcs7-mime; smime-type=certs-only; name=\"smime.p7c\"\n"
                          "Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=\"smime.p7c\"\n\n";
    ByteCollector encoded;  // which takes everything
    Base64Encoder encoder(encoded, "\n");
    (void)encoder.write(certificates_only(certificates));
    (void)encoder.finish();
    return message + std::string(as_text(encoded.bytes)) + "\n--" + boundary + "--\n";
}

}  // namespace truename::mail
