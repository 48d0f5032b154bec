// Must reach: read_directory(), read_authorization(), read_order(), read_problem().
//
// What an ACME server says comes from outside. Whatever it is: reading it gives a value or says what is wrong; every address in a value is
// https, every token can be the name of a file, and what is shown of a problem is safe for a terminal and not long.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "acme/messages.h"
#include "base/text.h"
#include "fuzz/text_mutator.h"

namespace {

using namespace truename;

void insist(bool fact) {
    if (!fact) std::abort();
}

void check_address(const std::string& address, bool may_be_empty) {
    insist(address.starts_with("https://") || (may_be_empty && address.empty()));
}

void check_problem(const acme::Problem& problem) {
    const std::string words = problem.in_words();
    insist(words.size() <= 1'010);
    for (const char c : words) insist(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max, unsigned seed) {
    return mutate_text(data, size, max, seed, 0);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = as_text(Bytes(data, size));
    if (const auto directory = acme::read_directory(text)) {
        check_address(directory->new_nonce, false);
        check_address(directory->new_account, false);
        check_address(directory->new_order, false);
    } else {
        insist(!directory.error().empty());
    }
    if (const auto authorization = acme::read_authorization(text)) {
        for (const acme::Challenge& challenge : authorization->challenges) {
            check_address(challenge.url, false);
            const bool has_token = challenge.type == "http-01" || challenge.type == "dns-01";
            insist(!has_token || !challenge.token.empty());
            if (has_token) insist(challenge.token.find_first_of("/.\\ %?") == std::string::npos);
            if (challenge.error) check_problem(*challenge.error);
        }
    }
    if (const auto order = acme::read_order(text)) {
        check_address(order->finalize, false);
        check_address(order->certificate, true);
        for (const std::string& address : order->authorizations) check_address(address, false);
        if (order->error) check_problem(*order->error);
    }
    check_problem(acme::read_problem(text));
    return 0;
}
