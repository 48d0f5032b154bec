// How many certificates an authority can issue, each on the disk before it counts, beside what bounds that: the processor (one signature
// made and one checked for each) and the disk (the same rows in groups of 64), measured in the same run; and how long `openssl ca` takes.

#include "authority/authority.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "tests/scratch.h"
#include "x509/request.h"

using namespace truename;

namespace {

constexpr int kThreads = 64, kGroup = 64;
constexpr std::chrono::seconds kSpan{3};
constexpr const char* kName = "mail.example.com";

void must(bool good) {
    if (!good) std::abort();
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// How often `work` can be done in a second.
template <class Work>
double rate(Work&& work) {
    const auto start = std::chrono::steady_clock::now();
    int times = 0;
    for (; std::chrono::steady_clock::now() - start < std::chrono::seconds(1); ++times) work();
    return times / seconds_since(start);
}

struct Setting {
    Scratch scratch;
    Time now = SystemClock().now();
    std::string folder = scratch.path() + "/ca";
    authority::Authority ca = make();
    ByteString request_der =
        *x509::sign_request({*x509::encode_name("CN=mail.example.com"), {}}, *authority::make_key(authority::KeyType::p256));
    x509::Request request = *x509::parse_request(request_der);

    authority::Authority make() {
        authority::Plan plan;
        plan.name = "Bench";
        auto made = authority::Authority::create(folder, plan, crypto::Secret("correct horse"), now);
        must(made.has_value() && made->unlock(crypto::Secret("correct horse")));
        return std::move(*made);
    }
    authority::Order order() const {
        return {authority::find_certificate_profile("server"), {kName}, to_owned(request.subject_public_key_info.tlv), {}, false};
    }
};

/// Requests checked, certificates recorded, signed and kept by many threads.
double issue(Setting& setting) {
    std::atomic<int> issued = 0;
    std::vector<std::thread> threads;
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&] {
            while (std::chrono::steady_clock::now() - start < kSpan) {
                must(x509::verify_proof_of_possession(setting.request) == crypto::SignatureCheck::valid);
                auto draft = setting.ca.draft(setting.order(), setting.now);
                must(draft.has_value() && setting.ca.issue(std::move(*draft), setting.now).has_value());
                ++issued;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    return issued / seconds_since(start);
}

/// What the processor allows: a signature made and one checked for each certificate, with keys at hand.
double by_processor(Setting& setting) {
    const auto key = authority::make_key(authority::KeyType::p256);
    const crypto::SignatureScheme scheme = key->usual_scheme();
    const ByteString info = key->public_key_info();
    der::Reader reader{Bytes(info)};
    const auto checker = x509::make_public_key(*x509::read_subject_public_key_info(reader));
    const Bytes text = setting.request.request_info;
    const double pairs = rate([&] {
        const auto signature = key->sign(scheme, text);
        must(checker->verify(scheme, text, *signature) == crypto::SignatureCheck::valid);
    });
    return pairs * std::thread::hardware_concurrency();
}

/// What the disk allows: the same rows in groups.
double by_disk(Setting& setting) {
    const auto draft = setting.ca.draft(setting.order(), setting.now);
    authority::CertificateRow row = draft->row;
    const auto write = [&](auto insert) {
        must(setting.ca.store()
                 .write("measuring",
                        [&](sql::Database& database) -> Result<void, sql::Error> {
                            for (int i = 0; i < kGroup; ++i) {
                                if (auto done = insert(database); !done) return done;
                            }
                            return {};
                        })
                 .has_value());
    };
    std::vector<ByteString> serials(kGroup);
    const double groups = rate([&] {
        std::size_t at = 0;
        write([&](sql::Database& database) {
            row.serial = serials[at++] = authority::new_serial();
            row.signature.clear();
            return authority::insert_record(database, setting.now, row);
        });
        at = 0;
        write([&](sql::Database& database) {
            row.serial = serials[at++];
            row.signature = ByteString(71, 1);
            return authority::insert_signature(database, setting.now, row);
        });
    });
    return groups * kGroup;
}

/// `openssl ca` with a P-256 key, one certificate a run, which is how it is used.
double by_openssl(const Setting& setting) {
    const std::string folder = setting.scratch.path() + "/openssl";
    std::ofstream(setting.scratch.path() + "/request.der", std::ios::binary)
        .write(reinterpret_cast<const char*>(setting.request_der.data()), static_cast<std::streamsize>(setting.request_der.size()));
    const std::string prepare =
        "mkdir " + folder + " && cd " + folder +
        " && touch index.txt && echo 1000 > serial && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "
        "key "
        "-out root -subj /CN=root 2>/dev/null && openssl req -inform DER -in ../request.der -out request && "
        "printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=index.txt\\nserial=serial\\nnew_certs_dir=.\\ncertificate=root\\nprivate_key=key\\n"
        "default_md=sha256\\npolicy=p\\nunique_subject=no\\ndefault_days=90\\n[p]\\ncommonName=supplied\\n' > config";
    must(std::system(prepare.c_str()) == 0);
    const std::string once = "cd " + folder + " && openssl ca -batch -config config -in request -notext -out out 2>/dev/null";
    return rate([&] { must(std::system(once.c_str()) == 0); });
}

}  // namespace

int main() {
    Setting setting;
    const double processor = by_processor(setting), disk = by_disk(setting), ours = issue(setting), openssl = by_openssl(setting);
    std::fprintf(stderr, "a second: issued %.0f; bounds: processor %.0f, disk %.0f; openssl ca %.0f\n", ours, processor, disk, openssl);
    std::printf("authority.issue %.3f\n", ours / std::min(processor, disk));
    std::printf("authority.issue-openssl %.1f\n", ours / openssl);
}
