#include <fstream>
#include <iterator>

#include "der/reader.h"
#include "der/writer.h"
#include "tests/differential/scene.h"
#include "x509/certificate.h"
#include "x509/signature.h"

namespace truename::differential {

namespace {

/// `RSA 2048`: keys of one text may stand for each other. Empty for what cannot be replaced.
std::string kind_of(const x509::SubjectPublicKeyInfo& key) {
    return key.malformed ? std::string() : x509::describe_key(key);
}

x509::SubjectPublicKeyInfo read_key(Bytes info) {
    der::Reader reader(info);
    auto key = x509::read_subject_public_key_info(reader);
    return key ? *key : x509::SubjectPublicKeyInfo{};
}

ByteString spliced(const x509::Certificate& certificate, Bytes info) {
    const Bytes tbs = certificate.tbs_certificate, contents = der::Reader(tbs).read()->value, old = certificate.subject_public_key_info.tlv;
    der::Writer writer;
    writer.sequence([&] {
        writer.raw(Bytes(contents.data(), old.data()));
        writer.raw(info);
        writer.raw(Bytes(old.data() + old.size(), contents.data() + contents.size()));
    });
    return writer.take();
}

using SceneKeys = std::map<ByteString, crypto::PrivateKey>;

/// One certificate with its key replaced and signed again.
class Rekeyed {
  public:
    Rekeyed(const std::vector<const x509::Certificate*>& all, const SceneKeys& keys) : all_(all), keys_(keys) {}

    [[nodiscard]] ByteString make(const x509::Certificate& certificate, std::optional<crypto::PrivateKey>& signer) const {
        const auto own = keys_.find(to_owned(certificate.subject_public_key_info.tlv));
        ByteString tbs = to_owned(certificate.tbs_certificate);
        if (own != keys_.end()) tbs = spliced(certificate, own->second.public_key_info());
        signer = signer_of(certificate);
        ByteString signature = to_owned(certificate.signature_value);
        const auto scheme = x509::signature_algorithm(certificate.signature_algorithm).scheme;
        if (signer && scheme) {
            if (const auto made = signer->sign(*scheme, tbs)) signature = *made;
        }
        der::Writer writer;
        writer.sequence([&] {
            writer.raw(tbs);
            writer.raw(certificate.signature_algorithm.tlv);
            writer.bit_string(signature);
        });
        return writer.take();
    }

  private:
    [[nodiscard]] std::optional<crypto::PrivateKey> signer_of(const x509::Certificate& certificate) const {
        for (const x509::Certificate* issuer : all_) {
            const auto key = keys_.find(to_owned(issuer->subject_public_key_info.tlv));
            if (key == keys_.end()) continue;
            if (signatures_.check(certificate, issuer->subject_public_key_info) == crypto::SignatureCheck::valid) return key->second;
        }
        return std::nullopt;
    }

    const std::vector<const x509::Certificate*>& all_;
    const SceneKeys& keys_;
    mutable x509::SignatureChecker signatures_;
};

}  // namespace

std::optional<crypto::PrivateKey> KeyBox::make(const std::string& kind, std::size_t number) {
    using crypto::Curve, crypto::PrivateKey;
    const auto taken = [](Result<PrivateKey> key) { return key ? std::optional<PrivateKey>(*key) : std::nullopt; };
    static const std::map<std::string_view, Curve> kCurves = {{"EC P-224", Curve::p224},
                                                              {"EC P-256", Curve::p256},
                                                              {"EC P-384", Curve::p384},
                                                              {"EC P-521", Curve::p521},
                                                              {"EC secp256k1", Curve::secp256k1}};
    if (const auto curve = kCurves.find(kind); curve != kCurves.end()) return taken(PrivateKey::generate_ec(curve->second));
    if (kind.starts_with("RSA ")) return taken(PrivateKey::generate_rsa(static_cast<unsigned>(std::stoul(kind.substr(4)))));
    if (kind == "Ed25519") return taken(PrivateKey::generate_ed25519());
    if (kind == "Ed448") return taken(PrivateKey::generate_ed448());
    if (number > 0) return std::nullopt;
    const std::string file = kind == "DSA 1024" ? "dsa1024-1.pem" : kind == "RSA-PSS 2048" ? "rsa-pss-1.pem" : "";
    if (file.empty()) return std::nullopt;
    std::ifstream in(folder_ / file);
    const std::string text(std::istreambuf_iterator<char>(in), {});
    return taken(PrivateKey::from_pem(text));
}

std::optional<crypto::PrivateKey> KeyBox::stand_in(Bytes info, std::map<ByteString, crypto::PrivateKey>& scene) {
    if (const auto known = scene.find(to_owned(info)); known != scene.end()) return known->second;
    const std::string kind = kind_of(read_key(info));
    if (kind.empty()) return std::nullopt;
    std::size_t number = 0;
    for (const auto& [other, key] : scene) number += kind_of(read_key(other)) == kind ? 1U : 0U;
    std::vector<crypto::PrivateKey>& keys = keys_[kind];
    if (keys.size() <= number) {
        auto key = make(kind, number);
        if (!key) return std::nullopt;
        keys.push_back(std::move(*key));
    }
    scene.emplace(to_owned(info), keys[number]);
    return keys[number];
}

Scene rekeyed(const Scene& scene, KeyBox& keys) {
    const conformance::Trial& trial = scene.question.trial;
    std::vector<x509::Certificate> read;
    read.reserve(trial.chain.size() + trial.anchors.size());
    std::vector<const x509::Certificate*> all;
    SceneKeys own;
    for (const auto* list : {&trial.chain, &trial.anchors}) {
        for (const ByteString& der : *list) {
            const auto certificate = x509::parse_certificate(der);
            if (!certificate) continue;
            read.push_back(*certificate);
            all.push_back(&read.back());
            keys.stand_in(certificate->subject_public_key_info.tlv, own);
        }
    }
    const Rekeyed maker(all, own);
    Scene made = scene;
    made.signers.assign(trial.chain.size(), std::nullopt);
    for (std::size_t i = 0; i < trial.chain.size(); ++i) {
        if (const auto certificate = x509::parse_certificate(trial.chain[i])) {
            made.question.trial.chain[i] = maker.make(*certificate, made.signers[i]);
            const auto key = own.find(to_owned(certificate->subject_public_key_info.tlv));
            if (i == 0) made.question.leaf_key = key == own.end() ? "" : key->second.to_pem();
        }
    }
    for (std::size_t i = 0; i < trial.anchors.size(); ++i) {
        std::optional<crypto::PrivateKey> signer;
        if (const auto certificate = x509::parse_certificate(trial.anchors[i]))
            made.question.trial.anchors[i] = maker.make(*certificate, signer);
    }
    return made;
}

}  // namespace truename::differential
