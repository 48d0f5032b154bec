#pragma once

// What the fuzz targets of mail push through, and where it goes.

#include <algorithm>
#include <cstddef>
#include <string>

#include "mail/sink.h"

namespace truename::mail {

/// Keeps what comes.
class Collector : public Sink {
  public:
    Outcome write(Bytes piece) override {
        text.append(as_text(piece));
        return {};
    }
    Outcome finish() override { return {}; }
    std::string text;
};

/// Gives the input in pieces of that size; whether all went well.
inline bool push(Sink& sink, Bytes input, std::size_t piece) {
    while (!input.empty()) {
        const Bytes next = input.first(std::min(piece, input.size()));
        if (!sink.write(next)) return false;
        input = input.subspan(next.size());
    }
    return static_cast<bool>(sink.finish());
}

}  // namespace truename::mail
