#pragma once

#include <cstddef>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace truename::x509 {

/// What a PKCS #7 or CMS file carries; borrows.
struct Pkcs7Contents {
    std::vector<Bytes> certificates;  ///< those of X.509; other kinds are left out
    std::vector<Bytes> crls;
};

/// Takes the certificates and lists out of a ContentInfo with SignedData (RFC 2315 9.1, RFC 5652 5.1): the `.p7b` in which authorities hand
/// out chains. unsupported for other contents; too_large for more than `most` parts; other errors where a frame is broken, also for lengths
/// that are not definite, as BER allows. Not checked: what the parts hold, and any signature.
///
/// The certificates are a set, whose order says nothing: each comes before those that by their name could have issued it, as servers send
/// them; besides, and where that goes round in a circle, they keep their places.
Result<Pkcs7Contents> read_pkcs7(Bytes der, std::size_t most);

}  // namespace truename::x509
