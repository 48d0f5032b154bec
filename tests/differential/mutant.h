#pragma once

#include <random>
#include <string>

#include "tests/differential/scene.h"

namespace truename::differential {

/// A scene with one thing changed.
struct Mutant {
    Question question;
    std::string change;  ///< `byte 3 of element 17 of certificate 0`, for people
};

/// Changes one thing of a scene that has keys of ours. Mostly one element inside the TBSCertificate of a certificate that is sent: bits of
/// its contents, its tag, or the element is taken out, there twice or changes places with its neighbour; all lengths around it fit again
/// and the issuer signs again by the algorithm that the certificate names. Else a bit of a signature, which certificates are sent and in
/// what order, or the name that is asked for.
Mutant mutate(const Scene& scene, std::mt19937& random);

}  // namespace truename::differential
