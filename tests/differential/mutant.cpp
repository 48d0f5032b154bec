#include "tests/differential/mutant.h"

#include <algorithm>
#include <vector>

#include "der/writer.h"
#include "tests/der_elements.h"
#include "x509/algorithm.h"
#include "x509/certificate.h"

namespace truename::differential {

namespace {

std::string change_certificate(ByteString& der, const std::optional<crypto::PrivateKey>& signer, std::mt19937& random) {
    const auto certificate = x509::parse_certificate(der);
    if (!certificate) return "nothing";
    Element tbs = read_element(certificate->tbs_certificate);
    const std::string change = change_one(tbs, random);
    ByteString signed_bytes;
    write_element(tbs, signed_bytes);
    ByteString signature = to_owned(certificate->signature_value);
    const auto scheme = x509::signature_algorithm(certificate->signature_algorithm).scheme;
    if (signer && scheme) {
        if (const auto made = signer->sign(*scheme, signed_bytes)) signature = *made;
    }
    der::Writer writer;
    writer.sequence([&] {
        writer.raw(signed_bytes);
        writer.raw(certificate->signature_algorithm.tlv);
        writer.bit_string(signature);
    });
    der = writer.take();
    return change;
}

std::string change_signature(ByteString& der, std::mt19937& random) {
    der[der.size() - 1 - pick(random, std::min<std::size_t>(der.size(), 60))] ^= static_cast<std::uint8_t>(1U << pick(random, 8));
    return "a bit of the signature";
}

std::string change_order(std::vector<ByteString>& chain, std::mt19937& random) {
    if (chain.size() < 2) return "nothing";
    const std::size_t at = 1 + pick(random, chain.size() - 1), other = 1 + pick(random, chain.size() - 1);
    switch (pick(random, 3)) {
        case 0:
            std::swap(chain[at], chain[other]);
            return "another order";
        case 1:
            chain.push_back(ByteString(chain[at]));
            return "sent twice";
        default:
            chain.erase(chain.begin() + static_cast<std::ptrdiff_t>(at));
            return "not sent";
    }
}

std::string change_name(std::string& name, std::mt19937& random) {
    if (name.empty()) return "nothing";
    const std::size_t at = pick(random, name.size());
    switch (pick(random, 4)) {
        case 0:
            name[at] = static_cast<char>(name[at] ^ 0x20);
            return "asked for " + name;
        case 1:
            name.push_back('.');
            return "asked for " + name;
        case 2:
            name.insert(at, 1, "a.-0"[pick(random, 4)]);
            return "asked for " + name;
        default:
            name.erase(at, 1);
            return "asked for " + name;
    }
}

}  // namespace

Mutant mutate(const Scene& scene, std::mt19937& random) {
    Mutant mutant{scene.question, ""};
    conformance::Trial& trial = mutant.question.trial;
    const std::size_t kind = pick(random, 20), which = pick(random, trial.chain.size());
    const std::string of = " of certificate " + std::to_string(which);
    if (kind == 0) {
        mutant.change = change_order(trial.chain, random);
    } else if (kind == 1) {
        mutant.change = change_name(trial.name, random);
    } else if (kind == 2) {
        mutant.change = change_signature(trial.chain[which], random) + of;
    } else {
        mutant.change = change_certificate(trial.chain[which], scene.signers[which], random) + of;
    }
    return mutant;
}

}  // namespace truename::differential
