#include "x509/server_request.h"

#include "x509/build.h"

namespace truename::x509 {

ByteString encode_common_name(const std::string& name) {
    constexpr std::size_t kLongest = 64;
    if (name.size() > kLongest) return encode_name(std::vector<NameAttribute>());
    return encode_name({{to_owned(der::oid::common_name.content()), name, der::Tag::utf8_string, true}});
}

Result<ByteString> sign_server_request(const std::vector<std::string>& names, const crypto::PrivateKey& key) {
    std::vector<NewGeneralName> list;
    list.reserve(names.size());
    for (const std::string& name : names) list.push_back({GeneralNameKind::dns_name, to_owned(as_bytes(name))});
    return sign_request({encode_common_name(names.empty() ? "" : names.front()), {make_subject_alt_name(list)}}, key);
}

}  // namespace truename::x509
