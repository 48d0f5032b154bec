// Must reach parse_crl, every extension of CRLs and of their entries.
#include <cstddef>
#include <cstdint>

#include "fuzz/must.h"
#include "x509/crl.h"

using namespace truename;

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
    std::size_t entries = 0;
    for (const x509::RevokedCertificate& entry : crl->revoked_certificates) {
        must(lies_within(entry.serial_number, input), "every entry lies inside the CRL");
        for (const x509::GeneralName& name : entry.certificate_issuer) must(lies_within(name.value, input), "so does its issuer");
        ++entries;
    }
    must(entries == crl->revoked_certificates.count(), "what was checked once can be read again");
    return 0;
}
