#include <algorithm>
#include <nlohmann/json.hpp>

#include "der/writer.h"
#include "tests/conformance/boringssl.h"
#include "tests/conformance/files.h"
#include "x509/build.h"
#include "x509/certificate.h"
#include "x509/findings.h"

// What BoringSSL's library reads and what it refuses to read: policies and certificates. We read more than it does and tell what is wrong;
// so a case is judged by what the reader tells.
namespace truename::conformance {

namespace {

using Json = nlohmann::json;
using std::filesystem::path;

/// Whether a name that is none is also not of its type: the library takes any ASCII for a host, a mailbox or a URI.
bool is_of_other_type(const x509::GeneralName& name) {
    switch (name.kind) {
        case x509::GeneralNameKind::dns_name:
        case x509::GeneralNameKind::rfc822_name:
        case x509::GeneralNameKind::uniform_resource_identifier:
            return std::any_of(name.value.begin(), name.value.end(), [](std::uint8_t b) { return b >= 0x80; });
        default:
            return true;
    }
}

/// What the reader tells of a certificate that the library refuses to read.
std::vector<std::string> complaints(Bytes der) {
    const auto certificate = x509::parse_certificate(der);
    if (!certificate) return {"cert.malformed"};
    std::vector<Finding> findings;
    x509::report_findings(*certificate, findings);
    std::vector<std::string> ids;
    for (const Finding& finding : findings) {
        switch (finding.id) {
            case FindingId::cert_encoding:
            case FindingId::cert_extra_element:
            case FindingId::cert_name_encoding:
            case FindingId::extension_duplicate:
            case FindingId::extension_empty:
            case FindingId::extension_malformed:
            case FindingId::extension_trailing_data:
            case FindingId::policy_duplicate:
            case FindingId::policy_qualifier_malformed:
                ids.emplace_back(info(finding.id).name);
                break;
            case FindingId::cert_version:  // older ones are read, as far as they hold what there was
                if (certificate->version > 3 || finding.found.size() > 1) ids.emplace_back(info(finding.id).name);
                break;
            case FindingId::cert_time_form:  // either type is taken for any year, in DER
                if (!certificate->validity.not_before.der || !certificate->validity.not_after.der) ids.emplace_back(info(finding.id).name);
                break;
            case FindingId::name_malformed:
                for (const x509::GeneralName& name : *certificate->known.subject_alt_name) {
                    if (name.offset == finding.offset && is_of_other_type(name)) ids.emplace_back(info(finding.id).name);
                }
                break;
            default:
                break;
        }
    }
    const auto& constraints = certificate->known.name_constraints;
    if (constraints && !is_understood(*constraints)) ids.emplace_back("constraint.unsupported");
    return ids;
}

const crypto::PrivateKey& any_key() {
    static const crypto::PrivateKey key = *crypto::PrivateKey::generate_ec(crypto::Curve::p256);
    return key;
}

/// A certificate that has nothing to be said of but for its extensions.
ByteString certificate_with(const std::vector<x509::NewExtension>& extensions) {
    x509::CertificateTemplate wanted;
    wanted.issuer = wanted.subject = *x509::encode_name("CN=any");
    wanted.subject_public_key_info = any_key().public_key_info();
    wanted.extensions = extensions;
    return *x509::sign_certificate(wanted, any_key());
}

void add_policies(const path& folder, std::vector<Case>& cases) {
    const auto judge_row = [&](const std::vector<std::string>& row) {
        const ByteString value = block_of(folder / "policies" / row[0]);
        const auto found = complaints(certificate_with({*x509::make_raw_extension("2.5.29.32", false, value)}));
        Case one = made("policies/" + row[0], row.at(1), found.empty(), "ok", "error");
        one.findings = found;
        return one;
    };
    for (const auto& row : rows_of(folder / "policies.tsv"))
        cases.push_back(guarded("policies/" + row.at(0), [&] { return judge_row(row); }));
}

/// A certificate with nothing wrong in it.
struct Model {
    ByteString der = certificate_with({x509::make_basic_constraints(false)});
    x509::Certificate certificate = *x509::parse_certificate(der);
    ByteString extensions = [this] {
        der::Writer writer;
        writer.nested(der::context_constructed(3), [&] { writer.sequence([&] { writer.raw(certificate.extensions.contents()); }); });
        return writer.take();
    }();
};

/// The parts of a SEQUENCE are only framed in a case that does not ask for what is in them: `instead` has right ones for them, in their
/// order; empty for those that stay. A list of extensions in its [3] is exchanged, too. Nothing when it cannot be taken apart.
std::optional<ByteString> exchanged(Bytes whole, const std::vector<Bytes>& instead, const Model& model) {
    der::Reader reader(whole);
    const auto sequence = reader.read(der::Tag::sequence);
    if (!sequence || !reader.at_end()) return std::nullopt;
    bool good = true;
    der::Writer writer;
    writer.sequence([&] {
        der::Reader parts(*sequence);
        for (std::size_t i = 0; good && !parts.at_end(); ++i) {
            const auto part = parts.read();
            good = bool(part);
            if (!good) break;
            der::Reader inside(*part);
            const bool is_list = part->tag == der::context_constructed(3) && inside.read(der::Tag::sequence) && inside.at_end();
            const bool has_other = part->tag == der::Tag::sequence && i < instead.size() && !instead[i].empty();
            writer.raw(is_list ? Bytes(model.extensions) : has_other ? instead[i] : part->tlv);
        }
    });
    if (!good) return std::nullopt;
    return writer.take();
}

/// The TBSCertificate in a certificate, with right parts in the place of those that have parts of their own.
std::optional<ByteString> completed(Bytes tbs, const Model& model) {
    const x509::Certificate& right = model.certificate;
    std::vector<Bytes> instead = {Bytes(),  // the serial number
                                  right.signature_inner.tlv,
                                  right.issuer.tlv(),
                                  Bytes(),  // the validity
                                  right.subject.tlv(),
                                  right.subject_public_key_info.tlv};
    const auto sequence = der::Reader(tbs).read(der::Tag::sequence);
    if (sequence && der::Reader(*sequence).next_is(der::context_constructed(0))) instead.insert(instead.begin(), Bytes());
    const auto whole = exchanged(tbs, instead, model);
    if (!whole) return std::nullopt;
    der::Writer writer;
    writer.sequence([&] {
        writer.raw(*whole);
        writer.raw(right.signature_algorithm.tlv);
        writer.bit_string(right.signature_value);
    });
    return writer.take();
}

std::vector<std::string> complaints(const std::string& level, const std::map<std::string, ByteString>& blocks) {
    static const Model model;
    if (level == "parsed") return complaints(blocks.at("CERTIFICATE"));
    const auto der = level == "tbs" ? completed(blocks.at("TBS CERTIFICATE"), model)
                                    : exchanged(blocks.at("CERTIFICATE"),
                                                {model.certificate.tbs_certificate, model.certificate.signature_algorithm.tlv}, model);
    return der ? complaints(*der) : std::vector<std::string>{"cert.malformed"};
}

}  // namespace

void add_parsing(const path& folder, std::vector<Case>& cases) {
    add_policies(folder, cases);
    const auto judge_file = [&](const Json& json) {
        const std::string file = json.at("file");
        const auto found = complaints(json.at("level"), blocks_of(folder / "parse" / file));
        Case one = made("parse/" + file, json.at("ok").get<bool>() ? "ok" : "error", found.empty(), "ok", "error");
        one.findings = found;
        return one;
    };
    for (const Json& json : Json::parse(read(folder / "parse.json")))
        cases.push_back(guarded("parse/" + json.at("file").get<std::string>(), [&] { return judge_file(json); }));
}

}  // namespace truename::conformance
