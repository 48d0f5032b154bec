#include "x509/server_request.h"

#include "x509/build.h"

namespace truename::x509 {

Result<ByteString> sign_server_request(const std::vector<std::string>& names, const crypto::PrivateKey& key) {
    constexpr std::size_t kLongestCommonName = 64;
    std::vector<NewGeneralName> list;
    list.reserve(names.size());
    for (const std::string& name : names) list.push_back({GeneralNameKind::dns_name, to_owned(as_bytes(name))});
    std::vector<NameAttribute> subject;
    if (!names.empty() && names.front().size() <= kLongestCommonName)
        subject.push_back({to_owned(der::oid::common_name.content()), names.front(), der::Tag::utf8_string, true});
    return sign_request({encode_name(subject), {make_subject_alt_name(list)}}, key);
}

}  // namespace truename::x509
