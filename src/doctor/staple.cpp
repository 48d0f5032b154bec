#include "doctor/staple.h"

#include "doctor/der_file.h"
#include "x509/ocsp_response.h"

namespace truename::doctor {

namespace {

constexpr DerFileKind kKind{"reading the OCSP response in", "OCSP RESPONSE",
                            "Ask the responder: openssl ocsp -issuer issuer.pem -cert server.pem -url ADDRESS -respout response.der"};

}  // namespace

Result<ByteString, Failure> read_staple(const NamedFile& file) {
    auto responses = read_der_file(file, kKind);
    if (!responses) return forward_error(responses);
    if (responses->size() > 1) return refuse_file(file, kKind, "there are several responses in it, and a server staples one");
    ByteString& der = responses->front();
    const auto response = x509::parse_ocsp_response(der);
    if (!response) {
        return refuse_file(file, kKind, "it is no OCSP response: " + x509::describe(response.error()));
    }
    return std::move(der);
}

}  // namespace truename::doctor
