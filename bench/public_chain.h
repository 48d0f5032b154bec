#pragma once

#include <string>
#include <string_view>

namespace truename {

/// A server's chain as public authorities issue it, by key type: the server's certificate, its issuer, and the root that is trusted.
inline std::string recipe_of_public_chain(std::string_view key) {
    const std::string k(key);
    return R"([[certificate]]
name = "root"
subject = "CN=Example Root X1,O=Example Trust Services,C=AT"
ca = true
key_usage = ["keyCertSign", "cRLSign"]
validity = ["2020-01-01", "2040-01-01"]
key = ")" + k +
           R"(-1"

[[certificate]]
name = "inter"
subject = "CN=Example Issuing Authority R3,O=Example Trust Services,C=AT"
issuer = "root"
ca = true
path_length = 0
key_usage = ["digitalSignature", "keyCertSign", "cRLSign"]
extended_key_usage = ["serverAuth", "clientAuth"]
validity = ["2024-01-01", "2034-01-01"]
key = ")" + k +
           R"(-2"

[[certificate]]
name = "server"
subject = "CN=mail.example.com"
issuer = "inter"
names = ["DNS:mail.example.com", "DNS:imap.example.com", "DNS:smtp.example.com", "DNS:example.com"]
key_usage = ["digitalSignature", "keyEncipherment"]
extended_key_usage = ["serverAuth", "clientAuth"]
policies = ["2.23.140.1.2.1"]
aia = { ocsp = ["http://ocsp.example.com"], issuers = ["http://ca.example.com/r3.der"] }
crl = ["http://crl.example.com/r3.crl"]
validity = ["2026-10-01", "2026-12-30"]
key = ")" + k +
           R"(-3"
)";
}

}  // namespace truename
