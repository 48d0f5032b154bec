#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "mail/signature_reader.h"

namespace truename::keys {

/// Gets the certificates out of a signed message: those of whoever has signed it, which is unchanged since, and those of their issuers.
class CertificatesOfMail : public mail::Sink {
  public:
    explicit CertificatesOfMail(std::string spool_folder)
        : reader_(std::move(spool_folder), mail::Spool::Holds::what_came_openly), parser_(reader_) {}
    mail::Outcome write(Bytes piece) override { return parser_.write(piece); }
    /// Failure with `refused` for what is not signed, was changed, or is not from the one who signed it.
    mail::Outcome finish() override;

    /// Behind finish(). The signer's first.
    [[nodiscard]] const std::vector<ByteString>& certificates() const { return certificates_; }
    [[nodiscard]] const std::string& from() const { return from_; }

  private:
    mail::SignatureReader reader_;
    mail::MimeParser parser_;
    std::vector<ByteString> certificates_;
    std::string from_;
};

}  // namespace truename::keys
