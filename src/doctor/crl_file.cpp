#include "doctor/crl_file.h"

#include "base/text.h"
#include "x509/crl.h"
#include "x509/pem.h"

namespace truename::doctor {

namespace {

constexpr std::string_view kDoing = "reading the revocation list in";

Unexpected<Failure> refused(const NamedFile& file, std::string reason, std::string next) {
    return {Failure{FailureKind::input, std::string(kDoing), printable(file.name), std::move(reason), std::move(next)}};
}

Result<std::vector<ByteString>, Failure> from_pem(const NamedFile& file) {
    const auto bundle = x509::read_pem_bundle(file.bytes, file.name);
    if (!bundle) {
        Failure failure = bundle.error();
        failure.doing = kDoing;
        return Unexpected{std::move(failure)};
    }
    std::vector<ByteString> crls;
    for (const Bytes der : bundle->all(x509::PemKind::crl)) crls.push_back(to_owned(der));
    if (crls.empty())
        return refused(file, "there is " + printable(bundle->blocks.front().label) + " in it, but no X509 CRL",
                       "The certificate names where its list is: truename show server.pem");
    return crls;
}

}  // namespace

Result<std::vector<ByteString>, Failure> read_crls(const NamedFile& file) {
    const bool is_der = !file.bytes.empty() && file.bytes.front() == 0x30;  // a SEQUENCE; a text would have to begin with "0"
    auto crls = is_der ? Result<std::vector<ByteString>, Failure>(std::vector<ByteString>{file.bytes}) : from_pem(file);
    if (!crls) return crls;
    for (const ByteString& der : *crls) {
        if (const auto crl = x509::parse_crl(der); !crl)
            return refused(file, "it is no revocation list: " + x509::describe(crl.error()), "Fetch it again as a whole.");
    }
    return crls;
}

}  // namespace truename::doctor
