// What it costs to read a certificate, against OpenSSL's decoder: microseconds for the certificates of tests/x509/data, the fastest of many
// rounds.
#include <openssl/x509.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "x509/findings.h"
#include "x509/pem.h"
#include "x509/signature.h"

using namespace truename;

namespace {

std::vector<ByteString> read_certificates() {
    std::vector<ByteString> certificates;
    for (const char* name : {"rsa-leaf.pem", "ec-ca.pem", "ed25519.pem", "rsa-pss.pem"}) {
        std::ifstream file(std::string(TRUENAME_SOURCE_DIR "/tests/x509/data/") + name, std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        const auto bundle = x509::read_pem_bundle(as_bytes(text), name);
        if (bundle) certificates.push_back(bundle->blocks.at(0).der);
    }
    return certificates;
}

/// Microseconds a certificate: the fastest of `rounds` rounds over all of them.
template <class Work>
double measure(const std::vector<ByteString>& certificates, int rounds, Work&& work) {
    double best = 1e9;
    for (int round = 0; round < rounds; ++round) {
        const auto start = std::chrono::steady_clock::now();
        for (const ByteString& der : certificates) work(der);
        const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - start;
        best = std::min(best, spent.count() / static_cast<double>(certificates.size()));
    }
    return best;
}

}  // namespace

int main() {
    const std::vector<ByteString> certificates = read_certificates();
    std::size_t sum = 0;  // keeps the work from being optimised away
    const double parse =
        measure(certificates, 2'000, [&](const ByteString& der) { sum += x509::parse_certificate(der)->serial_number.size(); });
    std::vector<Finding> findings;
    const double report = measure(certificates, 2'000, [&](const ByteString& der) {
        findings.clear();
        x509::report_findings(*x509::parse_certificate(der), findings);
        sum += findings.size();
    });
    // The first certificate is signed by the second; the others, by themselves, are the ones whose signatures are checked.
    const std::vector<ByteString> self_signed(certificates.begin() + 1, certificates.end());
    x509::SignatureChecker checker;
    const double cached = measure(self_signed, 2'000, [&](const ByteString& der) {
        const auto certificate = x509::parse_certificate(der);
        sum += checker.check(*certificate, certificate->subject_public_key_info) == crypto::SignatureCheck::valid;
    });
    const double cold = measure(self_signed, 200, [&](const ByteString& der) {
        x509::SignatureChecker fresh;
        const auto certificate = x509::parse_certificate(der);
        sum += fresh.check(*certificate, certificate->subject_public_key_info) == crypto::SignatureCheck::valid;
    });
    std::vector<x509::Certificate> parsed;
    for (const ByteString& der : self_signed) parsed.push_back(*x509::parse_certificate(der));
    std::size_t next = 0;
    const double bare = measure(self_signed, 200, [&](const ByteString&) {
        const x509::Certificate& certificate = parsed[next++ % parsed.size()];
        const auto key = x509::make_public_key(certificate.subject_public_key_info);
        const auto scheme = x509::signature_algorithm(certificate.signature_algorithm).scheme;
        sum += key->verify(*scheme, certificate.tbs_certificate, certificate.signature_value) == crypto::SignatureCheck::valid;
    });
    const double peer = measure(certificates, 200, [&](const ByteString& der) {
        const unsigned char* at = der.data();
        X509* read = d2i_X509(nullptr, &at, static_cast<long>(der.size()));
        sum += read != nullptr;
        X509_free(read);
    });
    std::fprintf(stderr, "d2i_X509 %.1f us, signature with a new key %.1f us\n", peer, bare);
    std::printf("x509.parse %.2f\nx509.parse-ratio %.4f\nx509.findings %.2f\nx509.cached %.2f\nx509.cold-ratio %.3f\n", parse, parse / peer,
                report, cached, cold / bare);
    return sum == 0 ? 1 : 0;
}
