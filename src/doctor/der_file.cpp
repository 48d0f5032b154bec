#include "doctor/der_file.h"

#include "base/text.h"
#include "x509/pem.h"

namespace truename::doctor {

Unexpected<Failure> refuse_file(const NamedFile& file, const DerFileKind& kind, std::string reason, std::string next) {
    return {Failure{FailureKind::input, std::string(kind.doing), printable(file.name), std::move(reason), std::move(next)}};
}

Result<std::vector<ByteString>, Failure> read_der_file(const NamedFile& file, const DerFileKind& kind) {
    const bool is_der = !file.bytes.empty() && file.bytes.front() == 0x30;  // a SEQUENCE; a text would have to begin with "0"
    if (is_der) return std::vector<ByteString>{file.bytes};
    const auto bundle = x509::read_pem_bundle(file.bytes, file.name);
    if (!bundle) {
        Failure failure = bundle.error();
        failure.doing = kind.doing;
        return Unexpected{std::move(failure)};
    }
    std::vector<ByteString> list;
    for (const x509::PemBlock& block : bundle->blocks) {
        if (block.label == kind.label) list.push_back(block.der);
    }
    if (list.empty()) {
        return refuse_file(file, kind, "there is " + printable(bundle->blocks.front().label) + " in it, but no " + std::string(kind.label),
                           std::string(kind.next));
    }
    return list;
}

}  // namespace truename::doctor
