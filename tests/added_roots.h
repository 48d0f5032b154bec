#pragma once

#include "verify/verification.h"

namespace truename {

/// A client that trusts the roots that were added and is content with any path to one: for benchmarks and fuzz targets.
class AddedRoots : public verify::PathClient {
  public:
    explicit AddedRoots(verify::Verification& verification) : verification_(verification) {}
    verify::Trust trusts(verify::NodeIndex node) override {
        const verify::Anchor* anchor = verification_.node(node).anchor;
        return anchor != nullptr && anchor->added ? verify::Trust::yes : verify::Trust::no;
    }
    bool accepts(verify::PathIndex) override { return true; }

  private:
    verify::Verification& verification_;
};

}  // namespace truename
