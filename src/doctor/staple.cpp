#include "doctor/staple.h"

#include <algorithm>

#include "base/text.h"
#include "x509/ocsp_response.h"
#include "x509/pem.h"

namespace truename::doctor {

namespace {

constexpr std::string_view kDoing = "reading the OCSP response in", kLabel = "OCSP RESPONSE";

Unexpected<Failure> refused(const NamedFile& file, std::string reason, std::string next) {
    return {Failure{FailureKind::input, std::string(kDoing), printable(file.name), std::move(reason), std::move(next)}};
}

// The DER of a PEM file's one response.
Result<ByteString, Failure> from_pem(const NamedFile& file) {
    const auto bundle = x509::read_pem_bundle(file.bytes, file.name);
    if (!bundle) {
        Failure failure = bundle.error();
        failure.doing = kDoing;
        return Unexpected{std::move(failure)};
    }
    const auto is_response = [](const x509::PemBlock& block) { return block.label == kLabel; };
    const auto at = std::find_if(bundle->blocks.begin(), bundle->blocks.end(), is_response);
    if (at == bundle->blocks.end()) {
        return refused(file, "there is " + printable(bundle->blocks.front().label) + " in it, but no " + std::string(kLabel),
                       "Ask the responder: openssl ocsp -issuer issuer.pem -cert server.pem -url ADDRESS -respout response.der");
    }
    if (std::count_if(bundle->blocks.begin(), bundle->blocks.end(), is_response) > 1)
        return refused(file, "there are several responses in it, and a server staples one", "");
    return at->der;
}

}  // namespace

Result<ByteString, Failure> read_staple(const NamedFile& file) {
    ByteString der = file.bytes;
    const bool is_der = !der.empty() && der.front() == 0x30;  // a SEQUENCE; a text would have to begin with "0"
    if (!is_der) {
        auto decoded = from_pem(file);
        if (!decoded) return forward_error(decoded);
        der = std::move(*decoded);
    }
    const auto response = x509::parse_ocsp_response(der);
    if (!response) {
        return refused(file,
                       "it is no OCSP response: an element " + std::string(describe(response.error().kind)) + " (byte " +
                           std::to_string(response.error().offset) + ")",
                       "");
    }
    if (response->status != x509::OcspStatus::successful) {
        return refused(file,
                       "it is an error message of the responder (" + std::string(name_of(response->status)) +
                           "), which says nothing about any certificate",
                       "Ask the responder again");
    }
    return der;
}

}  // namespace truename::doctor
