// Must reach parse_crl, every extension of CRLs and of their entries.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "der/encoding.h"
#include "der/oid.h"
#include "der/writer.h"
#include "fuzz/must.h"
#include "x509/crl.h"

using namespace truename;

namespace {

/// The list, written of its parts; `version_1`: with a version where none belongs.
ByteString rebuilt(const x509::CertificateList& crl, bool version_1) {
    der::Writer w;
    w.sequence([&] {
        w.sequence([&] {
            if (version_1 || crl.version != 1) w.integer(crl.version - 1);
            w.raw(crl.signature_inner.tlv).raw(crl.issuer.tlv()).time(crl.this_update.time, crl.this_update.form);
            if (crl.next_update) w.time(crl.next_update->time, crl.next_update->form);
            if (crl.has_revoked_certificates) w.sequence([&] { w.raw(crl.revoked_certificates.contents()); });
            if (crl.extensions.offset() == 0) return;
            w.nested(der::context_constructed(0), [&] { w.sequence([&] { w.raw(crl.extensions.contents()); }); });
        });
        w.raw(crl.signature_algorithm.tlv);
        w.nested(der::Tag::bit_string, [&] { w.raw(Bytes(&crl.signature_unused_bits, 1)).raw(crl.signature_value); });
    });
    return w.take();
}

void check_rebuilt(const x509::CertificateList& crl, Bytes input) {
    const bool as_der = crl.this_update.der && (!crl.next_update || crl.next_update->der) && !der::find_long_length(input, 0);
    if (!as_der) return;
    const bool same = equal(rebuilt(crl, false), input) || (crl.version == 1 && equal(rebuilt(crl, true), input));
    must(same, "what was read is written as it was");
}

void check_extensions(const x509::CertificateList& crl) {
    static constexpr der::Oid kKnown[] = {der::oid::authority_key_identifier,  der::oid::crl_number,
                                          der::oid::delta_crl_indicator,       der::oid::freshest_crl,
                                          der::oid::issuer_alt_name,           der::oid::authority_info_access,
                                          der::oid::issuing_distribution_point};
    bool unknown = false;
    for (const x509::Extension& extension : crl.extensions) {
        const bool known = std::find(std::begin(kKnown), std::end(kKnown), extension.id) != std::end(kKnown);
        unknown = unknown || (extension.critical && !known);
    }
    must(crl.known.unknown_critical == unknown, "what is critical and not known is seen wherever it stands");
    must(crl.known.crl_number->size() <= 20 && crl.known.delta_crl_indicator->size() <= 20, "a number has at most 20 octets");
    if (const auto& point = crl.known.issuing_distribution_point) (void)point->indirect_crl;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 16'384) return 0;
    const Bytes input(data, size);
    const auto crl = x509::parse_crl(input);
    if (!crl) {
        must(crl.error().offset <= size, "an error lies inside the input");
        return 0;
    }
    for (const Bytes view : {crl->tbs_cert_list, crl->issuer.tlv(), crl->revoked_certificates.contents(), crl->extensions.contents(),
                             crl->signature_value, *crl->known.crl_number, *crl->known.delta_crl_indicator})
        must(view.empty() || lies_within(view, input), "every part lies inside the CRL");
    check_rebuilt(*crl, input);
    check_extensions(*crl);
    std::size_t entries = 0;
    bool has_extensions = false, unknown = false;
    for (const x509::RevokedCertificate& entry : crl->revoked_certificates) {
        must(lies_within(entry.serial_number, input), "every entry lies inside the CRL");
        for (const x509::GeneralName& name : entry.certificate_issuer) must(lies_within(name.value, input), "so does its issuer");
        must(!x509::describe_revocation(entry.revocation_date, entry.reason).empty(), "what was revoked can be told");
        must(entry.has_extensions || !entry.reason, "a reason stands in an extension");
        has_extensions = has_extensions || entry.has_extensions;
        unknown = unknown || entry.unknown_critical;
        ++entries;
    }
    must(entries == crl->revoked_certificates.count(), "what was checked once can be read again");
    must(crl->entries_have_extensions == has_extensions && crl->entries_unknown_critical == unknown, "what one entry has is known of all");
    return 0;
}
