// The promises against OpenSSL, measured beside it in one run: reading certificates, verifying a chain cold and warm, and a million
// different certificates in memory that does not grow.

#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "bench/public_chain.h"
#include "crypto/private_key.h"
#include "der/oid.h"
#include "der/writer.h"
#include "recipe/recipe.h"
#include "tests/added_roots.h"
#include "verify/verification.h"

using namespace truename;

namespace {

constexpr const char* kName = "mail.example.com";
constexpr const char* kAt = "2026-11-24";

void must(bool good) {
    if (!good) std::abort();
}

/// A server's certificate, its issuer and the root.
struct Chain {
    explicit Chain(std::string_view key)
        : built(*recipe::build(*recipe::load(recipe_of_public_chain(key), "bench"), TRUENAME_SOURCE_DIR "/tests/keys")) {
        sent = {built.certificate("server"), built.certificate("inter"), built.certificate("root")};
        trust.add_certificate(sent[2], true);
    }
    recipe::Built built;
    std::vector<Bytes> sent;
    verify::TrustStores trust;
};

/// From bytes to everything that is true of them.
std::size_t verify_ours(std::span<const Bytes> sent, const verify::TrustStores& trust, verify::Memory& memory) {
    verify::Input input;
    input.presented = sent;
    input.name = kName;
    input.at = *parse_time(kAt);
    verify::Verification verification(input, trust, memory);
    AddedRoots client(verification);
    const auto found = verification.find_path({}, client);
    must(found.end == verify::PathEnd::anchor);
    const auto findings = verification.findings(found);
    must(std::ranges::none_of(findings, [](const verify::Placed& one) { return one.finding->id == FindingId::signature_invalid; }));
    return findings.size();
}

template <auto function>
struct Free {
    template <class T>
    void operator()(T* object) const {
        function(object);
    }
};
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Store = std::unique_ptr<X509_STORE, Free<X509_STORE_free>>;
using Context = std::unique_ptr<X509_STORE_CTX, Free<X509_STORE_CTX_free>>;
using Stack = std::unique_ptr<STACK_OF(X509), Free<+[](STACK_OF(X509) * stack) { sk_X509_free(stack); }>>;

Certificate read_theirs(Bytes der) {
    const unsigned char* at = der.data();
    Certificate read(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    must(read != nullptr);
    return read;
}

/// From the same bytes to OpenSSL's yes; the root comes as bytes too.
void verify_theirs(const Chain& chain) {
    const Certificate leaf = read_theirs(chain.sent[0]), issuer = read_theirs(chain.sent[1]), root = read_theirs(chain.sent[2]);
    const Store store(X509_STORE_new());
    must(X509_STORE_add_cert(store.get(), root.get()) == 1);
    const Stack others(sk_X509_new_null());
    sk_X509_push(others.get(), issuer.get());
    const Context context(X509_STORE_CTX_new());
    must(X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), others.get()) == 1);
    X509_VERIFY_PARAM* wanted = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(
        wanted, std::chrono::system_clock::to_time_t(std::chrono::system_clock::time_point(parse_time(kAt)->time_since_epoch())));
    X509_VERIFY_PARAM_set_purpose(wanted, X509_PURPOSE_SSL_SERVER);
    X509_VERIFY_PARAM_set1_host(wanted, kName, 0);
    must(X509_verify_cert(context.get()) == 1);
}

/// The two signatures of the chain, each with a key made from its raw parts: what nobody can avoid.
void check_bare(const std::vector<x509::Certificate>& chain) {
    for (std::size_t i = 0; i < 2; ++i) {
        const auto key = x509::make_public_key(chain[i + 1].subject_public_key_info);
        const auto scheme = x509::signature_algorithm(chain[i].signature_algorithm).scheme;
        must(key->verify(*scheme, chain[i].tbs_certificate, chain[i].signature_value) == crypto::SignatureCheck::valid);
    }
}

/// Microseconds of each piece of work: the pieces take turns, and the fastest of many turns counts, so that what else the machine does
/// hits all of them or none.
template <class... Work>
std::vector<double> measure(int rounds, int times, Work&&... work) {
    std::vector<double> best(sizeof...(work), 1e9);
    for (int round = 0; round < rounds; ++round) {
        std::size_t at = 0;
        const auto one = [&](auto&& piece) {
            const auto start = std::chrono::steady_clock::now();
            for (int i = 0; i < times; ++i) piece();
            const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - start;
            best[at] = std::min(best[at], spent.count() / times);
            ++at;
        };
        (one(work), ...);
    }
    return best;
}

void compare(const char* kind, const Chain& chain) {
    std::size_t sum = 0;
    std::vector<x509::Certificate> parsed;
    for (const Bytes der : chain.sent) parsed.push_back(*x509::parse_certificate(der));
    verify::Memory warm;
    const auto us = measure(
        300, 20,
        [&] {
            for (const Bytes der : chain.sent) sum += x509::parse_certificate(der)->serial_number.size();
        },
        [&] {
            for (const Bytes der : chain.sent) sum += read_theirs(der) != nullptr;
        },
        [&] {
            verify::Memory fresh;
            sum += verify_ours(chain.sent, chain.trust, fresh);
        },
        [&] { verify_theirs(chain); }, [&] { check_bare(parsed); }, [&] { sum += verify_ours(chain.sent, chain.trust, warm); });
    must(sum != 0);
    std::fprintf(stderr, "%s, us: parse %.2f, d2i_X509 %.1f, cold %.1f, d2i_X509 + X509_verify_cert %.1f, bare checks %.1f, warm %.2f\n",
                 kind, us[0], us[1], us[2], us[3], us[4], us[5]);
    std::printf("side-by-side.parse-%s %.1f\n", kind, us[1] / us[0]);
    std::printf("side-by-side.cold-%s %.3f\n", kind, us[3] / us[2]);
    std::printf("side-by-side.bare-%s %.3f\n", kind, us[2] / us[4]);
    std::printf("side-by-side.warm-%s %.1f\n", kind, us[3] / us[5]);
}

/// Certificates of one server, each with a serial number of its own and signed by the same issuer.
class Issuer {
  public:
    explicit Issuer(const Chain& chain) : tbs_(to_owned(x509::parse_certificate(chain.sent[0])->tbs_certificate)) {
        const Bytes serial = x509::parse_certificate(chain.sent[0])->serial_number;
        serial_ = static_cast<std::size_t>(std::search(tbs_.begin(), tbs_.end(), serial.begin(), serial.end()) - tbs_.begin());
        std::ifstream in(TRUENAME_SOURCE_DIR "/tests/keys/p256-2.pem");
        key_ = *crypto::PrivateKey::from_pem(std::string(std::istreambuf_iterator<char>(in), {}), "p256-2");
    }
    ByteString issue(std::uint32_t number) {
        for (std::size_t i = 0; i < 4; ++i) tbs_[serial_ + 1 + i] = static_cast<std::uint8_t>(number >> (8 * i));
        der::Writer writer;
        writer.sequence([&] {
            writer.raw(tbs_);
            writer.sequence([&] { writer.oid(der::oid::ecdsa_with_sha256); });
            writer.bit_string(*key_->sign({.kind = crypto::SignatureKind::ecdsa}, tbs_));
        });
        return writer.take();
    }

  private:
    ByteString tbs_;
    std::size_t serial_;
    std::optional<crypto::PrivateKey> key_;
};

/// What the process has in memory, in pages.
double resident() {
    std::ifstream in("/proc/self/statm");
    double size = 0, pages = 0;
    in >> size >> pages;
    return pages;
}

void verify_a_million(const Chain& chain) {
    Issuer issuer(chain);
    verify::Memory memory;
    double early = 0;
    for (std::uint32_t i = 0; i < 1'000'000; ++i) {
        const ByteString leaf = issuer.issue(i);
        const Bytes sent[] = {leaf, chain.sent[1]};
        verify_ours(sent, chain.trust, memory);
        if (i == 100'000) early = resident();
    }
    std::printf("side-by-side.million %.3f\n", resident() / early);
}

}  // namespace

int main() {
    const Chain rsa("rsa2048"), ec("p256");
    compare("rsa", rsa);
    compare("ec", ec);
    verify_a_million(ec);
}
