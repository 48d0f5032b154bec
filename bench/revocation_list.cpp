// A revocation list of a million entries: how long it takes, and the most memory that the program has on the way.

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "authority/authority.h"
#include "base/clock.h"
#include "tests/scratch.h"

using namespace truename;

namespace {

constexpr int kEntries = 1'000'000;

void must(bool good) {
    if (!good) std::abort();
}

/// A million certificates that were issued and revoked, written as fast as it goes.
void fill(authority::Authority& ca, Time now) {
    const auto key = authority::make_key(authority::KeyType::p256);
    const auto draft =
        ca.draft({authority::find_certificate_profile("server"), {"mail.example.com"}, key->public_key_info(), {}, false}, now);
    authority::CertificateRow row = draft->row;
    row.tbs.resize(8);  // its contents are not on the list
    must(ca.store()
             .write("filling",
                    [&](sql::Database& database) -> Result<void, sql::Error> {
                        for (int i = 0; i < kEntries; ++i) {
                            row.serial = authority::new_serial();
                            if (auto done = authority::insert_record(database, now, row); !done) return done;
                            if (auto done = authority::insert_revocation(
                                    database, now,
                                    {row.issuer, row.shard, row.not_after, row.serial, authority::to_seconds(now), i % 6 == 0 ? 1 : 4});
                                !done)
                                return done;
                        }
                        return {};
                    })
             .has_value());
}

}  // namespace

int main(int argc, char** argv) {
    const Time now = SystemClock().now();
    // The list is made by a process of its own, so that the memory of filling is not counted.
    if (argc == 2) {
        auto ca = authority::Authority::open(argv[1]);
        must(ca.has_value() && ca->unlock(crypto::Secret("correct horse")));
        const auto start = std::chrono::steady_clock::now();
        const auto lists = ca->publish_lists(now, true);
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
        must(lists.has_value() && lists->front().entries == kEntries);
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        std::printf("revocation-list.time %.3f\nrevocation-list.memory %.1f\n", spent.count(), static_cast<double>(usage.ru_maxrss) / 1024);
        return 0;
    }
    const Scratch scratch;
    const std::string folder = scratch.path() + "/ca";
    {
        authority::Plan plan;
        plan.name = "Bench";
        auto ca = authority::Authority::create(folder, plan, crypto::Secret("correct horse"), now);
        must(ca.has_value() && ca->unlock(crypto::Secret("correct horse")));
        fill(*ca, now);
    }
    return std::system((std::string(argv[0]) + " " + folder).c_str());
}
