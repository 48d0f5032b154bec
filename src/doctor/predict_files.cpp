#include "doctor/predict_files.h"

#include <algorithm>

#include "base/text.h"
#include "doctor/describe.h"
#include "x509/name.h"
#include "x509/pem.h"

namespace truename::doctor {

namespace {

constexpr std::string_view kReading = "reading the certificate in";

Unexpected<Failure> bad_file(std::string_view doing, const std::string& file, std::string reason, std::string next = {}) {
    return {Failure{FailureKind::input, std::string(doing), file, std::move(reason), std::move(next)}};
}

Unexpected<Failure> bad_option(std::string option, std::string reason, std::string next) {
    return {Failure{FailureKind::usage, "reading", std::move(option), std::move(reason), std::move(next)}};
}

Result<void, Failure> read_one(const NamedFile& file, PredictFiles& files) {
    const std::string name = printable(file.name);
    const auto bundle = x509::read_pem_bundle(file.bytes, file.name);
    if (!bundle) return forward_error(bundle);
    const std::vector<Bytes> certificates = bundle->all(x509::PemKind::certificate), requests = bundle->all(x509::PemKind::request);
    if (certificates.empty() && requests.empty()) {
        if (!bundle->has(x509::PemKind::private_key)) return bad_file(kReading, name, "there is neither a certificate nor a request in it");
        return bad_file(kReading, name, "there is only a private key in it",
                        "Give the certificate that belongs to the key, or a request made with it");
    }
    if (requests.size() + (files.request ? 1 : 0) > 1)
        return bad_file("reading the request in", name, "it is a second request", "Predict one request at a time");
    if (!requests.empty()) {
        files.request = to_owned(requests.front());
        files.request_file = name;
    }
    for (const Bytes der : certificates) files.certificates.push_back({to_owned(der), name});
    return {};
}

Result<void, Failure> read_issuers(const PredictInput& input, PredictFiles& files) {
    for (const NamedFile& file : input.issuers) {
        const auto bundle = x509::read_pem_bundle(file.bytes, file.name);
        if (!bundle) return forward_error(bundle);
        const std::vector<Bytes> certificates = bundle->all(x509::PemKind::certificate);
        if (certificates.empty()) return bad_file("reading the issuer in", printable(file.name), "there is no certificate in it");
        for (const Bytes der : certificates) files.issuers.push_back(to_owned(der));
    }
    return {};
}

// Its issuer and the trust in it are imagined, as --as-ca says.
Result<void, Failure> check_options_of_request(const PredictInput& input, const Options& options, const PredictFiles& files) {
    const std::string is_request = files.request_file + " is a request";
    if (!input.crls.empty())
        return bad_option("--crl " + printable(input.crls.front().name), "nobody can have revoked what was not issued, and " + is_request,
                          "Leave --crl out");
    if (input.ocsp)
        return bad_option("--ocsp " + printable(input.ocsp->name), "a response is about one certificate, and " + is_request,
                          "Leave --ocsp out");
    if (!input.issuers.empty())
        return bad_option("--issuer " + printable(input.issuers.front().name), is_request + ", and the authority that signs it is imagined",
                          "Leave --issuer out");
    if (!options.added_roots.empty() || options.trust != TrustBase::own)
        return bad_option("--trust", is_request + ", and the root of the authority that signs it is imagined",
                          "Say whom the programs believe with --as-ca shipped or --as-ca added");
    return {};
}

}  // namespace

Result<PredictFiles, Failure> read_predict_files(const PredictInput& input, const Options& options) {
    PredictFiles files;
    for (const NamedFile& file : input.files) {
        if (const auto read = read_one(file, files); !read) return forward_error(read);
    }
    if (const auto read = read_issuers(input, files); !read) return forward_error(read);
    if (!files.request) {
        const FileCertificate& first = files.certificates.front();
        if (const auto parsed = x509::parse_certificate(first.der); !parsed)
            return bad_file(kReading, first.file, "the server's certificate cannot be read: " + x509::describe(parsed.error()));
        if (!input.as_ca) return files;
        return bad_option("--as-ca",
                          "it says what an authority makes of a request, and " + files.certificates.front().file + " holds a certificate",
                          "Leave --as-ca out, or name the request");
    }
    if (!files.certificates.empty()) {
        const std::string& other = files.certificates.front().file;
        return bad_file("reading the request in", files.request_file,
                        other == files.request_file ? "it holds a request and a certificate" : other + " beside it holds a certificate",
                        "Predict one at a time: the request as --as-ca would sign it, or the certificate as it is");
    }
    if (const auto checked = check_options_of_request(input, options, files); !checked) return forward_error(checked);
    return files;
}

Result<void, Failure> check_one_server(const PredictFiles& files, verify::Verification& verification) {
    for (const verify::Placed& placed : verification.chain_findings()) {
        const verify::Node& node = verification.node(placed.node);
        if (placed.finding->id != FindingId::path_extra_certificate || !node.certificate || node.sent_at != placed.position) continue;
        if (verify::is_authority(node)) continue;
        std::string subject = x509::to_string(node.certificate->subject);
        clip(subject);
        return bad_file(kReading, files.certificates[placed.position].file,
                        (subject.empty() ? "one without a subject" : subject) + " is the certificate of another server than the first in " +
                            files.certificates.front().file,
                        "Predict one server's certificate at a time, with the issuers that it sends");
    }
    return {};
}

}  // namespace truename::doctor
