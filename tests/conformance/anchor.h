#pragma once

#include "verify/verification.h"

namespace truename::conformance {

/// Takes the path that a case names, whatever is wrong with it: the first that ends in that one certificate.
class Anchor : public verify::PathClient {
  public:
    /// `trust` is what is thought of that certificate.
    Anchor(const verify::Verification& verification, Bytes der, verify::Trust trust = verify::Trust::yes)
        : verification_(verification), der_(der), trust_(trust) {}
    verify::Trust trusts(verify::NodeIndex node) override { return equal(verification_.node(node).der, der_) ? trust_ : verify::Trust::no; }
    bool accepts(verify::PathIndex) override { return true; }

  private:
    const verify::Verification& verification_;
    Bytes der_;
    verify::Trust trust_;
};

}  // namespace truename::conformance
