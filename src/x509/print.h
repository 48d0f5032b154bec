#pragma once

#include <string>
#include <vector>

#include "x509/certificate.h"

namespace truename::x509 {

// A certificate's parts as an administrator reads them; all texts are safe for a terminal.

/// Names of subjectAltName in their order: `DNS:mail.example.com`, `IP:192.0.2.1` ...; those that can be read when it is malformed.
/// Behind the first 10,000 one text says how many more there are.
std::vector<std::string> subject_alt_names(const KnownExtensions& extensions);

/// The values of every commonName of the subject, in the order of the bytes; what is not text is left out.
std::vector<std::string> common_names(const Name& subject);

/// `0a:1b:...`, as OpenSSL and browsers show it, with a `-` before a negative one.
std::string serial_hex(Bytes serial_number);

/// `digitalSignature, keyEncipherment`.
std::string describe_key_usage(const KeyUsage& usage);

/// `serverAuth, clientAuth`, OIDs in digits where they have no name.
std::string describe_extended_key_usage(const ExtendedKeyUsage& usage);

/// `DNS:example.com`, `IP:192.0.2.0/24`: what a name constraint permits or excludes (RFC 5280 4.2.1.10).
std::string to_string(const GeneralSubtree& subtree);

/// The addresses of caIssuers (AIA), in order: any URI. Borrowed texts, not checked and not safe to print.
std::vector<std::string_view> ca_issuer_addresses(const Certificate& certificate);
/// The addresses of OCSP responders (AIA).
std::vector<std::string_view> ocsp_addresses(const Certificate& certificate);
/// The addresses of CRLs.
std::vector<std::string_view> crl_addresses(const Certificate& certificate);

}  // namespace truename::x509
