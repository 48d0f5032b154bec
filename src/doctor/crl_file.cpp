#include "doctor/crl_file.h"

#include "doctor/der_file.h"
#include "x509/crl.h"

namespace truename::doctor {

namespace {

constexpr DerFileKind kKind{"reading the revocation list in", "X509 CRL",
                            "The certificate names where its list is: truename show server.pem"};

}  // namespace

Result<std::vector<ByteString>, Failure> read_crls(const NamedFile& file) {
    auto crls = read_der_file(file, kKind);
    if (!crls) return crls;
    for (const ByteString& der : *crls) {
        if (const auto crl = x509::parse_crl(der); !crl)
            return refuse_file(file, kKind, "it is no revocation list: " + x509::describe(crl.error()), "Fetch it again as a whole.");
    }
    return crls;
}

}  // namespace truename::doctor
